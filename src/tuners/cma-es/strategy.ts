/** What CMA-ES takes from the number of coordinates and the size of a generation alone (tutorial, table 1). */
export interface Strategy {
  /** Results to a generation. */
  readonly lambda: number;
  /** How many of them pull the mean. */
  readonly mu: number;
  readonly muEff: number;
  /** Best first; the first mu sum to 1, the others are negative. */
  readonly weights: Float64Array;
  readonly c1: number;
  readonly cmu: number;
  readonly cc: number;
  readonly cs: number;
  readonly ds: number;
  /** The expected length of a standard normal vector. */
  readonly chi: number;
}

/** 4 + floor(3 ln n): eq. (48). */
export function defaultLambda(n: number): number {
  return 4 + Math.floor(3 * Math.log(Math.max(1, n)));
}

export function strategyFor(n: number, lambda: number): Strategy {
  const mu = lambda >> 1;
  const raw = Float64Array.from({ length: lambda }, (_, i) => Math.log((lambda + 1) / 2) - Math.log(i + 1)); // eq. (49)
  const muEff = effectiveSize(raw.subarray(0, mu));
  const muEffMinus = effectiveSize(raw.subarray(mu));
  const c1 = 2 / ((n + 1.3) ** 2 + muEff); // eq. (57)
  const cmu = Math.min(1 - c1 - 1e-8, (2 * (muEff - 2 + 1 / muEff)) / ((n + 2) ** 2 + muEff)); // eq. (58)
  const cs = (muEff + 2) / (n + muEff + 5); // eq. (55)
  // eq. (50) to (52)
  const alpha = Math.min(
    1 + c1 / cmu,
    1 + (2 * muEffMinus) / (muEff + 2),
    n === 0 ? Infinity : (1 - c1 - cmu) / (n * cmu),
  );
  return {
    lambda,
    mu,
    muEff,
    weights: scaled(raw, alpha),
    c1,
    cmu,
    cc: (4 + muEff / n) / (n + 4 + (2 * muEff) / n), // eq. (56)
    cs,
    ds: 1 + 2 * Math.max(0, Math.sqrt((muEff - 1) / (n + 1)) - 1) + cs, // eq. (55)
    chi: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  };
}

/** (sum w)^2 / sum w^2 */
function effectiveSize(weights: Float64Array): number {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const squares = weights.reduce((total, weight) => total + weight * weight, 0);
  return squares === 0 ? 0 : (sum * sum) / squares;
}

/** Positive weights sum to 1, negative ones to -alpha: eq. (53). */
function scaled(raw: Float64Array, alpha: number): Float64Array {
  const positive = raw.reduce((sum, weight) => sum + Math.max(0, weight), 0);
  const negative = raw.reduce((sum, weight) => sum + Math.max(0, -weight), 0);
  return raw.map((weight) => (weight >= 0 ? weight / positive : (alpha * weight) / negative));
}
