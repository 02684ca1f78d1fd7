import type { FlatSpace, JsonObject, Point, TunerFactory } from "../../model/index.ts";
import { seeded } from "../../model/index.ts";
import { createSobol } from "../numeric/sobol.ts";
import { nameOf } from "../point-name.ts";
import { priorPoint } from "../prior-point.ts";
import { type RankedPoints, rankPoints } from "../ranked-points.ts";
import { type Searcher, takenBy, tunerAround } from "../searcher.ts";
import { drawUntilNew } from "../visits.ts";
import type { Utility } from "./acquisition.ts";
import { createEncoding } from "./encoding.ts";
import type { Smoothness } from "./matern.ts";
import { createProposer } from "./proposer.ts";
import { createSurrogate } from "./surrogate.ts";

/**
 * Bayesian optimisation with a Gaussian process: the next point is the one whose loss may be expected to better the best most.
 *
 * - Jones, Schonlau and Welch, "Efficient Global Optimization of Expensive Black-Box Functions", J. Global Optim. 13 (1998)
 * - Snoek, Larochelle and Adams, "Practical Bayesian Optimization of Machine Learning Algorithms", NIPS 2012
 * - logarithm of the expected improvement: Ament et al., NeurIPS 2023
 *
 * Phases that still run count as if they had the loss that is expected of them. Failed phases and NaN teach no number, but
 * their neighbourhood is avoided; stopped ones count by the value that they carry; abandoned and cancelled ones are
 * forgotten. In a finite space no point comes twice, and after the last one the answer is `no-more`.
 */
export const gpTuner: TunerFactory = tunerAround(modelBased);

interface Settings {
  readonly utility: Utility;
  readonly nu: Smoothness;
  /** The least variance of a result about the function, as a part of the variance of all results. */
  readonly alpha: number;
  /** Results to wait for before the model is used. */
  readonly coldStart: number;
  readonly warmUp: number;
  readonly startingPoints: number;
}

function settingsOf(classArgs: JsonObject): Settings {
  return {
    utility: {
      kind: classArgs["utility"] as Utility["kind"],
      kappa: classArgs["kappa"] as number,
      xi: classArgs["xi"] as number,
    },
    nu: classArgs["nu"] as Smoothness,
    alpha: classArgs["alpha"] as number,
    coldStart: classArgs["cold_start_num"] as number,
    warmUp: classArgs["selection_num_warm_up"] as number,
    startingPoints: classArgs["selection_num_starting_points"] as number,
  };
}

/** The survey's Sobol' points begin here; those before are for the cold start. */
const firstSurveyed = 2 ** 22;
/** So many coordinates are surveyed: among many dimensions what is far from all results tells little. */
const mostSurveyed = 2048 * 25;

function modelBased(flat: FlatSpace, classArgs: JsonObject, seed: number): Searcher {
  const settings = settingsOf(classArgs);
  const encoding = createEncoding(flat);
  const sobol = createSobol(flat.dimensions.length, seeded(seed));
  const sobolPoint = (number: number): Point => priorPoint(flat, sobol(number % 2 ** 32));
  const surrogate = createSurrogate({
    encoding,
    nu: settings.nu,
    leastNoise: settings.alpha,
    surveyPoints: surveyOf(flat, settings.warmUp, sobolPoint),
  });
  const proposer = createProposer({ flat, encoding, ...settings });
  const seen = new Set<string>();
  const evaluated = { has: (point: Point): boolean => seen.has(nameOf(point)) };
  return {
    findsNewOnes: true,
    suggest(random, surroundings) {
      const { parameterId, running, visits } = surroundings;
      const begin = (): Point => drawUntilNew(visits, random, spread(parameterId));
      if (surrogate.size < Math.max(1, settings.coldStart)) return begin();
      return proposer(surrogate.view(running), random, takenBy(evaluated, surroundings)) ?? begin();
    },
    learn(point, loss) {
      seen.add(nameOf(point));
      surrogate.learn(point, loss);
    },
    learnFailure(point) {
      seen.add(nameOf(point));
      surrogate.avoid(point);
    },
  };

  /** The Sobol' point of the parameter id first, then ones from elsewhere in the sequence. */
  function spread(parameterId: number): () => Point {
    let draws = 0;
    return () => sobolPoint(parameterId + 2 ** 20 * draws++);
  }
}

/** The points of each survey: all of a small space, otherwise the next ones of the sequence. */
function surveyOf(
  flat: FlatSpace,
  warmUp: number,
  sobolPoint: (number: number) => Point,
): (number: number) => Point[] {
  const ranked = rankPoints(flat);
  const count = Math.min(warmUp, Math.ceil(mostSurveyed / flat.dimensions.length));
  return (number) => {
    if (ranked !== undefined && ranked.size <= warmUp) return allPoints(ranked);
    const first = firstSurveyed + number * warmUp;
    return Array.from({ length: count }, (_, i) => sobolPoint(first + i));
  };
}

function allPoints(ranked: RankedPoints): Point[] {
  return Array.from({ length: ranked.size }, (_, rank) => ranked.pointAt(rank));
}
