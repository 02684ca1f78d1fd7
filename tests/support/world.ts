import { createHash } from "node:crypto";
import {
  createExperiment,
  inlineAssessorHost,
  inlineTunerHost,
  recoverExperiment,
  withHistory,
} from "../../src/experiment/index.ts";
import type { Clock, Experiment, ExperimentDeps, Recovery, TunerHost } from "../../src/experiment/index.ts";
import { memoryJournal } from "../../src/journal/index.ts";
import type { Journal } from "../../src/journal/index.ts";
import type {
  Assessor,
  ExperimentConfig,
  Json,
  Proposal,
  SearchSpace,
  TrainingService,
  TrialResult,
  Tuner,
} from "../../src/model/index.ts";
import { functionTrainingService } from "../../src/training/function/index.ts";
import type { TrialFunction } from "../../src/training/function/index.ts";

/** Time that stands still until it is told to go on. */
export interface VirtualClock extends Clock {
  advance(ms: number): Promise<void>;
  /** Goes on to the next alarm; false where there is none. */
  skip(): Promise<boolean>;
}

export function virtualClock(start = 1_000_000): VirtualClock {
  let now = start;
  const alarms = new Set<{ at: number; ring: () => void }>();

  /** Rings the first alarm up to `end`, once all is quiet. */
  async function ringNext(end: number): Promise<boolean> {
    await quiet();
    const next = [...alarms].filter((alarm) => alarm.at <= end).sort((left, right) => left.at - right.at)[0];
    if (!next) return false;
    alarms.delete(next);
    now = Math.max(now, next.at);
    next.ring();
    return true;
  }

  return {
    now: () => now,
    alarm(at, ring) {
      const alarm = { at, ring };
      alarms.add(alarm);
      return () => alarms.delete(alarm);
    },
    async advance(ms) {
      const end = now + ms;
      while (await ringNext(end));
      now = end;
      await quiet();
    },
    skip: () => ringNext(Infinity),
  };
}

/** Resolves when all that is going on without time passing has been done. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

export const spaceOfX: SearchSpace = { x: { _type: "uniform", _value: [0, 1] } };

export function configOf(changes: Partial<ExperimentConfig> = {}): ExperimentConfig {
  return {
    authorName: "test",
    experimentName: "test",
    description: "",
    tags: [],
    trialConcurrency: 1,
    maxExecDurationMs: null,
    maxTrialNum: null,
    maxPhaseNum: null,
    maxPhasesPerTrial: null,
    multiPhase: true,
    phaseMode: "worker",
    objective: "last",
    gracePeriodMs: 60_000,
    phaseTimeoutMs: null,
    tunerTimeoutMs: null,
    maxTrialRetries: 0,
    seed: null,
    logDir: null,
    logLevel: "info",
    durability: "normal",
    searchSpace: spaceOfX,
    tuner: { kind: "builtin", name: "Random", classArgs: {} },
    assessor: null,
    optimizeMode: "maximize",
    trial: { command: "true", codeDir: "/", gpuNum: null, env: {}, copyCodeDir: false },
    trainingService: { platform: "local", options: {} },
    ...changes,
  };
}

/** Proposes { x: parameter id } and writes down every call, in order. */
export function countingTuner(
  limit: number = Infinity,
): Tuner & { readonly calls: string[]; readonly results: TrialResult[] } {
  const calls: string[] = [];
  const results: TrialResult[] = [];
  let proposed = 0;
  return {
    calls,
    results,
    updateSearchSpace: () => void calls.push("space"),
    generateParameters(parameterId, { trialJobId, parameterIndex }): Proposal {
      calls.push(`generate ${parameterId} ${trialJobId} ${parameterIndex}`);
      if (proposed >= limit) return { kind: "no-more" };
      proposed++;
      return { kind: "parameters", parameters: { x: parameterId } };
    },
    receiveTrialResult(result) {
      results.push(result);
      calls.push(
        `result ${result.parameterId} ${result.trialJobId} ${result.outcome} ${String(result.value)}`,
      );
    },
    trialEnd: (end) => void calls.push(`end ${end.parameterId} ${end.trialJobId} ${end.outcome}`),
  };
}

export interface World {
  readonly experiment: Experiment;
  readonly journal: Journal;
  readonly clock: VirtualClock;
  readonly logs: string[];
}

export interface WorldOptions {
  readonly config?: Partial<ExperimentConfig>;
  readonly tuner?: Tuner;
  /** Instead of `tuner`, where it is opened more than once. */
  makeTuner?(): Tuner;
  /** Comes between the experiment and the tuner's host. */
  wrapTuner?(host: TunerHost): TunerHost;
  makeAssessor?(): Assessor;
  readonly onTunerFailure?: "pause" | "end";
  readonly journal?: Journal;
  readonly clock?: VirtualClock;
  readonly recover?: boolean;
  readonly recovery?: Recovery;
  readonly service?: TrainingService;
  /** What each trial job does; the experiment comes first. */
  trial?(experiment: Experiment, ...job: Parameters<TrialFunction>): Promise<void>;
}

/** A whole experiment in memory, on virtual time, with trial jobs that are functions. */
export function world(options: WorldOptions = {}): World {
  const clock = options.clock ?? virtualClock();
  const journal = options.journal ?? memoryJournal();
  const logs: string[] = [];
  let experiment: Experiment | undefined = undefined;
  const trial = options.trial ?? oneResultPerPhase;
  const deps = depsOf({
    journal,
    clock,
    logs,
    openTuner(upTo) {
      const host = inlineTunerHost(options.tuner ?? options.makeTuner?.() ?? countingTuner());
      return withHistory(options.wrapTuner?.(host) ?? host, journal, upTo);
    },
    ...(options.makeAssessor && {
      openAssessor: () => inlineAssessorHost(options.makeAssessor?.() as Assessor),
    }),
    onTunerFailure: options.onTunerFailure ?? "end",
    service:
      options.service ??
      functionTrainingService((job, signal) => trial(experiment as Experiment, job, signal)),
  });
  experiment = options.recover
    ? recoverExperiment(deps, options.recovery)
    : createExperiment(deps, { experimentId: "exp00000", config: configOf(options.config), seed: 7 });
  return { experiment, journal, clock, logs };
}

/** The rest of what an experiment needs, given the parts that matter. Trial jobs are called job0, job1, ... */
export function depsOf({
  logs,
  ...parts
}: Pick<ExperimentDeps, "journal" | "clock" | "openTuner" | "openAssessor" | "onTunerFailure" | "service"> & {
  logs: string[];
}): ExperimentDeps {
  return {
    ...parts,
    ids: {
      trialJobId(taken) {
        for (let number = 0; ; number++) if (!taken.has(`job${number}`)) return `job${number}`;
      },
      tokenHash: (job, attempt) => sha256(`${job}/${attempt}`),
    },
    trialJobSpec: (job, firstIndex) => ({
      trialJobId: job.id,
      number: job.number,
      attempt: job.attempt,
      command: "",
      codeDir: "",
      copyCodeDir: false,
      outputDir: "",
      env: { POLYPHASE_PARAMETER_INDEX: String(firstIndex) },
      gpuNum: null,
    }),
    pid: 1,
    log: (level, message) => logs.push(`${level}: ${message}`),
    defer: (commit) => setImmediate(commit),
  };
}

/** A trial that reports `x` of each phase until there is no more. */
export async function oneResultPerPhase(
  experiment: Experiment,
  job: Parameters<TrialFunction>[0],
): Promise<void> {
  for (let index = Number(job.env["POLYPHASE_PARAMETER_INDEX"]); ; index++) {
    const answer = await experiment.requestParameters(job.trialJobId, index);
    if (answer.kind !== "parameters") return;
    const value = (answer.parameters as { x: Json }).x;
    await experiment.reportFinalResult(job.trialJobId, { parameterIndex: index, value });
  }
}

/** A promise that the test resolves when it wants to. */
export function gate<T = void>(): { readonly open: (value: T) => void; readonly opened: Promise<T> } {
  let open: (value: T) => void = () => {};
  const opened = new Promise<T>((resolve) => (open = resolve));
  return { open, opened };
}

/** The code of a refusal; "accepted" where there was none. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "accepted",
    (error: unknown) => (error as { code: string }).code,
  );
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
