import { normalCdf, normalQuantile } from "../../space/index.ts";
import type { GridCoordinate } from "./coding.ts";
import type { Gaussian } from "./gaussian.ts";

/**
 * Keeps every grid coordinate able to leave its present cell with probability `margin` at least, so that the search does not
 * freeze on a plateau: Hamano, Saito, Nomura and Shirakawa, "CMA-ES with Margin", GECCO 2022 (arXiv 2205.13482).
 * @param scale the diagonal A of the paper: samples are mean + sigma A y
 */
export function keepMargin(
  { size, mean, sigma, covariance }: Gaussian,
  scale: Float64Array,
  { grid, margin }: { grid: readonly GridCoordinate[]; margin: number },
): void {
  for (const { place, cellAt } of grid) {
    const deviation = sigma * Math.sqrt(covariance[place * size + place]!);
    if (!(deviation > 0)) continue;
    const [lower, upper] = cellAt(mean[place]!);
    if (lower === -Infinity || upper === Infinity) {
      const border = lower === -Infinity ? upper : lower;
      // The square root of the chi-square quantile at 1 - 2a is the normal quantile at 1 - a.
      const most = -normalQuantile(margin) * deviation * scale[place]!;
      const distance = mean[place]! - border;
      if (Number.isFinite(border)) mean[place] = border + Math.max(-most, Math.min(most, distance));
    } else keepBetween(place, { mean, scale, lower, upper, deviation, margin });
  }
}

interface Cell {
  readonly mean: Float64Array;
  readonly scale: Float64Array;
  readonly lower: number;
  readonly upper: number;
  readonly deviation: number;
  readonly margin: number;
}

/** The mean is in a cell with neighbours on both sides. */
function keepBetween(place: number, { mean, scale, lower, upper, deviation, margin }: Cell): void {
  const spread = deviation * scale[place]!;
  const below = normalCdf((lower - mean[place]!) / spread);
  const above = normalCdf((mean[place]! - upper) / spread);
  const least = margin / 2;
  if (below >= least && above >= least) return;
  const [low, high] = [Math.max(below, least), Math.max(above, least)];
  const inside = 1 - below - above;
  const excess = (1 - low - high - inside) / (low + high + inside - 3 * least); // so that the three probabilities sum to 1 again
  const toLower = -normalQuantile(low + excess * (low - least));
  const toUpper = -normalQuantile(high + excess * (high - least));
  if (!(toLower + toUpper > 0)) return;
  mean[place] = (lower * toUpper + upper * toLower) / (toLower + toUpper); // both borders have their probabilities then
  scale[place] = (upper - lower) / (deviation * (toLower + toUpper));
}
