import type { Dimension, NumericDimension } from "../model/index.ts";
import { halfToEven, snap } from "./grid.ts";
import { normalCdf, normalQuantile } from "./normal.ts";

/** Normal priors are inverted up to here: 8.2 standard deviations to both sides. */
const leastProbability = 2 ** -53;

/**
 * The value's place in [0, 1] under the prior's distribution function: a uniform number becomes a draw from the prior when
 * decoded. A value of a grid owns a cell, as wide as its probability, and stands for the middle of it. The place of an
 * option is its index, unchanged; NaN stays NaN.
 */
export function encode(dimension: Dimension, value: number): number {
  if (dimension.kind === "categorical") return value;
  const { q, low, high, levels, type } = dimension;
  if (low === high) return Number.isNaN(value) ? NaN : 0.5;
  if (type === "randint") return clipUnit((value - low + 0.5) / levels);
  if (q === undefined) return probabilityBelow(dimension, value);
  const step = halfToEven(value / q);
  const below = probabilityBelow(dimension, (step - 0.5) * q);
  return below + (probabilityBelow(dimension, (step + 0.5) * q) - below) / 2;
}

/** Inverse of {@link encode}: always a value of the dimension, on its grid; numbers outside [0, 1] give the nearest end. */
export function decode(dimension: Dimension, u: number): number {
  if (dimension.kind === "categorical") return Math.min(dimension.size - 1, Math.max(0, Math.round(u)));
  const place = clipUnit(u);
  const { low, levels, type } = dimension;
  if (type === "randint") return low + Math.min(levels - 1, Math.floor(place * levels));
  return snap(dimension, quantile(dimension, place));
}

/** P(X <= x) of the prior before it is rounded to a grid. */
function probabilityBelow(dimension: NumericDimension, x: number): number {
  const { prior, log, low, high, mu, sigma } = dimension;
  if (log && x <= 0) return 0;
  const scaled = log ? Math.log(x) : x;
  if (prior === "normal") return normalCdf((scaled - mu) / sigma);
  const from = log ? Math.log(low) : low;
  const to = log ? Math.log(high) : high;
  return clipUnit((scaled - from) / (to - from));
}

function quantile(dimension: NumericDimension, u: number): number {
  const { prior, log, low, high, mu, sigma } = dimension;
  if (prior === "normal") {
    const inside = Math.min(1 - leastProbability, Math.max(leastProbability, u));
    const scaled = mu + sigma * normalQuantile(inside);
    return log ? Math.exp(scaled) : scaled;
  }
  if (u === 0 || u === 1) return u === 0 ? low : high;
  if (!log) return low + u * (high - low);
  return Math.exp(Math.log(low) + u * (Math.log(high) - Math.log(low)));
}

function clipUnit(u: number): number {
  return u < 0 ? 0 : u > 1 ? 1 : u;
}
