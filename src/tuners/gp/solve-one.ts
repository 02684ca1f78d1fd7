// Triangular systems with one right-hand side: what each step of a search along the gradient waits for. The order of additions is
// not that of numeric/cholesky.ts, so that additions need not wait for each other.

/** L x = b in place; L has `n` rows that are `stride` numbers apart. */
export function solveOne(l: Float64Array, n: number, stride: number, b: Float64Array): void {
  for (let i = 0, row = 0; i < n; i++, row += stride) {
    let one = 0;
    let two = 0;
    let three = 0;
    let four = 0;
    let k = 0;
    for (; k + 3 < i; k += 4) {
      one += l[row + k]! * b[k]!;
      two += l[row + k + 1]! * b[k + 1]!;
      three += l[row + k + 2]! * b[k + 2]!;
      four += l[row + k + 3]! * b[k + 3]!;
    }
    for (; k < i; k++) one += l[row + k]! * b[k]!;
    b[i] = (b[i]! - (one + two + (three + four))) / l[row + i]!;
  }
}

/** L^T x = b in place. */
export function solveOneTransposed(l: Float64Array, n: number, stride: number, b: Float64Array): void {
  for (let i = n - 1, row = i * stride; i >= 0; i--, row -= stride) {
    const value = b[i]! / l[row + i]!;
    b[i] = value;
    for (let k = 0; k < i; k++) b[k]! -= value * l[row + k]!;
  }
}
