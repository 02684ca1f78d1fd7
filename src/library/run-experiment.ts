import { randomInt } from "node:crypto";
import { configFromObject } from "../config/index.ts";
import { createExperiment, inlineTunerHost, systemClock, withHistory } from "../experiment/index.ts";
import type { Experiment, ExperimentDeps } from "../experiment/index.ts";
import { memoryJournal } from "../journal/index.ts";
import { paretoView } from "../journal/views.ts";
import { jsonCopy, messageOf, objectiveOf, PolyphaseError } from "../model/index.ts";
import type {
  ExperimentConfig,
  ExperimentStatus,
  Json,
  OptimizeMode,
  Phase,
  SearchSpace,
  TrialJob,
  TrialJobSpec,
  Tuner,
} from "../model/index.ts";
import type { ParametersAnswer } from "../model/http.ts";
import { didYouMean } from "../model/suggest.ts";
import type { ParametersOf } from "../space/index.ts";
import { functionTrainingService } from "../training/function/index.ts";
import { builtinTunerNames, createBuiltinTuner } from "../tuners/index.ts";

/** Settings of {@link runExperiment}. */
export interface RunOptions<Space extends SearchSpace> {
  /** Made with `space({ ... })`, so that the parameters are typed; or plain JSON. */
  readonly space: Space;
  /** A built-in tuner by name, or one of your own. Default "TPE". */
  readonly tuner?: string | Tuner;
  /** The built-in tuner's own settings. */
  readonly classArgs?: { readonly [name: string]: Json };
  /** Default "maximize". */
  readonly optimizeMode?: OptimizeMode;
  /**
   * Evaluates one set of parameters and gives the result: a number, an object with a numeric `default`, or one with a number
   * for each of several objectives.
   */
  readonly objective: (phase: PhaseContext<ParametersOf<Space>>) => Json | Promise<Json>;
  /** Evaluations at once. Default 1. */
  readonly concurrency?: number;
  /** Evaluations in all. Default 100. */
  readonly maxPhaseNum?: number;
  /** Running time in milliseconds after which no evaluation is begun. */
  readonly maxExecDurationMs?: number;
  /** Same seed, same proposals (with `concurrency` 1). Default: drawn. */
  readonly seed?: number;
  /** Ends the experiment early; what was found so far is returned. */
  readonly signal?: AbortSignal;
  /** Hears of every evaluation that ended. If it throws, the experiment is stopped and the promise rejects with that error. */
  readonly onPhase?: (phase: FinishedPhase<ParametersOf<Space>>) => void;
}

/** One evaluation, as the objective sees it. */
export interface PhaseContext<Parameters> {
  readonly parameters: Parameters;
  readonly parameterId: number;
  /** The concurrent worker that evaluates it, and its place there. */
  readonly trialJobId: string;
  readonly parameterIndex: number;
  /** Aborts when the experiment is stopped. */
  readonly signal: AbortSignal;
  /** Reports progress. `stopped`: the evaluation is not worth going on. */
  reportIntermediate(value: Json): Promise<{ readonly stopped: boolean }>;
}

export interface FinishedPhase<Parameters> {
  readonly parameterId: number;
  readonly parameters: Parameters;
  readonly outcome: Phase["outcome"];
  readonly result: Json;
  /** The number in the result; undefined where there is none. */
  readonly objective: number | undefined;
  readonly reason: string | null;
}

export interface ExperimentResult<Parameters> {
  /** "DONE", "STOPPED" (by `signal`) or "ERROR". */
  readonly status: ExperimentStatus;
  readonly statusReason: string | null;
  readonly seed: number;
  /** Undefined where no evaluation gave a number. */
  readonly best: (FinishedPhase<Parameters> & { readonly objective: number }) | undefined;
  /** Where `classArgs` name several `objectives`: the evaluations that no other one beats in all of them; else empty. */
  readonly pareto: readonly FinishedPhase<Parameters>[];
  readonly phases: readonly FinishedPhase<Parameters>[];
}

/**
 * Searches in this process, without server or CLI: `objective` is called again and again, at most `concurrency` times at
 * once. An objective that throws fails its evaluation, and the search goes on; when the first ten all throw, or the tuner
 * does, the promise rejects with `experiment-failed` and the message of the last.
 */
export async function runExperiment<const Space extends SearchSpace>(
  options: RunOptions<Space>,
): Promise<ExperimentResult<ParametersOf<Space>>> {
  const { experiment, seed, rethrow } = start(options);
  const stop = (): void => void experiment.stop("the signal was aborted");
  if (options.signal?.aborted) stop();
  options.signal?.addEventListener("abort", stop);
  const status = await experiment.ended;
  options.signal?.removeEventListener("abort", stop);
  rethrow();
  const { statusReason } = experiment.state;
  if (status === "ERROR")
    throw new PolyphaseError("experiment-failed", statusReason ?? "the experiment failed");
  return summaryOf(experiment, seed);
}

interface Started {
  readonly experiment: Experiment;
  readonly seed: number;
  /** Throws what `onPhase` has thrown, if it has. */
  rethrow(): void;
}

const optionNames = [
  "space",
  "tuner",
  "classArgs",
  "optimizeMode",
  "objective",
  "concurrency",
  "maxPhaseNum",
  "maxExecDurationMs",
  "seed",
  "signal",
  "onPhase",
] as const satisfies readonly (keyof RunOptions<SearchSpace>)[];

/** Callers without TypeScript learn of a slip of the pen too. */
function refuseUnknown(options: object): void {
  const unknown = Object.keys(options).find((name) => !(optionNames as readonly string[]).includes(name));
  if (unknown === undefined) return;
  const hint = didYouMean(unknown, optionNames);
  const message = `runExperiment has no option "${unknown}"; it has ${optionNames.join(", ")}`;
  throw new PolyphaseError("unknown-option", message, hint === undefined ? {} : { hint });
}

function start<Space extends SearchSpace>(options: RunOptions<Space>): Started {
  refuseUnknown(options);
  const { config } = configFromObject(configOf(options as unknown as RunOptions<SearchSpace>), {
    directory: process.cwd(),
    env: process.env,
    tunerNames: builtinTunerNames,
  });
  const seed = config.seed ?? randomInt(2 ** 47);
  let jobs = 0;
  let experiment: Experiment | undefined = undefined;
  const service = functionTrainingService((job, signal) =>
    evaluatePhases(
      experiment as Experiment,
      options as unknown as RunOptions<SearchSpace>,
      job.trialJobId,
      signal,
    ),
  );
  const journal = memoryJournal();
  const host = inlineTunerHost(tunerOf(options.tuner, config, seed));
  const deps: ExperimentDeps = {
    journal,
    clock: systemClock(),
    openTuner: (upTo) => withHistory(host, journal, upTo),
    service,
    // There is nobody from outside to tell apart.
    ids: { trialJobId: () => `job${jobs++}`, tokenHash: () => "" },
    trialJobSpec: inProcessSpec,
    pid: process.pid,
    log: () => {},
    defer: (commit) => void setImmediate(commit),
  };
  experiment = createExperiment(deps, { experimentId: "in-process", config, seed });
  const onPhase = options.onPhase as ((phase: FinishedPhase<unknown>) => void) | undefined;
  return { experiment, seed, rethrow: onPhase ? tell(experiment, onPhase) : () => {} };
}

function configOf(options: RunOptions<SearchSpace>): object {
  const { space, tuner = "TPE", classArgs = {}, optimizeMode, seed, maxExecDurationMs } = options;
  const name = typeof tuner === "string" ? tuner : "Random"; // one of the user's own is handed over as it is
  return {
    searchSpace: space,
    trainingServicePlatform: "function",
    multiPhase: true,
    trialConcurrency: options.concurrency ?? 1,
    maxPhaseNum: options.maxPhaseNum ?? 100,
    tuner: {
      builtinTunerName: name,
      classArgs: { ...classArgs, ...(optimizeMode && { optimize_mode: optimizeMode }) },
    },
    ...(maxExecDurationMs !== undefined && { maxExecDuration: maxExecDurationMs / 1000 }),
    ...(seed !== undefined && { seed }),
  };
}

function tunerOf(tuner: string | Tuner | undefined, config: ExperimentConfig, seed: number): Tuner {
  if (typeof tuner === "object") return tuner;
  const { name, classArgs } = config.tuner as Extract<ExperimentConfig["tuner"], { kind: "builtin" }>;
  return createBuiltinTuner(name, { optimizeMode: config.optimizeMode, seed, classArgs });
}

function inProcessSpec(job: TrialJob): TrialJobSpec {
  const nothing = { command: "", codeDir: "", copyCodeDir: false, outputDir: "", env: {}, gpuNum: null };
  return { trialJobId: job.id, number: job.number, attempt: job.attempt, ...nothing };
}

/** The life of one worker: phase after phase, until there is no more. */
async function evaluatePhases(
  experiment: Experiment,
  options: RunOptions<SearchSpace>,
  trialJobId: string,
  signal: AbortSignal,
): Promise<void> {
  for (let parameterIndex = 0; !signal.aborted; parameterIndex++) {
    const answer = await experiment.requestParameters(trialJobId, parameterIndex);
    if (answer.kind !== "parameters") return;
    const context = contextOf(experiment, answer, trialJobId, signal);
    const value = resultOf(await options.objective(context as Parameters<typeof options.objective>[0]));
    if (!signal.aborted) await experiment.reportFinalResult(trialJobId, { parameterIndex, value });
  }
}

/** By value: the objective may go on using what it gave. */
function resultOf(value: unknown): Json {
  try {
    return jsonCopy(value);
  } catch (cause) {
    throw new PolyphaseError(
      "result-not-json",
      `expected a number, or an object with a numeric \`default\`, as result: ${messageOf(cause)}`,
      { cause },
    );
  }
}

function contextOf(
  experiment: Experiment,
  phase: Extract<ParametersAnswer, { kind: "parameters" }>,
  trialJobId: string,
  signal: AbortSignal,
): PhaseContext<unknown> {
  const { parameterId, parameterIndex } = phase;
  const parameters = structuredClone(phase.parameters);
  let sequence = 0;
  return {
    parameters,
    parameterId,
    trialJobId,
    parameterIndex,
    signal,
    async reportIntermediate(value) {
      const report = { parameterIndex, value: resultOf(value), sequence: sequence++ };
      const answer = await experiment.reportIntermediateResult(trialJobId, report);
      return { stopped: answer.phase === "stopped" };
    },
  };
}

/** Tells of evaluations that ended, until `onPhase` throws. Returns the way to hear of that. */
function tell(experiment: Experiment, onPhase: (phase: FinishedPhase<unknown>) => void): () => void {
  let thrown: { readonly error: unknown } | undefined;
  const unsubscribe = experiment.subscribe((records) => {
    try {
      for (const { record } of records) {
        if (record.kind === "phase-ended")
          onPhase(finished(experiment.state.phases.get(record.parameterId) as Phase));
      }
    } catch (error) {
      thrown = { error };
      unsubscribe();
      void experiment.stop("onPhase threw an error");
    }
  });
  return () => {
    if (thrown) throw thrown.error as Error;
  };
}

function summaryOf<Parameters>(experiment: Experiment, seed: number): ExperimentResult<Parameters> {
  const { status, statusReason, phases, bestParameterId } = experiment.state;
  const all = [...phases.values()].map((phase) => finished<Parameters>(phase));
  const best = all.find((phase) => phase.parameterId === bestParameterId);
  const front = new Map(
    paretoView(experiment.state)?.phases.map((phase, place) => [phase.parameterId, place]),
  );
  const pareto = all
    .filter(({ parameterId }) => front.has(parameterId))
    .sort((one, other) => (front.get(one.parameterId) ?? 0) - (front.get(other.parameterId) ?? 0));
  return {
    status,
    statusReason,
    seed,
    phases: all,
    best: best as ExperimentResult<Parameters>["best"],
    pareto,
  };
}

function finished<Parameters>(phase: Phase): FinishedPhase<Parameters> {
  const { parameterId, outcome, value, reason } = phase;
  const parameters = phase.parameters as Parameters;
  return { parameterId, parameters, outcome, result: value, objective: objectiveOf(value), reason };
}
