import type { FactoredRows } from "./factored-rows.ts";
import { solveOne, solveOneTransposed } from "./solve-one.ts";

/** The posterior at one row, and its slopes along the number columns. */
export interface Posterior {
  mean: number;
  /** Of the function, without the noise; never negative. */
  variance: number;
  readonly meanSlope: Float64Array;
  readonly varianceSlope: Float64Array;
}

/** Answers for one row at a time: what each step of a search along the gradient asks for, so it keeps its scratch paper. */
export interface SlopeReader {
  /** See `GaussianProcess.meanAt`. */
  meanAt(row: Float64Array, alpha: Float64Array, slope: Float64Array): number;
  /** See `GaussianProcess.posterior`. */
  posterior(row: Float64Array, alpha: Float64Array, into: Posterior): void;
}

/** @param known its rows may come and go */
export function createSlopeReader(known: FactoredRows): SlopeReader {
  const { kernel } = known;
  const { scale } = kernel;
  let scratch = scratchOf(known.stride);

  /** Correlations with the rows of the process, and their slopes. */
  function correlated(row: Float64Array): Scratch {
    if (scratch.solved.length < known.stride) scratch = scratchOf(known.stride);
    kernel.correlations({ rows: known.rows, count: known.size }, row, scratch.correlations, scratch.slopes);
    return scratch;
  }

  return {
    meanAt(row, alpha, slope) {
      const { correlations, slopes } = correlated(row);
      const { size } = known;
      writeSlope(known, row, { slopes, by: alpha, times: 1 }, slope);
      let mean = 0;
      for (let i = 0; i < size; i++) mean += alpha[i]! * correlations[i]!;
      return scale * mean;
    },
    posterior(row, alpha, into) {
      const { correlations, slopes, solved } = correlated(row);
      const { size, factor, stride } = known;
      let mean = 0;
      for (let i = 0; i < size; i++) {
        const covariance = correlations[i]! * scale;
        mean += alpha[i]! * covariance;
        solved[i] = covariance;
      }
      solveOne(factor, size, stride, solved);
      let variance = scale;
      for (let i = 0; i < size; i++) variance -= solved[i]! * solved[i]!;
      solveOneTransposed(factor, size, stride, solved);
      into.mean = mean;
      into.variance = Math.max(0, variance);
      writeSlope(known, row, { slopes, by: alpha, times: 1 }, into.meanSlope);
      // The variance falls by twice the product with K^-1 k.
      writeSlope(known, row, { slopes, by: solved, times: -2 }, into.varianceSlope);
    },
  };
}

/** By row of the process. */
interface Scratch {
  readonly correlations: Float64Array;
  readonly slopes: Float64Array;
  readonly solved: Float64Array;
}

function scratchOf(length: number): Scratch {
  const [correlations, slopes, solved] = [length, length, length].map((each) => new Float64Array(each));
  return { correlations: correlations!, slopes: slopes!, solved: solved! };
}

/** How the covariances with the rows are added up. */
interface Sum {
  /** dM/d(r^2) by row. */
  readonly slopes: Float64Array;
  /** What each row counts. */
  readonly by: Float64Array;
  readonly times: number;
}

/** dk_i/dx_c = scale M'(r^2) 2 weight_c (x_c - row_ic); here `times` its sum over the rows, each weighed by `by`. */
function writeSlope(
  known: FactoredRows,
  row: Float64Array,
  { slopes, by, times }: Sum,
  into: Float64Array,
): void {
  const { rows, size, kernel } = known;
  const { layout, width, weights, scale } = kernel;
  const { numbers } = layout;
  into.fill(0);
  for (let i = 0, at = 0; i < size; i++, at += width) {
    const towards = by[i]! * slopes[i]!;
    for (let c = 0; c < numbers; c++) into[c]! += towards * (row[c]! - rows[at + c]!);
  }
  for (let c = 0; c < numbers; c++) into[c]! *= times * 2 * scale * weights[c]!;
}
