import { curveFamilies } from "./families.ts";
import { type CurveFit, fitFamily } from "./fit-family.ts";
import type { CurveData } from "./fit-linear.ts";
import { type Opinion, leastNoise, opinionOf } from "./opinion.ts";
import { type Scale, fromScale, scaleOf, toScale } from "./scale.ts";
import { studentCdf } from "./student.ts";

/** What the fitted families say of a later step. */
export interface Forecast {
  /** The families' mean. */
  readonly mean: number;
  /** How likely the value is to be at most `y`. */
  readonly atMost: (y: number) => number;
}

/**
 * Where a curve is going: all families are fitted and weighted by the Bayesian information criterion (Schwarz, "Estimating the
 * dimension of a model", Annals of Statistics 6, 1978), and each gives a distribution around its own curve.
 * Undefined where no family fits: there is no knowing then.
 * @param curve its finite numbers
 * @param step at which the value is asked for, at least the last of the curve
 */
export function forecast(curve: CurveData, step: number): Forecast | undefined {
  const scale = scaleOf(curve);
  if (scale === undefined) return undefined;
  const opinions = curveFamilies.flatMap((family) => {
    const data = toScale(curve, scale, family.shifts);
    const fit = fitFamily(family, data);
    return fit !== undefined && isBelievable(fit, toScale(curve, scale, true), scale)
      ? [{ ...opinionOf(fit, data, step), weight: evidence(fit, data), shifts: family.shifts }]
      : [];
  });
  if (opinions.length === 0) return undefined;
  const words = opinions.map((opinion) => ({
    ...opinion,
    mean: fromScale(opinion.mean, scale, opinion.shifts),
    spread: opinion.spread * scale.range,
  }));
  return mixed(words, shares(opinions.map(({ weight }) => weight)));
}

/** No wild guess at what goes up and down at random: the error is below half of the mean, or half of the deviation. */
function isBelievable({ squaredError }: CurveFit, { y }: CurveData, { middle, range }: Scale): boolean {
  const variance = y.reduce((sum, value) => sum + value * value, 0) / y.length;
  return squaredError / y.length < Math.max((middle / range) ** 2, variance) / 4;
}

/** The logarithm of a family's weight: - BIC / 2. */
function evidence({ squaredError, unknowns }: CurveFit, { y }: CurveData): number {
  const n = y.length;
  return -0.5 * (n * Math.log(squaredError / n + leastNoise ** 2) + unknowns * Math.log(n));
}

/** Parts of 1, of logarithms. */
function shares(logarithms: readonly number[]): readonly number[] {
  const most = Math.max(...logarithms);
  const raw = logarithms.map((each) => Math.exp(each - most));
  const total = raw.reduce((sum, each) => sum + each, 0);
  return raw.map((each) => each / total);
}

function mixed(words: readonly Opinion[], share: readonly number[]): Forecast {
  const average = (each: (word: Opinion) => number): number =>
    words.reduce((sum, word, i) => sum + share[i]! * each(word), 0);
  return {
    mean: average(({ mean }) => mean),
    atMost: (y) => average(({ mean, spread, degrees }) => studentCdf((y - mean) / spread, degrees)),
  };
}
