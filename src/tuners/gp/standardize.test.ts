import { expect, test } from "vitest";
import { standardize } from "./standardize.ts";

const targetsOf = (losses: readonly number[], first = losses): number[] => [
  ...standardize(losses, first).targets,
];

test("mean 0, variance 1, in the order of the losses", () => {
  const losses = [5, 1, 4, 2, 3, 90, 7];
  const targets = targetsOf(losses);
  expect(targets.reduce((sum, each) => sum + each, 0)).toBeCloseTo(0, 12);
  expect(targets.reduce((sum, each) => sum + each * each, 0) / 7).toBeCloseTo(1, 12);
  const order = (values: readonly number[]): number[] =>
    [...values.keys()].sort((i, j) => values[i]! - values[j]!);
  expect(order(targets)).toEqual(order(losses));
});

test("the better half keeps its distances, in the unit that is named", () => {
  const losses = [1, 2, 4, 8, 1e6, 1e9, 1e12];
  const { targets, unit } = standardize(losses, losses);
  expect((targets[2]! - targets[1]!) / (targets[1]! - targets[0]!)).toBeCloseTo(2, 3);
  expect((targets[1]! - targets[0]!) * unit).toBeCloseTo(1, 3);
});

test("one very bad result does not hide the others", () => {
  const [best, , , , , , good] = targetsOf([0, 5, 1, 4, 2, 1e6, 3, 6]);
  expect(good! - best!).toBeGreaterThan(0.1);
});

test("a search that has narrowed is not magnified beyond what was found first", () => {
  const first = [10, 20, 30, 40, 50];
  const narrow = Array.from({ length: 40 }, (_, i) => 1 + 1e-6 * i);
  const [far, near] = targetsOf([...first, ...narrow], first);
  // 10 is nearer to the rest than 20: as good as linear, not 14 logarithms away.
  expect(
    (near! - targetsOf([...first, ...narrow], first)[20]!) /
      (far! - targetsOf([...first, ...narrow], first)[20]!),
  ).toBeGreaterThan(1.4);
});

test("equal, infinite and no losses", () => {
  expect(targetsOf([3, 3, 3])).toEqual([0, 0, 0]);
  expect(targetsOf([-Infinity, Infinity])).toEqual([0, 0]);
  expect(targetsOf([])).toEqual([]);
  const [least, low, , most, high] = targetsOf([-Infinity, 1, 2, Infinity, 3]);
  expect([least, most]).toEqual([low, high]);
});

test("the largest and the smallest numbers", () => {
  for (const size of [1e-320, 1e308])
    for (const each of targetsOf([-size, 0, size])) expect(each).not.toBeNaN();
});
