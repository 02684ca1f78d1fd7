/**
 * Polyphase as a library: search from your own program, without server or CLI.
 *
 * @example
 * ```ts
 * import { loguniform, choice, runExperiment, space } from "polyphase";
 *
 * const experiment = await runExperiment({
 *   space: space({ lr: loguniform(1e-5, 1), optimizer: choice("adam", "sgd") }),
 *   tuner: "TPE",
 *   objective: async ({ parameters }) => train(parameters.lr, parameters.optimizer),
 *   concurrency: 4,
 *   maxPhaseNum: 100,
 * });
 * console.log(experiment.best?.parameters);
 * ```
 */
export { runExperiment } from "./library/run-experiment.ts";
export type { ExperimentResult, FinishedPhase, PhaseContext, RunOptions } from "./library/run-experiment.ts";
export { createTuner } from "./library/create-tuner.ts";
export type { AskTell, AskTellOptions, Suggestion } from "./library/create-tuner.ts";
export {
  choice,
  inputChoice,
  layerChoice,
  lognormal,
  loguniform,
  mutableLayer,
  normal,
  option,
  qlognormal,
  qloguniform,
  qnormal,
  quniform,
  randint,
  space,
  uniform,
} from "./space/index.ts";
export type { ParametersOf } from "./space/index.ts";
// For authors of tuners: a space laid flat, its points, and their place in the unit cube.
export {
  cardinality,
  contains,
  decode,
  encode,
  flatten,
  levels,
  parseSearchSpace,
  sampleDimension,
  samplePoint,
  SearchSpaceError,
  snap,
  toParameters,
  toPoint,
} from "./space/index.ts";
export { seeded } from "./model/index.ts";
export type { Dimension, FlatSpace, Point, Random } from "./model/index.ts";
export { builtinTunerNames } from "./tuners/index.ts";
export { isPolyphaseError, PolyphaseError } from "./model/index.ts";
export type * from "./plugin.ts";
