/** The value at `x`; writes the gradient there. Infinity or NaN where the function is not defined, with any gradient. */
export type Differentiable = (x: Float64Array, gradient: Float64Array) => number;

/** The least and the greatest value of each coordinate; they may be infinite, or equal. */
export interface Box {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

export interface LbfgsbOptions {
  /** How many pairs of steps and gradient changes stand for the curvature; 10 where left out. */
  readonly memory?: number;
  /** 200 where left out. */
  readonly maxIterations?: number;
  /** The search ends when no coordinate of the projected gradient, x - P(x - g), is larger; 1e-5 where left out. */
  readonly gradientTolerance?: number;
  /** The search ends when an iteration gains less than this part of max(1, |f|); 1e-12 where left out. */
  readonly valueTolerance?: number;
}

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly iterations: number;
  readonly evaluations: number;
}

/** Armijo's constant: the part of the promised gain that a step must bring. Nocedal & Wright, section 3.1. */
const leastGain = 1e-4;
const mostHalvings = 25;

/**
 * A local minimum in a box by the limited-memory BFGS method: each step follows the quasi-Newton direction of the coordinates
 * that are free and is projected onto the box; coordinates that the gradient presses against a bound stay there.
 *
 * - Nocedal, "Updating Quasi-Newton Matrices with Limited Storage", Math. Comp. 35 (1980): the two loops
 * - Bertsekas, "Projected Newton Methods for Optimization Problems with Simple Constraints", SIAM J. Control Optim. 20 (1982):
 *   which coordinates are free, eq. 32, and the search along the projected arc, eq. 34
 *
 * @param start is moved into the box first; the function must be finite there, otherwise `start` is the answer
 */
export function minimizeInBox(
  evaluate: Differentiable,
  start: Float64Array,
  box: Box,
  options: LbfgsbOptions = {},
): Minimum {
  const { maxIterations = 200, gradientTolerance = 1e-5, valueTolerance = 1e-12, memory = 10 } = options;
  const size = start.length;
  const curvature = createCurvature(size, memory);
  const direction = new Float64Array(size);
  const free = new Uint8Array(size);
  let x = projected(start, box);
  let gradient = new Float64Array(size);
  let value = evaluate(x, gradient);
  let evaluations = 1;
  let next = new Float64Array(size);
  let nextGradient = new Float64Array(size);
  let iterations = 0;
  while (Number.isFinite(value) && iterations < maxIterations) {
    if (findFree(x, gradient, box, free) <= gradientTolerance) break;
    let slope = curvature.descend(gradient, free, direction);
    if (!(slope < 0)) {
      curvature.forget();
      slope = curvature.descend(gradient, free, direction);
    }
    const step = search(slope);
    iterations += 1;
    if (step === undefined) {
      if (curvature.size === 0) break;
      curvature.forget();
      continue;
    }
    curvature.learn(x, next, gradient, nextGradient);
    const gain = value - step;
    [x, next] = [next, x];
    [gradient, nextGradient] = [nextGradient, gradient];
    value = step;
    if (gain <= valueTolerance * Math.max(1, Math.abs(value))) break;
  }
  return { x, value, iterations, evaluations };

  /** Backtracking along the projected arc; leaves the new place in `next`. Undefined where no step gains enough. */
  function search(slope: number): number | undefined {
    let length = curvature.size === 0 ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
    for (let halving = 0; halving < mostHalvings; halving++) {
      const promised = moveInside({ x, gradient, box, next }, direction, length);
      const reached = evaluate(next, nextGradient);
      evaluations += 1;
      if (reached <= value + leastGain * promised && promised < 0) return reached;
      length *= shorter(value, reached, promised);
    }
    return undefined;
  }
}

function projected(start: Float64Array, { lower, upper }: Box): Float64Array<ArrayBuffer> {
  return Float64Array.from(start, (each, i) => Math.min(upper[i]!, Math.max(lower[i]!, each)));
}

/** Marks the free coordinates and returns the largest coordinate of the projected gradient. */
function findFree(x: Float64Array, gradient: Float64Array, { lower, upper }: Box, free: Uint8Array): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) {
    const away = Math.min(upper[i]!, Math.max(lower[i]!, x[i]! - gradient[i]!));
    const moves = Math.abs(away - x[i]!);
    free[i] = moves > 0 ? 1 : 0;
    if (moves > largest) largest = moves;
  }
  return largest;
}

interface Place {
  readonly x: Float64Array;
  readonly gradient: Float64Array;
  readonly box: Box;
  readonly next: Float64Array;
}

/** `next` = P(x + length * direction); returns the gain that the gradient promises for it (negative: the function falls). */
function moveInside({ x, gradient, box, next }: Place, direction: Float64Array, length: number): number {
  const { lower, upper } = box;
  let promised = 0;
  for (let i = 0; i < x.length; i++) {
    const moved = x[i]! + length * direction[i]!;
    next[i] = moved < lower[i]! ? lower[i]! : moved > upper[i]! ? upper[i]! : moved;
    promised += gradient[i]! * (next[i]! - x[i]!);
  }
  return promised;
}

/** The next step length as a part of this one: the parabola's minimum, between a tenth and a half. */
function shorter(value: number, reached: number, promised: number): number {
  if (!Number.isFinite(reached)) return 0.1;
  const bend = reached - value - promised;
  const parabola = bend > 0 ? -promised / (2 * bend) : 0.5;
  return Math.min(0.5, Math.max(0.1, parabola));
}

interface Curvature {
  /** How many pairs are known. */
  readonly size: number;
  forget(): void;
  learn(x: Float64Array, next: Float64Array, gradient: Float64Array, nextGradient: Float64Array): void;
  /** `direction` = -H gradient in the free coordinates, 0 in the others; returns its slope. */
  descend(gradient: Float64Array, free: Uint8Array, direction: Float64Array): number;
}

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
}

function createCurvature(size: number, memory: number): Curvature {
  let pairs: Pair[] = [];
  const along = new Float64Array(memory);
  return {
    get size() {
      return pairs.length;
    },
    forget() {
      pairs = [];
    },
    learn(x, next, gradient, nextGradient) {
      const reused = pairs.length === memory ? pairs.shift() : undefined;
      const pair = reused ?? { step: new Float64Array(size), change: new Float64Array(size) };
      let product = 0;
      let square = 0;
      for (let i = 0; i < size; i++) {
        pair.step[i] = next[i]! - x[i]!;
        pair.change[i] = nextGradient[i]! - gradient[i]!;
        product += pair.step[i]! * pair.change[i]!;
        square += pair.change[i]! * pair.change[i]!;
      }
      if (product > 1e-10 * square) pairs.push(pair);
    },
    descend(gradient, free, direction) {
      for (let i = 0; i < size; i++) direction[i] = free[i] === 1 ? -gradient[i]! : 0;
      let scale = NaN;
      for (let k = pairs.length - 1; k >= 0; k--) {
        const { step, change } = pairs[k]!;
        const product = dot(step, change, free);
        if (!(product > 0)) {
          along[k] = NaN;
          continue;
        }
        if (Number.isNaN(scale)) scale = product / dot(change, change, free);
        along[k] = dot(step, direction, free) / product;
        for (let i = 0; i < size; i++) if (free[i] === 1) direction[i]! -= along[k]! * change[i]!;
      }
      if (!Number.isNaN(scale)) for (let i = 0; i < size; i++) direction[i]! *= scale;
      for (let k = 0; k < pairs.length; k++) {
        if (Number.isNaN(along[k])) continue;
        const { step, change } = pairs[k]!;
        const back = along[k]! - dot(change, direction, free) / dot(step, change, free);
        for (let i = 0; i < size; i++) if (free[i] === 1) direction[i]! += back * step[i]!;
      }
      return dot(gradient, direction, free);
    },
  };
}

function dot(one: Float64Array, other: Float64Array, free: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) if (free[i] === 1) sum += one[i]! * other[i]!;
  return sum;
}
