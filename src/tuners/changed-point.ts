import type { Dimension, FlatSpace, Point, Random } from "../model/index.ts";
import { isActive, sampleDimension } from "../space/index.ts";

/** The point with another value in one dimension. What becomes active by that is drawn from the prior. */
export function changedPoint(
  flat: FlatSpace,
  parent: Point,
  { index }: Dimension,
  { value, random }: { readonly value: number; readonly random: Random },
): Point {
  const point = parent.slice();
  point[index] = value;
  for (const each of flat.dimensions.slice(index + 1)) {
    if (!isActive(flat, point, each)) point[each.index] = NaN;
    else if (Number.isNaN(point[each.index])) point[each.index] = sampleDimension(each, random);
  }
  return point;
}
