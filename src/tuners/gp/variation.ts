import type { FlatSpace, Point, Random } from "../../model/index.ts";
import { isActive, sampleDimension } from "../../space/index.ts";
import { drawNear } from "../anneal.ts";

/** How many dimensions change on average, where there are more. */
const changesOnAverage = 4;
/** Neighbourhoods are as wide as this part of the prior at most, and a thousandth of that at least. */
const widest = 0.4;

/** A draw near a point: some dimensions change, in a neighbourhood of random width. */
export function variationOf(flat: FlatSpace, base: Point, random: Random): Point {
  const width = widest * 1e-3 ** random.next();
  const chance = Math.min(0.8, changesOnAverage / flat.dimensions.length);
  const point: Point = new Float64Array(flat.dimensions.length).fill(NaN);
  for (const dimension of flat.dimensions) {
    if (!isActive(flat, point, dimension)) continue;
    const value = base[dimension.index]!;
    if (Number.isNaN(value)) point[dimension.index] = sampleDimension(dimension, random);
    else if (random.next() < chance) point[dimension.index] = drawNear(dimension, value, width, random);
    else point[dimension.index] = value;
  }
  return point;
}
