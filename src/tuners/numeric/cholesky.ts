import { appendRowPlainly, factorizePlainly } from "./plain-cholesky.ts";
import type { Block } from "./plain-products.ts";
import { invertPlainly, solvePlainly } from "./plain-triangular.ts";
import { factorizeInWasm, invertInWasm, solveInWasm } from "./wasm-cholesky.ts";

// Matrices are given row by row in a Float64Array, `stride` numbers (at least as many as a row has) from one row's first to the
// next one's. Only the lower triangle is read, and only it is written: what stands above the diagonal, or between the rows, stays.
//
// Work that is worth the copies is done by SIMD kernels in WebAssembly, the rest, and all of it where they are missing, in plain
// JavaScript: with the same bits, so that nobody can tell.

/** Smaller matrices, and fewer right-hand sides, are not worth the copies (`node bench/report.mjs cholesky`). */
const worthwhile = { rows: 16, columns: 8 };

/**
 * Cholesky's factor L of a symmetric positive definite matrix A = L L^T, in A's place (Golub and Van Loan, Matrix Computations, 4th
 * edition, 4.2.9). About n^3 / 3 operations.
 * @param a n rows of `stride` numbers, of which the lower triangle counts
 * @returns false when A is not positive definite, as far as doubles can tell, or not finite; `a` then holds nothing of use
 */
export function factorize(a: Float64Array, n: number, stride: number): boolean {
  const done = n < worthwhile.rows ? undefined : factorizeInWasm({ cells: a, stride }, n);
  return done ?? factorizePlainly(matrix(a, stride), n);
}

/**
 * Makes the factor one row larger: the rows 0 .. n - 1 of `a` hold the factor of a matrix, row n the new row of that matrix with
 * its diagonal cell, n + 1 numbers; they become the factor's row, the same as `factorize` gives. About n^2 operations.
 * @returns false when the larger matrix is not positive definite or not finite; row n then holds nothing of use
 */
export function appendRow(a: Float64Array, n: number, stride: number): boolean {
  return appendRowPlainly(matrix(a, stride), n);
}

/**
 * Solves L X = B by forward substitution, X in B's place. About n^2 columns operations.
 * @param l a factor as `factorize` leaves it; no number on its diagonal is zero
 * @param b n rows of `columns` numbers, without gaps
 */
// eslint-disable-next-line max-params -- a factor and its right-hand sides, as in every library of linear algebra
export function solveLower(
  l: Float64Array,
  n: number,
  stride: number,
  b: Float64Array,
  columns: number,
): void {
  if (solvedInWasm(l, stride, { b, n, columns }, "forwards")) return;
  solvePlainly(matrix(l, stride), matrix(b, columns), { n, columns });
}

/**
 * Solves L^T X = B by backward substitution, X in B's place. About n^2 columns operations.
 * @param l a factor as `factorize` leaves it; no number on its diagonal is zero
 * @param b n rows of `columns` numbers, without gaps
 */
// eslint-disable-next-line max-params -- as above
export function solveLowerTransposed(
  l: Float64Array,
  n: number,
  stride: number,
  b: Float64Array,
  columns: number,
): void {
  if (solvedInWasm(l, stride, { b, n, columns }, "backwards")) return;
  // Seen from its last cell backwards, L^T is lower triangular.
  const backwards = { cells: l, at: (n - 1) * (stride + 1), down: -1, right: -stride };
  solvePlainly(backwards, { cells: b, at: (n - 1) * columns, down: -columns, right: 1 }, { n, columns });
}

/**
 * The inverse of L L^T: the lower triangle of `inverse`, whose rows are as far apart as L's; what stands above its diagonal stays.
 * About 2 n^3 / 3 operations.
 * @param l a factor as `factorize` leaves it
 */
export function invert(l: Float64Array, n: number, stride: number, inverse: Float64Array): void {
  if (n >= worthwhile.rows && invertInWasm({ cells: l, stride }, { cells: inverse, stride }, n)) return;
  invertPlainly(matrix(l, stride), matrix(inverse, stride), n);
}

/** The logarithm of the determinant of L L^T: twice the sum of the logarithms of L's diagonal. 0 for n = 0. */
export function logDeterminant(l: Float64Array, n: number, stride: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.log(l[i * (stride + 1)]!);
  return 2 * sum;
}

interface Sides {
  readonly b: Float64Array;
  readonly n: number;
  readonly columns: number;
}

function solvedInWasm(
  l: Float64Array,
  stride: number,
  { b, n, columns }: Sides,
  way: "forwards" | "backwards",
): boolean {
  if (n < worthwhile.rows || columns < worthwhile.columns) return false;
  return solveInWasm({ cells: l, stride }, { cells: b, stride: columns }, n, way) === true;
}

const matrix = (cells: Float64Array, stride: number): Block => ({ cells, at: 0, down: stride, right: 1 });
