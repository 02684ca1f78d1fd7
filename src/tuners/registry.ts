import type { Tuner, TunerFactory, TunerOptions } from "../model/index.ts";
import { PolyphaseError } from "../model/index.ts";
import { annealTuner } from "./anneal.ts";
import { batchTuner } from "./batch.ts";
import { autoTuner } from "./auto/auto.ts";
import { type ClassArg, checkClassArgs } from "./class-args.ts";
import { cmaEsTuner } from "./cma-es/cma-es.ts";
import { didYouMean } from "../model/suggest.ts";
import { evolutionTuner } from "./evolution.ts";
import { gpTuner } from "./gp/gp.ts";
import { gridSearchTuner } from "./grid-search.ts";
import { nsga2Tuner } from "./nsga2/nsga2.ts";
import { metisTuner } from "./metis/metis.ts";
import { qmcTuner } from "./qmc.ts";
import { randomTuner } from "./random.ts";
import { smacTuner } from "./smac/smac.ts";
import { tpeTuner } from "./tpe/tpe.ts";

/** A tuner that comes with the package, under the name that `builtinTunerName` takes. */
export interface BuiltinTuner {
  /** Expects class args that are checked and complete; {@link createBuiltinTuner} sees to that. */
  readonly create: TunerFactory;
  /** When to use it, one sentence. */
  readonly summary: string;
  /** Besides `optimize_mode` and `seed`, which every tuner takes. */
  readonly classArgs: readonly ClassArg[];
}

export const builtinTuners: Readonly<Record<string, BuiltinTuner>> = {
  Auto: {
    create: autoTuner((name, options) => createBuiltinTuner(name, options)),
    summary:
      "Chooses for each phase the tuner that is likely to do best, by the search space and the results so far; when in doubt, this one.",
    classArgs: [],
  },
  TPE: {
    create: tpeTuner,
    summary:
      "Learns where good results lie; for 20 to some thousand phases, also in nested spaces, at next to no cost.",
    classArgs: [
      {
        name: "n_startup_trials",
        type: { kind: "integer", least: 0 },
        default: 10,
        summary: "Results to wait for, with draws from the prior, before the model is used.",
      },
      {
        name: "n_ei_candidates",
        type: { kind: "integer", least: 1 },
        default: 24,
        summary: "Draws from the good density that are compared for each proposal.",
      },
      {
        name: "parallel_optimize",
        type: { kind: "boolean" },
        default: true,
        summary: "Accepted for NNI configurations: running phases are always taken into account.",
      },
      {
        name: "constant_liar_type",
        type: { kind: "one-of", values: ["min", "max", "mean"] },
        default: undefined,
        summary:
          "Accepted for NNI configurations: running phases count as not good, without a made-up value.",
      },
    ],
  },
  CmaEs: {
    create: cmaEsTuner,
    summary:
      "Learns how continuous parameters work together; for some hundred phases and more of mostly numbers.",
    classArgs: [
      {
        name: "popsize",
        type: { kind: "integer", least: 2 },
        default: undefined,
        summary: "Results to a generation; left out, 4 + floor(3 ln n) for n parameters.",
      },
      {
        name: "x0",
        type: { kind: "object" },
        default: undefined,
        summary: "Where the numbers of the search space begin, by name; left out, in the middle.",
      },
      {
        name: "sigma0",
        type: { kind: "number", least: 1e-6 },
        default: undefined,
        summary: "The first step length, as a part of each range; left out, a sixth.",
      },
      {
        name: "n_startup_trials",
        type: { kind: "integer", least: 0 },
        default: 1,
        summary: "Draws from the prior before the first sample of the distribution.",
      },
      {
        name: "restart_strategy",
        type: { kind: "one-of", values: ["none", "ipop", "bipop"] },
        default: "ipop",
        summary:
          "What follows when a run has converged: nothing, ever larger generations, or large and small.",
      },
      {
        name: "inc_popsize",
        type: { kind: "integer", least: 2 },
        default: 2,
        summary: "What a restart multiplies the generation by.",
      },
      {
        name: "with_margin",
        type: { kind: "boolean" },
        default: true,
        summary: "Keeps parameters on a grid able to change.",
      },
    ],
  },
  SMAC: {
    create: smacTuner,
    summary:
      "A random forest with expected improvement; for mixed and nested spaces, and up to some hundred costly phases.",
    classArgs: [
      {
        name: "config_dedup",
        type: { kind: "boolean" },
        default: false,
        summary:
          "Never hand out a configuration twice, also where the search space is infinite and no new one is found: no-more then.",
      },
      {
        name: "n_startup_trials",
        type: { kind: "integer", least: 1 },
        default: undefined,
        summary:
          "Sobol' points that come first; left out, two for each parameter, at least 4 and at most 20.",
      },
      {
        name: "n_trees",
        type: { kind: "integer", least: 1 },
        default: 20,
        summary: "Trees of the forest.",
      },
      {
        name: "random_probability",
        type: { kind: "number", least: 0 },
        default: 0.05,
        summary:
          "How often a proposal is a draw from the prior, whatever the forest says: 0 never, 1 always.",
      },
    ],
  },
  GPTuner: {
    create: gpTuner,
    summary:
      "Gaussian-process optimisation; the fewest phases of all where each one is expensive, up to some hundred.",
    classArgs: [
      {
        name: "utility",
        type: { kind: "one-of", values: ["ei", "ucb", "poi"] },
        default: "ei",
        summary:
          "What a point is worth: expected improvement, upper confidence bound or probability of improvement.",
      },
      {
        name: "kappa",
        type: { kind: "number", least: 0 },
        default: 5,
        summary: "How many standard deviations count as gain, for ucb.",
      },
      {
        name: "xi",
        type: { kind: "number", least: 0 },
        default: 0,
        summary: "By how much the best result must be bettered, for ei and poi.",
      },
      {
        name: "nu",
        type: { kind: "one-of", values: [0.5, 1.5, 2.5] },
        default: 2.5,
        summary: "How smooth results are in the parameters: the Matern kernel's nu.",
      },
      {
        name: "alpha",
        type: { kind: "number", least: 0 },
        default: 0.000001,
        summary: "The least noise that is believed, as a part of the variance of all results.",
      },
      {
        name: "cold_start_num",
        type: { kind: "integer", least: 1 },
        default: 10,
        summary: "Results to wait for, with Sobol' points, before the model is used.",
      },
      {
        name: "selection_num_warm_up",
        type: { kind: "integer", least: 1 },
        default: 2048,
        summary: "Points all over the space that are compared for each proposal.",
      },
      {
        name: "selection_num_starting_points",
        type: { kind: "integer", least: 1 },
        default: 10,
        summary: "How many of them are improved by local search.",
      },
    ],
  },
  MetisTuner: {
    create: metisTuner,
    summary:
      "A Gaussian process that evaluates what may move the predicted optimum most; where results are noisy, also again.",
    classArgs: [
      {
        name: "no_resampling",
        type: { kind: "boolean" },
        default: true,
        summary:
          "false: from 50 points on, one whose result the others speak against is evaluated again, thrice in all at most.",
      },
      {
        name: "no_candidates",
        type: { kind: "boolean" },
        default: false,
        summary:
          "true: nothing but the predicted optimum; a draw from the prior where that has been evaluated.",
      },
      {
        name: "selection_num_starting_points",
        type: { kind: "integer", least: 1 },
        default: 600,
        summary:
          "Points all over the space that are compared for each proposal; local searches begin at the best.",
      },
      {
        name: "cold_start_num",
        type: { kind: "integer", least: 1 },
        default: 10,
        summary: "Points to have results of, with Sobol' points, before the model is used.",
      },
      {
        name: "exploration_probability",
        type: { kind: "number", least: 0 },
        default: 0.9,
        summary:
          "How often what may move the predicted optimum most is preferred to the predicted optimum itself: 0 never, 1 always.",
      },
    ],
  },
  Random: {
    create: randomTuner,
    summary:
      "Independent draws from the prior; the baseline, and for very many parallel jobs. No repeats in finite spaces.",
    classArgs: [],
  },
  QMC: {
    create: qmcTuner,
    summary:
      "Scrambled Sobol' points: spread more evenly than Random's, for a first look and for baselines. No repeats in finite spaces.",
    classArgs: [
      {
        name: "scramble",
        type: { kind: "boolean" },
        default: true,
        summary: "Randomize the points by the seed; false: the same sequence for every seed.",
      },
    ],
  },
  Anneal: {
    create: annealTuner,
    summary:
      "Draws ever nearer to the best points; fast where one good region leads to the best, also nested.",
    classArgs: [],
  },
  Evolution: {
    create: evolutionTuner,
    summary:
      "A population that mutates one parameter at a time; for hundreds of cheap phases, also nested spaces.",
    classArgs: [
      {
        name: "population_size",
        type: { kind: "integer", least: 2 },
        default: 20,
        summary: "Individuals that children are bred from; so many draws from the prior come first.",
      },
    ],
  },
  NSGA2: {
    create: nsga2Tuner,
    summary:
      "Several objectives at once: a population spreads along the best trade-offs; for hundreds of phases, also nested spaces.",
    classArgs: [
      {
        name: "objectives",
        type: { kind: "objectives" },
        default: undefined,
        summary:
          "Numbers of the result by name, each maximize or minimize; left out, the one objective and optimize_mode.",
      },
      {
        name: "population_size",
        type: { kind: "integer", least: 2 },
        default: 50,
        summary: "Individuals that parents are chosen from; so many draws from the prior come first.",
      },
      {
        name: "crossover",
        type: { kind: "one-of", values: ["uniform", "sbx"] },
        default: "uniform",
        summary:
          "How numbers of two parents are joined: one or the other, or near one of them (simulated binary crossover).",
      },
      {
        name: "crossover_prob",
        type: { kind: "number", least: 0, most: 1 },
        default: 0.9,
        summary: "Probability that a child has two parents.",
      },
      {
        name: "swapping_prob",
        type: { kind: "number", least: 0, most: 1 },
        default: 0.5,
        summary: "Uniform crossover: probability that a parameter comes from the second parent.",
      },
      {
        name: "mutation",
        type: { kind: "one-of", values: ["polynomial", "redraw"] },
        default: "polynomial",
        summary: "How numbers change: by a mostly small step, or to a draw from the prior.",
      },
      {
        name: "mutation_prob",
        type: { kind: "number", least: 0, most: 1 },
        default: undefined,
        summary: "Probability that a parameter of a child changes; left out, 1 / the number of parameters.",
      },
    ],
  },
  GridSearch: {
    create: gridSearchTuner,
    summary: "Every point of a finite space once, the last key fastest.",
    classArgs: [
      {
        name: "grid_points",
        type: { kind: "integer", least: 1 },
        default: undefined,
        summary:
          "Values to take from each parameter without a finite grid; without it such parameters are refused.",
      },
      {
        name: "order",
        type: { kind: "one-of", values: ["sequential", "spread"] },
        default: "sequential",
        summary: '"spread" jumps about, so that an unfinished sweep has seen all regions.',
      },
    ],
  },
  BatchTuner: {
    create: batchTuner,
    summary: "A list of configurations, in order.",
    classArgs: [],
  },
};

/**
 * Makes a built-in tuner. Throws "unknown-tuner" for a name that is none, "tuner-class-args" for class args that do not
 * fit.
 */
export function createBuiltinTuner(name: string, options: TunerOptions): Tuner {
  const names = Object.keys(builtinTuners);
  const builtin = Object.hasOwn(builtinTuners, name) ? builtinTuners[name] : undefined;
  if (builtin === undefined) {
    const message = `Unknown tuner "${name}"; expected one of ${names.join(", ")}.`;
    const hint =
      didYouMean(name, names) ?? "A tuner of your own is named by codeDir, classFileName and className.";
    throw new PolyphaseError("unknown-tuner", message, { hint });
  }
  const classArgs = checkClassArgs(name, builtin.classArgs, options.classArgs);
  return builtin.create({ ...options, classArgs });
}

/** What `builtinTunerName` may be. */
export const builtinTunerNames: readonly string[] = Object.keys(builtinTuners);
