import { elapsedMs } from "../../journal/apply.ts";
import type { AlgorithmConfig, ExperimentConfig, ExperimentState, JsonObject } from "../../model/index.ts";
import { plain } from "../../model/index.ts";
import { advisorNames } from "../../model/trial-budgets.ts";
import type { NniAlgorithm, NniParams, NniProfile } from "./schemas.ts";

/*
 * NNI has no word for "no limit": its launcher filled these in, and so do we. A client that sends them back means no limit.
 */
export const noLimitOfTrials = 99_999;
/** 999 days. */
export const noLimitOfSeconds: number = 999 * 86_400;

/** Where the manager and the experiment's files are, as far as the server knows. */
export interface NniPlace {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The experiment's directory; empty where it has none. */
  readonly directory: string;
}

/** The experiment as NNI's clients know it. `revision` grows with every change, as the journal does. */
export function profileView(state: ExperimentState, { now, directory }: NniPlace): NniProfile {
  return {
    id: state.experimentId,
    revision: state.seq,
    execDuration: Math.floor(elapsedMs(state, now) / 1_000),
    logDir: directory,
    startTime: state.createdAt,
    ...(state.endedAt === null ? {} : { endTime: state.endedAt }),
    nextSequenceId: state.trialJobs.size,
    params: paramsOf(state.config),
  };
}

/** The settings in the keys of NNI 1.x. The config is sealed: of secrets only their places are named. */
function paramsOf(config: ExperimentConfig): NniParams {
  const { maxExecDurationMs, trainingService } = config;
  return {
    authorName: config.authorName,
    experimentName: config.experimentName,
    description: config.description,
    trialConcurrency: config.trialConcurrency,
    maxExecDuration: maxExecDurationMs === null ? noLimitOfSeconds : maxExecDurationMs / 1_000,
    maxTrialNum: config.maxTrialNum ?? noLimitOfTrials,
    // Without a space NNI kept the text of an empty string.
    searchSpace: JSON.stringify(config.searchSpace ?? ""),
    trainingServicePlatform: trainingService.platform,
    multiPhase: config.multiPhase,
    multiThread: config.multiThread ?? false,
    versionCheck: false,
    logCollection: "none",
    ...algorithmsOf(config),
    clusterMetaData: clusterMetaDataOf(config),
  };
}

/** On this machine NNI had these two; elsewhere, objects. */
function clusterMetaDataOf({ trial, trainingService }: ExperimentConfig): NniParams["clusterMetaData"] {
  const { codeDir, command, gpuNum } = trial;
  if (trainingService.platform === "local")
    return [
      { key: "codeDir", value: codeDir },
      { key: "command", value: command },
    ];
  return [
    { key: "trial_config", value: { command, codeDir, gpuNum: gpuNum ?? 0 } },
    { key: `${trainingService.platform}_config`, value: plain(trainingService.options) },
  ];
}

function algorithmsOf({ tuner, assessor, optimizeMode }: ExperimentConfig): Partial<NniParams> {
  const isAdvisor = tuner.kind === "builtin" ? advisorNames.includes(tuner.name) : tuner.advisor === true;
  const mode = { optimize_mode: optimizeMode };
  const searcher = isAdvisor
    ? { advisor: algorithmOf("builtinAdvisorName", tuner, mode) }
    : { tuner: algorithmOf("builtinTunerName", tuner, mode) };
  return assessor === null
    ? searcher
    : { ...searcher, assessor: algorithmOf("builtinAssessorName", assessor, {}) };
}

/** A class of the user's keeps its arguments as they were written: the mode is among them where it was. */
function algorithmOf(nameKey: string, algorithm: AlgorithmConfig, shared: JsonObject): NniAlgorithm {
  if (algorithm.kind === "builtin")
    return { [nameKey]: algorithm.name, classArgs: plain({ ...shared, ...algorithm.classArgs }) };
  const { kind: _kind, advisor: _advisor, classArgs, gpuIndices, ...rest } = algorithm;
  const gpus = gpuIndices === undefined ? {} : { gpuIndices: gpuIndices.join(",") };
  return { ...rest, classArgs: plain(classArgs), ...gpus };
}
