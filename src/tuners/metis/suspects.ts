import type { Point } from "../../model/index.ts";
import { type Sample, median } from "./samples.ts";

/** A point whose result is not what the results of all others make one expect. */
export interface Suspect {
  readonly point: Point;
  /** Its row in the process. */
  readonly row: number;
  /** Its target if it were evaluated once more, with the least and the greatest result that the others allow. */
  readonly targets: readonly [lower: number, upper: number];
  /** How far off it is, in standard deviations. */
  readonly distance: number;
}

/** 98 % of results lie within so many standard deviations: Li et al., section 4.4. */
export const tolerance = 2.33;
/** 95 % do within so many. */
export const reach = 1.96;

/**
 * The points whose result lies outside the interval in which 98 % of results would, given all other points: mean and variance
 * without point i follow from K^-1 alone, so no process is fitted anew. The farthest off first.
 *
 * @param targets of the samples' medians, in the same order
 * @param targetOf the target of a loss
 */
export function suspectsAmong(
  samples: readonly Sample[],
  targets: Float64Array,
  targetOf: (loss: number) => number,
  others: { readonly mean: Float64Array; readonly variance: Float64Array },
): Suspect[] {
  const suspects = samples.flatMap(({ point, losses }, row) => {
    const mean = others.mean[row]!;
    const spread = Math.sqrt(others.variance[row]!);
    const distance = Math.abs(targets[row]! - mean) / spread;
    if (!(distance > tolerance)) return [];
    const known = losses.map(targetOf);
    const lower = median([...known, mean - reach * spread]);
    const upper = median([...known, mean + reach * spread]);
    return [{ point, row, distance, targets: [lower, upper] as const }];
  });
  return suspects.sort((one, other) => other.distance - one.distance);
}
