import { expect, test } from "vitest";
// @ts-expect-error: a script without types
import { friedman, fTail, rankSum, ranks } from "../bench/support/statistics.mjs";

test("equal values share their ranks", () => {
  expect(ranks([3, 1, 3, 2])).toEqual([3.5, 1, 3.5, 2]);
});

test("Friedman's test gives SciPy's p-value, ties included", () => {
  const rows = [
    [1, 2, 3],
    [1, 2, 3],
    [2, 1, 3],
    [1, 3, 2],
    [1, 2, 2],
  ];
  const { means, p, distance } = friedman(rows);
  expect(means).toEqual([1.2, 2.1, 2.7]);
  expect(p).toBeCloseTo(0.0256, 6);
  expect(distance).toBeCloseTo(2.343 * Math.sqrt((3 * 4) / (6 * 5)), 10);
});

test("contenders that are alike everywhere are not told apart", () => {
  expect(
    friedman([
      [1, 1],
      [2, 2],
    ]).p,
  ).toBe(1);
});

test("the rank sum gives SciPy's one-sided p-value, ties included", () => {
  expect(rankSum([1, 2, 3, 4, 5], [3, 4, 5, 6, 7, 8])).toBeCloseTo(0.0330077, 6);
  expect(rankSum([1, 1], [1, 1])).toBe(1);
});

test("the tail of the F distribution is SciPy's", () => {
  expect(fTail(3, 4, 20)).toBeCloseTo(0.043200998, 7);
  expect(fTail(0.2, 3, 7)).toBeCloseTo(0.893167956, 7);
});
