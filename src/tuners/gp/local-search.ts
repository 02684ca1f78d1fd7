import type { Point } from "../../model/index.ts";
import { levels, snap } from "../../space/index.ts";
import { levelsOf } from "../levels.ts";
import { minimizeInBox } from "../numeric/lbfgsb.ts";
import type { Coordinate, NumberCoordinate } from "./encoding.ts";
import type { Ground } from "./landscape.ts";

export interface Candidate {
  readonly point: Point;
  readonly worth: number;
}

/** So many levels of a grid are tried one by one; a finer one is climbed as if it were continuous, then rounded. */
const fewLevels = 16;

export interface LocalSearchOptions {
  /** By term: inverse squared length scales. Climbs are measured in length scales. */
  readonly weights: Float64Array;
  /** Dimensions that open others stay as they are. */
  readonly opensOthers: ReadonlySet<number>;
}

/** How much is spent on a search. */
export interface Effort {
  /** Steps along the gradient, in a round. */
  readonly climbs: number;
  readonly rounds: number;
  /** Whether grids and choices are tried also where something climbs. */
  readonly thorough: boolean;
}

const fullEffort: Effort = { climbs: 40, rounds: 8, thorough: true };

/**
 * The best point near `start`: numbers climb together along the gradient, then each grid and each choice is tried alone, in
 * turn, until nothing is gained any more.
 */
export function searchFrom(
  start: Candidate,
  landscape: Ground,
  options: LocalSearchOptions,
  { climbs, rounds, thorough }: Effort = fullEffort,
): Candidate {
  const { coordinates } = landscape.encoding;
  const active = coordinates.filter(({ index }) => !Number.isNaN(start.point[index]));
  const climbing = active.filter(isClimbed);
  const steps = thorough || climbing.length === 0;
  const stepping = active.filter((each) => steps && isStepped(each) && !options.opensOthers.has(each.index));
  let best = start;
  for (let round = 0; round < rounds; round++) {
    const climbed = climb(best, climbing, landscape, { climbs, weights: options.weights });
    const stepped = stepping.length === 0 ? climbed : step(climbed, stepping, landscape);
    const gained = stepped.worth - best.worth;
    if (gained > 0) best = stepped;
    if (stepping.length === 0 || stepped === climbed || !(gained > leastGain)) break;
  }
  return best;
}

/** A logarithm of the improvement is as good as another within this. */
const leastGain = 1e-4;

function isClimbed(coordinate: Coordinate): coordinate is NumberCoordinate {
  return coordinate.kind === "number" && !(levelsOf(coordinate.dimension) <= fewLevels);
}

function isStepped(coordinate: Coordinate): boolean {
  return coordinate.kind === "name" || coordinate.dimension.q !== undefined;
}

function climb(
  from: Candidate,
  coordinates: readonly NumberCoordinate[],
  landscape: Ground,
  { weights, climbs }: { readonly weights: Float64Array; readonly climbs: number },
): Candidate {
  if (coordinates.length === 0) return from;
  // In length scales all coordinates are equally steep, more or less; the flat ones need not go far.
  const units = Float64Array.from(coordinates, ({ term }) => 1 / Math.sqrt(Math.max(0.01, weights[term]!)));
  const places = new Float64Array(coordinates.length);
  const worth = landscape.climb(from.point, coordinates);
  const starts = coordinates.map((each) => each.toPlace(from.point[each.index]!));
  const bounds = coordinates.map((each, i) => each.boundsAt(starts[i]!));
  const found = minimizeInBox(
    (scaled, gradient) => {
      for (let i = 0; i < places.length; i++) places[i] = scaled[i]! * units[i]!;
      const value = worth(places, gradient);
      for (let i = 0; i < places.length; i++) gradient[i]! *= -units[i]!;
      return -value;
    },
    Float64Array.from(starts, (place, i) => place / units[i]!),
    {
      lower: Float64Array.from(bounds, ([low], i) => low / units[i]!),
      upper: Float64Array.from(bounds, ([, high], i) => high / units[i]!),
    },
    { maxIterations: climbs, gradientTolerance: 1e-2, valueTolerance: 1e-5 },
  );
  const point = from.point.slice();
  for (const [i, { index, toValue }] of coordinates.entries())
    point[index] = toValue(found.x[i]! * units[i]!);
  const rounds = coordinates.some(({ dimension }) => dimension.q !== undefined);
  const reached = rounds ? landscape.worths([point])[0]! : -found.value;
  return reached > from.worth ? { point, worth: reached } : from;
}

/** Each coordinate in turn takes the best of its other values. */
function step(from: Candidate, coordinates: readonly Coordinate[], landscape: Ground): Candidate {
  let best = from;
  for (const coordinate of coordinates) {
    const { index } = coordinate;
    const others = alternatives(coordinate, best.point[index]!).map((value) => {
      const point = best.point.slice();
      point[index] = value;
      return point;
    });
    const worths = landscape.worths(others);
    for (const [i, point] of others.entries())
      if (worths[i]! > best.worth) best = { point, worth: worths[i]! };
  }
  return best;
}

/** So many options of a choice are tried in one step. */
const mostOptions = 64;

/** All other values where they are few, near ones of a fine grid, some of very many options. */
function alternatives({ dimension }: Coordinate, value: number): number[] {
  const isOther = (each: number): boolean => each !== value;
  if (levelsOf(dimension) <= fewLevels) return levels(dimension).filter(isOther);
  if (dimension.kind === "categorical") {
    const stride = Math.ceil(dimension.size / mostOptions);
    const options = Array.from({ length: Math.ceil(dimension.size / stride) }, (_, i) => i * stride);
    return options.filter(isOther);
  }
  const { q = 1, low, high } = dimension;
  const near = [-2, -1, 1, 2].map((steps) => Math.min(high, Math.max(low, value + steps * q)));
  return [...new Set(near.map((each) => snap(dimension, each)))].filter(isOther);
}
