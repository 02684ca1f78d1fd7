import type { FlatSpace, Point } from "../../model/index.ts";
import { type Encoding, rowsOf } from "../gp/encoding.ts";
import type { Ground } from "../gp/landscape.ts";
import { type Candidate, searchFrom } from "../gp/local-search.ts";
import type { Belief } from "./belief.ts";
import { lowestMean, widestSpread } from "./landscapes.ts";
import { createSurvey } from "./survey.ts";

/** Where a proposal looks: a belief at many points, and local searches from the best of them. */
export interface View {
  readonly belief: Belief;
  readonly encoding: Encoding;
  /** The point of the least expected loss; `worth` is minus that. */
  readonly optimum: Candidate;
  /** The least expected loss with the targets that the process has now; it has the same rows. */
  leastNow(): number;
  /** To be called when the process has one row more than it had. */
  rowAppended(): void;
  /** The least expected loss with that row; the other targets are as they were. */
  leastWithRow(): number;
  /** The new point of which least is known; undefined where all that were looked at are taken. */
  leastKnown(isNew: (point: Point) => boolean): Point | undefined;
}

/** So many of the surveyed points are improved by local search. */
const polished = 3;
/** Of the least loss after a change no more than a good guess is wanted. */
const slightEffort = { climbs: 12, rounds: 1, thorough: true };

export interface ViewOptions {
  readonly flat: FlatSpace;
  readonly encoding: Encoding;
  readonly belief: Belief;
  readonly points: readonly Point[];
}

export function createView({ flat, encoding, belief, points }: ViewOptions): View {
  const { process } = belief;
  const survey = createSurvey(process, rowsOf(encoding, points), points.length);
  const opensOthers = new Set(flat.dimensions.flatMap(({ condition }) => condition?.parent ?? []));
  const options = { weights: process.weights, opensOthers };
  const mean = lowestMean(encoding, process);
  const spread = widestSpread(encoding, process);
  const optimum = improve(mean, survey.mean.map(negative))[0]!;
  return {
    belief,
    encoding,
    optimum,
    leastNow: () => leastOf(survey.meansNow()),
    rowAppended: () => survey.rowAppended(),
    leastWithRow: () => leastOf(survey.meansWithRow()),
    leastKnown(isNew) {
      const improved = improve(spread, survey.variance.map(Math.sqrt));
      const found = improved.find(({ point }) => isNew(point))?.point;
      if (found !== undefined) return found;
      const order = bestPlaces(survey.variance, points.length);
      return order.map((place) => points[place]!).find(isNew);
    },
  };

  /** From the best of the points, or from where the optimum was, if that is better. */
  function leastOf(means: Float64Array): number {
    const surveyed = candidates(means.map(negative), 1)[0]!;
    const before = { point: optimum.point, worth: mean.worths([optimum.point])[0]! };
    const start = before.worth > surveyed.worth ? before : surveyed;
    return -searchFrom(start, mean, options, slightEffort).worth;
  }

  /** What local searches make of the best of the points, the best first. */
  function improve(ground: Ground, worths: Float64Array): Candidate[] {
    const found = candidates(worths, polished).map((start) => searchFrom(start, ground, options));
    return found.sort((one, other) => other.worth - one.worth);
  }

  function candidates(worths: Float64Array, count: number): Candidate[] {
    return bestPlaces(worths, count).map((place) => ({ point: points[place]!, worth: worths[place]! }));
  }
}

const negative = (value: number): number => -value;

/** The places of the largest numbers, the largest first; of equal ones the first. */
function bestPlaces(worths: Float64Array, count: number): number[] {
  if (count === worths.length)
    return Array.from(worths.keys()).sort((i, j) => worths[j]! - worths[i]! || i - j);
  const best: number[] = [];
  for (let i = 0; i < worths.length; i++) {
    if (best.length === count && !(worths[i]! > worths[best.at(-1)!]!)) continue;
    let place = best.length;
    while (place > 0 && worths[i]! > worths[best[place - 1]!]!) place--;
    best.splice(place, 0, i);
    best.length = Math.min(best.length, count);
  }
  return best;
}
