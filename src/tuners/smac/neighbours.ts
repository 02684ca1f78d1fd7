import type { CategoricalDimension, NumericDimension, Random } from "../../model/index.ts";
import { randomInteger, randomNormal } from "../../model/index.ts";
import { cell, decode, encode } from "../../space/index.ts";
import { changedPoint } from "../changed-point.ts";
import { type Candidates, addCandidate, addChanged } from "./candidates.ts";

/** How many steps are tried in each number, and how many other options of each choice at most. */
const steps = 4;
const mostOptions = 8;

/**
 * Adds the one-exchange neighbours of the point at place `i` of `from`: each differs in the value of one active dimension
 * (Hutter, Hoos, Leyton-Brown, "Sequential Model-Based Optimization", LION-5, 2011, section 4.3).
 *
 * @param deviation of steps in numbers, as a part of the prior's probability
 */
export function addNeighbours(
  neighbours: Candidates,
  from: Candidates,
  i: number,
  { deviation, random }: { readonly deviation: number; readonly random: Random },
): void {
  const { flat, open } = from.encoding;
  const point = from.points[i]!;
  for (const [column, dimension] of open.entries()) {
    const value = point[dimension.index]!;
    if (Number.isNaN(value)) continue;
    if (dimension.kind === "numeric") {
      for (let k = 0; k < steps; k++) {
        const neighbour = point.slice();
        neighbour[dimension.index] = stepFrom(dimension, value, deviation, random);
        addChanged(neighbours, neighbour, column, { from, i });
      }
    } else
      for (const option of otherOptions(dimension, value, random))
        addCandidate(neighbours, changedPoint(flat, point, dimension, { value: option, random }));
  }
}

/** How often a step on a grid is drawn until it leads to another value. */
const tries = 8;

function stepFrom(dimension: NumericDimension, value: number, deviation: number, random: Random): number {
  const [lower, upper] = cell(dimension, value);
  const scale = Math.max(deviation, upper - lower);
  const place = encode(dimension, value);
  for (let attempt = 0; attempt < tries; attempt++) {
    const to = place + scale * randomNormal(random);
    // Reflected at both ends: cut off there, the bounds themselves would come again and again.
    const other = decode(dimension, 1 - Math.abs(1 - Math.abs(to)));
    if (other !== value) return other;
  }
  return value;
}

/** All others, or a random choice of them. */
function otherOptions({ size }: CategoricalDimension, value: number, random: Random): number[] {
  const others = Array.from({ length: size - 1 }, (_, k) => (value + 1 + k) % size);
  for (let k = 0; k < mostOptions && k < others.length; k++) {
    const other = k + randomInteger(random, others.length - k);
    [others[k], others[other]] = [others[other]!, others[k]!];
  }
  return others.slice(0, mostOptions);
}
