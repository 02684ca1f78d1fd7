import type { NumericDimension, Random } from "../../model/index.ts";
import { randomInteger, randomNormal } from "../../model/index.ts";
import { cell, decode } from "../../space/index.ts";
import { changedPoint } from "../changed-point.ts";
import { type Candidates, type Place, addCandidate, addChanged, pointAt } from "./candidates.ts";
import { cellOf } from "./encoding.ts";

/** How many steps are tried in each number. */
const steps = 2;
/** Of more options or dimensions a random choice is tried in each round: its cost stays bounded. */
const mostOptions = 8;
const mostDimensions = 20;

/**
 * Adds the one-exchange neighbours of a candidate: each differs in the value of one active dimension (Hutter, Hoos,
 * Leyton-Brown, "Sequential Model-Based Optimization", LION-5, 2011, section 4.3).
 *
 * @param deviation of steps in numbers, as a part of the prior's probability
 */
export function addNeighbours(
  neighbours: Candidates,
  parent: Place,
  deviation: number,
  random: Random,
): void {
  const { flat, open } = neighbours.encoding;
  const point = pointAt(parent);
  const active = open.flatMap(({ index }, column) => (Number.isNaN(point[index]) ? [] : [column]));
  for (const column of someOf(active, mostDimensions, random)) {
    const dimension = open[column]!;
    const value = point[dimension.index]!;
    if (dimension.kind === "numeric")
      for (let k = 0; k < steps; k++)
        addChanged(neighbours, parent, column, stepFrom(dimension, value, deviation, random));
    else
      for (const option of someOf(othersThan(value, dimension.size), mostOptions, random))
        addCandidate(neighbours, changedPoint(flat, point, dimension, { value: option, random }));
  }
}

/** How often a step on a grid is drawn until it leads to another value. */
const tries = 8;

interface Step {
  readonly value: number;
  readonly cell: number;
}

function stepFrom(dimension: NumericDimension, value: number, deviation: number, random: Random): Step {
  const [lower, upper] = cell(dimension, value);
  const scale = Math.max(deviation, upper - lower);
  const middle = lower + (upper - lower) / 2;
  for (let attempt = 0; attempt < tries; attempt++) {
    // Reflected at both ends: cut off there, the bounds themselves would come again and again.
    const place = 1 - Math.abs(1 - Math.abs(middle + scale * randomNormal(random)));
    const other = decode(dimension, place);
    if (other === value) continue;
    const isInside = dimension.q === undefined && place >= 0;
    return { value: other, cell: isInside ? place : cellOf(dimension, other) };
  }
  return { value, cell: middle };
}

function othersThan(value: number, size: number): number[] {
  return Array.from({ length: size - 1 }, (_, k) => (value + 1 + k) % size);
}

/** All of them, or where they are more than `most` a random choice. */
function someOf(all: number[], most: number, random: Random): number[] {
  if (all.length <= most) return all;
  for (let k = 0; k < most; k++) {
    const other = k + randomInteger(random, all.length - k);
    [all[k], all[other]] = [all[other]!, all[k]!];
  }
  return all.slice(0, most);
}
