import { expect, test } from "vitest";
import { hyperbandPlan } from "./brackets.ts";

/** [configurations, budget] of each rung. */
const table = (least: number, most: number, eta: number): number[][][] => {
  const { budgets, brackets } = hyperbandPlan(least, most, eta);
  return brackets.map((bracket) => bracket.map(({ count, budget }) => [count, budgets[budget]!]));
};

// prettier-ignore
test("NNI's default, R = 60", () => {
  expect(table(1, 60, 3)).toEqual([
    [[27, 2], [9, 6], [3, 20], [1, 60]],
    [[12, 6], [4, 20], [1, 60]],
    [[6, 20], [2, 60]],
    [[4, 60]],
  ]);
});

// prettier-ignore
test("the paper's example, R = 81", () => {
  expect(table(1, 81, 3)).toEqual([
    [[81, 1], [27, 3], [9, 9], [3, 27], [1, 81]],
    [[34, 3], [11, 9], [3, 27], [1, 81]],
    [[15, 9], [5, 27], [1, 81]],
    [[8, 27], [2, 81]],
    [[5, 81]],
  ]);
});

test.each([
  [1, 3, 3, [1, 3]],
  [1, 10, 3, [1, 3, 10]],
  [2, 13, 3, [4, 13]],
  [1, 1024, 2, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]],
  [0.5, 2, 2, [0.5, 1, 2]],
  [0.1, 0.3, 3, [0.1, 0.3]],
  [0.1, 1, 3, [0.111111111111, 0.333333333333, 1]],
  [1, 1.23456789012345, 3, [1.23456789012345]],
  [1, 1, 3, [1]],
  [5, 7, 3, [7]],
])("budgets from %d to %d by %d are %j", (least, most, eta, budgets) => {
  expect(hyperbandPlan(least, most, eta).budgets).toEqual(budgets);
});

test.each([2, 3, 4, 5, 10])("for every R the rungs of eta %d shrink and the budgets grow", (eta) => {
  const isSound = (most: number): boolean => {
    const { budgets, brackets } = hyperbandPlan(1, most, eta);
    return (
      budgets.at(-1) === most &&
      budgets[0]! >= 1 &&
      budgets.every((budget, place) => place === 0 || budget > budgets[place - 1]!) &&
      brackets.length === budgets.length &&
      brackets.every((bracket) => bracket.at(-1)!.budget === budgets.length - 1) &&
      brackets.flat().every(({ count }) => count >= 1)
    );
  };
  expect(Array.from({ length: 2_000 }, (_, i) => i + 1).filter((most) => !isSound(most))).toEqual([]);
});
