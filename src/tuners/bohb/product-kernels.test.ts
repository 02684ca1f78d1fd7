import { describe, expect, test } from "vitest";
import type { SearchSpace } from "../../model/index.ts";
import { seeded } from "../../model/index.ts";
import { flatten, normalCdf } from "../../space/index.ts";
import { type ProductKernels, fitKernels, normalReference } from "./product-kernels.ts";

const at = (...values: number[]): Float64Array => Float64Array.from(values);

const square: SearchSpace = {
  x: { _type: "uniform", _value: [0, 1] },
  y: { _type: "uniform", _value: [0, 1] },
};
const line: SearchSpace = { x: { _type: "uniform", _value: [0, 1] } };
const letters: SearchSpace = { kind: { _type: "choice", _value: ["a", "b", "c", "d"] } };
const mixed: SearchSpace = { ...square, ...letters };

function fitted(space: SearchSpace, rows: readonly Float64Array[], minBandwidth = 1e-3): ProductKernels {
  return fitKernels(flatten(space).dimensions, rows, minBandwidth);
}

/** The mean over the middles of `steps` equal parts. */
function integral(steps: number, density: (x: number) => number): number {
  let sum = 0;
  for (let i = 0; i < steps; i++) sum += density((i + 0.5) / steps);
  return sum / steps;
}

describe("the bandwidth", () => {
  test("is the normal reference rule's", () => {
    expect(normalReference(at(0, 0.25, 0.5, 0.75, 1), 1)).toBeCloseTo(0.2716, 4);
    // 1.06 x 0.3536 x 5^(-1/6)
    expect(normalReference(at(0, 0.25, 0.5, 0.75, 1), 2)).toBeCloseTo(0.2866, 4);
  });

  test("is found for every column of numbers, with the number of columns", () => {
    const rows = [at(0, 0.5), at(0.25, 0.5), at(0.5, 0.5), at(0.75, 0.5), at(1, 0.5)];
    const [x, y] = fitted(square, rows, 0.01).bandwidths;
    expect(x).toBeCloseTo(0.2866, 4);
    expect(y).toBe(0.01);
  });

  test("is that of the codes for options, at most what makes all of them equal", () => {
    const near = [0, 0, 0, 0, 1].map((option) => at(option));
    expect(fitted(letters, near).bandwidths[0]).toBeCloseTo(1.06 * 0.4 * 5 ** -0.2, 12);
    const far = [0, 3, 0, 3, 3].map((option) => at(option));
    expect(fitted(letters, far).bandwidths[0]).toBe(3 / 4);
    for (const option of [0, 1, 2, 3])
      expect(fitted(letters, far).logDensity(at(option))).toBeCloseTo(Math.log(1 / 4), 12);
  });
});

describe("the density", () => {
  test("of one number is the mean of Gaussians that are cut to [0, 1]", () => {
    const kernels = fitted(line, [at(0), at(0.25), at(1)]);
    const h = kernels.bandwidths[0]!;
    const kernel = (x: number, centre: number): number =>
      Math.exp(-0.5 * ((x - centre) / h) ** 2) /
      (h * Math.sqrt(2 * Math.PI) * (normalCdf((1 - centre) / h) - normalCdf(-centre / h)));
    for (const x of [0, 0.1, 0.7, 1]) {
      const expected = (kernel(x, 0) + kernel(x, 0.25) + kernel(x, 1)) / 3;
      expect(kernels.logDensity(at(x))).toBeCloseTo(Math.log(expected), 9);
    }
  });

  test("of one choice is the mean of Aitchison and Aitken's kernels", () => {
    const kernels = fitted(
      letters,
      [0, 0, 0, 0, 1].map((option) => at(option)),
    );
    const h = kernels.bandwidths[0]!;
    const density = (option: number): number => Math.exp(kernels.logDensity(at(option)));
    expect(density(0)).toBeCloseTo((4 * (1 - h) + h / 3) / 5, 12);
    expect(density(1)).toBeCloseTo((1 - h + (4 * h) / 3) / 5, 12);
    expect(density(2)).toBeCloseTo(h / 3, 12);
  });

  test("has its whole mass inside, also with rows at the edges", () => {
    const rows = [at(0, 0, 0), at(0, 1, 0), at(0.1, 0.9, 3), at(0, 1, 2)];
    const kernels = fitted(mixed, rows);
    const mass = [0, 1, 2, 3].map((option) =>
      integral(200, (x) => integral(200, (y) => Math.exp(kernels.logDensity(at(x, y, option))))),
    );
    expect(mass.reduce((sum, part) => sum + part)).toBeCloseTo(1, 3);
  });

  test("is joint: two columns that go together are not the product of their own densities", () => {
    const kernels = fitted(square, [at(0.2, 0.2), at(0.2, 0.2), at(0.8, 0.8), at(0.8, 0.8)], 0.05);
    expect(kernels.logDensity(at(0.2, 0.2))).toBeGreaterThan(kernels.logDensity(at(0.2, 0.8)) + 0.5);
  });

  test("without some columns is the marginal one", () => {
    const random = seeded(1);
    const rows = Array.from({ length: 12 }, () =>
      at(random.next() ** 2, random.next(), (3 * random.next()) | 0),
    );
    const kernels = fitted(mixed, rows);
    const marginal = (x: number): number =>
      [0, 1, 2, 3].reduce(
        (sum, option) => sum + integral(400, (y) => Math.exp(kernels.logDensity(at(x, y, option)))),
        0,
      );
    for (const x of [0, 0.4, 1])
      expect(Math.exp(kernels.logDensity(at(x, NaN, NaN)))).toBeCloseTo(marginal(x), 4);
    expect(kernels.logDensity(at(NaN, NaN, NaN))).toBeCloseTo(0, 12);
  });

  test("has a logarithm where nothing but the least bandwidth is left, and far from all rows", () => {
    const kernels = fitted(square, [at(0, 1), at(0, 1), at(0, 1)]);
    expect(kernels.logDensity(at(0, 1))).toBeCloseTo(2 * Math.log(2 / (1e-3 * Math.sqrt(2 * Math.PI))), 6);
    // As much lower as a Gaussian is after a thousand deviations.
    expect(kernels.logDensity(at(1, 1)) - kernels.logDensity(at(0, 1))).toBeCloseTo(-500_000, 3);
  });
});
