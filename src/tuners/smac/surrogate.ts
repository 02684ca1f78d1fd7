import type { Point, Random } from "../../model/index.ts";
import { randomInteger } from "../../model/index.ts";
import { type Forest, type ForestSettings, growForest } from "../numeric/forest.ts";
import { logExpectedImprovement } from "./acquisition.ts";
import { type Candidates, addCandidate, copyCandidate, createCandidates } from "./candidates.ts";
import type { Memory } from "./memory.ts";
import { normalScores } from "./targets.ts";

/** What is believed of points that were not evaluated. */
export interface Surrogate {
  /** The evaluated rows that it was made from, the best first. */
  readonly rows: Candidates;
  /** What the forest says of each of `rows`. */
  readonly means: Float64Array;
  /** The logarithm of the improvement expected at each candidate. */
  score(candidates: Candidates): Float64Array;
}

/** The best rows are all learnt from; of the others so many, drawn anew for each surrogate: the cost stays bounded. */
const mostOfTheBest = 300;
const mostOfTheRest = 500;

/**
 * Grows the forest for one proposal. Points that are being evaluated count as if they had the result that a first forest
 * predicts: that leaves the mean as it is and takes away the doubt that would draw further jobs to them (Ginsbourger, Le
 * Riche, Carraro: "Kriging Is Well-Suited to Parallelize Optimization", 2010, section 4.2, the "kriging believer").
 *
 * @param memory at least one row
 */
export function createSurrogate(
  memory: Memory,
  running: readonly Point[],
  trees: number,
  random: Random,
): Surrogate {
  const chosen = chooseRows(memory.ranking, random);
  const rows = createCandidates(memory.rows.encoding);
  for (const row of chosen) copyCandidate(rows, { from: memory.rows, i: row });
  const targets = normalScores(chosen.map((row) => memory.losses[row]!));
  let forest = grow(rows, targets, trees, random);
  if (running.length > 0) forest = growBelieving({ forest, rows, targets, running }, trees, random);
  const count = rows.points.length;
  const means = new Float64Array(count);
  forest.predict(rows.cells, count, means, new Float64Array(count));
  const best = Math.min(...means);
  return { rows, means, score: (candidates) => scoreBy(forest, candidates, best) };
}

/** Numbers of rows, the best first. */
function chooseRows(ranking: readonly number[], random: Random): readonly number[] {
  const spare = ranking.length - mostOfTheBest - mostOfTheRest;
  if (spare <= 0) return ranking;
  // Knuth, TAOCP 3.4.2, algorithm S: each of the rest is as likely, and the order stays.
  let wanted = mostOfTheRest;
  return ranking.filter((_, place) => {
    if (place < mostOfTheBest) return true;
    if (randomInteger(random, ranking.length - place) >= wanted) return false;
    wanted -= 1;
    return true;
  });
}

function grow(rows: Candidates, targets: Float64Array, trees: number, random: Random): Forest {
  const { encoding, cells, points } = rows;
  const settings: ForestSettings = { ...forestSettings, trees, draws: points.length };
  return growForest({ columns: encoding.columns, cells, targets, count: points.length }, settings, random);
}

/**
 * Single rows for leaves, as SMAC3; so deep that depth is no bound. Of the columns three in ten are looked at for a split, where
 * SMAC looks at 5/6 and SMAC3 at all: trees that differ more together find clearly better points of Hartmann6 and Mixed6.
 */
const forestSettings = { columnShare: 0.3, leastToSplit: 2, leastInLeaf: 1, deepest: 64 };

interface Believing {
  readonly forest: Forest;
  readonly rows: Candidates;
  readonly targets: Float64Array;
  readonly running: readonly Point[];
}

function growBelieving({ forest, rows, targets, running }: Believing, trees: number, random: Random): Forest {
  const believed = createCandidates(rows.encoding);
  for (const point of running) addCandidate(believed, point);
  const means = new Float64Array(running.length);
  forest.predict(believed.cells, running.length, means, new Float64Array(running.length));
  const all = createCandidates(rows.encoding);
  for (const from of [rows, believed])
    for (let i = 0; i < from.points.length; i++) copyCandidate(all, { from, i });
  return grow(all, Float64Array.of(...targets, ...means), trees, random);
}

function scoreBy(forest: Forest, { cells, points }: Candidates, best: number): Float64Array {
  const scores = new Float64Array(points.length);
  const variances = new Float64Array(points.length);
  forest.predict(cells, points.length, scores, variances);
  for (let i = 0; i < scores.length; i++)
    scores[i] = logExpectedImprovement(scores[i]!, Math.sqrt(variances[i]!), best);
  return scores;
}
