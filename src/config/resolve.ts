import type { AlgorithmConfig, ExperimentConfig, JsonObject, SearchSpace } from "../model/index.ts";
import type { AlgorithmSection, ConfigFile, LocalSection } from "./config-file.ts";
import { defaults } from "./defaults.ts";
import { absolute, type Surroundings } from "./paths.ts";

/** The settings of a config file without faults: paths absolute, null for what is not given, frozen. */
export function resolve(
  file: ConfigFile,
  searchSpace: SearchSpace | null,
  surroundings: Surroundings,
): ExperimentConfig {
  const tuner = (file.tuner ?? file.advisor) as AlgorithmSection; // checks.ts has seen that one of them is there
  const tunerArgs = tuner.classArgs;
  return deepFreeze<ExperimentConfig>({
    authorName: file.authorName,
    experimentName: file.experimentName,
    description: file.description,
    tags: file.tags,
    trialConcurrency: file.trialConcurrency,
    maxExecDurationMs: file.maxExecDuration ?? null,
    maxTrialNum: file.maxTrialNum ?? null,
    maxPhaseNum: file.maxPhaseNum ?? null,
    maxPhasesPerTrial: file.maxPhasesPerTrial ?? null,
    multiPhase: file.multiPhase,
    phaseMode: file.phaseMode,
    objective: file.objective,
    gracePeriodMs: file.gracePeriod,
    phaseTimeoutMs: file.phaseTimeout ?? null,
    tunerTimeoutMs: file.tunerTimeout,
    maxTrialRetries: file.maxTrialRetries,
    seed: file.seed ?? (tunerArgs["seed"] as number | null | undefined) ?? null,
    logDir: file.logDir === undefined ? null : absolute(file.logDir, surroundings),
    logLevel: file.debug ? "debug" : file.logLevel,
    durability: file.durability,
    ...(file.multiThread === true && { multiThread: true }),
    ...(file.whenExhausted !== undefined && { whenExhausted: file.whenExhausted }),
    searchSpace,
    tuner: algorithm(tuner, file.advisor ? "advisor" : "tuner", surroundings),
    assessor: file.assessor === undefined ? null : algorithm(file.assessor, "assessor", surroundings),
    optimizeMode: tunerArgs["optimize_mode"] === "minimize" ? "minimize" : defaults.optimizeMode,
    trial: trial(file, surroundings),
    ...annotation(file, surroundings),
    trainingService: {
      platform: file.trainingServicePlatform,
      options: file.trainingServicePlatform === "local" ? localOptions(file.localConfig) : {},
    },
  });
}

function algorithm(
  section: AlgorithmSection,
  role: "tuner" | "assessor" | "advisor",
  surroundings: Surroundings,
): AlgorithmConfig {
  const { name, codeDir = defaults.classCodeDir, classFileName = "", className = "", classArgs } = section;
  // An assessor may have another mode than the tuner.
  if (name !== undefined)
    return { kind: "builtin", name, classArgs: role === "assessor" ? classArgs : ownArgs(classArgs) };
  const { gpuIndices, includeIntermediateResults } = section;
  return {
    kind: "custom",
    codeDir: absolute(codeDir, surroundings),
    classFileName,
    className,
    classArgs,
    ...(role === "advisor" && { advisor: true }),
    ...(gpuIndices !== undefined && { gpuIndices }),
    ...(includeIntermediateResults !== undefined && { includeIntermediateResults }),
  };
}

/** What is left for a built-in algorithm: the experiment hands it the mode and the seed beside its arguments. */
function ownArgs({ optimize_mode: _mode, seed: _seed, ...own }: JsonObject): JsonObject {
  return own;
}

function trial({ trial: section }: ConfigFile, surroundings: Surroundings): ExperimentConfig["trial"] {
  return {
    command: section?.command ?? "",
    codeDir: absolute(section?.codeDir ?? defaults.trial.codeDir, surroundings),
    gpuNum: section?.gpuNum ?? null,
    env: section?.env ?? {},
    copyCodeDir: section?.copyCodeDir ?? defaults.trial.copyCodeDir,
  };
}

/** Absent where the search space stands in the config. */
function annotation(file: ConfigFile, surroundings: Surroundings): Pick<ExperimentConfig, "annotation"> {
  if (!file.useAnnotation) return {};
  const { codeDir } = trial(file, surroundings);
  return { annotation: { codeDir, nasMode: file.trial?.nasMode ?? defaults.nasMode } };
}

/** The options of the local training service; what is not given is left to the service. */
function localOptions({ gpuIndices, ...rest }: LocalSection): JsonObject {
  return gpuIndices === undefined ? { ...rest } : { gpuIndices, ...rest };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
