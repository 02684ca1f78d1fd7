import {
  type Dimension,
  type FlatSpace,
  type NumericDimension,
  type Point,
  type Random,
  randomInteger,
  randomNormal,
} from "../model/index.ts";
import { snap } from "./grid.ts";
import { emptyPoint, isActive } from "./point.ts";

/** One draw from the prior of the whole space; dimensions that are not active stay NaN. */
export function samplePoint(flat: FlatSpace, random: Random): Point {
  const point = emptyPoint(flat);
  for (const dimension of flat.dimensions) {
    if (isActive(flat, point, dimension)) point[dimension.index] = sampleDimension(dimension, random);
  }
  return point;
}

/** One draw from the prior of a dimension: a value in the user's units, or the index of an option. */
export function sampleDimension(dimension: Dimension, random: Random): number {
  if (dimension.kind === "categorical") return randomInteger(random, dimension.size);
  if (dimension.type === "randint") return dimension.low + integerBelow(dimension.levels, random);
  return snap(
    dimension,
    dimension.log ? Math.exp(drawScaled(dimension, random)) : drawScaled(dimension, random),
  );
}

/** A draw before rounding; of the logarithm for the log types. */
function drawScaled(dimension: NumericDimension, random: Random): number {
  const { prior, log, low, high, mu, sigma } = dimension;
  if (prior === "normal") return mu + sigma * randomNormal(random);
  const from = log ? Math.log(low) : low;
  const to = log ? Math.log(high) : high;
  return from + random.next() * (to - from);
}

/** Uniform in 0 .. count-1; two draws where the 32 bits of one would favour some values by more than one part in 2^11. */
function integerBelow(count: number, random: Random): number {
  if (count <= 2 ** 21) return randomInteger(random, count);
  const fraction =
    (Math.floor(random.next() * 2 ** 26) * 2 ** 27 + Math.floor(random.next() * 2 ** 27)) / 2 ** 53;
  return Math.min(count - 1, Math.floor(fraction * count));
}
