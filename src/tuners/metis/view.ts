import type { FlatSpace, Point } from "../../model/index.ts";
import type { Encoding } from "../gp/encoding.ts";
import type { Ground } from "../gp/landscape.ts";
import { type Candidate, searchFrom } from "../gp/local-search.ts";
import { createSurvey } from "../gp/survey.ts";
import type { Belief } from "./belief.ts";
import { lowestMean, rowsOf, widestSpread } from "./landscapes.ts";

/** Where a proposal looks: a belief at many points, and local searches from the best of them. */
export interface View {
  readonly belief: Belief;
  readonly encoding: Encoding;
  /** The point of the least expected loss; `worth` is minus that. */
  optimum(): Candidate;
  /** The least expected loss after a change of the process. */
  leastLoss(): number;
  /** The new point of which least is known; undefined where all that were looked at are taken. */
  leastKnown(isNew: (point: Point) => boolean): Point | undefined;
}

/** So many of the surveyed points are improved by local search; where only the loss there is of interest, one. */
const polished = 3;
/** Steps along the gradient, in each round of a local search. */
const climbs = 40;

export interface ViewOptions {
  readonly flat: FlatSpace;
  readonly encoding: Encoding;
  readonly belief: Belief;
  readonly points: readonly Point[];
}

export function createView({ flat, encoding, belief, points }: ViewOptions): View {
  const { process } = belief;
  const settled = process.size;
  const survey = createSurvey(process, rowsOf(encoding, points), points.length);
  const opensOthers = new Set(flat.dimensions.flatMap(({ condition }) => condition?.parent ?? []));
  const options = { weights: process.weights, opensOthers, climbs };
  const mean = lowestMean(encoding, process);
  const spread = widestSpread(encoding, process);
  return {
    belief,
    encoding,
    optimum() {
      survey.update(settled);
      return improve(mean, survey.mean.map(negative), polished)[0]!;
    },
    leastLoss() {
      survey.update(settled);
      return -improve(mean, survey.mean.map(negative), 1)[0]!.worth;
    },
    leastKnown(isNew) {
      survey.update(settled);
      const improved = improve(spread, survey.variance.map(Math.sqrt), polished);
      const found = improved.find(({ point }) => isNew(point))?.point;
      if (found !== undefined) return found;
      const order = bestPlaces(survey.variance, points.length);
      return order.map((place) => points[place]!).find(isNew);
    },
  };

  /** What local searches make of the best of the points, the best first. */
  function improve(ground: Ground, worths: Float64Array, count: number): Candidate[] {
    const starts = bestPlaces(worths, count).map((place) => ({
      point: points[place]!,
      worth: worths[place]!,
    }));
    const found = starts.map((start) => searchFrom(start, ground, options));
    return found.sort((one, other) => other.worth - one.worth);
  }
}

const negative = (value: number): number => -value;

/** The places of the largest numbers, the largest first; of equal ones the first. */
function bestPlaces(worths: Float64Array, count: number): number[] {
  if (count > 1) {
    const places = Array.from(worths.keys());
    return places.sort((i, j) => worths[j]! - worths[i]! || i - j).slice(0, count);
  }
  return [worths.reduce((best, worth, i) => (worth > worths[best]! ? i : best), 0)];
}
