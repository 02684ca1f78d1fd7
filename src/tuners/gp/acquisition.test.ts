import { describe, expect, test } from "vitest";
import { type Utility, type Worth, appraise, improvement } from "./acquisition.ts";

const worthOf = (utility: Utility, best: number, mean: number, variance: number): Worth => {
  const worth = { value: NaN, byMean: NaN, byVariance: NaN };
  appraise(utility, best, { mean, variance }, worth);
  return worth;
};

test.each([
  [-50, -1258.744183],
  [-30, -457.724654],
  [-25.5, -332.525884],
  [-10, -55.553122],
  [-1, -2.485121],
  [0, -0.918939],
  [2, 0.697384],
])("log h(%d) has the value of the reference", (z, value) => {
  expect(improvement(z).log).toBeCloseTo(value, 6);
});

test("log h goes over into its series without a step, and on to the far end", () => {
  const [before, after] = [improvement(-25 + 1e-9), improvement(-25 - 1e-9)];
  expect(after.log).toBeCloseTo(before.log, 6);
  expect(after.cumulative / before.cumulative).toBeCloseTo(1, 8);
  expect(after.density / before.density).toBeCloseTo(1, 8);
  expect(improvement(-1e8).log).toBeCloseTo(-5e15, -3);
});

test("the expected improvement of the reference's process", () => {
  // There the larger is better: mean 1.185553 against 1.
  const ei = { kind: "ei", kappa: 5, xi: 0 } as const;
  expect(worthOf(ei, -1, -1.185553, 0.031452).value).toBeCloseTo(-1.61409, 4);
});

describe.each(["ei", "ucb", "poi"] as const)("%s", (kind) => {
  const utility: Utility = { kind, kappa: 2, xi: 0.1 };

  test.each([
    [0.5, 0.3],
    [-2, 1],
    [40, 0.8],
    [0.2, 1e-8],
  ])("has the slopes of its differences at mean %d, variance %d", (mean, variance) => {
    const worth = worthOf(utility, 0, mean, variance);
    const step = 1e-5 * variance;
    const byMean =
      worthOf(utility, 0, mean + step, variance).value - worthOf(utility, 0, mean - step, variance).value;
    const byVariance =
      worthOf(utility, 0, mean, variance + step).value - worthOf(utility, 0, mean, variance - step).value;
    expect(worth.byMean / (byMean / (2 * step))).toBeCloseTo(1, 3);
    if (worth.byVariance !== 0) expect(worth.byVariance / (byVariance / (2 * step))).toBeCloseTo(1, 3);
  });

  test("prefers the lower mean", () => {
    expect(worthOf(utility, 0, 0.2, 0.5).value).toBeGreaterThan(worthOf(utility, 0, 0.3, 0.5).value);
  });

  test("is finite where nothing is left to know", () => {
    expect(worthOf(utility, 0, 0.5, 0).value).toBeGreaterThan(-Infinity);
    expect(worthOf(utility, 0, -0.5, 0).value).toBeLessThan(Infinity);
  });
});
