import { describe, expect, test } from "vitest";
import { randomNormal, seeded } from "../../model/index.ts";
import {
  appendRow,
  factorize,
  invert,
  logDeterminant,
  solveLower,
  solveLowerTransposed,
} from "./cholesky.ts";

const sizes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 63, 64, 65, 66, 67, 68, 127, 130, 200];
const columnCounts = [0, 1, 2, 3, 4, 5, 8, 11];

function expectSameBits(found: Float64Array, wanted: Float64Array): void {
  expect(found).toHaveLength(wanted.length);
  expect(found.findIndex((each, at) => !Object.is(each, wanted[at]))).toBe(-1);
}

function noise(length: number, seed: number): Float64Array {
  const random = seeded(seed);
  return Float64Array.from({ length }, () => randomNormal(random));
}

/** G G^T + I with the gaps between rows, and the upper triangle, full of `filler`. */
function positiveDefinite(n: number, { stride = n, filler = NaN } = {}): Float64Array {
  const g = noise(n * n, n + 1);
  const matrix = new Float64Array(n * stride).fill(filler);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let cell = i === j ? 1 : 0;
      for (let k = 0; k < n; k++) cell += g[i * n + k]! * g[j * n + k]!;
      matrix[i * stride + j] = cell;
    }
  return matrix;
}

function factorOf(n: number, stride = n): Float64Array {
  const factor = positiveDefinite(n, { stride });
  expect(factorize(factor, n, stride)).toBe(true);
  return factor;
}

/** The cell (i, j) of L, or of its transpose. */
const cellOf = (l: Float64Array, stride: number, i: number, j: number): number =>
  j > i ? 0 : l[i * stride + j]!;

/** The largest difference, in parts of the largest number that was to come. */
function apart(found: readonly number[], wanted: readonly number[]): number {
  expect(found).toHaveLength(wanted.length);
  const scale = wanted.reduce((most, x) => Math.max(most, Math.abs(x)), 1);
  return found.reduce((most, x, at) => Math.max(most, Math.abs(x - wanted[at]!)), 0) / scale;
}

function lowerTriangle(n: number, cell: (i: number, j: number) => number): number[] {
  const cells: number[] = [];
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) cells.push(cell(i, j));
  return cells;
}

describe("factorize", () => {
  test("[[4, 2, 6], [2, 10, 9], [6, 9, 19]] by hand", () => {
    const a = Float64Array.of(4, 0, 0, 2, 10, 0, 6, 9, 19);
    expect(factorize(a, 3, 3)).toBe(true);
    expect([...a]).toEqual([2, 0, 0, 1, 3, 0, 3, 2, Math.sqrt(6)]);
  });

  test.each(sizes)("%i rows: L L^T is the matrix", (n) => {
    const [matrix, l] = [positiveDefinite(n), factorOf(n)];
    const product = lowerTriangle(n, (i, j) => {
      let sum = 0;
      for (let k = 0; k <= j; k++) sum += l[i * n + k]! * l[j * n + k]!;
      return sum;
    });
    expect(
      apart(
        product,
        lowerTriangle(n, (i, j) => matrix[i * n + j]!),
      ),
    ).toBeLessThan(1e-13);
  });

  test.each(sizes)("%i rows: nothing but the lower triangle is touched, and nothing else is read", (n) => {
    const stride = n + 3;
    const [a, tight] = [positiveDefinite(n, { stride, filler: 7 }), factorOf(n)];
    expect(factorize(a, n, stride)).toBe(true);
    const wanted = a.map((_, at) => {
      const [i, j] = [Math.floor(at / stride), at % stride];
      return j > i ? 7 : tight[i * n + j]!;
    });
    expectSameBits(a, wanted);
  });

  test.each([1, 2, 3, 4, 5, 66, 130])("%i rows: not positive definite, wherever it shows", (n) => {
    const sound = positiveDefinite(n);
    for (const spoilt of new Set([0, n >> 1, n - 1])) {
      for (const pivot of [-1, 0, NaN, Infinity, -Infinity]) {
        const a = sound.slice();
        a[spoilt * n + spoilt] = pivot;
        expect(factorize(a, n, n)).toBe(false);
      }
    }
  });

  test("a cell beside the diagonal that is not finite", () => {
    for (const spoilt of [NaN, Infinity, -Infinity]) {
      const a = positiveDefinite(70);
      a[40 * 70 + 3] = spoilt;
      expect(factorize(a, 70, 70)).toBe(false);
    }
  });

  test("a matrix of rank one, exactly", () => {
    expect(factorize(Float64Array.of(1, 0, 2, 4), 2, 2)).toBe(false);
  });

  test("the order of operations is that of the plain triple loop: the same bits", () => {
    for (const n of sizes) {
      const [a, l] = [positiveDefinite(n), factorOf(n)];
      for (let j = 0; j < n; j++)
        for (let i = j; i < n; i++) {
          let rest = a[i * n + j]!;
          for (let k = 0; k < j; k++) rest -= a[i * n + k]! * a[j * n + k]!;
          a[i * n + j] = i === j ? Math.sqrt(rest) : rest / a[j * n + j]!;
        }
      expectSameBits(l, a);
    }
  });
});

describe("appendRow", () => {
  test("row by row is factorize, to the last bit", () => {
    const n = 130;
    const rows = positiveDefinite(n);
    for (let row = 0; row < n; row++) expect(appendRow(rows, row, n)).toBe(true);
    expectSameBits(rows, factorOf(n));
  });

  test.each([0, 1, 4, 5, 67])("after %i rows: one that spoils the matrix is refused", (n) => {
    const stride = n + 1;
    for (const pivot of [-1, 0, NaN, Infinity]) {
      const rows = new Float64Array(stride * stride);
      const factor = factorOf(n);
      for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) rows[i * stride + j] = factor[i * n + j]!;
      rows.fill(0.5, n * stride, n * stride + n);
      rows[n * stride + n] = pivot;
      expect(appendRow(rows, n, stride)).toBe(false);
    }
  });

  test("a row that repeats another one is refused, or its pivot is tiny", () => {
    const rows = Float64Array.of(2, 0, 0, 0.5, 1, 0, 4, 1, 4);
    expect(appendRow(rows, 2, 3)).toBe(false);
  });
});

describe.each([
  ["solveLower", solveLower, (l: Float64Array, n: number, i: number, j: number) => cellOf(l, n, i, j)],
  [
    "solveLowerTransposed",
    solveLowerTransposed,
    (l: Float64Array, n: number, i: number, j: number) => cellOf(l, n, j, i),
  ],
] as const)("%s", (_name, solve, cell) => {
  test.each(sizes)("%i rows: the product is B again", (n) => {
    const l = factorOf(n);
    for (const columns of columnCounts) {
      const b = noise(n * columns, 5);
      const x = b.slice();
      solve(l, n, n, x, columns);
      const product: number[] = [];
      for (let i = 0; i < n; i++)
        for (let c = 0; c < columns; c++) {
          let sum = 0;
          for (let k = 0; k < n; k++) sum += cell(l, n, i, k) * x[k * columns + c]!;
          product.push(sum);
        }
      expect(apart(product, [...b])).toBeLessThan(1e-12);
    }
  });

  test.each(sizes)("%i rows: a column gets the same bits alone as among others, whatever the stride", (n) => {
    const [l, wide] = [factorOf(n), factorOf(n, n + 5)];
    const columns = 11;
    const together = noise(n * columns, 6);
    const alone = Array.from({ length: columns }, (_, c) =>
      Float64Array.from({ length: n }, (_, i) => together[i * columns + c]!),
    );
    solve(wide, n, n + 5, together, columns);
    alone.forEach((column, c) => {
      solve(l, n, n, column, 1);
      const among = column.map((_, i) => together[i * columns + c]!);
      expectSameBits(column, among);
    });
  });
});

describe("invert", () => {
  test.each(sizes)("%i rows: the product with the matrix is the identity, and the rest stays", (n) => {
    const stride = n + 2;
    const matrix = positiveDefinite(n, { stride });
    const inverse = new Float64Array(n * stride).fill(7);
    invert(factorOf(n, stride), n, stride, inverse);
    const [product, identity]: [number[], number[]] = [[], []];
    const at = (i: number, j: number) => Math.max(i, j) * stride + Math.min(i, j);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += matrix[at(i, k)]! * inverse[at(k, j)]!;
        product.push(sum);
        identity.push(i === j ? 1 : 0);
      }
    expect(apart(product, identity)).toBeLessThan(1e-10);
    const others = inverse.filter((_, cell) => cell % stride > Math.floor(cell / stride));
    expect(others.every((each) => each === 7)).toBe(true);
  });
});

test("a system is solved through both triangles", () => {
  const n = 90;
  const [matrix, l] = [positiveDefinite(n), factorOf(n)];
  const wanted = noise(n, 8);
  const x = new Float64Array(n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) x[i]! += matrix[Math.max(i, j) * n + Math.min(i, j)]! * wanted[j]!;
  solveLower(l, n, n, x, 1);
  solveLowerTransposed(l, n, n, x, 1);
  expect(apart([...x], [...wanted])).toBeLessThan(1e-10);
});

describe("logDeterminant", () => {
  test("of nothing is 0", () => expect(logDeterminant(new Float64Array(0), 0, 0)).toBe(0));

  test("of diag(4, 9) is log 36, with any stride", () => {
    expect(logDeterminant(Float64Array.of(2, NaN, 5, 3), 2, 2)).toBeCloseTo(Math.log(36), 14);
    expect(logDeterminant(Float64Array.of(2, NaN, NaN, 5, 3), 2, 3)).toBeCloseTo(Math.log(36), 14);
  });

  test("does not overflow", () => {
    const l = new Float64Array(400 * 400);
    for (let i = 0; i < 400; i++) l[i * 401] = 1e-300;
    expect(logDeterminant(l, 400, 400)).toBeCloseTo(800 * Math.log(1e-300), 6);
  });
});
