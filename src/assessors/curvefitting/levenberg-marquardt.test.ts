import { expect, test } from "vitest";
import { type Residuals, minimizeSquares } from "./levenberg-marquardt.ts";

const wide = [
  { from: -5, to: 5 },
  { from: -5, to: 5 },
];

/** Rosenbrock's valley: its least value, 0, is at (1, 1). */
const valley: Residuals = ([x, y], residuals) => {
  residuals[0] = 10 * (y! - x! * x!);
  residuals[1] = 1 - x!;
  return residuals[0] ** 2 + residuals[1] ** 2;
};

test("finds the bottom of a bent valley", () => {
  const { shape, squaredError } = minimizeSquares(valley, [-1.2, 1], wide, 2)!;
  expect(squaredError).toBeLessThan(1e-8);
  expect(shape[0]).toBeCloseTo(1, 3);
  expect(shape[1]).toBeCloseTo(1, 3);
});

test("ends at a bound where the least value lies beyond", () => {
  const bounds = [wide[0]!, { from: -5, to: 0.25 }];
  const { shape } = minimizeSquares(valley, [-1.2, -1], bounds, 2)!;
  expect(shape[1]).toBe(0.25);
  // Where 400 x^3 - 98 x - 2 is 0: the best x for that y, on the side where the search began or on the other.
  expect(shape[0]! > 0 ? shape[0]! : -shape[0]! + 0.0204).toBeCloseTo(0.505, 2);
});

test("one unknown will do, and so will none", () => {
  const line: Residuals = ([x = 2], residuals) => {
    residuals[0] = x - 3;
    return residuals[0] ** 2;
  };
  expect(minimizeSquares(line, [0], [wide[0]!], 1)?.shape[0]).toBeCloseTo(3, 5);
  expect(minimizeSquares(line, [], [], 1)).toEqual({ shape: [], squaredError: 1 });
});

test("where nothing can be reckoned there is no minimum", () => {
  expect(minimizeSquares(() => undefined, [0, 0], wide, 2)).toBeUndefined();
});
