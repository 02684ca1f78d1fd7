import {
  appendRow,
  factorize,
  invert,
  logDeterminant,
  solveLower,
  solveLowerTransposed,
} from "../numeric/cholesky.ts";
import { type Layout, columnWeights, squaredDistances, widthOf } from "./layout.ts";
import { type Smoothness, matern } from "./matern.ts";
import { solveOne, solveOneTransposed } from "./solve-one.ts";

/** The covariance of two rows is scale * M_nu(r^2), plus noise where they are the same observation. */
export interface Hyperparameters {
  /** By term: inverse squared length scales. */
  readonly weights: Float64Array;
  readonly scale: number;
  /** Variance of an observation about the function. */
  readonly noise: number;
}

/** The posterior at one row, and its slopes along the number columns. */
export interface Posterior {
  mean: number;
  /** Of the function, without the noise; never negative. */
  variance: number;
  readonly meanSlope: Float64Array;
  readonly varianceSlope: Float64Array;
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

/** Tried in turn on the diagonal, as parts of the scale, when the factor does not exist. */
const jitters = [0, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2];

export function createGaussianProcess(options: GaussianProcessOptions): GaussianProcess {
  const { layout, nu, hyperparameters } = options;
  const { scale, noise } = hyperparameters;
  const byColumn = columnWeights(layout, hyperparameters.weights);
  const width = widthOf(layout);
  let size = options.count;
  let capacity = size + 32;
  let rows = new Float64Array(capacity * width);
  rows.set(options.rows.subarray(0, size * width));
  let factor = new Float64Array(0);
  const jitter = factored();
  let targets = new Float64Array(0);
  let whitened = new Float64Array(0);
  let alpha = new Float64Array(0);
  let squares = new Float64Array(capacity);
  let slopes = new Float64Array(capacity);
  let solved = new Float64Array(capacity);

  return {
    layout,
    scale,
    weights: hyperparameters.weights,
    jitter,
    get size() {
      return size;
    },
    get whitened() {
      return whitened;
    },
    append(row) {
      if (size === capacity) grow();
      rows.set(row, size * width);
      covariances(rows, size, row, factor.subarray(size * capacity, (size + 1) * capacity));
      factor[size * capacity + size] = scale + noise + jitter;
      if (!appendRow(factor, size, capacity)) return false;
      size += 1;
      return true;
    },
    truncate(length) {
      size = Math.min(size, length);
    },
    setTargets(values) {
      targets = values.slice(0, size);
      whitened = values.slice(0, size);
      solveLower(factor, size, capacity, whitened, 1);
      alpha = whitened.slice();
      solveLowerTransposed(factor, size, capacity, alpha, 1);
    },
    means(points, count, mean) {
      writeMeans(crossCovariances(points, count), count, mean);
    },
    meanAt(row, slope) {
      squaredDistances(layout, byColumn, { rows, count: size }, row, squares);
      matern(nu, squares, size, slopes);
      writeSlope(row, alpha, 1, slope);
      let mean = 0;
      for (let i = 0; i < size; i++) mean += alpha[i]! * squares[i]!;
      return scale * mean;
    },
    predict(points, count, mean, variance) {
      const table = whiten(points, count);
      mean.fill(0, 0, count);
      variance.fill(scale, 0, count);
      for (let i = 0, at = 0; i < size; i++)
        for (let c = 0; c < count; c++, at++) {
          mean[c]! += whitened[i]! * table[at]!;
          variance[c]! -= table[at]! * table[at]!;
        }
      for (let c = 0; c < count; c++) if (variance[c]! < 0) variance[c] = 0;
    },
    posterior(row, into) {
      squaredDistances(layout, byColumn, { rows, count: size }, row, squares);
      matern(nu, squares, size, slopes);
      let mean = 0;
      for (let i = 0; i < size; i++) {
        squares[i]! *= scale;
        mean += alpha[i]! * squares[i]!;
        solved[i] = squares[i]!;
      }
      solveOne(factor, size, capacity, solved);
      let variance = scale;
      for (let i = 0; i < size; i++) variance -= solved[i]! * solved[i]!;
      solveOneTransposed(factor, size, capacity, solved);
      into.mean = mean;
      into.variance = Math.max(0, variance);
      writeSlope(row, alpha, 1, into.meanSlope);
      // The variance falls by twice the product with K^-1 k.
      writeSlope(row, solved, -2, into.varianceSlope);
    },
    fitted: () => targets.map((target, i) => target - (noise + jitter) * alpha[i]!),
    leaveOneOut() {
      const inverse = inverseDiagonal();
      return {
        mean: targets.map((target, i) => target - alpha[i]! / inverse[i]!),
        variance: inverse.map((each) => 1 / each),
      };
    },
    logMarginalLikelihood() {
      const fit = whitened.reduce((sum, each) => sum + each * each, 0);
      return -0.5 * (fit + logDeterminant(factor, size, capacity) + size * Math.log(2 * Math.PI));
    },
    whiten,
    whitenNext(index, points, count, table) {
      const to = table.subarray(index * count, (index + 1) * count);
      covariances(points, count, rowAt(index), to);
      const at = index * capacity;
      for (let k = 0; k < index; k++) {
        const times = factor[at + k]!;
        const from = k * count;
        for (let c = 0; c < count; c++) to[c]! -= times * table[from + c]!;
      }
      const pivot = 1 / factor[at + index]!;
      for (let c = 0; c < count; c++) to[c]! *= pivot;
    },
  };

  /** dk_i/dx_c = scale M'(r^2) 2 weight_c (x_c - row_ic); here `times` its sum over the rows, each weighed by `by`. */
  function writeSlope(row: Float64Array, by: Float64Array, times: number, into: Float64Array): void {
    into.fill(0);
    for (let i = 0, at = 0; i < size; i++, at += width) {
      const towards = by[i]! * slopes[i]!;
      for (let c = 0; c < layout.numbers; c++) into[c]! += towards * (row[c]! - rows[at + c]!);
    }
    for (let c = 0; c < layout.numbers; c++) into[c]! *= times * 2 * scale * byColumn[c]!;
  }

  function rowAt(index: number): Float64Array {
    return rows.subarray(index * width, (index + 1) * width);
  }

  /** Covariances of one row with `count` others. */
  function covariances(others: Float64Array, count: number, row: Float64Array, out: Float64Array): void {
    squaredDistances(layout, byColumn, { rows: others, count }, row, out);
    matern(nu, out, count);
    for (let i = 0; i < count; i++) out[i]! *= scale;
  }

  function whiten(points: Float64Array, count: number): Float64Array {
    const table = crossCovariances(points, count);
    solveLower(factor, size, capacity, table, count);
    return table;
  }

  /** One line for each row of the process, `count` numbers long. */
  function crossCovariances(points: Float64Array, count: number): Float64Array {
    const table = new Float64Array(size * count);
    for (let i = 0; i < size; i++)
      covariances(points, count, rowAt(i), table.subarray(i * count, (i + 1) * count));
    return table;
  }

  function writeMeans(table: Float64Array, count: number, mean: Float64Array): void {
    mean.fill(0, 0, count);
    for (let i = 0, at = 0; i < size; i++)
      for (let c = 0; c < count; c++, at++) mean[c]! += alpha[i]! * table[at]!;
  }

  /** Factors the matrix of all rows; returns the jitter that it took. */
  function factored(): number {
    for (const part of jitters) {
      factor = new Float64Array(capacity * capacity);
      for (let i = 0; i < size; i++) {
        covariances(rows, i, rowAt(i), factor.subarray(i * capacity, (i + 1) * capacity));
        factor[i * capacity + i] = scale + noise + part * scale;
      }
      if (factorize(factor, size, capacity)) return part * scale;
    }
    throw new RangeError("the covariance of these rows has no factor: a row is not finite");
  }

  function grow(): void {
    const wider = 2 * capacity;
    const moved = new Float64Array(wider * wider);
    for (let i = 0; i < size; i++) moved.set(factor.subarray(i * capacity, i * capacity + i + 1), i * wider);
    const more = new Float64Array(wider * width);
    more.set(rows);
    [rows, factor, capacity] = [more, moved, wider];
    squares = new Float64Array(capacity);
    slopes = new Float64Array(capacity);
    solved = new Float64Array(capacity);
  }

  function inverseDiagonal(): Float64Array<ArrayBuffer> {
    const inverse = new Float64Array(size * capacity);
    invert(factor, size, capacity, inverse);
    return Float64Array.from({ length: size }, (_, i) => inverse[i * capacity + i]!);
  }
}
