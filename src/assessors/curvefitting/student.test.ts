import { expect, test } from "vitest";
import { studentCdf } from "./student.ts";

// Quantiles of Student's t as in every table.
test.each([
  [1, 6.313752, 0.95],
  [2, 2.919986, 0.95],
  [3, 3.182446, 0.975],
  [4, 2.776445, 0.975],
  [5, 3.36493, 0.99],
  [10, 2.228139, 0.975],
  [41, 1.682878, 0.95],
])("%d degrees: %d is the quantile of %d", (degrees, t, p) => {
  expect(studentCdf(t, degrees)).toBeCloseTo(p, 6);
  expect(studentCdf(-t, degrees)).toBeCloseTo(1 - p, 6);
});

test("the ends and the middle", () => {
  expect([-Infinity, 0, Infinity].map((t) => studentCdf(t, 3))).toEqual([0, 0.5, 1]);
});
