import { describe, expect, test } from "vitest";
import { type Box, type Differentiable, minimizeInBox } from "./lbfgsb.ts";

const box = (size: number, low: number, high: number): Box => ({
  lower: new Float64Array(size).fill(low),
  upper: new Float64Array(size).fill(high),
});

/** Rosenbrock's function of any dimension; the minimum, 0, is at (1, ..., 1). */
const rosenbrock: Differentiable = (x, gradient) => {
  gradient.fill(0);
  let sum = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    const valley = x[i + 1]! - x[i]! ** 2;
    const rest = 1 - x[i]!;
    sum += 100 * valley ** 2 + rest ** 2;
    gradient[i]! -= 400 * x[i]! * valley + 2 * rest;
    gradient[i + 1]! += 200 * valley;
  }
  return sum;
};

/** sum of weight_i (x_i - centre_i)^2 */
const bowl =
  (centre: readonly number[], weights: readonly number[]): Differentiable =>
  (x, gradient) => {
    let sum = 0;
    for (const [i, weight] of weights.entries()) {
      sum += weight * (x[i]! - centre[i]!) ** 2;
      gradient[i] = 2 * weight * (x[i]! - centre[i]!);
    }
    return sum;
  };

describe("finds the minimum of", () => {
  test.each([2, 5, 10])("Rosenbrock's function in %i dimensions", (size) => {
    const start = Float64Array.from({ length: size }, (_, i) => (i % 2 === 0 ? -1.2 : 1));
    const found = minimizeInBox(rosenbrock, start, box(size, -5, 10), { maxIterations: 500 });
    expect(found.value).toBeLessThan(1e-8);
    for (const each of found.x) expect(each).toBeCloseTo(1, 3);
    expect(found.evaluations).toBeLessThan(200);
  });

  test("a bowl whose axes differ a million times, without bounds", () => {
    const found = minimizeInBox(
      bowl([3, -2, 7], [1e-3, 1, 1e3]),
      new Float64Array(3),
      box(3, -Infinity, Infinity),
      { gradientTolerance: 1e-9 },
    );
    expect([...found.x]).toEqual([expect.closeTo(3, 4), expect.closeTo(-2, 6), expect.closeTo(7, 6)]);
  });
});

describe("stays in the box", () => {
  test("where the minimum lies outside, on the bounds", () => {
    const found = minimizeInBox(bowl([3, -2, 0.25], [1, 5, 2]), Float64Array.of(0.5, 0.5, 0.5), box(3, 0, 1));
    expect([...found.x]).toEqual([1, 0, expect.closeTo(0.25, 6)]);
  });

  test("where Rosenbrock's valley is cut off", () => {
    // With x0 <= 0.5 the minimum is at (0.5, 0.25).
    const limits = { lower: Float64Array.of(-2, -2), upper: Float64Array.of(0.5, 2) };
    const found = minimizeInBox(rosenbrock, Float64Array.of(-1.2, 1), limits);
    expect([...found.x]).toEqual([0.5, expect.closeTo(0.25, 5)]);
  });

  test("at every evaluation, also from a start outside", () => {
    const spied: Differentiable = (x, gradient) => {
      for (const each of x) expect(Math.abs(each)).toBeLessThanOrEqual(2);
      return rosenbrock(x, gradient);
    };
    expect(minimizeInBox(spied, Float64Array.of(-9, 9), box(2, -2, 2)).value).toBeLessThan(1e-8);
  });

  test("of which one side is a point", () => {
    const limits = { lower: Float64Array.of(-2, 0.5), upper: Float64Array.of(2, 0.5) };
    expect([...minimizeInBox(bowl([1, 1], [1, 1]), Float64Array.of(0, 0), limits).x]).toEqual([
      expect.closeTo(1, 6),
      0.5,
    ]);
  });
});

test("steps back where the function is not defined", () => {
  // log is NaN below 0: the first step from 4 would go there.
  const barrier: Differentiable = (x, gradient) => {
    gradient[0] = 100 - 1 / x[0]!;
    return 100 * x[0]! - Math.log(x[0]!);
  };
  expect(minimizeInBox(barrier, Float64Array.of(4), box(1, -10, 10)).x[0]).toBeCloseTo(0.01, 5);
});

test("answers the start where nothing can be gained or nothing is defined", () => {
  const flat: Differentiable = (_x, gradient) => {
    gradient.fill(0);
    return 1;
  };
  expect(minimizeInBox(flat, Float64Array.of(0.3), box(1, 0, 1))).toMatchObject({ value: 1, iterations: 0 });
  const nowhere: Differentiable = () => NaN;
  expect([...minimizeInBox(nowhere, Float64Array.of(0.3), box(1, 0, 1)).x]).toEqual([0.3]);
  expect(minimizeInBox(flat, new Float64Array(0), box(0, 0, 1)).value).toBe(1);
});
