import { describe, expect, test } from "vitest";
import { seeded } from "../../model/index.ts";
import { createGaussian, drawStep, learn, norm, squaredLength } from "./gaussian.ts";
import { defaultLambda, strategyFor } from "./strategy.ts";

type Loss = (x: Float64Array) => number;
const sphere: Loss = (x) => x.reduce((sum, each) => sum + each * each, 0);
const rosenbrock: Loss = (x) =>
  x.subarray(1).reduce((sum, next, i) => sum + 100 * (next - x[i]! ** 2) ** 2 + (1 - x[i]!) ** 2, 0);

/** Evaluations until the loss is below `target`. */
function evaluations(
  loss: Loss,
  start: { n: number; at: number; sigma: number; target: number },
  seed: number,
): number {
  const { n, at, sigma, target } = start;
  const random = seeded(seed);
  const strategy = strategyFor(n, defaultLambda(n));
  const gaussian = createGaussian({ mean: new Float64Array(n).fill(at), sigma });
  const active = new Uint8Array(n).fill(1);
  for (let count = 0; count < 20_000;) {
    const tried = Array.from({ length: strategy.lambda }, () => {
      const step = new Float64Array(n);
      drawStep(gaussian, random, step);
      const value = loss(step.map((y, i) => gaussian.mean[i]! + gaussian.sigma * y));
      return { step, active, value };
    });
    for (const { value } of tried) {
      count += 1;
      if (value < target) return count;
    }
    learn(
      gaussian,
      strategy,
      tried.toSorted((one, other) => one.value - other.value),
    );
  }
  return Infinity;
}

function medianOf(counts: readonly number[]): number {
  return counts.toSorted((one, other) => one - other)[counts.length >> 1]!;
}

/** The cmaes library takes 1640 and 1936 evaluations (medians of 15 seeds). */
test.each([
  ["sphere of 10", sphere, { n: 10, at: 3, sigma: 2, target: 1e-9 }, 1640],
  ["Rosenbrock of 5", rosenbrock, { n: 5, at: 0, sigma: 0.5, target: 1e-9 }, 1936],
])("%s: as many evaluations as the reference", (_name, loss, start, reference) => {
  const median = medianOf([1, 2, 3, 4, 5, 6, 7, 8, 9].map((seed) => evaluations(loss, start, seed)));
  expect(median).toBeGreaterThan(0.8 * reference);
  expect(median).toBeLessThan(1.2 * reference);
});

describe("a step", () => {
  test("has the covariance that was given, and its length is measured in it", () => {
    const covariance = Float64Array.of(4, 1.5, 1.5, 1);
    const gaussian = createGaussian({ mean: new Float64Array(2), sigma: 1, covariance });
    const random = seeded(3);
    const step = new Float64Array(2);
    const sums = [0, 0, 0, 0];
    const count = 20_000;
    for (let k = 0; k < count; k++) {
      drawStep(gaussian, random, step);
      const [x, y] = [step[0]!, step[1]!];
      for (const [i, each] of [x * x, x * y, y * y, squaredLength(gaussian, step)].entries())
        sums[i]! += each / count;
    }
    for (const [i, expected] of [4, 1.5, 1, 2].entries())
      expect(Math.abs(sums[i]! - expected)).toBeLessThan(0.1);
  });
});

test("the mean stays where a coordinate was not part of the evaluation", () => {
  const gaussian = createGaussian({ mean: Float64Array.of(0.5, 0.5), sigma: 0.2 });
  const strategy = strategyFor(2, 6);
  const steps = Array.from({ length: 6 }, (_, i) => ({
    step: Float64Array.of(1 - i / 5, 1 - i / 5),
    active: Uint8Array.of(1, 0),
  }));
  learn(gaussian, strategy, steps);
  expect(gaussian.mean[0]).toBeGreaterThan(0.55);
  expect(gaussian.mean[1]).toBe(0.5);
  expect(norm(gaussian.sigmaPath)).toBeGreaterThan(0);
});
