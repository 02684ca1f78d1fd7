import type { Dimension, NumericDimension } from "../model/index.ts";
import { halfToEven, snap } from "./grid.ts";
import { normalCdf, normalQuantile } from "./normal.ts";

/** Normal priors are inverted up to here: 8.2 standard deviations to both sides. */
const leastProbability = 2 ** -53;

/**
 * The value's place in [0, 1] under the prior's distribution function: a uniform number becomes a draw from the prior when
 * decoded. A value of a grid stands for the middle of its {@link cell}. The place of an option is its index, unchanged;
 * NaN stays NaN.
 */
export function encode(dimension: Dimension, value: number): number {
  if (dimension.kind === "categorical") return value;
  const [from, to] = cell(dimension, value);
  return from + (to - from) / 2;
}

/**
 * The part of [0, 1] that decodes to the value: as wide as the value's probability, a single point where the dimension is
 * continuous. Cells at the ends of a grid may be narrower than the others, and empty where rounding never gets there.
 */
export function cell(dimension: Dimension, value: number): readonly [from: number, to: number] {
  if (dimension.kind === "categorical") return [value / dimension.size, (value + 1) / dimension.size];
  const { q, low, high, levels, type } = dimension;
  if (low === high) return Number.isNaN(value) ? [NaN, NaN] : [0, 1];
  if (type === "randint") return [clipUnit((value - low) / levels), clipUnit((value - low + 1) / levels)];
  if (q === undefined) {
    const place = probabilityBelow(dimension, value);
    return [place, place];
  }
  const step = halfToEven(value / q);
  return [probabilityBelow(dimension, (step - 0.5) * q), probabilityBelow(dimension, (step + 0.5) * q)];
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
  if (prior === "normal") return normalCdf(((log ? Math.log(x) : x) - mu) / sigma);
  return clipUnit(log ? logRatio(x, low) / logRatio(high, low) : (x - low) / (high - low));
}

/** log(x / low), also where the two are so close that their logarithms are equal, or so far that x / low overflows. */
function logRatio(x: number, low: number): number {
  const excess = (x - low) / low;
  return Math.abs(excess) < 0.5 ? Math.log1p(excess) : Math.log(x) - Math.log(low);
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
  const exponent = u * logRatio(high, low);
  return exponent < 0.5 ? low + low * Math.expm1(exponent) : Math.exp(Math.log(low) + exponent);
}

function clipUnit(u: number): number {
  return u < 0 ? 0 : u > 1 ? 1 : u;
}
