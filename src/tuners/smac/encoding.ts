import type { Dimension, FlatSpace, Point } from "../../model/index.ts";
import { encode } from "../../space/index.ts";
import { levelsOf } from "../levels.ts";
import type { ForestColumn } from "../numeric/forest.ts";

/** How a forest sees the points of a space: as rows of one cell for each dimension that has more than one value. */
export interface Encoding {
  readonly flat: FlatSpace;
  readonly columns: readonly ForestColumn[];
  /** The dimensions of the columns, in their order: those in which points can differ. */
  readonly open: readonly Dimension[];
}

/** Stands for a number that is not active: beside all places, which are in [0, 1], so that a threshold can part it off. */
const inactivePlace = -1;

/**
 * Numbers stand at their place under the prior's distribution function, so that a step means the same for every type.
 * Options are unordered; a choice that may be inactive has one more of its own for that.
 */
export function createEncoding(flat: FlatSpace): Encoding {
  const open = flat.dimensions.filter((each) => levelsOf(each) > 1);
  return { flat, open, columns: open.map(columnFor) };
}

function columnFor(dimension: Dimension): ForestColumn {
  if (dimension.kind === "numeric") return { kind: "ordered" };
  return { kind: "unordered", size: dimension.size + (dimension.condition === undefined ? 0 : 1) };
}

/** Writes a point's row into `cells`, from the place `from` on. */
export function encodePoint({ open }: Encoding, point: Point, cells: Float64Array, from: number): void {
  for (let column = 0; column < open.length; column++)
    cells[from + column] = cellOf(open[column]!, point[open[column]!.index]!);
}

/** What stands in the dimension's column for a coordinate of a point. */
export function cellOf(dimension: Dimension, coordinate: number): number {
  if (dimension.kind === "categorical") return Number.isNaN(coordinate) ? dimension.size : coordinate;
  return Number.isNaN(coordinate) ? inactivePlace : encode(dimension, coordinate);
}
