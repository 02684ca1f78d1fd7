import { expect, test } from "vitest";
import { normalCdf, normalQuantile } from "./index.ts";

// erfc(-x / sqrt 2) / 2 of the C library.
const cdf: readonly (readonly [number, number])[] = [
  [-37, 5.725571222525139e-300],
  [-20, 2.7536241186063314e-89],
  [-8, 6.220960574271819e-16],
  [-5.7, 5.990371401063533e-9],
  [-3, 0.0013498980316300957],
  [-1, 0.15865525393145707],
  [-0.66, 0.25462691467133614],
  [-0.5, 0.3085375387259869],
  [-0.1, 0.460172162722971],
  [0.1, 0.539827837277029],
  [0.67, 0.7485711049046899],
  [1, 0.8413447460685429],
  [2, 0.9772498680518208],
  [3, 0.9986501019683699],
  [5, 0.9999997133484281],
];

// Quantiles of Python's statistics.NormalDist.
const quantiles: readonly (readonly [number, number])[] = [
  [1e-300, -37.0470962993612],
  [1e-100, -21.27345356096532],
  [1e-20, -9.262340089798405],
  [1e-12, -7.034483825301132],
  [1e-6, -4.753424308822899],
  [0.001, -3.090232306167813],
  [0.01, -2.3263478740408408],
  [0.07, -1.4757910281791702],
  [0.075, -1.4395314709384557],
  [0.1, -1.2815515655446008],
  [0.3, -0.5244005127080407],
  [0.6, 0.2533471031357998],
  [0.9, 1.2815515655446008],
  [0.925, 1.439531470938456],
  [0.95, 1.6448536269514715],
  [0.999, 3.090232306167813],
  [0.999999999, 5.997807019601638],
];

test.each(cdf)("Phi(%d) is exact to 13 digits", (x, expected) => {
  expect(Math.abs(normalCdf(x) / expected - 1)).toBeLessThan(1e-12);
});

test.each(quantiles)("the quantile of %d is exact to 14 digits", (p, expected) => {
  expect(Math.abs(normalQuantile(p) - expected)).toBeLessThanOrEqual(1e-14 * Math.abs(expected));
});

test("the quantile inverts Phi", () => {
  for (let x = -8; x <= 5; x += 0.01) expect(normalQuantile(normalCdf(x))).toBeCloseTo(x, 9);
});

test("Phi is monotone and symmetric", () => {
  for (let x = -10; x < 10; x += 0.001) {
    expect(normalCdf(x + 0.001)).toBeGreaterThanOrEqual(normalCdf(x));
    expect(Math.abs(normalCdf(x) + normalCdf(-x) - 1)).toBeLessThan(1e-15);
  }
});

test("the ends are exact", () => {
  expect([-Infinity, 0, Infinity].map(normalCdf)).toEqual([0, 0.5, 1]);
  expect([0, 0.5, 1].map(normalQuantile)).toEqual([-Infinity, 0, Infinity]);
  expect([-0.1, 1.1, NaN].map(normalQuantile)).toEqual([NaN, NaN, NaN]);
  expect(normalCdf(NaN)).toBeNaN();
});
