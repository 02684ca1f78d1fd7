import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PolyphaseError, messageOf } from "../model/index.ts";
import type { AlgorithmConfig, ExperimentConfig, SearchSpace, Tuner, TunerOptions } from "../model/index.ts";
import { loadTypeScript } from "./load-typescript.ts";
import { createBuiltinTuner } from "../tuners/index.ts";
import { redactError, redactorOf } from "./secrets.ts";
import type { Vault } from "./secrets.ts";

/** What a tuner is made from, in its thread. Plain data, with the secrets in it. */
export interface TunerPlan {
  readonly tuner: AlgorithmConfig;
  readonly optimizeMode: TunerOptions["optimizeMode"];
  readonly seed: number;
}

/** What a tuner's thread is given. */
export interface TunerThreadData extends TunerPlan {
  /** Path of the journal, from which it reads the history. */
  readonly journal: string;
}

export function tunerPlan(
  { tuner, optimizeMode }: Pick<ExperimentConfig, "tuner" | "optimizeMode">,
  seed: number,
): TunerPlan {
  return { tuner, optimizeMode, seed };
}

/** One of ours by name, or the user's class. */
export async function makeTuner(
  { tuner, optimizeMode, seed }: TunerPlan,
  log: (message: string) => void = () => {},
): Promise<Tuner> {
  if (tuner.kind === "builtin") {
    return createBuiltinTuner(tuner.name, { optimizeMode, seed, classArgs: tuner.classArgs, log });
  }
  const TunerClass = await importClass(tuner);
  // A class of the user's sees all of its classArgs, also those that the manager reads.
  const made = new TunerClass({ ...tuner.classArgs, optimize_mode: optimizeMode, seed });
  return withMethods(made, tuner);
}

type CustomTuner = Extract<AlgorithmConfig, { kind: "custom" }>;

async function importClass({
  codeDir,
  classFileName,
  className,
}: CustomTuner): Promise<new (args: object) => unknown> {
  const path = join(codeDir, classFileName);
  if (/\.m?ts$/.test(classFileName)) loadTypeScript();
  const module = (await import(pathToFileURL(path).href).catch((cause: unknown) => {
    throw new PolyphaseError(
      "tuner-failed",
      `the tuner's file ${path} cannot be loaded: ${messageOf(cause)}`,
      { cause },
    );
  })) as Record<string, unknown> & { default?: Record<string, unknown> };
  const found =
    module[className] ??
    module.default?.[className] ??
    (className === "default" ? module.default : undefined);
  if (typeof found === "function") return found as new (args: object) => unknown;
  const exported = Object.keys(module).join(", ") || "nothing";
  throw new PolyphaseError("tuner-failed", `${path} exports no class ${className}; it exports ${exported}`);
}

const required = ["updateSearchSpace", "generateParameters", "receiveTrialResult"] as const;

function withMethods(made: unknown, { className, classFileName }: CustomTuner): Tuner {
  const missing = required.filter((method) => typeof (made as Partial<Tuner>)[method] !== "function");
  if (missing.length === 0) return made as Tuner;
  throw new PolyphaseError(
    "tuner-failed",
    `class ${className} of ${classFileName} has no method ${missing.join(", ")}`,
    {
      hint: "a tuner needs updateSearchSpace, generateParameters and receiveTrialResult: see docs/tuners.md",
    },
  );
}

/**
 * Refuses what would fail as soon as the experiment starts: a tuner that is not there, its class args, a space that it cannot
 * search. A class of the user's is looked up but not constructed: that happens once, in the tuner's thread. No error shows a secret.
 */
export async function checkConfig(config: ExperimentConfig): Promise<void> {
  try {
    if (config.tuner.kind === "custom") await importClass(config.tuner);
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

/** The config with the tuner's secrets in it. */
export function withTunersSecrets(config: ExperimentConfig, vault: Vault): ExperimentConfig {
  return { ...config, tuner: vault.open(config.tuner) };
}
