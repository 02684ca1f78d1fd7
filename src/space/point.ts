import {
  canonical,
  type CategoricalDimension,
  type Dimension,
  type FlatSpace,
  type Json,
  type JsonObject,
  type NumericDimension,
  type Point,
} from "../model/index.ts";
import { copyJson } from "./copy-json.ts";
import { isObject } from "../model/index.ts";
import { snap } from "./grid.ts";

/** A point without a value for any dimension. */
export function emptyPoint(flat: FlatSpace): Point {
  return new Float64Array(flat.dimensions.length).fill(NaN);
}

/** Whether the options that the point takes further up make this dimension count. */
export function isActive(flat: FlatSpace, point: Point, dimension: Dimension): boolean {
  let { condition } = dimension;
  while (condition !== undefined) {
    if (point[condition.parent] !== condition.option) return false;
    condition = flat.dimensions[condition.parent]?.condition;
  }
  return true;
}

type Holder = { [name: string]: Json };

/** What the trial receives for a point: plain JSON of its own, so that nobody's change to it reaches the space. */
export function toParameters(flat: FlatSpace, point: Point): JsonObject {
  const parameters: Holder = {};
  const chosen: (Holder | undefined)[] = [];
  for (const dimension of flat.dimensions) {
    const { index, condition } = dimension;
    if (!isActive(flat, point, dimension)) continue;
    const holder = condition === undefined ? parameters : chosen[condition.parent];
    const value = valueAt(dimension, point[index] ?? NaN);
    if (holder !== undefined) holder[keyOf(dimension)] = value;
    if (isNested(dimension, point[index])) chosen[index] = value as Holder;
  }
  return parameters;
}

/**
 * The point that parameters stand for: inverse of {@link toParameters}. Undefined unless they hold exactly the parameters
 * of one point inside the space. A grid's value may be off by a relative 1e-9 and becomes the exact one; of equal options
 * of a choice the first is meant.
 */
export function toPoint(flat: FlatSpace, parameters: Json): Point | undefined {
  if (!isObject(parameters)) return undefined;
  const point = emptyPoint(flat);
  const chosen: (JsonObject | undefined)[] = [];
  let members = Object.keys(parameters).length;
  for (const dimension of flat.dimensions) {
    const { index, condition } = dimension;
    if (!isActive(flat, point, dimension)) continue;
    const holder = condition === undefined ? parameters : chosen[condition.parent];
    const key = keyOf(dimension);
    if (holder === undefined || !Object.hasOwn(holder, key)) return undefined;
    const value = holder[key] ?? null;
    const coordinate = coordinateOf(dimension, value);
    if (coordinate === undefined) return undefined;
    point[index] = coordinate;
    members -= 1;
    if (!isNested(dimension, coordinate)) continue;
    chosen[index] = value as JsonObject;
    members += Object.keys(value as JsonObject).length - 1;
  }
  // Every member was asked for once: what is left over is not of this space.
  return members === 0 ? point : undefined;
}

/** Whether the parameters are one complete point of the space. */
export function contains(flat: FlatSpace, parameters: Json): boolean {
  return toPoint(flat, parameters) !== undefined;
}

function keyOf({ path }: Dimension): string {
  return path[path.length - 1] ?? "";
}

function isNested(dimension: Dimension, option: number | undefined): boolean {
  return dimension.kind === "categorical" && dimension.nested[option ?? NaN] === true;
}

function valueAt(dimension: Dimension, coordinate: number): Json {
  return dimension.kind === "numeric" ? coordinate : copyJson(dimension.options[coordinate] ?? null);
}

function coordinateOf(dimension: Dimension, value: Json): number | undefined {
  if (dimension.kind === "numeric") return typeof value === "number" ? numberOf(dimension, value) : undefined;
  if (value !== null && typeof value === "object") return objectOption(dimension, value);
  const option = dimension.options.indexOf(value);
  return option < 0 ? undefined : option;
}

function numberOf(dimension: NumericDimension, value: number): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  const nearest = snap(dimension, value);
  const { type, q } = dimension;
  if (q === undefined || type === "randint") return nearest === value ? nearest : undefined;
  return Math.abs(nearest - value) <= 1e-9 * Math.max(Math.abs(value), q) ? nearest : undefined;
}

function objectOption(dimension: CategoricalDimension, value: Json): number | undefined {
  const isChosen = isObject(value) && Object.hasOwn(value, "_name");
  const key = canonical(isChosen ? { _name: value["_name"] ?? null } : value);
  return optionIndex(dimension).get(key);
}

const optionIndexes = new WeakMap<CategoricalDimension, ReadonlyMap<string, number>>();

/** The options that are lists or objects, by their canonical text. */
function optionIndex(dimension: CategoricalDimension): ReadonlyMap<string, number> {
  const known = optionIndexes.get(dimension);
  if (known !== undefined) return known;
  const byText = new Map<string, number>();
  for (const [index, option] of dimension.options.entries()) {
    const text = canonical(option);
    if (!byText.has(text)) byText.set(text, index);
  }
  optionIndexes.set(dimension, byText);
  return byText;
}
