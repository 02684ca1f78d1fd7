import { invert, logDeterminant, solveLower, solveLowerTransposed } from "../numeric/cholesky.ts";
import { type FactoredRows, factorRows } from "./factored-rows.ts";
import { createKernel } from "./kernel.ts";
import type { Layout } from "./layout.ts";
import type { Smoothness } from "./matern.ts";
import { type Posterior, createSlopeReader } from "./slopes.ts";
import { crossCovariances, whitenLine, whitenedTable } from "./tables.ts";

/** The covariance of two rows is scale * M_nu(r^2), plus noise where they are the same observation. */
export interface Hyperparameters {
  /** By term: inverse squared length scales. */
  readonly weights: Float64Array;
  readonly scale: number;
  /** Variance of an observation about the function. */
  readonly noise: number;
}

/** The rows and their hyperparameters. */
export interface GaussianProcessOptions {
  readonly layout: Layout;
  readonly nu: Smoothness;
  readonly hyperparameters: Hyperparameters;
  /** Row-major, `count` rows. */
  readonly rows: Float64Array;
  readonly count: number;
}

/**
 * Gaussian process regression with mean 0 and given hyperparameters. Rasmussen and Williams, "Gaussian Processes for Machine
 * Learning" (2006), algorithm 2.1: L is the Cholesky factor of K + noise I.
 *
 * A row costs O(n^2) to append and nothing to take back, so that points which are only imagined can come and go.
 */
export interface GaussianProcess {
  readonly layout: Layout;
  /** How many rows there are. */
  readonly size: number;
  /** What was added to the noise so that the factor exists; 0 as a rule. */
  readonly jitter: number;
  /** Adds a row; its target, and all others, are set afterwards. False, and nothing changed, when it is not independent. */
  append(row: Float64Array): boolean;
  /** Forgets the rows from `size` on, and all targets. */
  truncate(size: number): void;
  /** The observations, one for each row. What reads the posterior mean expects that it was called since the last change. */
  setTargets(targets: Float64Array): void;
  /** Mean and variance at `count` rows. */
  predict(rows: Float64Array, count: number, mean: Float64Array, variance: Float64Array): void;
  /** Mean at `count` rows: n multiplications for each, where a variance takes n^2. */
  means(rows: Float64Array, count: number, mean: Float64Array): void;
  /** Mean at one row; `slope` receives its slopes along the number columns. */
  meanAt(row: Float64Array, slope: Float64Array): number;
  /** The posterior at one row, with slopes; overwrites `into`. */
  posterior(row: Float64Array, into: Posterior): void;
  /** Mean at the rows themselves: the observations without their noise. */
  fitted(): Float64Array;
  /** Mean and variance (noise included) of each observation given all others: eqs. 5.12, from the diagonal of K^-1. */
  leaveOneOut(): { readonly mean: Float64Array; readonly variance: Float64Array };
  /** log p(targets | rows): eq. 2.30. */
  logMarginalLikelihood(): number;
  /**
   * L^-1 k for many rows at once, as `size` rows of `count` columns. The sum of the squares of a column is what the process
   * explains of the prior variance, `scale`; its product with {@link whitened} is the mean.
   */
  whiten(rows: Float64Array, count: number): Float64Array;
  /** Row `index` of the same, where `table` holds those before it and has room for it. */
  whitenNext(index: number, rows: Float64Array, count: number, table: Float64Array): void;
  /** L^-1 targets. */
  readonly whitened: Float64Array;
  readonly scale: number;
  /** By term. */
  readonly weights: Float64Array;
}

export function createGaussianProcess(options: GaussianProcessOptions): GaussianProcess {
  const { layout, hyperparameters } = options;
  const { scale, noise, weights } = hyperparameters;
  const known = factorRows(createKernel(options), noise, options);
  const reader = createSlopeReader(known);
  let told = nothingTold;
  return {
    layout,
    scale,
    weights,
    jitter: known.jitter,
    get size() {
      return known.size;
    },
    get whitened() {
      return told.whitened;
    },
    append: known.append,
    truncate: known.truncate,
    setTargets(targets) {
      told = solvedFor(known, targets);
    },
    means(rows, count, mean) {
      writeMeans(told.alpha, crossCovariances(known, { rows, count }), mean.subarray(0, count));
    },
    meanAt: (row, slope) => reader.meanAt(row, told.alpha, slope),
    predict(rows, count, mean, variance) {
      const table = whitenedTable(known, { rows, count });
      variance.fill(scale, 0, count);
      writeMoments(told.whitened, table, mean.subarray(0, count), variance);
    },
    posterior: (row, into) => reader.posterior(row, told.alpha, into),
    fitted: () => told.targets.map((target, i) => target - (noise + known.jitter) * told.alpha[i]!),
    leaveOneOut() {
      const inverse = inverseDiagonal(known);
      return {
        mean: told.targets.map((target, i) => target - told.alpha[i]! / inverse[i]!),
        variance: inverse.map((each) => 1 / each),
      };
    },
    logMarginalLikelihood() {
      const fit = told.whitened.reduce((sum, each) => sum + each * each, 0);
      const { factor, size, stride } = known;
      return -0.5 * (fit + logDeterminant(factor, size, stride) + size * Math.log(2 * Math.PI));
    },
    whiten: (rows, count) => whitenedTable(known, { rows, count }),
    whitenNext: (index, rows, count, table) => whitenLine(known, index, { rows, count }, table),
  };
}

/** The targets, and what predictions need of them. */
interface Told {
  readonly targets: Float64Array;
  /** L^-1 targets. */
  readonly whitened: Float64Array;
  /** (K + noise I)^-1 targets. */
  readonly alpha: Float64Array;
}

const nothing = new Float64Array(0);
const nothingTold: Told = { targets: nothing, whitened: nothing, alpha: nothing };

function solvedFor({ factor, size, stride }: FactoredRows, values: Float64Array): Told {
  const whitened = values.slice(0, size);
  solveLower(factor, size, stride, whitened, 1);
  const alpha = whitened.slice();
  solveLowerTransposed(factor, size, stride, alpha, 1);
  return { targets: values.slice(0, size), whitened, alpha };
}

/** The sum of the lines of a table, each as many times as `alpha` says. */
function writeMeans(alpha: Float64Array, table: Float64Array, mean: Float64Array): void {
  const count = mean.length;
  mean.fill(0);
  for (let i = 0, at = 0; at < table.length; i++)
    for (let c = 0; c < count; c++, at++) mean[c]! += alpha[i]! * table[at]!;
}

/** The same by whitened targets and table; the variance is given as it is where nothing is known. */
function writeMoments(
  whitened: Float64Array,
  table: Float64Array,
  mean: Float64Array,
  variance: Float64Array,
): void {
  const count = mean.length;
  mean.fill(0);
  for (let i = 0, at = 0; at < table.length; i++)
    for (let c = 0; c < count; c++, at++) {
      mean[c]! += whitened[i]! * table[at]!;
      variance[c]! -= table[at]! * table[at]!;
    }
  for (let c = 0; c < count; c++) if (variance[c]! < 0) variance[c] = 0;
}

function inverseDiagonal({ factor, size, stride }: FactoredRows): Float64Array {
  const inverse = new Float64Array(size * stride);
  invert(factor, size, stride, inverse);
  return Float64Array.from({ length: size }, (_, i) => inverse[i * stride + i]!);
}
