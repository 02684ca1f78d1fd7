import { appendRowPlainly, factorizePlainly } from "./plain-cholesky.ts";
import { solvePlainly } from "./plain-triangular.ts";

// Matrices are given row by row in a Float64Array, `stride` numbers (at least as many as a row has) from one row's first to the
// next one's. Only the lower triangle is read, and only it is written: what stands above the diagonal, or between the rows, stays.
// All results are the same to the last bit wherever they are worked out.

/**
 * Cholesky's factor L of a symmetric positive definite matrix A = L L^T, in A's place (Golub and Van Loan, Matrix Computations, 4th
 * edition, 4.2.9). About n^3 / 3 operations.
 * @param a n rows of `stride` numbers, of which the lower triangle counts
 * @returns false when A is not positive definite, as far as doubles can tell, or not finite; `a` then holds nothing of use
 */
export function factorize(a: Float64Array, n: number, stride: number): boolean {
  return factorizePlainly(a, n, stride);
}

/**
 * Makes the factor one row larger: the rows 0 .. n - 1 of `a` hold the factor of a matrix, row n the new row of that matrix with
 * its diagonal cell, n + 1 numbers; they become the factor's row, the same as `factorize` gives. About n^2 operations.
 * @returns false when the larger matrix is not positive definite or not finite; row n then holds nothing of use
 */
export function appendRow(a: Float64Array, n: number, stride: number): boolean {
  return appendRowPlainly(a, n, stride);
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
  solvePlainly({ m: l, mStart: 0, mDown: stride, mRight: 1, b, bStart: 0, bDown: columns, n, columns });
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
  const mStart = (n - 1) * (stride + 1);
  const bStart = (n - 1) * columns;
  solvePlainly({ m: l, mStart, mDown: -1, mRight: -stride, b, bStart, bDown: -columns, n, columns });
}

/** The logarithm of the determinant of L L^T: twice the sum of the logarithms of L's diagonal. 0 for n = 0. */
export function logDeterminant(l: Float64Array, n: number, stride: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.log(l[i * (stride + 1)]!);
  return 2 * sum;
}
