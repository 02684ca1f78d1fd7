import type { FlatSpace, JsonObject, Point, Random, TunerFactory } from "../../model/index.ts";
import { seeded } from "../../model/index.ts";
import { samplePoint } from "../../space/index.ts";
import { createSobol } from "../numeric/sobol.ts";
import { priorPoint } from "../prior-point.ts";
import { type Searcher, takenBy, tunerAround } from "../searcher.ts";
import { type Place, addCandidate, createCandidates, pointAt } from "./candidates.ts";
import { createEncoding } from "./encoding.ts";
import { type Scored, pick, placesOfBest, searchFrom } from "./local-search.ts";
import { createMemory } from "./memory.ts";
import { type Surrogate, createSurrogate } from "./surrogate.ts";

/**
 * SMAC: a random forest predicts the results, and the point whose improvement is expected to be largest is evaluated next;
 * now and then one from the prior, whatever the forest says.
 *
 * - Hutter, Hoos, Leyton-Brown: "Sequential Model-Based Optimization for General Algorithm Configuration", LION-5, 2011
 * - Lindauer et al.: "SMAC3: A Versatile Bayesian Optimization Package for Hyperparameter Optimization", JMLR 23, 2022
 *
 * Phases that still run count by their predicted results. Failed phases and NaN rank worst, stopped ones by the value they
 * carry; abandoned and cancelled ones are forgotten. No configuration is proposed twice; in a finite space the answer after the
 * last one is `no-more`.
 */
export const smacTuner: TunerFactory = tunerAround(modelBased);

interface Settings {
  readonly startup: number;
  readonly trees: number;
  readonly randomProbability: number;
  readonly dedup: boolean;
}

function modelBased(flat: FlatSpace, classArgs: JsonObject, seed: number): Searcher {
  const settings = settingsOf(flat, classArgs);
  const memory = createMemory(createEncoding(flat));
  const sobol = createSobol(flat.dimensions.length, seeded(seed));
  return {
    suggest(random, surroundings) {
      const known = memory.losses.length + surroundings.running.length;
      const isTaken = takenBy(memory, surroundings);
      const draw = (): Point => samplePoint(flat, random);
      const one = (next: (attempt: number) => Point): Point | undefined =>
        firstNew(next, isTaken) ?? surroundings.visits?.free(random) ?? (settings.dedup ? undefined : draw());
      if (known < settings.startup || memory.losses.length === 0)
        return one((attempt) => priorPoint(flat, sobol(known + attempt)));
      if (random.next() < settings.randomProbability) return one(draw);
      const surrogate = createSurrogate(memory, surroundings.running, settings.trees, random);
      return bestNew(lookAround(flat, surrogate, random), isTaken) ?? one(draw);
    },
    learn: (point, loss) => memory.learn(point, loss),
    learnFailure: (point) => memory.learn(point, Infinity),
  };
}

/** At most so many Sobol' points come first, and two for each dimension: SMAC3's ten take too much of short experiments. */
const mostStartup = 20;
const startupPerDimension = 2;
const leastStartup = 4;

function settingsOf({ dimensions }: FlatSpace, classArgs: JsonObject): Settings {
  const own = Math.max(leastStartup, Math.min(mostStartup, startupPerDimension * dimensions.length));
  return {
    startup: (classArgs["n_startup_trials"] as number | undefined) ?? own,
    trees: classArgs["n_trees"] as number,
    randomProbability: classArgs["random_probability"] as number,
    dedup: classArgs["config_dedup"] as boolean,
  };
}

/** How many draws are tried until one is new. */
const tries = 32;

function firstNew(next: (attempt: number) => Point, isTaken: (point: Point) => boolean): Point | undefined {
  for (let attempt = 0; attempt < tries; attempt++) {
    const point = next(attempt);
    if (!isTaken(point)) return point;
  }
  return undefined;
}

/** Draws from the prior that the surrogate judges: of wide spaces fewer, so that they hold about as many numbers. */
const mostDraws = 500;
const leastDraws = 100;
const numbersDrawn = 10_000;
/** Searches begin at so many of each: the most promising draws, the most promising known points, the best known points. */
const startsOfEach = 4;

/** The surrogate's judgement of draws from the prior, and of what local searches meet on their ways. */
function lookAround(flat: FlatSpace, surrogate: Surrogate, random: Random): Scored[] {
  const drawn = createCandidates(surrogate.rows.encoding);
  const draws = Math.max(leastDraws, Math.min(mostDraws, numbersDrawn / drawn.encoding.columns.length));
  for (let i = 0; i < draws; i++) addCandidate(drawn, samplePoint(flat, random));
  const fresh = { candidates: drawn, scores: surrogate.score(drawn) };
  const known = { candidates: surrogate.rows, scores: surrogate.score(surrogate.rows) };
  const promising = placesOfBest(known.scores, startsOfEach);
  const best = placesOfBest(
    surrogate.means.map((mean) => -mean),
    startsOfEach,
  );
  const starts = [
    pick(fresh, placesOfBest(fresh.scores, startsOfEach)),
    pick(known, [...new Set([...promising, ...best])]),
  ];
  return [fresh, ...starts.flatMap((each) => searchFrom(each, surrogate, random))];
}

/** The new point of the highest score; the first of several. Takes the scores of known ones away. */
function bestNew(looked: readonly Scored[], isTaken: (point: Point) => boolean): Point | undefined {
  for (;;) {
    let top = -Infinity;
    let best: { readonly place: Place; readonly scores: Float64Array } | undefined;
    for (const { candidates, scores } of looked)
      for (let i = 0; i < scores.length; i++)
        if (scores[i]! > top) {
          top = scores[i]!;
          best = { place: { from: candidates, i }, scores };
        }
    if (best === undefined) return undefined;
    const point = pointAt(best.place);
    if (!isTaken(point)) return point;
    best.scores[best.place.i] = -Infinity;
  }
}
