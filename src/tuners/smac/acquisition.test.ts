import { expect, test } from "vitest";
import { logExpectedImprovement } from "./acquisition.ts";

// log(z Phi(z) + phi(z)) to 50 digits by mpmath.
test.each([
  [2, 0.697383545788],
  [1, 0.0800262188493],
  [0, -0.918938533205],
  [-3, -7.86968605961],
  [-5.999, -22.572570028917],
  [-6.001, -22.585189710468],
  [-10, -55.553122036122],
  [-40, -808.29856835662],
])("the logarithm at %d deviations below the best is exact to a part in a thousand of EI", (z, expected) => {
  expect(Math.abs(logExpectedImprovement(-z, 1, 0) - expected)).toBeLessThan(z > -6 ? 1e-8 : 1e-3);
});

test("grows in proportion to the unit", () => {
  const one = logExpectedImprovement(2, 0.5, 1.8);
  expect(logExpectedImprovement(200, 50, 180) - one).toBeCloseTo(Math.log(100), 10);
});

test("more doubt and a lower mean are better", () => {
  expect(logExpectedImprovement(1, 0.2, 0)).toBeGreaterThan(logExpectedImprovement(1, 0.1, 0));
  expect(logExpectedImprovement(0.9, 0.1, 0)).toBeGreaterThan(logExpectedImprovement(1, 0.1, 0));
});
