import type { Random } from "../../model/index.ts";
import { type Candidates, type Place, copyCandidate, createCandidates } from "./candidates.ts";
import { addNeighbours } from "./neighbours.ts";
import type { Surrogate } from "./surrogate.ts";

/** Candidates and what the surrogate says of them. */
export interface Scored {
  readonly candidates: Candidates;
  readonly scores: Float64Array;
}

/** The first steps of a search; it is over when they are below the least. */
const firstDeviation = 0.2;
const leastDeviation = 0.005;
const mostRounds = 10;
/** A neighbour must be better by so much, or the search would wander within rounding errors. */
const leastProgress = 1e-6;

/**
 * Climbs from every start at once: each search moves to the best of its neighbours, at random where several are, or halves its steps where none is better. One
 * call of the forest judges the neighbours of all searches.
 *
 * @returns all that was looked at on the way, the starts not included
 */
export function searchFrom(starts: Scored, surrogate: Surrogate, random: Random): Scored[] {
  const { encoding } = starts.candidates;
  const looked: Scored[] = [];
  let searches: Search[] = Array.from(starts.scores, (score, i) => ({
    at: { from: starts.candidates, i },
    score,
    deviation: firstDeviation,
  }));
  for (let round = 0; round < mostRounds && searches.length > 0; round++) {
    const neighbours = createCandidates(encoding);
    const ends = searches.map(({ at, deviation }) => {
      addNeighbours(neighbours, at, deviation, random);
      return neighbours.points.length;
    });
    const scores = surrogate.score(neighbours);
    looked.push({ candidates: neighbours, scores });
    searches = searches
      .map((search, k) => {
        const best = placeOfBest(scores, ends[k - 1] ?? 0, ends[k]!, random);
        if (best === undefined || !(scores[best]! > search.score + leastProgress))
          return { ...search, deviation: search.deviation / 2 };
        return { ...search, at: { from: neighbours, i: best }, score: scores[best]! };
      })
      .filter(({ deviation }) => deviation >= leastDeviation);
  }
  return looked;
}

interface Search {
  readonly at: Place;
  readonly score: number;
  readonly deviation: number;
}

/** Of several that are equal, which are many where the forest is flat, any. */
function placeOfBest(scores: Float64Array, from: number, to: number, random: Random): number | undefined {
  let best: number | undefined;
  let equal = 0;
  for (let i = from; i < to; i++) {
    const ahead = best === undefined ? Infinity : scores[i]! - scores[best]!;
    if (ahead > 0) [best, equal] = [i, 1];
    else if (ahead === 0 && random.next() * ++equal < 1) best = i;
  }
  return best;
}

/** The places of the `count` largest scores, the largest first. */
export function placesOfBest(scores: Float64Array, count: number): number[] {
  return Array.from(scores, (_, i) => i)
    .sort((one, other) => scores[other]! - scores[one]! || one - other)
    .slice(0, count);
}

/** Those at the given places. */
export function pick({ candidates, scores }: Scored, places: readonly number[]): Scored {
  const picked = createCandidates(candidates.encoding);
  for (const i of places) copyCandidate(picked, { from: candidates, i });
  return { candidates: picked, scores: Float64Array.from(places, (i) => scores[i]!) };
}
