import { type Box, minimizeInBox } from "../numeric/lbfgsb.ts";
import { factorize, invert, logDeterminant, solveLower, solveLowerTransposed } from "../numeric/cholesky.ts";
import { type Layout, widthOf } from "./layout.ts";
import { type Smoothness, matern } from "./matern.ts";
import type { Hyperparameters } from "./model.ts";
import * as prior from "./prior.ts";

/** Observations to fit hyperparameters to. */
export interface FitData {
  readonly layout: Layout;
  readonly nu: Smoothness;
  /** Row-major, as many rows as targets. */
  readonly rows: Float64Array;
  /** With mean 0 and variance 1. */
  readonly targets: Float64Array;
  /** The noise is never less. */
  readonly leastNoise: number;
}

/** Where a fit begins when nothing is known. */
export function plainHyperparameters({ terms }: Layout, leastNoise: number): Hyperparameters {
  return { weights: new Float64Array(terms).fill(1), scale: 1, noise: leastNoise + 1e-2 };
}

/**
 * The hyperparameters of the largest posterior density (marginal likelihood times prior), as far as one descent from the best
 * of the starts finds them. Where no start gives a positive definite matrix, the first one comes back.
 */
export function fitHyperparameters(data: FitData, starts: readonly Hyperparameters[]): Hyperparameters {
  const objective = createObjective(data);
  const scratch = new Float64Array(data.layout.terms + 2);
  const begun = starts.map((each) => {
    const at = toLogarithms(each, data.leastNoise);
    return { at, value: starts.length === 1 ? 0 : objective(at, scratch) };
  });
  const best = begun.reduce((one, other) => (other.value < one.value ? other : one));
  const found = minimizeInBox(objective, best.at, limits(data.layout.terms), {
    maxIterations: 60,
    gradientTolerance: 1e-2,
    valueTolerance: 1e-5,
  });
  return fromLogarithms(found.x, data.leastNoise);
}

/** Logarithms of the weights, of the scale, and of the noise above the least one. */
function toLogarithms({ weights, scale, noise }: Hyperparameters, leastNoise: number): Float64Array {
  const own = Math.max(noise - leastNoise, 1e-9);
  return Float64Array.from([...weights, scale, own], Math.log);
}

function fromLogarithms(logarithms: Float64Array, leastNoise: number): Hyperparameters {
  const values = logarithms.map(Math.exp);
  const terms = values.length - 2;
  return {
    weights: values.slice(0, terms),
    scale: values[terms]!,
    noise: leastNoise + values[terms + 1]!,
  };
}

function limits(terms: number): Box {
  const lower = new Float64Array(terms + 2).fill(Math.log(1e-6));
  const upper = new Float64Array(terms + 2).fill(Math.log(1e4));
  [lower[terms], upper[terms]] = [Math.log(1e-4), Math.log(1e4)];
  [lower[terms + 1], upper[terms + 1]] = [Math.log(1e-9), Math.log(10)];
  return { lower, upper };
}

/**
 * Minus the log posterior density, and its gradient by the logarithms: with G = K^-1 - alpha alpha^T the likelihood's part is
 * tr(G dK/dtheta) / 2 (Rasmussen and Williams, eq. 5.9).
 */
export function createObjective(data: FitData): (logarithms: Float64Array, gradient: Float64Array) => number {
  const { nu, targets, leastNoise } = data;
  const { terms } = data.layout;
  const count = targets.length;
  const pairs = pairsOf(data);
  const factor = new Float64Array(count * count);
  const inverse = new Float64Array(count * count);
  const weights = new Float64Array(terms);
  return (logarithms, gradient) => {
    for (let t = 0; t < terms; t++) weights[t] = Math.exp(logarithms[t]!);
    const scale = Math.exp(logarithms[terms]!);
    const ownNoise = Math.exp(logarithms[terms + 1]!);
    correlate(pairs, nu, weights);
    fillMatrix(factor, pairs, scale, scale + leastNoise + ownNoise);
    if (!factorize(factor, count, count)) return Infinity;
    const alpha = targets.slice();
    solveLower(factor, count, count, alpha, 1);
    const misfit = alpha.reduce((sum, each) => sum + each * each, 0);
    solveLowerTransposed(factor, count, count, alpha, 1);
    const likelihood = 0.5 * (misfit + logDeterminant(factor, count, count));
    invert(factor, count, count, inverse);
    const { ofCorrelations, trace } = writeSums(pairs, inverse, alpha, gradient);
    for (let t = 0; t < terms; t++) gradient[t]! *= scale * weights[t]!;
    gradient[terms] = scale * (ofCorrelations + 0.5 * trace);
    gradient[terms + 1] = 0.5 * trace * ownNoise;
    return likelihood + prior.penalty({ weights, scale, noise: ownNoise }, gradient);
  };
}

/** All pairs of rows (i, j < i), in the order of the lower triangle. */
interface Pairs {
  /** Of the rows. */
  readonly count: number;
  readonly terms: number;
  /** Squared distances by term, without the weights: `terms` numbers for each pair. */
  readonly squares: Float64Array;
  /** For the present weights, as are their slopes by the weighted squared distance. */
  readonly correlations: Float64Array;
  readonly slopes: Float64Array;
}

function pairsOf(data: FitData): Pairs {
  const { terms } = data.layout;
  const count = data.targets.length;
  const size = (count * (count - 1)) / 2;
  return {
    count,
    terms,
    squares: termSquares(data),
    correlations: new Float64Array(size),
    slopes: new Float64Array(size),
  };
}

function termSquares({ layout, rows, targets }: FitData): Float64Array {
  const { terms, termOf, numbers } = layout;
  const width = widthOf(layout);
  const count = targets.length;
  const squares = new Float64Array(((count * (count - 1)) / 2) * terms);
  for (let i = 0, at = 0; i < count; i++)
    for (let j = 0; j < i; j++, at += terms)
      for (let c = 0; c < width; c++) {
        const gap = rows[i * width + c]! - rows[j * width + c]!;
        squares[at + termOf[c]!]! += c < numbers ? gap * gap : Number(gap !== 0);
      }
  return squares;
}

function correlate(
  { terms, squares, correlations, slopes }: Pairs,
  nu: Smoothness,
  weights: Float64Array,
): void {
  const size = correlations.length;
  for (let p = 0, at = 0; p < size; p++) {
    let sum = 0;
    for (let t = 0; t < terms; t++, at++) sum += weights[t]! * squares[at]!;
    correlations[p] = sum;
  }
  matern(nu, correlations, size, slopes);
}

/** The lower triangle: all that `factorize` reads. */
function fillMatrix(
  matrix: Float64Array,
  { count, correlations }: Pairs,
  scale: number,
  diagonal: number,
): void {
  for (let i = 0, p = 0; i < count; i++) {
    for (let j = 0; j < i; j++, p++) matrix[i * count + j] = scale * correlations[p]!;
    matrix[i * count + i] = diagonal;
  }
}

/**
 * What the gradient of the likelihood is made of: sums of G over all pairs, weighed by what the correlation of a pair changes
 * with each weight (into `gradient`) and by the correlation itself; and the trace of G.
 */
function writeSums(
  { count, terms, squares, correlations, slopes }: Pairs,
  inverse: Float64Array,
  alpha: Float64Array,
  gradient: Float64Array,
): { readonly ofCorrelations: number; readonly trace: number } {
  gradient.fill(0);
  let ofCorrelations = 0;
  let trace = 0;
  for (let i = 0, p = 0; i < count; i++) {
    for (let j = 0; j < i; j++, p++) {
      const g = inverse[i * count + j]! - alpha[i]! * alpha[j]!;
      ofCorrelations += g * correlations[p]!;
      const towards = g * slopes[p]!;
      const at = p * terms;
      for (let t = 0; t < terms; t++) gradient[t]! += towards * squares[at + t]!;
    }
    trace += inverse[i * count + i]! - alpha[i]! * alpha[i]!;
  }
  return { ofCorrelations, trace };
}
