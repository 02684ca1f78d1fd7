import { normalCdf } from "../../space/index.ts";
import { logNormalCdf } from "../numeric/normal.ts";

/** How much a point is worth, from what is known of its loss there: the larger the better. */
export interface Utility {
  readonly kind: "ei" | "ucb" | "poi";
  /** What the spread is worth for `ucb`. */
  readonly kappa: number;
  /** By how much the best must be bettered for `ei` and `poi`. */
  readonly xi: number;
}

/** A value and its slopes along mean and variance. */
export interface Worth {
  value: number;
  byMean: number;
  byVariance: number;
}

/** Added to the variance, so that its root has a slope. */
const leastVariance = 1e-12;

/**
 * The worth of a loss with this mean and variance where the best known loss is `best`; overwrites `into`. With s the standard
 * deviation and z = (best - xi - mean) / s:
 *
 * - ei: log of the expected improvement, log h(z) + log s with h(z) = phi(z) + z Phi(z) (Ament et al., "Unexpected Improvements
 *   to Expected Improvement for Bayesian Optimization", NeurIPS 2023, eq. 8)
 * - ucb: kappa s - mean (Srinivas et al., ICML 2010)
 * - poi: log Phi(z) (Kushner, 1964)
 */
export function appraise(
  utility: Utility,
  best: number,
  { mean, variance }: { readonly mean: number; readonly variance: number },
  into: Worth,
): void {
  const s = Math.sqrt(variance + leastVariance);
  const bySpread = 1 / (2 * s);
  if (utility.kind === "ucb") {
    into.value = utility.kappa * s - mean;
    into.byMean = -1;
    into.byVariance = utility.kappa * bySpread;
    return;
  }
  const z = (best - utility.xi - mean) / s;
  if (utility.kind === "poi") {
    into.value = logNormalCdf(z);
    const slope = Math.exp(-0.5 * z * z - logRootTwoPi - into.value);
    into.byMean = -slope / s;
    into.byVariance = (-slope * z * bySpread) / s;
    return;
  }
  const { log, cumulative, density } = improvement(z);
  into.value = log + Math.log(s);
  into.byMean = -cumulative / s;
  into.byVariance = (density * bySpread) / s;
}

const logRootTwoPi = 0.5 * Math.log(2 * Math.PI);

/** Below this z the difference in h(z) loses too many digits, and its asymptotic series is exact. */
const tail = -25;

/** log h(z), and Phi(z) and phi(z) as multiples of h(z). */
export function improvement(z: number): { log: number; cumulative: number; density: number } {
  const logDensity = -0.5 * z * z - logRootTwoPi;
  if (z > tail) {
    const density = Math.exp(logDensity);
    const cumulative = normalCdf(z);
    const h = density + z * cumulative;
    return { log: Math.log(h), cumulative: cumulative / h, density: density / h };
  }
  // h / phi = 1 + z R(z) with the Mills ratio's series (Abramowitz & Stegun 26.2.12).
  const u = 1 / (z * z);
  const part = u * (1 - u * (3 - u * (15 - u * (105 - u * 945))));
  return { log: logDensity + Math.log(part), cumulative: (part - 1) / z / part, density: 1 / part };
}
