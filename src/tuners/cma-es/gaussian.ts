import type { Random } from "../../model/index.ts";
import { randomNormal } from "../../model/index.ts";
import { symmetricEigen } from "../numeric/symmetric-eigen.ts";
import type { Strategy } from "./strategy.ts";

/** The search distribution N(mean, sigma^2 C), and how it learns from ranked steps. */
export interface Gaussian {
  readonly size: number;
  readonly mean: Float64Array;
  sigma: number;
  /** C, size * size numbers. */
  readonly covariance: Float64Array;
  /** Square roots of the eigenvalues of C: the lengths of the axes, as of the last decomposition. */
  readonly axes: Float64Array;
  /** Row j is the direction of axis j. */
  readonly directions: Float64Array;
  /** p_sigma and p_c: where the mean has been going. */
  readonly sigmaPath: Float64Array;
  readonly path: Float64Array;
  generation: number;
}

export interface GaussianStart {
  readonly mean: Float64Array;
  readonly sigma: number;
  /** C; the identity where left out. */
  readonly covariance?: Float64Array;
}

export function createGaussian({ mean, sigma, covariance }: GaussianStart): Gaussian {
  const size = mean.length;
  const gaussian: Gaussian = {
    size,
    mean: mean.slice(),
    sigma,
    covariance: covariance?.slice() ?? identity(size),
    axes: new Float64Array(size).fill(1),
    directions: identity(size),
    sigmaPath: new Float64Array(size),
    path: new Float64Array(size),
    generation: 0,
  };
  if (covariance !== undefined) decompose(gaussian);
  return gaussian;
}

/** Writes y = B D z into `step`, z standard normal: eq. (39). */
export function drawStep({ size, axes, directions }: Gaussian, random: Random, step: Float64Array): void {
  step.fill(0);
  for (let j = 0, row = 0; j < size; j++, row += size) {
    const length = axes[j]! * randomNormal(random);
    for (let i = 0; i < size; i++) step[i]! += length * directions[row + i]!;
  }
}

/** |C^(-1/2) y|^2 */
export function squaredLength({ size, axes, directions }: Gaussian, step: Float64Array): number {
  let sum = 0;
  for (let j = 0, row = 0; j < size; j++, row += size) {
    let along = 0;
    for (let i = 0; i < size; i++) along += directions[row + i]! * step[i]!;
    sum += (along / axes[j]!) ** 2;
  }
  return sum;
}

/** A step with its place in the ranking; `active` tells which coordinates were part of what was evaluated. */
export interface RankedStep {
  readonly step: Float64Array;
  readonly active: Uint8Array;
}

/**
 * One generation: `steps` are y = (x - mean) / sigma, best first, strategy.lambda of them. The mean stays in coordinates that
 * were not part of the evaluation: nothing was learnt about them.
 */
export function learn(gaussian: Gaussian, strategy: Strategy, steps: readonly RankedStep[]): void {
  const { size, mean, sigmaPath } = gaussian;
  const { weights, mu, muEff, cs, ds, chi } = strategy;
  const pull = new Float64Array(size);
  for (let k = 0; k < mu; k++) {
    const { step, active } = steps[k]!;
    for (let i = 0; i < size; i++) {
      pull[i]! += weights[k]! * step[i]!; // eq. (41)
      if (active[i] === 1) mean[i]! += gaussian.sigma * weights[k]! * step[i]!; // eq. (42)
    }
  }
  const white = whitened(gaussian, pull);
  const gain = Math.sqrt(cs * (2 - cs) * muEff);
  for (let i = 0; i < size; i++) sigmaPath[i] = (1 - cs) * sigmaPath[i]! + gain * white[i]!; // eq. (43)
  const length = norm(sigmaPath);
  const settled = Math.sqrt(1 - (1 - cs) ** (2 * (gaussian.generation + 1)));
  const moves = length / settled < (1.4 + 2 / (size + 1)) * chi;
  adaptCovariance(gaussian, strategy, { steps, pull, moves });
  // eq. (44); the exponent is limited as in the author's own code.
  gaussian.sigma *= Math.exp(Math.min(1, (cs / ds) * (length / chi - 1)));
  gaussian.generation += 1;
  // Eigenvectors may lag behind a little: tutorial, B.2.
  const lag = Math.max(1, Math.floor(1 / (10 * size * (strategy.c1 + strategy.cmu))));
  if (gaussian.generation % lag === 0) decompose(gaussian);
}

interface Moves {
  readonly steps: readonly RankedStep[];
  readonly pull: Float64Array;
  /** h_sigma: whether p_c takes the pull in; not while sigma is still catching up. */
  readonly moves: boolean;
}

function adaptCovariance(gaussian: Gaussian, strategy: Strategy, { steps, pull, moves }: Moves): void {
  const { size, covariance, path } = gaussian;
  const { weights, muEff, c1, cmu, cc } = strategy;
  const gain = moves ? Math.sqrt(cc * (2 - cc) * muEff) : 0;
  for (let i = 0; i < size; i++) path[i] = (1 - cc) * path[i]! + gain * pull[i]!; // eq. (45)
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const keep = 1 + (moves ? 0 : c1 * cc * (2 - cc)) - c1 - cmu * sum; // eq. (47)
  for (let cell = 0; cell < covariance.length; cell++) covariance[cell]! *= keep;
  addOuter(covariance, path, c1);
  for (const [k, { step }] of steps.entries()) {
    const weight = weights[k]!;
    const share = weight >= 0 ? weight : (weight * size) / (squaredLength(gaussian, step) + 1e-8); // eq. (46)
    addOuter(covariance, step, cmu * share);
  }
}

function addOuter(matrix: Float64Array, vector: Float64Array, factor: number): void {
  const n = vector.length;
  for (let i = 0, row = 0; i < n; i++, row += n) {
    const scale = factor * vector[i]!;
    for (let j = 0; j < n; j++) matrix[row + j]! += scale * vector[j]!;
  }
}

/** C^(-1/2) y = B D^-1 B^T y */
function whitened({ size, axes, directions }: Gaussian, vector: Float64Array): Float64Array {
  const result = new Float64Array(size);
  for (let j = 0, row = 0; j < size; j++, row += size) {
    let along = 0;
    for (let i = 0; i < size; i++) along += directions[row + i]! * vector[i]!;
    along /= axes[j]!;
    for (let i = 0; i < size; i++) result[i]! += along * directions[row + i]!;
  }
  return result;
}

/** Negative weights may have pushed an eigenvalue below zero; it is lifted to this, in C too. */
const leastEigenvalue = 1e-8;

function decompose({ size, covariance, axes, directions }: Gaussian): void {
  const { values, vectors } = symmetricEigen(covariance, size);
  directions.set(vectors);
  for (let j = 0; j < size; j++) {
    if (!(values[j]! > 0)) {
      addOuter(covariance, directions.subarray(j * size, (j + 1) * size), leastEigenvalue - values[j]!);
      values[j] = leastEigenvalue;
    }
    axes[j] = Math.sqrt(values[j]!);
  }
}

export function norm(vector: Float64Array): number {
  return Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
}

function identity(size: number): Float64Array {
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) matrix[i * size + i] = 1;
  return matrix;
}
