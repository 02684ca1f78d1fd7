import type { FlatSpace, Point } from "../model/index.ts";
import { decode, isActive } from "../space/index.ts";

/**
 * The point at places of [0, 1), one for each dimension of the flat space, stretched over the prior: evenly spread places
 * give evenly spread points. Places of dimensions that are not active go unused.
 */
export function priorPoint(flat: FlatSpace, places: Float64Array): Point {
  const point = new Float64Array(flat.dimensions.length).fill(NaN);
  for (const dimension of flat.dimensions) {
    const place = places[dimension.index]!;
    if (!isActive(flat, point, dimension)) continue;
    // An equal share of [0, 1) for each option.
    const coordinate = dimension.kind === "categorical" ? Math.floor(place * dimension.size) : place;
    point[dimension.index] = decode(dimension, coordinate);
  }
  return point;
}
