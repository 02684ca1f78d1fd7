import { canonical } from "../model/index.ts";
import type {
  CategoricalDimension,
  Dimension,
  FlatSpace,
  Json,
  JsonObject,
  NumericDimension,
  Point,
} from "../model/index.ts";
import { snap } from "./grid.ts";

/** How far a number may be off its grid or bound and still count as meant, relative to its size. */
const tolerance = 1e-9;

/** What the trial receives for a point: options instead of indices, nested parameters inside their option. */
export function toParameters(flat: FlatSpace, point: Point): JsonObject {
  const parameters: Record<string, Json> = {};
  for (const dimension of flat.dimensions) {
    const coordinate = point[dimension.index] as number;
    if (Number.isNaN(coordinate)) continue;
    const value = dimension.kind === "numeric" ? coordinate : copyOf(dimension, coordinate);
    put(parameters, dimension.path, value);
  }
  return parameters;
}

/** Nested options are added to, so each point gets its own. */
function copyOf(dimension: CategoricalDimension, option: number): Json {
  const value = dimension.options[option] as Json;
  return dimension.nested[option] ? { ...(value as JsonObject) } : value;
}

function put(parameters: Record<string, Json>, path: readonly string[], value: Json): void {
  let at = parameters;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string, Json>;
  const key = path.at(-1) as string;
  // A parameter may be called "__proto__".
  Object.defineProperty(at, key, { value, enumerable: true, configurable: true, writable: true });
}

/**
 * The point that parameters stand for; undefined where they are not one complete point inside the space. Numbers may be off
 * by a relative 1e-9, as after a detour through text.
 */
export function toPoint(flat: FlatSpace, parameters: Json): Point | undefined {
  const point = new Float64Array(flat.dimensions.length).fill(NaN);
  let expected = 0;
  for (const dimension of flat.dimensions) {
    if (!isActiveAt(point, dimension)) continue;
    const value = valueAt(parameters, dimension.path);
    const coordinate = dimension.kind === "numeric" ? numberIn(dimension, value) : optionOf(dimension, value);
    if (coordinate === undefined) return undefined;
    point[dimension.index] = coordinate;
    expected += 1;
  }
  return countLeaves(flat, point, parameters) === expected ? point : undefined;
}

/** Whether parameters are one complete point of the space. */
export function contains(flat: FlatSpace, parameters: Json): boolean {
  return toPoint(flat, parameters) !== undefined;
}

/** Whether a dimension counts in this point. */
export function isActive(_flat: FlatSpace, point: Point, dimension: Dimension): boolean {
  return isActiveAt(point, dimension);
}

/** Parents come first, so a parent that is not active itself has no option yet and none of its children is. */
export function isActiveAt(point: Point, { condition }: Dimension): boolean {
  return condition === undefined || point[condition.parent] === condition.option;
}

function valueAt(parameters: Json, path: readonly string[]): Json | undefined {
  let at: Json | undefined = parameters;
  for (const key of path) {
    if (at === null || typeof at !== "object" || Array.isArray(at) || !Object.hasOwn(at, key))
      return undefined;
    at = (at as JsonObject)[key];
  }
  return at;
}

function numberIn(dimension: NumericDimension, value: Json | undefined): number | undefined {
  if (typeof value !== "number" || !Number.isFinite(value)) return undefined;
  const nearest = snap(dimension, value);
  const slack = tolerance * Math.max(Math.abs(value), Math.abs(nearest), Number.MIN_VALUE);
  return Math.abs(nearest - value) <= slack ? nearest : undefined;
}

function optionOf(dimension: CategoricalDimension, value: Json | undefined): number | undefined {
  if (value === undefined) return undefined;
  const wanted = isObject(value) ? undefined : value;
  const found = dimension.options.findIndex((option, index) =>
    dimension.nested[index]
      ? isObject(value) && (option as JsonObject)["_name"] === value["_name"]
      : wanted !== undefined && !isObject(option) && typeof wanted !== "object"
        ? option === wanted
        : canonical(option) === canonical(value),
  );
  return found === -1 ? undefined : found;
}

function isObject(value: Json): value is JsonObject {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** How many parameters there are, so that keys which belong to no dimension are noticed. */
function countLeaves(flat: FlatSpace, point: Point, parameters: Json): number {
  if (!isObject(parameters)) return -1;
  let leaves = Object.keys(parameters).length;
  for (const dimension of flat.dimensions) {
    if (dimension.kind !== "categorical") continue;
    const option = point[dimension.index] as number;
    if (Number.isNaN(option) || !dimension.nested[option]) continue;
    // `_name` is part of the choice itself.
    leaves += Object.keys(valueAt(parameters, dimension.path) as JsonObject).length - 1;
  }
  return leaves;
}
