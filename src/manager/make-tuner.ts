import type { AlgorithmConfig, ExperimentConfig, Tuner, TunerOptions } from "../model/index.ts";
import { createBuiltinTuner, createRepeatingTuner } from "../tuners/index.ts";
import { importClass, withMethods } from "./algorithm-class.ts";
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
  return { tuner, optimizeMode, seed, repeats: whenExhausted === "repeat" };
}

/** One of ours by name, or the user's class. */
export async function makeTuner(
  { tuner, optimizeMode, seed, repeats }: TunerPlan,
  log: (message: string) => void = () => {},
): Promise<Tuner> {
  if (tuner.kind === "builtin") {
    const create = repeats ? createRepeatingTuner : createBuiltinTuner;
    return create(tuner.name, { optimizeMode, seed, classArgs: tuner.classArgs, log });
  }
  const TunerClass = await importClass("tuner", tuner);
  // A class of the user's sees all of its classArgs, also those that the manager reads.
  const made = new TunerClass({ ...tuner.classArgs, optimize_mode: optimizeMode, seed });
  return withMethods<Tuner>(made, required, { ...tuner, role: "tuner", page: "docs/tuners.md" });
}

const required = ["updateSearchSpace", "generateParameters", "receiveTrialResult"] as const;

/** The config with the tuner's and the assessor's secrets in it. */
export function withTunersSecrets(config: ExperimentConfig, vault: Vault): ExperimentConfig {
  return { ...config, tuner: vault.open(config.tuner), assessor: vault.open(config.assessor) };
}
