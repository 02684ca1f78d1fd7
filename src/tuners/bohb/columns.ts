import type { Dimension, FlatSpace, Point } from "../../model/index.ts";
import { decode, encode, isActive } from "../../space/index.ts";
import { levelsOf } from "../levels.ts";

/** A space as the densities see it: one column for each dimension in which points can differ. */
export interface Columns {
  readonly dimensions: readonly Dimension[];
  /**
   * Numbers at their place in [0, 1] under the prior's distribution function, so that no type and no range is special; options
   * as their indices; NaN where a dimension is not active.
   */
  encode(point: Point): Float64Array;
  /** The point whose active dimensions get what `codeFor` says, parents before children. */
  pointOf(codeFor: (column: number, dimension: Dimension) => number): Point;
}

export function createColumns(flat: FlatSpace): Columns {
  const dimensions = flat.dimensions.filter((each) => levelsOf(each) > 1);
  const columnOf = new Map(dimensions.map((dimension, column) => [dimension, column]));
  return {
    dimensions,
    encode: (point) => Float64Array.from(dimensions, (each) => encode(each, point[each.index]!)),
    pointOf(codeFor) {
      const point: Point = new Float64Array(flat.dimensions.length).fill(NaN);
      for (const dimension of flat.dimensions) {
        if (!isActive(flat, point, dimension)) continue;
        const column = columnOf.get(dimension);
        // A dimension without a column has one value, wherever it is taken.
        point[dimension.index] = decode(dimension, column === undefined ? 0 : codeFor(column, dimension));
      }
      return point;
    },
  };
}
