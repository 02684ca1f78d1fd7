/**
 * The lower triangle of K^-1 = L^-T L^-1 from the factor L of K, both n x n and row-major; what is above the diagonal of
 * `inverse` is of no use. n^3 / 3 multiplications.
 */
export function inverseOf(factor: Float64Array, n: number, inverse: Float64Array): void {
  const lower = inverseOfTriangle(factor, n);
  inverse.fill(0);
  for (let k = 0; k < n; k++) {
    const row = k * n;
    for (let i = 0; i <= k; i++) {
      const times = lower[row + i]!;
      const to = i * n;
      for (let j = 0; j <= i; j++) inverse[to + j]! += times * lower[row + j]!;
    }
  }
}

/** L^-1, by rows: row i is e_i less the rows before it, as L's row i says, over L_ii. */
function inverseOfTriangle(factor: Float64Array, n: number): Float64Array {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const to = i * n;
    for (let k = 0; k < i; k++) {
      const times = factor[to + k]!;
      const from = k * n;
      for (let j = 0; j <= k; j++) lower[to + j]! -= times * lower[from + j]!;
    }
    const pivot = 1 / factor[to + i]!;
    for (let j = 0; j < i; j++) lower[to + j]! *= pivot;
    lower[to + i] = pivot;
  }
  return lower;
}
