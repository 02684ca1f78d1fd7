import type { Dimension, FlatSpace, NumericDimension, Point } from "../../model/index.ts";
import { decode, encode } from "../../space/index.ts";
import { modelAxis } from "../axis.ts";
import { levelsOf } from "../levels.ts";
import type { Layout } from "./layout.ts";

/** A dimension of more than one value, as a term of the layout. */
export type Coordinate = NumberCoordinate | NameCoordinate;

interface CoordinateBase {
  readonly index: number;
  readonly term: number;
  /** The first of its columns. */
  readonly column: number;
}

export interface NumberCoordinate extends CoordinateBase {
  readonly kind: "number";
  readonly dimension: NumericDimension;
  /** Where a search that begins at `start` goes: 0 .. 1; for priors of the normal family about as far as they reach. */
  boundsAt(start: number): readonly [low: number, high: number];
  toPlace(value: number): number;
  /** On the grid and inside the bounds. */
  toValue(place: number): number;
  /** Writes the columns of a place into a row that begins at `at`. */
  write(place: number, row: Float64Array, at: number): void;
  /** The slope along the place, from slopes along the columns. */
  chain(place: number, slopes: Float64Array): number;
}

export interface NameCoordinate extends CoordinateBase {
  readonly kind: "name";
  readonly dimension: Dimension & { readonly kind: "categorical" };
}

/** The points of a space as rows of a Gaussian process. */
export interface Encoding {
  readonly layout: Layout;
  readonly width: number;
  readonly coordinates: readonly Coordinate[];
  write(point: Point, rows: Float64Array, index: number): void;
}

/** The points as rows of a process. */
export function rowsOf(encoding: Encoding, points: readonly Point[]): Float64Array {
  const rows = new Float64Array(points.length * encoding.width);
  for (const [i, point] of points.entries()) encoding.write(point, rows, i);
  return rows;
}

/**
 * One term for each dimension that has more than one value.
 *
 * - Bounded numbers: the place in the range, linear or logarithmic, from 0 to 1.
 * - Numbers of the normal family: deviations from the mean, scaled so that the prior's variance is that of the uniform one.
 * - Choices: equal or not; not active counts as an option of its own.
 * - Numbers inside options: on an arc about the origin, which stands for "not active". So a point that lacks the dimension is
 *   equally far from all that have it, and two that lack it agree, with covariances that stay positive definite (the idea:
 *   Hutter and Osborne, "A Kernel for Hierarchical Parameter Spaces", arXiv 1310.5738).
 */
export function createEncoding(flat: FlatSpace): Encoding {
  const dimensions = flat.dimensions.filter(hasValues);
  const termOf: number[] = [];
  const byDimension = new Map<Dimension, Coordinate>();
  const terms = new Map(dimensions.map((dimension, term) => [dimension, term]));
  const place = (dimension: Dimension, columns: number): CoordinateBase => {
    const term = terms.get(dimension)!;
    const column = termOf.length;
    for (let c = 0; c < columns; c++) termOf.push(term);
    return { index: dimension.index, term, column };
  };
  for (const dimension of dimensions)
    if (dimension.kind === "numeric") {
      const nested = dimension.condition !== undefined;
      const base = place(dimension, nested ? 2 : 1);
      byDimension.set(dimension, nested ? arc(base, dimension) : segment(base, dimension));
    }
  const numbers = termOf.length;
  for (const dimension of dimensions)
    if (dimension.kind === "categorical")
      byDimension.set(dimension, { ...place(dimension, 1), kind: "name", dimension });
  const coordinates = dimensions.map((dimension) => byDimension.get(dimension)!);
  const width = termOf.length;
  return {
    layout: { numbers, names: width - numbers, termOf, terms: dimensions.length },
    width,
    coordinates,
    write(point, rows, index) {
      const at = index * width;
      rows.fill(0, at, at + width);
      for (const coordinate of coordinates) {
        const value = point[coordinate.index]!;
        const active = !Number.isNaN(value);
        if (coordinate.kind === "name") rows[at + coordinate.column] = active ? value : -1;
        else if (active) coordinate.write(coordinate.toPlace(value), rows, at);
      }
    },
  };
}

function hasValues(dimension: Dimension): boolean {
  return levelsOf(dimension) > 1;
}

/** The standard deviation of the uniform distribution on [0, 1]. */
const uniformDeviation = Math.sqrt(1 / 12);
/**
 * In deviations of a normal prior. A search stays inside `reach`, or goes by `advance` beyond its start at most: what lies
 * farther out is far from all results, so that it always seems worth a visit. Results beyond `farthest` count as if they lay there.
 */
const reach = 3;
const advance = 0.5;
const farthest = 20;

function segment(base: CoordinateBase, dimension: NumericDimension): NumberCoordinate {
  const axis = modelAxis(dimension);
  const { column } = base;
  const ends = {
    ...base,
    kind: "number" as const,
    dimension,
    write(place: number, row: Float64Array, at: number): void {
      row[at + column] = place;
    },
    chain: (_place: number, slopes: Float64Array) => slopes[column]!,
  };
  if (dimension.prior === "uniform")
    return { ...ends, boundsAt: () => [0, 1], toPlace: axis.toModel, toValue: axis.toValue };
  const toPlace = (deviation: number): number => 0.5 + uniformDeviation * deviation;
  return {
    ...ends,
    boundsAt: (start) => [
      Math.min(toPlace(-reach), start - advance * uniformDeviation),
      Math.max(toPlace(reach), start + advance * uniformDeviation),
    ],
    toPlace(value) {
      return toPlace(Math.min(farthest, Math.max(-farthest, axis.toModel(value))));
    },
    toValue: (place) => axis.toValue((place - 0.5) / uniformDeviation),
  };
}

/** The arc's length is 1, whatever its radius; a point that lacks the dimension is as far as the radius. */
const radius = 0.6;

function arc(base: CoordinateBase, dimension: NumericDimension): NumberCoordinate {
  const axis = modelAxis(dimension);
  const uniform = dimension.prior === "uniform";
  const { column } = base;
  return {
    ...base,
    kind: "number",
    dimension,
    boundsAt: () => [0, 1],
    // The normal family has no ends: its probability below has.
    toPlace: uniform ? axis.toModel : (value) => encode(dimension, value),
    toValue: uniform ? axis.toValue : (place) => decode(dimension, place),
    write(place, row, at) {
      row[at + column] = radius * Math.cos(place / radius);
      row[at + column + 1] = radius * Math.sin(place / radius);
    },
    chain(place, slopes) {
      const angle = place / radius;
      return slopes[column + 1]! * Math.cos(angle) - slopes[column]! * Math.sin(angle);
    },
  };
}
