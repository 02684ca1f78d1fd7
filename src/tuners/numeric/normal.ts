import { normalCdf, normalQuantile } from "../../space/index.ts";

const logRootTwoPi = 0.5 * Math.log(2 * Math.PI);

/** log Phi(x), to about 1e-12 of its value also far in the tail, where Phi itself is 0 in floating point. */
export function logNormalCdf(x: number): number {
  if (x > -30) return Math.log(normalCdf(x));
  // Four terms of the asymptotic series (Abramowitz & Stegun 26.2.12); the next is below 1e-10 here.
  const r = 1 / (x * x);
  return -0.5 * x * x - logRootTwoPi - Math.log(-x) + Math.log1p(r * (-1 + r * (3 - 15 * r)));
}

/** log(Phi(b) - Phi(a)) for a <= b, without cancellation in the tails or for narrow intervals. */
export function logNormalMass(a: number, b: number): number {
  const width = b - a;
  const middle = 0.5 * (a + b);
  // Narrow: the midpoint rule with its second-order term; the error is below 1e-9.
  if (width * Math.max(1, Math.abs(middle)) < 0.02) {
    const bend = ((middle * middle - 1) * width * width) / 24;
    return -0.5 * middle * middle - logRootTwoPi + Math.log(width) + Math.log1p(bend);
  }
  if (b <= 0) return logDifference(logNormalCdf(b), logNormalCdf(a));
  if (a >= 0) return logDifference(logNormalCdf(-a), logNormalCdf(-b));
  return Math.log1p(-normalCdf(a) - normalCdf(-b));
}

/** log(exp(more) - exp(less)). */
function logDifference(more: number, less: number): number {
  return less === -Infinity ? more : more + Math.log1p(-Math.exp(less - more));
}

/**
 * A standard normal deviate cut to [a, b] with a <= 0 <= b, by the inverse of the distribution function: one uniform
 * number `u` of [0, 1) gives one deviate, whatever the interval. The bounds may be infinite.
 */
export function truncatedNormal(u: number, a: number, b: number): number {
  const below = normalCdf(a);
  const beyond = normalCdf(-b);
  const mass = 1 - below - beyond;
  const fromLeft = below + u * mass;
  // The smaller tail keeps its digits.
  const deviate = fromLeft <= 0.5 ? normalQuantile(fromLeft) : -normalQuantile(beyond + (1 - u) * mass);
  return Math.min(b, Math.max(a, deviate));
}
