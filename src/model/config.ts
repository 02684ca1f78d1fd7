import type { JsonObject } from "./json.ts";
import type { SearchSpace } from "./search-space.ts";

export type OptimizeMode = "maximize" | "minimize";

/**
 * One experiment's settings, complete and read-only: every default is filled in, every path is absolute. Plain JSON, so
 * that the journal can hold it. `null` means "no limit" or "not given".
 */
export interface ExperimentConfig {
  readonly authorName: string;
  readonly experimentName: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** Trial jobs at once, at least 1. */
  readonly trialConcurrency: number;
  /** Running time of the experiment after which no parameters are given out. */
  readonly maxExecDurationMs: number | null;
  /** Trial jobs in all. */
  readonly maxTrialNum: number | null;
  /** Phases in all, over all trial jobs. */
  readonly maxPhaseNum: number | null;
  /** Phases in one trial job. */
  readonly maxPhasesPerTrial: number | null;
  /** False: a trial job gets parameters once, then null. */
  readonly multiPhase: boolean;
  /** `worker`: phases are independent evaluations; `episode`: the phases of one job form one trial. */
  readonly phaseMode: "worker" | "episode";
  /** `episode` only: how the phases' results make the trial's. */
  readonly objective: "last" | "max" | "min" | "mean" | "sum";
  /** How long running phases may go on after the time limit, and idle jobs after "no more", before they are cancelled. */
  readonly gracePeriodMs: number;
  /** A phase without a result for this long is failed and its job cancelled. */
  readonly phaseTimeoutMs: number | null;
  /** How often a failed job is started again with its pending phase. */
  readonly maxTrialRetries: number;
  /** A call of the tuner that has not come back after this long has hung: the experiment is paused. */
  readonly tunerTimeoutMs: number | null;
  /** Undefined until the experiment is created, which draws one. */
  readonly seed: number | null;
  readonly logDir: string | null;
  readonly logLevel: "trace" | "debug" | "info" | "warning" | "error" | "fatal";
  /** `normal`: survives any crash of the manager; `full`: power loss too, at about 0.2 ms per phase. */
  readonly durability: "normal" | "full";
  /**
   * `repeat`: built-in tuners that have proposed every point of a finite space propose points of it again, but for those that walk
   * through a list. `end`, or absent: they have no more.
   */
  readonly whenExhausted?: "end" | "repeat";
  /** A tuner in Python may think about several requests at once, each in a thread of its own. Absent: it does not. */
  readonly multiThread?: boolean;
  /** Null where the tuner needs none. */
  readonly searchSpace: SearchSpace | null;
  readonly tuner: AlgorithmConfig;
  readonly assessor: AlgorithmConfig | null;
  readonly optimizeMode: OptimizeMode;
  readonly trial: TrialConfig;
  readonly trainingService: TrainingServiceConfig;
  /** `useAnnotation`: absent where the search space was written by hand. */
  readonly annotation?: AnnotationConfig;
  /**
   * Places of values that are secret though their key does not say so, as `pathText` writes them: `trial.env.GREETING`.
   * Absent in a sealed config (see sealing.ts), which is what the journal and all views hold.
   */
  readonly secrets?: readonly string[];
}

/** What may be changed while an experiment runs. A key that is absent stays as it is. */
export type ConfigChange = Partial<Pick<ExperimentConfig, ChangeableKey>>;

export type ChangeableKey =
  | "experimentName"
  | "description"
  | "tags"
  | "trialConcurrency"
  | "maxExecDurationMs"
  | "maxTrialNum"
  | "maxPhaseNum"
  | "maxPhasesPerTrial"
  | "searchSpace";

export const changeableKeys: readonly ChangeableKey[] = [
  "experimentName",
  "description",
  "tags",
  "trialConcurrency",
  "maxExecDurationMs",
  "maxTrialNum",
  "maxPhaseNum",
  "maxPhasesPerTrial",
  "searchSpace",
];

/** The largest `trialConcurrency`, and the largest of the limits that count something. */
export const mostTrialConcurrency = 99_999;
export const mostOfLimit: number = 2 ** 31 - 1;

/** A tuner or assessor: one of ours by name, or a class in a file of the user's. */
export type AlgorithmConfig =
  | { readonly kind: "builtin"; readonly name: string; readonly classArgs: JsonObject }
  | {
      readonly kind: "custom";
      readonly codeDir: string;
      readonly classFileName: string;
      readonly className: string;
      readonly classArgs: JsonObject;
      /** Tuner and assessor in one. */
      readonly advisor?: true;
      /** Of Python classes: `CUDA_VISIBLE_DEVICES` of their process; absent: it sees no GPU. */
      readonly gpuIndices?: readonly number[];
      /** Of Python tuners: they learn what stopped phases had reached. Others do in any case. */
      readonly includeIntermediateResults?: boolean;
    };

/** A class of the user's own. */
export type CustomAlgorithm = Extract<AlgorithmConfig, { kind: "custom" }>;

/** A class in Python, which lives in a process of its own. */
export type PythonAlgorithm = CustomAlgorithm & { readonly classFileName: `${string}.py` };

export function isPython(algorithm: AlgorithmConfig): algorithm is PythonAlgorithm {
  return algorithm.kind === "custom" && algorithm.classFileName.endsWith(".py");
}

export interface TrialConfig {
  /** Shell command line, run by `/bin/sh -c` in the code directory. */
  readonly command: string;
  readonly codeDir: string;
  /** Null: CUDA_VISIBLE_DEVICES is left alone; 0: no GPU is visible; n: n GPUs are assigned. */
  readonly gpuNum: number | null;
  readonly env: { readonly [name: string]: string };
  /** True: each job works in its own copy of `codeDir`. */
  readonly copyCodeDir: boolean;
}

/**
 * The search space is in the trial's code. Until the experiment is created, `searchSpace` is null; from then on it is the one
 * that was found, and `trial.codeDir` a copy of the code as it was, in the experiment's own directory.
 */
export interface AnnotationConfig {
  /** The user's code. */
  readonly codeDir: string;
  readonly nasMode: string;
}

/** Settings of the training service; `platform` names it, the rest is the service's own. */
export interface TrainingServiceConfig {
  readonly platform: string;
  readonly options: JsonObject;
}
