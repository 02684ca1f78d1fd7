import { normalCdf } from "../../space/index.ts";

const logRootTwoPi = 0.5 * Math.log(2 * Math.PI);

/**
 * The logarithm of the improvement on `best` that is expected of a normal prediction: EI = s (z Phi(z) + phi(z)) with
 * z = (best - mean) / s (Jones, Schonlau, Welch: "Efficient Global Optimization", J. Global Optim. 13, 1998, eq. 15).
 * The logarithm tells candidates apart also where EI itself is 0 in floating point.
 *
 * @param deviation above 0
 */
export function logExpectedImprovement(mean: number, deviation: number, best: number): number {
  return Math.log(deviation) + logGain((best - mean) / deviation);
}

/** log(z Phi(z) + phi(z)) */
function logGain(z: number): number {
  const logDensity = -0.5 * z * z - logRootTwoPi;
  if (z > -6) return Math.log(z * normalCdf(z) + Math.exp(logDensity));
  // phi(z) / z^2 and three terms of the asymptotic series of Mill's ratio; the next is below 1e-3 here.
  const r = 1 / (z * z);
  return logDensity + Math.log(r) + Math.log1p(r * (-3 + r * (15 - 105 * r)));
}
