import type { Bounds } from "./families.ts";

/**
 * Writes the residuals at `shape` and gives the sum of their squares; undefined where there is none. Must not keep `shape`.
 */
export type Residuals = (shape: readonly number[], residuals: Float64Array) => number | undefined;

export interface Minimum {
  readonly shape: readonly number[];
  readonly squaredError: number;
}

/** What a search may spend, and when it is content. */
const mostSteps = 40;
const smallestGain = 1e-7;
const mostDamping = 1e8;

/**
 * Least squares of one or two unknowns between bounds: the damped Gauss-Newton steps of Levenberg (1944) and Marquardt (1963), scaled
 * by the diagonal, with derivatives by forward differences; steps end at the bounds, and an unknown that stands at one and is pushed
 * outward is left out of the step (projected as in Kanzow, Yamashita and Fukushima, "Levenberg-Marquardt methods with strong local
 * convergence properties for solving nonlinear equations with convex constraints", J. Comput. Appl. Math. 172, 2004).
 */
export function minimizeSquares(
  residualsAt: Residuals,
  start: readonly number[],
  bounds: readonly Bounds[],
  count: number,
): Minimum | undefined {
  const here = new Float64Array(count);
  const there = new Float64Array(count);
  let shape = start;
  let error = residualsAt(shape, here);
  if (error === undefined) return undefined;
  let damping = 1e-2;
  for (let step = 0; step < mostSteps && damping < mostDamping && error > 0; step++) {
    const slopes = slopesAt({ residualsAt, shape, bounds }, here, there);
    const before: number = error;
    for (; damping < mostDamping; damping *= 8) {
      const next = stepFrom(shape, bounds, slopes, damping);
      const trial = residualsAt(next, there);
      if (trial === undefined || !(trial < before)) continue;
      here.set(there);
      shape = next;
      error = trial;
      damping = Math.max(1e-9, damping / 8);
      break;
    }
    if (before - error <= smallestGain * before) break;
  }
  return { shape, squaredError: error };
}

/** J^T r and J^T J. */
interface Slopes {
  readonly gradient: readonly number[];
  readonly curvature: readonly (readonly number[])[];
}

interface Place {
  readonly residualsAt: Residuals;
  readonly shape: readonly number[];
  readonly bounds: readonly Bounds[];
}

function slopesAt({ residualsAt, shape, bounds }: Place, here: Float64Array, spare: Float64Array): Slopes {
  const columns = shape.map((value, j) => {
    const { from, to } = bounds[j]!;
    // Away from the nearer bound.
    const stride = (value > (from + to) / 2 ? -1e-6 : 1e-6) * (to - from);
    const moved = shape.with(j, value + stride);
    if (residualsAt(moved, spare) === undefined) return new Float64Array(here.length);
    return spare.map((residual, i) => (residual - here[i]!) / stride);
  });
  return {
    gradient: columns.map((column) => dot(column, here)),
    curvature: columns.map((column) => columns.map((other) => dot(column, other))),
  };
}

function stepFrom(
  shape: readonly number[],
  bounds: readonly Bounds[],
  { gradient, curvature }: Slopes,
  damping: number,
): readonly number[] {
  const free = shape.map((value, j) => {
    const { from, to } = bounds[j]!;
    return gradient[j]! > 0 ? value > from : value < to;
  });
  const diagonal = curvature.map((row, j) => (free[j] ? row[j]! * (1 + damping) + 1e-12 : 1));
  const push = gradient.map((slope, j) => (free[j] ? -slope : 0));
  const coupling = free.every(Boolean) ? (curvature[0]?.[1] ?? 0) : 0;
  const step = solve(diagonal, coupling, push);
  return shape.map((value, j) => Math.min(bounds[j]!.to, Math.max(bounds[j]!.from, value + step[j]!)));
}

/** Of one equation, or of two that are coupled. */
function solve(diagonal: readonly number[], coupling: number, right: readonly number[]): readonly number[] {
  const [a = 1, d = 1] = diagonal;
  const [r = 0, s = 0] = right;
  const determinant = a * d - coupling * coupling;
  if (!(determinant > 0)) return [r / a, s / d];
  return [(r * d - s * coupling) / determinant, (s * a - r * coupling) / determinant];
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += one[i]! * other[i]!;
  return sum;
}
