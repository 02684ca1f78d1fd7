export interface Standardized {
  /** With mean 0 and variance 1; all 0 where the losses are equal. */
  readonly targets: Float64Array;
  /** The target of any loss. */
  targetOf(loss: number): number;
  /** What one unit of the targets is in losses, among the better half. */
  readonly unit: number;
}

/**
 * Losses as targets of a process. What is worse than the median by more than the distance of the quartiles counts by the
 * logarithm of how much: a few very bad results, which say little of where the best ones are, would make all others look the same.
 * Infinite losses count as the finite extremes.
 *
 * @param first what was found before the search had narrowed; all losses where left out. The measure is half of its spread at least: a search that has
 *   converged would magnify its last differences, and make all that is far away worth another visit.
 */
export function standardize(losses: readonly number[], first: readonly number[] = losses): Standardized {
  const sorted = inOrder(losses);
  const least = sorted[0] ?? 0;
  const greatest = sorted.at(-1) ?? 0;
  if (!(least < greatest)) return { targets: new Float64Array(losses.length), targetOf: () => 0, unit: 1 };
  // Halves, so that the range of the largest numbers does not overflow.
  const half = greatest / 2 - least / 2;
  const place = (loss: number): number => (Math.min(greatest, Math.max(least, loss)) / 2 - least / 2) / half;
  const middle = quantile(sorted.map(place), 0.5);
  const measure = Math.max(spreadOf(sorted.map(place)), spreadOf(inOrder(first).map(place)) / 2) || 1;
  const last = middle + measure;
  const bent = (loss: number): number => {
    const excess = place(loss) - last;
    return excess > 0 ? measure * Math.log1p(excess / measure) : excess;
  };
  const places = Float64Array.from(losses, bent);
  const mean = places.reduce((sum, each) => sum + each, 0) / places.length;
  const square = places.reduce((sum, each) => sum + (each - mean) ** 2, 0) / places.length;
  const deviation = Math.max(1e-10, Math.sqrt(square));
  const scaled = (each: number): number => (each - mean) / deviation;
  return {
    targets: places.map(scaled),
    targetOf: (loss) => scaled(bent(loss)),
    unit: 2 * deviation * half,
  };
}

function inOrder(losses: readonly number[]): number[] {
  return losses.filter(Number.isFinite).sort((one, other) => one - other);
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.floor(part * (sorted.length - 1))] ?? 0;
}

/** The distance of the quartiles. */
function spreadOf(sorted: readonly number[]): number {
  return quantile(sorted, 0.75) - quantile(sorted, 0.25);
}
