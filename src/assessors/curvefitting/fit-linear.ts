import type { CurveFamily } from "./families.ts";

/** The numbers of a curve: step and value, in the order of the steps. */
export interface CurveData {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** A family's best weights for one shape. */
export interface LinearFit {
  /** What is added; 0 for families that cannot shift. */
  readonly constant: number;
  readonly weight: number;
  readonly squaredError: number;
}

/**
 * Least squares in the weights, for a given shape. Leaves the residuals, value less data, in `residuals`.
 * Undefined where the shape cannot be reckoned with.
 */
export function fitLinear(
  family: CurveFamily,
  shape: readonly number[],
  { x, y }: CurveData,
  residuals: Float64Array,
): LinearFit | undefined {
  const n = x.length;
  let meanPart = 0;
  let meanY = 0;
  for (let i = 0; i < n; i++) {
    const part = family.part(x[i]!, shape);
    residuals[i] = part;
    if (!family.shifts) continue;
    meanPart += part / n;
    meanY += y[i]! / n;
  }
  let partByPart = 0;
  let partByY = 0;
  for (let i = 0; i < n; i++) {
    const part = residuals[i]! - meanPart;
    partByPart += part * part;
    partByY += part * (y[i]! - meanY);
  }
  const weight = partByPart > 0 ? partByY / partByPart : 0;
  if (!Number.isFinite(weight)) return undefined;
  const constant = meanY - weight * meanPart;
  let squaredError = 0;
  for (let i = 0; i < n; i++) {
    const residual = constant + weight * residuals[i]! - y[i]!;
    residuals[i] = residual;
    squaredError += residual * residual;
  }
  return Number.isFinite(squaredError) ? { constant, weight, squaredError } : undefined;
}
