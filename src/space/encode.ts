import type { Dimension, NumericDimension } from "../model/index.ts";
import { snap } from "./grid.ts";
import { normalCdf, normalQuantile } from "./normal.ts";

/**
 * A coordinate in the unit interval, for models: the place of the value in the dimension's prior. Values of a grid stand in
 * the middle of their cells. A categorical coordinate is its option's index, unchanged.
 */
export function encode(dimension: Dimension, value: number): number {
  if (dimension.kind === "categorical") return value;
  const [low, high] = range(dimension);
  if (high === low) return 0.5;
  const place = placeOf(dimension, dimension.log ? Math.log(Math.max(value, Number.MIN_VALUE)) : value);
  return Math.min(1, Math.max(0, place));
}

/** The inverse of {@link encode}, on the grid where there is one. `unit` is clipped to [0, 1]. */
export function decode(dimension: Dimension, unit: number): number {
  if (dimension.kind === "categorical") return unit;
  const clipped = Math.min(1, Math.max(0, unit));
  const { log, prior, mu, sigma } = dimension;
  const [low, high] = range(dimension);
  if (low === high) return snap(dimension, log ? Math.exp(low) : low);
  // The normal's ends are infinite: stay where doubles can tell values apart.
  const inside = Math.min(1 - 1e-16, Math.max(1e-300, clipped));
  const raw = prior === "normal" ? mu + sigma * normalQuantile(inside) : low + clipped * (high - low);
  return snap(dimension, bounded(dimension, log ? Math.exp(raw) : raw));
}

/** exp(log(high)) may lie a hair outside. */
function bounded({ low, high }: NumericDimension, value: number): number {
  return Math.min(high, Math.max(low, value));
}

function placeOf(dimension: NumericDimension, position: number): number {
  if (dimension.prior === "normal") return normalCdf((position - dimension.mu) / dimension.sigma);
  const [low, high] = range(dimension);
  return (position - low) / (high - low);
}

/**
 * The interval that is mapped to [0, 1], in log units where the dimension is logarithmic. For integers it reaches half a
 * step beyond the ends, so that each has a cell of the same width.
 */
function range({ type, prior, low, high, log }: NumericDimension): readonly [number, number] {
  if (prior === "normal") return [-Infinity, Infinity];
  if (log) return [Math.log(low), Math.log(high)];
  return type === "randint" && low < high ? [low - 0.5, high + 0.5] : [low, high];
}
