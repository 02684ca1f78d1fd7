/**
 * The Cholesky factor K = L L^T, row-major in the lower triangle of an n x n block whose rows are `stride` numbers apart.
 * Plain and simple; a faster one with the same functions takes its place.
 */

/** Turns the matrix into its factor, in place; false when it is not positive definite. */
export function factorize(a: Float64Array, n: number, stride: number): boolean {
  for (let row = 0; row < n; row++) if (!appendRow(a, row, stride)) return false;
  return true;
}

/** Rows 0 .. n-1 are factored, row n holds the new row of the matrix: turns it into the factor's row. */
export function appendRow(a: Float64Array, n: number, stride: number): boolean {
  const row = n * stride;
  let square = 0;
  for (let j = 0; j < n; j++) {
    const other = j * stride;
    let sum = a[row + j]!;
    for (let k = 0; k < j; k++) sum -= a[row + k]! * a[other + k]!;
    sum /= a[other + j]!;
    a[row + j] = sum;
    square += sum * sum;
  }
  const pivot = a[row + n]! - square;
  if (!(pivot > 0)) return false;
  a[row + n] = Math.sqrt(pivot);
  return true;
}

/** L X = B in place; B is row-major, n x columns. One column is solved by sums of products. */
export function solveLower(
  l: Float64Array,
  n: number,
  stride: number,
  ...[b, columns]: [Float64Array, number]
): void {
  if (columns === 1) return solveLowerOnce(l, n, stride, b);
  for (let i = 0; i < n; i++) {
    const to = i * columns;
    for (let k = 0; k < i; k++) {
      const times = l[i * stride + k]!;
      const from = k * columns;
      for (let c = 0; c < columns; c++) b[to + c]! -= times * b[from + c]!;
    }
    const pivot = 1 / l[i * stride + i]!;
    for (let c = 0; c < columns; c++) b[to + c]! *= pivot;
  }
}

function solveLowerOnce(l: Float64Array, n: number, stride: number, b: Float64Array): void {
  for (let i = 0, row = 0; i < n; i++, row += stride) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= l[row + k]! * b[k]!;
    b[i] = sum / l[row + i]!;
  }
}

/** L^T X = B in place. */
export function solveLowerTransposed(
  l: Float64Array,
  n: number,
  stride: number,
  ...[b, columns]: [Float64Array, number]
): void {
  if (columns === 1) return solveLowerTransposedOnce(l, n, stride, b);
  for (let i = n - 1; i >= 0; i--) {
    const from = i * columns;
    const pivot = 1 / l[i * stride + i]!;
    for (let c = 0; c < columns; c++) b[from + c]! *= pivot;
    for (let k = 0; k < i; k++) {
      const times = l[i * stride + k]!;
      const to = k * columns;
      for (let c = 0; c < columns; c++) b[to + c]! -= times * b[from + c]!;
    }
  }
}

function solveLowerTransposedOnce(l: Float64Array, n: number, stride: number, b: Float64Array): void {
  for (let i = n - 1, row = i * stride; i >= 0; i--, row -= stride) {
    const value = b[i]! / l[row + i]!;
    b[i] = value;
    for (let k = 0; k < i; k++) b[k]! -= value * l[row + k]!;
  }
}

/** Of L L^T. */
export function logDeterminant(l: Float64Array, n: number, stride: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.log(l[i * stride + i]!);
  return 2 * sum;
}
