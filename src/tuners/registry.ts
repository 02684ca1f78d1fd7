import type { Tuner, TunerFactory, TunerOptions } from "../model/index.ts";
import { PolyphaseError } from "../model/index.ts";
import { annealTuner } from "./anneal.ts";
import { batchTuner } from "./batch.ts";
import { autoTuner } from "./auto/auto.ts";
import { bohbClassArgs } from "./bohb/class-args.ts";
import { bohbTuner } from "./bohb/bohb.ts";
import { type ClassArg, checkClassArgs } from "../model/class-args.ts";
import { cmaEsClassArgs } from "./cma-es/class-args.ts";
import { cmaEsTuner } from "./cma-es/cma-es.ts";
import { didYouMean } from "../model/suggest.ts";
import { evolutionTuner } from "./evolution.ts";
import { gpClassArgs } from "./gp/class-args.ts";
import { gpTuner } from "./gp/gp.ts";
import { gridSearchTuner } from "./grid-search.ts";
import { hyperbandClassArgs } from "./hyperband/class-args.ts";
import { hyperbandTuner } from "./hyperband/hyperband.ts";
import { nsga2ClassArgs } from "./nsga2/class-args.ts";
import { nsga2Tuner } from "./nsga2/nsga2.ts";
import { metisClassArgs } from "./metis/class-args.ts";
import { metisTuner } from "./metis/metis.ts";
import { qmcTuner } from "./qmc.ts";
import { randomTuner } from "./random.ts";
import { repeatingTuner } from "./repeating.ts";
import { smacClassArgs } from "./smac/class-args.ts";
import { smacTuner } from "./smac/smac.ts";
import { tpeClassArgs } from "./tpe/class-args.ts";
import { tpeTuner } from "./tpe/tpe.ts";

/** A tuner that comes with the package, under the name that `builtinTunerName` takes. */
export interface BuiltinTuner {
  /** Expects class args that are checked and complete; {@link createBuiltinTuner} sees to that. */
  readonly create: TunerFactory;
  /** When to use it, one sentence. */
  readonly summary: string;
  /** Besides `optimize_mode` and `seed`, which every tuner takes. */
  readonly classArgs: readonly ClassArg[];
  /** Where it has nothing left to propose the search is over: elsewhere points of a finite space are drawn again. */
  readonly endsSearch?: true;
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
    classArgs: tpeClassArgs,
  },
  CmaEs: {
    create: cmaEsTuner,
    summary:
      "Learns how continuous parameters work together; for some hundred phases and more of mostly numbers.",
    classArgs: cmaEsClassArgs,
  },
  SMAC: {
    create: smacTuner,
    summary:
      "A random forest with expected improvement; for mixed and nested spaces, and up to some hundred costly phases.",
    classArgs: smacClassArgs,
  },
  GPTuner: {
    create: gpTuner,
    summary:
      "Gaussian-process optimisation; the fewest phases of all where each one is expensive, up to some hundred.",
    classArgs: gpClassArgs,
  },
  MetisTuner: {
    create: metisTuner,
    summary:
      "A Gaussian process that evaluates what may move the predicted optimum most; where results are noisy, also again.",
    classArgs: metisClassArgs,
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
  Hyperband: {
    create: hyperbandTuner,
    endsSearch: true,
    summary:
      "Many draws from the prior with a small budget, the best again with larger ones; where a short training tells good from bad.",
    classArgs: hyperbandClassArgs,
  },
  BOHB: {
    create: bohbTuner,
    endsSearch: true,
    summary:
      "Hyperband whose configurations are drawn where good results lie; for some hundred evaluations and more.",
    classArgs: bohbClassArgs,
  },
  NSGA2: {
    create: nsga2Tuner,
    summary:
      "Several objectives at once: a population spreads along the best trade-offs; for hundreds of phases, also nested spaces.",
    classArgs: nsga2ClassArgs,
  },
  GridSearch: {
    create: gridSearchTuner,
    endsSearch: true,
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
    endsSearch: true,
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
  const classArgs = checkClassArgs({ role: "tuner", name }, builtin.classArgs, options.classArgs);
  return builtin.create({ ...options, classArgs });
}

/** As {@link createBuiltinTuner}; where it has proposed every point of a finite space, and does not end the search, it goes on with repeats. */
export function createRepeatingTuner(name: string, options: TunerOptions): Tuner {
  const tuner = createBuiltinTuner(name, options);
  return builtinTuners[name]?.endsSearch ? tuner : repeatingTuner(tuner, options.seed);
}

/** What `builtinTunerName` may be. */
export const builtinTunerNames: readonly string[] = Object.keys(builtinTuners);
