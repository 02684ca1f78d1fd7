import { describe, expect, test } from "vitest";
import { createGaussian } from "./gaussian.ts";
import { createProgress, isSpent } from "./stopping.ts";
import { strategyFor } from "./strategy.ts";

describe("a distribution is spent", () => {
  const start = { mean: new Float64Array(2), sigma: 0.1 };

  test("not at its start", () => {
    expect(isSpent(createGaussian(start), 0.1)).toBe(false);
  });

  test.each([
    ["shrunk to a point", { ...start, sigma: 1e-14 }],
    ["gone out of all bounds", { ...start, sigma: 1e5 }],
    ["no longer a number", { ...start, sigma: NaN }],
    ["a needle", { ...start, covariance: Float64Array.of(1, 0, 0, 1e-15) }],
    ["without effect in one coordinate", { mean: Float64Array.of(0, 1e9), sigma: 1e-8 }],
  ])("when it is %s", (_name, given) => {
    expect(isSpent(createGaussian(given), 0.1)).toBe(true);
  });
});

describe("results are flat", () => {
  const generations = 10 + (30 * 2) / 6;

  test.each([
    ["equal", 1, 1, true],
    ["equal as far as numbers tell", 1, 1 + 1e-13, true],
    ["worst, all of them", Infinity, Infinity, true],
    ["apart", 1, 1 + 1e-9, false],
    ["failures in part", 1, Infinity, false],
  ])("where they are %s", (_name, best, worst, expected) => {
    const progress = createProgress(2, strategyFor(2, 6));
    for (let i = 0; i < generations; i++) {
      expect(progress.flat).toBe(false);
      progress.add(best, worst);
    }
    expect(progress.flat).toBe(expected);
  });
});
