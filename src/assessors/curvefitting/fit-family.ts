import type { CurveFamily } from "./families.ts";
import { type CurveData, type LinearFit, fitLinear } from "./fit-linear.ts";
import { minimizeSquares } from "./levenberg-marquardt.ts";

/** A family fitted to a curve. */
export interface CurveFit extends LinearFit {
  readonly family: CurveFamily;
  readonly shape: readonly number[];
  /** How many numbers were fitted: weights and shape. */
  readonly unknowns: number;
}

/** Local searches begin at so many of a family's starts: at those that fit best as they are. More found nothing better. */
const searches = 2;

/**
 * Least squares between the bounds of the family. The weights are always the best ones for the shape, so that the search is over the
 * shape alone: variable projection, Golub and Pereyra, SIAM J. Numer. Anal. 10 (1973).
 * Undefined where there are fewer numbers than unknowns, and where nothing can be reckoned.
 */
export function fitFamily(family: CurveFamily, data: CurveData): CurveFit | undefined {
  const unknowns = family.shape.length + (family.shifts ? 2 : 1);
  if (data.x.length <= unknowns) return undefined;
  const residualsAt = (shape: readonly number[], residuals: Float64Array): number | undefined =>
    fitLinear(family, shape, data, residuals)?.squaredError;
  const spare = new Float64Array(data.x.length);
  const minima = family.starts
    .map((shape) => ({ shape, squaredError: residualsAt(shape, spare) ?? Infinity }))
    .sort((one, other) => one.squaredError - other.squaredError)
    .slice(0, searches)
    .map(({ shape }) => minimizeSquares(residualsAt, shape, family.shape, data.x.length))
    .filter((minimum) => minimum !== undefined);
  const [first, ...others] = minima;
  if (first === undefined) return undefined;
  const { shape } = others.reduce(
    (best, next) => (next.squaredError < best.squaredError ? next : best),
    first,
  );
  const linear = fitLinear(family, shape, data, spare);
  return linear === undefined ? undefined : { family, shape, unknowns, ...linear };
}
