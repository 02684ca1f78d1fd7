import type { Random } from "../../model/index.ts";

/** Where a coordinate may lie: `high - low` is the unit of mutations. Ends may be open. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** What counts as the whole width: `high - low` where both are finite. */
  readonly width: number;
}

/**
 * Polynomial mutation: a step of up to the whole width to either side, mostly a small one, that never leaves the interval. Deb and
 * Goyal, Computer Science and Informatics 26, 1996, equations 6 to 8, in the form for bounded variables (Deb and Deb, IJAISC 4, 2014).
 * A mean step is about width / (eta + 2).
 *
 * @param value inside the interval
 * @param eta distribution index, the larger the nearer
 */
export function polynomialMutation(
  value: number,
  { low, high, width }: Interval,
  eta: number,
  random: Random,
): number {
  const u = random.next();
  const power = 1 / (eta + 1);
  const below = Math.min(1, (value - low) / width);
  const above = Math.min(1, (high - value) / width);
  const step =
    u < 0.5
      ? (2 * u + (1 - 2 * u) * (1 - below) ** (eta + 1)) ** power - 1
      : 1 - (2 * (1 - u) + (2 * u - 1) * (1 - above) ** (eta + 1)) ** power;
  return value + step * width;
}

/**
 * Simulated binary crossover: one of the two children that lie about the parents as those of a one-point crossover of bit strings
 * would, and inside the interval. Deb and Agrawal, Complex Systems 9, 1995; the bounded form of Deb's NSGA-II.
 *
 * @param parents two numbers inside the interval
 * @param eta distribution index, the larger the nearer to the parents
 */
export function simulatedBinaryCrossover(
  [one, other]: readonly [number, number],
  { low, high }: Interval,
  eta: number,
  random: Random,
): number {
  const near = Math.min(one, other);
  const far = Math.max(one, other);
  const u = random.next();
  const lower = random.next() < 0.5;
  const gap = far - near;
  if (gap < 1e-14) return one;
  const room = lower ? near - low : high - far;
  const alpha = 2 - (1 + (2 * room) / gap) ** -(eta + 1);
  const spread = (u <= 1 / alpha ? u * alpha : 1 / (2 - u * alpha)) ** (1 / (eta + 1));
  return 0.5 * (near + far + (lower ? -spread : spread) * gap);
}
