/**
 * Solves A x = b for a small symmetric positive definite A by Gauss's elimination. Where rounding has eaten a pivot, that unknown is
 * left at 0.
 */
export function solveSymmetric(
  matrix: readonly (readonly number[])[],
  right: readonly number[],
): readonly number[] {
  const n = right.length;
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let k = 0; k < n; k++) {
    const pivot = rows[k]!;
    for (const row of rows.slice(k + 1)) {
      const factor = pivot[k]! > 0 ? row[k]! / pivot[k]! : 0;
      for (let j = k; j <= n; j++) row[j]! -= factor * pivot[j]!;
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    const row = rows[i]!;
    const rest = x.reduce((sum, value, j) => (j > i ? sum - row[j]! * value : sum), row[n]!);
    x[i] = row[i]! > 0 ? rest / row[i]! : 0;
  }
  return x;
}
