import { expect, test } from "vitest";
import { defaultLambda, strategyFor } from "./strategy.ts";

/** Computed with the author's formulas by the cmaes library. */
test.each([
  [
    2,
    {
      lambda: 6,
      mu: 3,
      muEff: 2.028611,
      c1: 0.154815,
      cmu: 0.057859,
      cc: 0.624555,
      cs: 0.446205,
      ds: 1.446205,
      chi: 1.254273,
    },
  ],
  [
    6,
    {
      lambda: 9,
      mu: 4,
      muEff: 2.84061,
      c1: 0.035631,
      cmu: 0.035686,
      cc: 0.40865,
      cs: 0.34974,
      ds: 1.34974,
      chi: 2.350668,
    },
  ],
  [
    10,
    {
      lambda: 10,
      mu: 5,
      muEff: 3.167299,
      c1: 0.015284,
      cmu: 0.020154,
      cc: 0.29499,
      cs: 0.284429,
      ds: 1.284429,
      chi: 3.084727,
    },
  ],
])("constants of %i coordinates", (n, expected) => {
  const { weights: _weights, ...strategy } = strategyFor(n, defaultLambda(n));
  for (const [name, value] of Object.entries(expected))
    expect(strategy[name as keyof typeof expected], name).toBeCloseTo(value, 6);
});

test("weights of two coordinates", () => {
  const { weights } = strategyFor(2, 6);
  const expected = [0.637043, 0.28457, 0.078387, -0.286384, -0.764958, -1.155982];
  for (const [i, weight] of expected.entries()) expect(weights[i]).toBeCloseTo(weight, 6);
});

test.each([0, 1, 2, 200])("all constants are numbers for %i coordinates and any generation", (n) => {
  for (const lambda of [2, 3, 4, 1000]) {
    const { weights, cmu, c1, cs, ds } = strategyFor(n, lambda);
    expect([...weights, cmu, c1, cs, ds].every(Number.isFinite)).toBe(true);
    expect(weights.reduce((sum, weight) => sum + Math.max(0, weight), 0)).toBeCloseTo(1, 12);
  }
});
