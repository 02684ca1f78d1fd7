import type { Hyperparameters } from "./model.ts";

/**
 * What is thought of the hyperparameters before any result, as in Optuna's GPSampler. Targets have the variance 1 and
 * coordinates the range [0, 1].
 *
 * - weights: the density falls on both sides of 1 as exp(-0.1 / w - 0.1 w)
 * - scale: Gamma(2, 1)
 * - noise above the least one: Gamma(1.1, 30), small but seldom nothing
 */
const weightStrength = 0.1;
const noiseShape = 1.1;
const noiseRate = 30;

/** Minus the log density up to a constant; adds its gradient by the logarithms of weights, scale and noise to `gradient`. */
export function penalty({ weights, scale, noise }: Hyperparameters, gradient: Float64Array): number {
  const terms = weights.length;
  let sum = 0;
  for (let t = 0; t < terms; t++) {
    const weight = weights[t]!;
    sum += weightStrength * (1 / weight + weight);
    gradient[t]! += weightStrength * (weight - 1 / weight);
  }
  sum += scale - Math.log(scale);
  gradient[terms]! += scale - 1;
  sum += noiseRate * noise - (noiseShape - 1) * Math.log(noise);
  gradient[terms + 1]! += noiseRate * noise - (noiseShape - 1);
  return sum;
}
