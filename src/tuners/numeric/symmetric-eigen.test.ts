import { describe, expect, test } from "vitest";
import { randomNormal, seeded } from "../../model/index.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

function randomSymmetric(n: number, seed: number): Float64Array {
  const random = seeded(seed);
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = randomNormal(random);
  return matrix;
}

/** The largest cell of the difference from sum of value * v v^T, and of the vectors' products from the identity. */
function faults(matrix: Float64Array, n: number): { product: number; angles: number } {
  const { values, vectors } = symmetricEigen(matrix, n);
  let [product, angles] = [0, 0];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let [cell, angle] = [0, 0];
      for (let k = 0; k < n; k++) {
        cell += values[k]! * vectors[k * n + i]! * vectors[k * n + j]!;
        angle += vectors[i * n + k]! * vectors[j * n + k]!;
      }
      product = Math.max(product, Math.abs(cell - matrix[i * n + j]!));
      angles = Math.max(angles, Math.abs(angle - (i === j ? 1 : 0)));
    }
  return { product, angles };
}

test("[[2, 1], [1, 2]] has 1 and 3", () => {
  const { values } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2);
  expect([...values].toSorted()[0]).toBeCloseTo(1, 14);
  expect([...values].toSorted()[1]).toBeCloseTo(3, 14);
});

describe("gives the matrix back, from orthonormal vectors", () => {
  test.each([0, 1, 2, 3, 5, 17, 60])("%i rows of noise", (n) => {
    const { product, angles } = faults(randomSymmetric(n, n + 1), n);
    expect(product).toBeLessThan(1e-12);
    expect(angles).toBeLessThan(1e-12);
  });

  test.each([
    ["zero", 0],
    ["the identity", 1],
    ["a huge multiple of it", 1e150],
  ])("%s", (_name, scale) => {
    const matrix = Float64Array.from({ length: 16 }, (_, cell) => (cell % 5 === 0 ? scale : 0));
    expect(faults(matrix, 4)).toEqual({ product: 0, angles: 0 });
  });

  test("one direction and nothing else", () => {
    const vector = [1, -2, 3, 0, 1e-3];
    const matrix = Float64Array.from(vector.flatMap((x) => vector.map((y) => x * y)));
    expect(faults(matrix, 5).product).toBeLessThan(1e-13);
    expect(Math.max(...symmetricEigen(matrix, 5).values)).toBeCloseTo(14.000001, 12);
  });

  test("eigenvalues from 1e-10 to 1e10", () => {
    const matrix = randomSymmetric(6, 3);
    for (let i = 0; i < 6; i++) for (let j = 0; j < 6; j++) matrix[i * 6 + j]! *= 10 ** (2 * (i + j) - 10);
    const { product, angles } = faults(matrix, 6);
    expect(product).toBeLessThan(1e-3);
    expect(angles).toBeLessThan(1e-12);
  });
});

test("leaves the matrix alone", () => {
  const matrix = randomSymmetric(4, 9);
  const before = matrix.slice();
  symmetricEigen(matrix, 4);
  expect(matrix).toEqual(before);
});

test("ends also where the matrix holds no numbers", () => {
  expect(symmetricEigen(new Float64Array(9).fill(NaN), 3).values).toHaveLength(3);
});
