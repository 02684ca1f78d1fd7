import type { CurveFit } from "./fit-family.ts";
import type { CurveData } from "./fit-linear.ts";
import { solveSymmetric } from "./solve-symmetric.ts";

/** What one fitted family says of a later step: a Student distribution. */
export interface Opinion {
  readonly mean: number;
  readonly spread: number;
  readonly degrees: number;
}

/** No curve is believed to be smoother than this part of its range. */
export const leastNoise = 1e-4;

/** A family is not believed more exactly than to this part of the way that the curve has still to go by it. */
const leastDoubt = 0.1;

/** The spread counts the noise, how well the data settle the numbers of the fit (to first order), and that no family is quite right. */
export function opinionOf(fit: CurveFit, data: CurveData, step: number): Opinion {
  const degrees = data.x.length - fit.unknowns;
  const noise = fit.squaredError / degrees + leastNoise ** 2;
  const mean = valueAt(fit, step);
  const onward = mean - valueAt(fit, data.x.at(-1)!);
  const variance = noise * (1 + varianceFactor(fit, data.x, { step, noise })) + (leastDoubt * onward) ** 2;
  return { mean, spread: Math.sqrt(variance), degrees };
}

function valueAt({ family, shape, constant, weight }: CurveFit, x: number): number {
  return constant + weight * family.part(x, shape);
}

/** g^T (J^T J)^-1 g, for the slopes g at the step; weak knowledge of the numbers beforehand keeps it within reason. */
function varianceFactor(
  fit: CurveFit,
  x: Float64Array,
  { step, noise }: { readonly step: number; readonly noise: number },
): number {
  const rows = Array.from(x, (each) => slopesAt(fit, each));
  const there = slopesAt(fit, step);
  const information = there.map((_, j) =>
    there.map((_, k) => {
      const known = j === k ? noise * priorPrecision(fit, j) : 0;
      return rows.reduce((sum, row) => sum + row[j]! * row[k]!, known);
    }),
  );
  const solved = solveSymmetric(information, there);
  return Math.max(
    0,
    there.reduce((sum, slope, j) => sum + slope * solved[j]!, 0),
  );
}

/** How fast the value at x changes with each number of the fit: those of the shape, then the weights. */
function slopesAt({ family, shape, weight }: CurveFit, x: number): readonly number[] {
  const stride = 1e-5;
  const part = family.part(x, shape);
  const ofShape = shape.map(
    (value, j) => (weight * (family.part(x, shape.with(j, value + stride)) - part)) / stride,
  );
  return family.shifts ? [...ofShape, part, 1] : [...ofShape, part];
}

/** A quarter of the way between the bounds is one deviation; weights are a hundred ranges wide. */
function priorPrecision({ family }: CurveFit, j: number): number {
  const bounds = family.shape[j];
  return bounds === undefined ? 1e-4 : (4 / (bounds.to - bounds.from)) ** 2;
}
