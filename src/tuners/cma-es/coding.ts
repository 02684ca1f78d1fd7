import type { FlatSpace, NumericDimension, Point } from "../../model/index.ts";
import { isActive } from "../../space/index.ts";
import { type ModelAxis, modelAxis } from "../axis.ts";

/**
 * A space as CMA-ES sees it. Bounded parameters run over [0, 1], in the logarithm where they are logarithmic; those of the
 * normal family over the whole line, with the prior's mean at 0.5 and its sigma as 1/6, so that the usual start (0.5, 1/6)
 * is their prior. Parameters inside nested options have their coordinates all the time, used or not.
 */
export interface Coding {
  readonly numeric: readonly NumericCoordinate[];
  /** Those with cells wide enough to freeze in. */
  readonly grid: readonly GridCoordinate[];
  /** Choices of more than one option: position in the point, number of options. */
  readonly choices: readonly { readonly index: number; readonly size: number }[];
  toPoint(coordinates: Float64Array, options: Float64Array): Point;
  /** Writes the coordinates of a point; those that it does not have stay as they are. */
  toCoordinates(point: Point, coordinates: Float64Array): void;
}

export interface NumericCoordinate {
  readonly dimension: NumericDimension;
  /** Samples outside are drawn again. A grid has no bounds: its outer cells are endless. */
  readonly low: number;
  readonly high: number;
  readonly normal: boolean;
  toCoordinate(value: number): number;
  toValue(coordinate: number): number;
}

export interface GridCoordinate {
  /** Which of the coordinates. */
  readonly place: number;
  /** The borders of the cell around a coordinate; infinite where the grid ends. */
  cellAt(coordinate: number): readonly [lower: number, upper: number];
}

export function createCoding(flat: FlatSpace): Coding {
  const fixed = flat.dimensions.map((dimension) => (isFixed(dimension) ? fixedValue(dimension) : undefined));
  const free = flat.dimensions.filter(({ index }) => fixed[index] === undefined);
  const axes = free.flatMap((dimension) => (dimension.kind === "numeric" ? [coordinateOf(dimension)] : []));
  const numeric = axes.map(({ coordinate }) => coordinate);
  const choices = free.flatMap((each) => (each.kind === "categorical" ? [each] : []));
  const places = new Map(numeric.map(({ dimension }, place) => [dimension.index, place]));
  const choicePlaces = new Map(choices.map(({ index }, place) => [index, place]));
  return {
    numeric,
    grid: axes.flatMap(({ cellAt }, place) => (cellAt === undefined ? [] : [{ place, cellAt }])),
    choices,
    toPoint(coordinates, options) {
      const point: Point = new Float64Array(flat.dimensions.length).fill(NaN);
      for (const dimension of flat.dimensions) {
        const { index } = dimension;
        if (!isActive(flat, point, dimension)) continue;
        const place = places.get(index);
        point[index] =
          fixed[index] ??
          (place === undefined
            ? options[choicePlaces.get(index)!]!
            : numeric[place]!.toValue(coordinates[place]!));
      }
      return point;
    },
    toCoordinates(point, coordinates) {
      for (const [place, { dimension, toCoordinate }] of numeric.entries()) {
        const value = point[dimension.index]!;
        if (!Number.isNaN(value)) coordinates[place] = toCoordinate(value);
      }
    },
  };
}

function isFixed(dimension: FlatSpace["dimensions"][number]): boolean {
  return dimension.kind === "numeric" ? dimension.levels === 1 : dimension.size === 1;
}

function fixedValue(dimension: FlatSpace["dimensions"][number]): number {
  return dimension.kind === "numeric" ? dimension.low : 0;
}

interface CodedAxis {
  readonly coordinate: NumericCoordinate;
  readonly cellAt: GridCoordinate["cellAt"] | undefined;
}

function coordinateOf(dimension: NumericDimension): CodedAxis {
  const axis = modelAxis(dimension);
  const normal = dimension.prior === "normal";
  const grid = axis.kernel.kind === "ordered" && axis.kernel.grid;
  const { toCoordinate, toValue, toOwn } = normal ? deviations(axis) : unitInterval(axis);
  const bounded = !normal && !grid;
  const coordinate = {
    dimension,
    low: bounded ? 0 : -Infinity,
    high: bounded ? 1 : Infinity,
    normal,
    toCoordinate,
    toValue,
  };
  if (!grid) return { coordinate, cellAt: undefined };
  return {
    coordinate,
    cellAt(at) {
      const [lower, upper] = axis.cell(toValue(at));
      if (normal) return [toOwn(lower), toOwn(upper)];
      return [lower <= 0 ? -Infinity : lower, upper >= 1 ? Infinity : upper];
    },
  };
}

type Mapping = Pick<NumericCoordinate, "toCoordinate" | "toValue"> & { toOwn(coordinate: number): number };

function unitInterval(axis: ModelAxis): Mapping {
  return {
    toCoordinate: axis.toModel,
    // The outer cells are endless, their values are those at the bounds.
    toValue: (coordinate) => axis.toValue(Math.max(0, Math.min(1, coordinate))),
    toOwn: (coordinate) => coordinate,
  };
}

/** As far as the prior is inverted, to both sides; farther out lognormal values would not be finite. */
const mostDeviations = 8.2;

function deviations(axis: ModelAxis): Mapping {
  const toOwn = (z: number): number => 0.5 + z / 6;
  return {
    toCoordinate: (value) => toOwn(axis.toModel(value)),
    toValue: (coordinate) =>
      axis.toValue(Math.max(-mostDeviations, Math.min(mostDeviations, 6 * (coordinate - 0.5)))),
    toOwn,
  };
}
