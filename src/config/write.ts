import { Document, visit } from "yaml";
import { mapLeaves, sealedName, unseal } from "../model/index.ts";
import type { AlgorithmConfig, ExperimentConfig, Json, JsonObject } from "../model/index.ts";
import { defaults } from "./defaults.ts";

/**
 * A config file that says what `config` says: loading it gives the same config. Its paths are absolute, its search space is
 * part of it, and what is as the defaults have it is left out.
 */
export function configText(config: ExperimentConfig, { remark, variableOf }: WriteOptions = {}): string {
  const comment = remark === undefined ? "" : remark.replaceAll(/^/gm, "# ").replaceAll(/ +$/gm, "") + "\n";
  const document = new Document(configFileOf(config, settingsWriter(variableOf)), {
    aliasDuplicateObjects: false,
  });
  visit(document, {
    Scalar(key, scalar) {
      if (key === "key" && scalar.value === "<<") scalar.type = "QUOTE_DOUBLE"; // without quotes it merges
    },
  });
  return comment + document.toString({ lineWidth: 0 });
}

export interface WriteOptions {
  /** Stands above it, as a comment. */
  readonly remark?: string;
  /** For a sealed config: the environment variable that the file refers to for the secret of that name. */
  readonly variableOf?: (name: string) => string;
}

type SettingsWriter = <Part extends Json>(part: Part) => Part;

/** How values are written in which `${env:NAME}` means something: where it is only text, it is written so. */
function settingsWriter(variableOf: WriteOptions["variableOf"]): SettingsWriter {
  const literal = (leaf: string | number): string | number =>
    typeof leaf === "string" ? leaf.replaceAll(/\$\{env:[^{}$]{0,200}\}/g, "$$$&") : leaf;
  const sealed = (leaf: string | number, nameOf: (name: string) => string): string | number => {
    const name = sealedName(leaf);
    return name === null ? literal(unseal(leaf, new Map())) : `\${env:${nameOf(name)}}`;
  };
  const change = variableOf === undefined ? literal : (leaf: string | number) => sealed(leaf, variableOf);
  return <Part extends Json>(part: Part) => mapLeaves(part, change) as Part;
}

/** The config in the keys of a config file. */
function configFileOf(config: ExperimentConfig, written: SettingsWriter): JsonObject {
  const { trainingService, trial, annotation } = config;
  return given({
    ...unlessDefault(config, [
      "experimentName",
      "authorName",
      "description",
      "tags",
      "multiPhase",
      "phaseMode",
      "objective",
    ]),
    trialConcurrency: config.trialConcurrency,
    maxTrialNum: config.maxTrialNum,
    maxPhaseNum: config.maxPhaseNum,
    maxPhasesPerTrial: config.maxPhasesPerTrial,
    maxExecDuration: durationText(config.maxExecDurationMs),
    gracePeriod: durationText(config.gracePeriodMs),
    phaseTimeout: durationText(config.phaseTimeoutMs),
    tunerTimeout: durationText(config.tunerTimeoutMs),
    seed: config.seed,
    ...unlessDefault(config, ["maxTrialRetries", "durability", "logLevel"]),
    logDir: config.logDir,
    multiThread: config.multiThread ?? null,
    whenExhausted: whenExhausted(config),
    [isAdvisor(config.tuner) ? "advisor" : "tuner"]: algorithmSection(config.tuner, written, [
      "builtinTunerName",
      { optimize_mode: config.optimizeMode },
    ]),
    assessor: config.assessor && algorithmSection(config.assessor, written, ["builtinAssessorName", {}]),
    trial: given({
      command: trial.command,
      codeDir: annotation?.codeDir ?? trial.codeDir,
      nasMode:
        annotation === undefined || annotation.nasMode === defaults.nasMode ? null : annotation.nasMode,
      gpuNum: trial.gpuNum,
      env: Object.keys(trial.env).length === 0 ? null : written(trial.env),
      copyCodeDir: trial.copyCodeDir === defaults.trial.copyCodeDir ? null : trial.copyCodeDir,
    }),
    trainingServicePlatform: trainingService.platform,
    [`${trainingService.platform}Config`]:
      Object.keys(trainingService.options).length === 0 ? null : written(trainingService.options),
    secrets: secretPlaces(config),
    // Annotated code is read anew: the space belongs to the code as it is then.
    ...(annotation === undefined
      ? { searchSpace: config.searchSpace as JsonObject | null }
      : { useAnnotation: true }),
  });
}

/** In the file's own words. */
function secretPlaces({ secrets = [], trainingService }: ExperimentConfig): Json {
  const section = `${trainingService.platform}Config`;
  const places = secrets.map((place) => place.replace(/^trainingService\.options/, () => section));
  return places.length === 0 ? null : places;
}

/** What is null is not given. */
function given(keys: { readonly [key: string]: Json }): JsonObject {
  return Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== null));
}

type PlainKey = keyof ExperimentConfig & keyof typeof defaults.experiment;

function unlessDefault(config: ExperimentConfig, keys: readonly PlainKey[]): JsonObject {
  const changed = keys.filter((key) => !isDefault(config, key));
  return Object.fromEntries(changed.map((key) => [key, config[key] as Json]));
}

function isDefault(config: ExperimentConfig, key: PlainKey): boolean {
  return JSON.stringify(config[key]) === JSON.stringify(defaults.experiment[key]);
}

/** A file with `authorName` means `repeat` where it says nothing. */
function whenExhausted(config: ExperimentConfig): "end" | "repeat" | null {
  return config.whenExhausted ?? (isDefault(config, "authorName") ? null : "end");
}

/** A class of the user's keeps its arguments as they were written: it sees all of them. */
function algorithmSection(
  algorithm: AlgorithmConfig,
  written: SettingsWriter,
  [nameKey, shared]: readonly [string, JsonObject],
): JsonObject {
  const classArgs = written(algorithm.classArgs);
  if (algorithm.kind === "builtin")
    return { [nameKey]: algorithm.name, classArgs: { ...shared, ...classArgs } };
  const { codeDir, classFileName, className, gpuIndices, includeIntermediateResults } = algorithm;
  return given({
    codeDir,
    classFileName,
    className,
    classArgs,
    gpuIndices: gpuIndices ?? null,
    includeIntermediateResults: includeIntermediateResults ?? null,
  });
}

function isAdvisor(algorithm: AlgorithmConfig): boolean {
  return algorithm.kind === "custom" && algorithm.advisor === true;
}

const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
] as const;

/** In the largest unit of which it is a whole number. */
function durationText(ms: number | null): string | null {
  if (ms === null) return null;
  const [unit, length] = units.find(([, size]) => ms > 0 && ms % size === 0) ?? ["ms", 1];
  return `${ms / length}${unit}`;
}
