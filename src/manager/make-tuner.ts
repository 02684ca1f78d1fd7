import type { AlgorithmConfig, ExperimentConfig, SearchSpace, Tuner, TunerOptions } from "../model/index.ts";
import { isPython } from "../model/index.ts";
import { createBuiltinTuner, repeatingTuner } from "../tuners/index.ts";
import { importClass, withMethods } from "./algorithm-class.ts";
import { inspectPythonClass } from "./python-process.ts";
import { checkAssessor } from "./make-assessor.ts";
import { redactError, redactorOf } from "./secrets.ts";
import type { Vault } from "./secrets.ts";

/** What a tuner is made from, in its thread. Plain data, with the secrets in it. */
export interface TunerPlan {
  readonly tuner: AlgorithmConfig;
  readonly optimizeMode: TunerOptions["optimizeMode"];
  readonly seed: number;
  /** Points of a finite space are proposed again when there are no new ones. */
  readonly repeats: boolean;
}

export function tunerPlan(
  { tuner, optimizeMode, whenExhausted }: Pick<ExperimentConfig, "tuner" | "optimizeMode" | "whenExhausted">,
  seed: number,
): TunerPlan {
  const isList = tuner.kind === "builtin" && listTuners.has(tuner.name);
  return { tuner, optimizeMode, seed, repeats: whenExhausted === "repeat" && !isList };
}

/** Those that walk through a list of points, whose end is the end of the search. */
const listTuners: ReadonlySet<string> = new Set(["GridSearch", "BatchTuner"]);

/** One of ours by name, or the user's class. */
export async function makeTuner(
  { tuner, optimizeMode, seed, repeats }: TunerPlan,
  log: (message: string) => void = () => {},
): Promise<Tuner> {
  if (tuner.kind === "builtin") {
    const made = createBuiltinTuner(tuner.name, { optimizeMode, seed, classArgs: tuner.classArgs, log });
    return repeats ? repeatingTuner(made, seed) : made;
  }
  const TunerClass = await importClass("tuner", tuner);
  // A class of the user's sees all of its classArgs, also those that the manager reads.
  const made = new TunerClass({ ...tuner.classArgs, optimize_mode: optimizeMode, seed });
  return withMethods<Tuner>(made, required, { ...tuner, role: "tuner", page: "docs/tuners.md" });
}

const required = ["updateSearchSpace", "generateParameters", "receiveTrialResult"] as const;

/**
 * Refuses what would fail as soon as the experiment starts: a tuner that is not there, its class args, a space that it cannot
 * search. A class of the user's is looked up but not constructed: that happens once, in the tuner's thread. No error shows a secret.
 */
export async function checkConfig(config: ExperimentConfig): Promise<void> {
  try {
    if (isPython(config.tuner)) await inspectPythonClass(config.tuner);
    else if (config.tuner.kind === "custom") await importClass("tuner", config.tuner);
    if (config.assessor) await checkAssessor(config.assessor, config);
    await checkSearchSpace(config, config.searchSpace ?? {});
  } catch (error) {
    throw redactError(error, redactorOf(config).redact);
  }
}

/**
 * Refuses a space that the experiment's tuner cannot search. What a class of the user's makes of it only that class knows.
 * `config` is not sealed.
 */
export async function checkSearchSpace(config: ExperimentConfig, space: SearchSpace): Promise<void> {
  if (config.tuner.kind === "custom") return;
  const tuner = await makeTuner(tunerPlan(config, 0));
  await tuner.updateSearchSpace(space);
}

/** The config with the tuner's and the assessor's secrets in it. */
export function withTunersSecrets(config: ExperimentConfig, vault: Vault): ExperimentConfig {
  return { ...config, tuner: vault.open(config.tuner), assessor: vault.open(config.assessor) };
}
