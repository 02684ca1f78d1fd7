import type { FlatSpace, Point, Random } from "../../model/index.ts";
import type { Utility } from "./acquisition.ts";
import type { Encoding } from "./encoding.ts";
import { type Landscape, createLandscape } from "./landscape.ts";
import { type Candidate, searchFrom } from "./local-search.ts";
import type { View } from "./surrogate.ts";
import { variationOf } from "./variation.ts";

export interface ProposerOptions {
  readonly flat: FlatSpace;
  readonly encoding: Encoding;
  readonly utility: Utility;
  /** How many candidates are improved by local search. */
  readonly startingPoints: number;
}

/** How many variations of the best points are compared, besides the points that are surveyed. */
const variations = 128;
/** What is spent on each starting point, and then on the best of what was found there. */
const firstEffort = { climbs: 8, rounds: 1, thorough: false };
const lastEffort = { climbs: 30, rounds: 4, thorough: true };
const mostFinalists = 3;

/** Chooses points of the greatest worth. */
export type Proposer = (view: View, random: Random, isTaken: (point: Point) => boolean) => Point | undefined;

/** A proposer for one space; its answer is undefined when every point that it looked at is taken. */
export function createProposer({ flat, encoding, utility, startingPoints }: ProposerOptions): Proposer {
  const opensOthers = new Set(flat.dimensions.flatMap(({ condition }) => condition?.parent ?? []));
  return (view, random, isTaken) => {
    const inTargets = { ...utility, xi: utility.xi / view.unit };
    const landscape = createLandscape(encoding, view.process, inTargets, view.best);
    const pool = [...surveyed(view, landscape), ...near(view, landscape, random)];
    const options = { weights: view.process.weights, opensOthers };
    const begun = chooseStarts(pool, startingPoints, random).map((start) =>
      searchFrom(start, landscape, options, firstEffort),
    );
    const found = inOrder(begun)
      .slice(0, mostFinalists)
      .map((start) => searchFrom(start, landscape, options, lastEffort));
    return bestNew(found, isTaken) ?? bestNew(pool, isTaken);
  };

  /** The best points and variations of them. */
  function near({ incumbents }: View, landscape: Landscape, random: Random): Candidate[] {
    const varied = Array.from({ length: variations }, (_, i) =>
      variationOf(flat, incumbents[i % incumbents.length]!, random),
    );
    const points = [...incumbents, ...varied];
    const worths = landscape.worths(points);
    return points.map((point, i) => ({ point, worth: worths[i]! }));
  }
}

function surveyed({ surveyed: points, survey }: View, landscape: Landscape): Candidate[] {
  return points.map((point, i) => ({
    point,
    worth: landscape.worthOf(survey.mean[i]!, survey.variance[i]!),
  }));
}

/** The best candidate, and others by roulette: with probabilities in proportion to exp(worth), each at most once. */
function chooseStarts(pool: readonly Candidate[], count: number, random: Random): Candidate[] {
  const best = pool.reduce((one, other) => (other.worth > one.worth ? other : one));
  const weights = Float64Array.from(pool, ({ worth }) => Math.exp(worth - best.worth));
  const chosen = [best];
  weights[pool.indexOf(best)] = 0;
  let total = weights.reduce((sum, each) => sum + each, 0);
  while (chosen.length < count && total > 1e-12) {
    const place = spin(weights, total * random.next());
    chosen.push(pool[place]!);
    total -= weights[place]!;
    weights[place] = 0;
  }
  return chosen;
}

/** The place at which the sum of the weights reaches `mark`. */
function spin(weights: Float64Array, mark: number): number {
  let sum = 0;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    sum += weights[i]!;
    last = i;
    if (sum >= mark) return i;
  }
  return last;
}

function bestNew(candidates: readonly Candidate[], isTaken: (point: Point) => boolean): Point | undefined {
  return inOrder(candidates).find(({ point }) => !isTaken(point))?.point;
}

/** Best first. */
function inOrder(candidates: readonly Candidate[]): Candidate[] {
  return candidates.toSorted((one, other) => other.worth - one.worth);
}
