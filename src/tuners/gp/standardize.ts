export interface Standardized {
  /** With mean 0 and variance 1; all 0 where the losses are equal. */
  readonly targets: Float64Array;
  /** What one unit of the targets is in losses, among the better half. */
  readonly unit: number;
}

/**
 * Losses as targets of a process. What is worse than the median counts by the logarithm of how much: a few very bad results,
 * which say little of where the best ones are, would make all others look the same. Infinite losses count as the finite
 * extremes.
 */
export function standardize(losses: readonly number[]): Standardized {
  const finite = losses.filter(Number.isFinite).sort((one, other) => one - other);
  const least = finite[0] ?? 0;
  const greatest = finite.at(-1) ?? 0;
  if (!(least < greatest)) return { targets: new Float64Array(losses.length), unit: 1 };
  // Halves, so that the range of the largest numbers does not overflow.
  const half = greatest / 2 - least / 2;
  const place = (loss: number): number => (Math.min(greatest, Math.max(least, loss)) / 2 - least / 2) / half;
  const quantile = (part: number): number => place(finite[Math.floor(part * (finite.length - 1))]!);
  const middle = quantile(0.5);
  const spread = quantile(0.75) - quantile(0.25) || 1;
  const places = Float64Array.from(losses, (loss) => {
    const excess = place(loss) - middle;
    return middle + (excess > 0 ? spread * Math.log1p(excess / spread) : excess);
  });
  const mean = places.reduce((sum, each) => sum + each, 0) / places.length;
  const square = places.reduce((sum, each) => sum + (each - mean) ** 2, 0) / places.length;
  const deviation = Math.max(1e-10, Math.sqrt(square));
  return { targets: places.map((each) => (each - mean) / deviation), unit: 2 * deviation * half };
}
