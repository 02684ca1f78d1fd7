/**
 * What people and programs are shown of an experiment: pure functions of its state, used by the server, the command line
 * and the browser alike. Numbers that JSON cannot hold are spelled as strings ("NaN", "Infinity", "-Infinity").
 */
import type {
  BestView,
  DeedView,
  ExperimentView,
  ExportView,
  ParetoView,
  PhaseView,
  TrialInfo,
  TrialJobView,
} from "../model/http.ts";
import type {
  AlgorithmConfig,
  ExperimentState,
  Json,
  NamedObjective,
  PersonsDeed,
  Phase,
  TrialJob,
} from "../model/index.ts";
import {
  isBetter,
  lossesOf,
  namedObjectives,
  objectiveNamed,
  objectiveOf,
  paretoFront,
  plain,
} from "../model/index.ts";
import { elapsedMs } from "./apply.ts";

/** What the journal does not know about the manager. */
export interface ManagerPresence {
  /** Milliseconds since the epoch, by the manager's clock. */
  readonly now: number;
  /** The running manager's process; null when none is running. */
  readonly pid: number | null;
  readonly url: string | null;
}

export function experimentView(state: ExperimentState, manager: ManagerPresence): ExperimentView {
  const { config } = state;
  return {
    id: state.experimentId,
    name: config.experimentName,
    status: state.status,
    statusReason: state.statusReason,
    pauseCause: state.pauseCause,
    description: config.description,
    lastFailure: state.lastFailure,
    pid: manager.pid,
    url: manager.url,
    platform: config.trainingService.platform,
    tuner: algorithmName(config.tuner),
    optimizeMode: config.optimizeMode,
    objectives: modesOf(namedObjectives(config.tuner.classArgs)),
    phaseMode: config.phaseMode,
    tags: config.tags,
    createdAt: state.createdAt,
    endedAt: state.endedAt,
    // The clock stands still while no manager is running.
    elapsedMs: elapsedMs(state, manager.pid === null ? state.lastRecordAt : manager.now),
    trialConcurrency: config.trialConcurrency,
    maxTrialNum: config.maxTrialNum,
    maxPhaseNum: config.maxPhaseNum,
    maxPhasesPerTrial: config.maxPhasesPerTrial,
    maxExecDurationMs: config.maxExecDurationMs,
    trialJobs: trialJobCounts(state),
    phases: { ...state.counts, total: state.phases.size },
    waitingAdditions: state.additions.size,
    importedCount: state.importedCount,
    best: bestView(state),
  };
}

function algorithmName(algorithm: AlgorithmConfig): string {
  return algorithm.kind === "builtin" ? algorithm.name : algorithm.className;
}

/** Every status is there, also those that no job has. */
function trialJobCounts(state: ExperimentState): Record<TrialJob["status"] | "total", number> {
  const counts = {
    created: 0,
    waiting: 0,
    running: 0,
    succeeded: 0,
    failed: 0,
    cancelled: 0,
    total: state.trialJobs.size,
  };
  for (const job of state.trialJobs.values()) counts[job.status] += 1;
  return counts;
}

/** The best phase, or in `phaseMode: episode` the best trial; null as long as no result has an objective. */
export function bestView(state: ExperimentState): BestView | null {
  if (state.config.phaseMode === "episode") return bestEpisode(state);
  const best = state.bestParameterId === null ? undefined : state.phases.get(state.bestParameterId);
  const objective = best && objectiveOf(best.value);
  return best === undefined || objective === undefined
    ? null
    : { objective: plainNumber(objective), ...place(best) };
}

/** The Pareto front of the phases that succeeded; null where the tuner's class args do not name several objectives. */
export function paretoView(state: ExperimentState): ParetoView | null {
  const objectives = namedObjectives(state.config.tuner.classArgs);
  const modes = modesOf(objectives);
  if (objectives === undefined || modes === null) return null;
  const solutions = [...state.phases.values()].flatMap((phase) => {
    const losses = phase.outcome === "succeeded" ? lossesOf(phase.value, objectives) : undefined;
    return losses === undefined ? [] : [{ phase, losses }];
  });
  const front = paretoFront(solutions.map(({ losses }) => losses));
  const phases = front.map((found) => {
    const { phase } = solutions[found] as (typeof solutions)[number];
    const numbers = objectives.map(({ name }): [string, number | string] => [
      name,
      plainNumber(objectiveNamed(phase.value, name) as number),
    ]);
    return { objectives: Object.fromEntries(numbers), ...place(phase) };
  });
  return { objectives: modes, phases };
}

function modesOf(objectives: readonly NamedObjective[] | undefined): ExperimentView["objectives"] {
  if (objectives === undefined) return null;
  return Object.fromEntries(objectives.map(({ name, mode }) => [name, mode]));
}

/**
 * The best of the trials that succeeded; as long as there is none, the best so far of the others. (A trial cut short may
 * look good only because phases are missing: the sum of one loss is less than the sum of ten.)
 */
function bestEpisode(state: ExperimentState): BestView | null {
  const jobs = [...state.trialJobs.values()];
  const complete = bestEpisodeOf(
    state,
    jobs.filter((job) => job.status === "succeeded"),
  );
  return complete ?? bestEpisodeOf(state, jobs);
}

function bestEpisodeOf(state: ExperimentState, jobs: readonly TrialJob[]): BestView | null {
  let best: { readonly job: TrialJob; readonly objective: number } | null = null;
  for (const job of jobs) {
    const objective = episodeObjective(state, job);
    if (objective === undefined || Number.isNaN(objective)) continue;
    if (best === null || isBetter(objective, best.objective, state.config.optimizeMode))
      best = { job, objective };
  }
  if (best === null) return null;
  const phases = resultPhases(state, best.job);
  return {
    objective: plainNumber(best.objective),
    ...place(decisivePhase(state, phases, best.objective)),
    results: phases.map((phase) => plain(phase.value)),
  };
}

/** The phase whose parameters stand for the trial: the one with the extreme result, else the last. */
function decisivePhase(state: ExperimentState, phases: readonly Phase[], objective: number): Phase {
  const { objective: rule } = state.config;
  const extreme =
    rule === "max" || rule === "min"
      ? phases.find((phase) => objectiveOf(phase.value) === objective)
      : undefined;
  return extreme ?? (phases.at(-1) as Phase);
}

function place(phase: Phase): Omit<BestView, "objective"> {
  const { trialJobId, parameterId, parameterIndex } = phase;
  return { trialJobId, parameterId, parameterIndex, parameters: plain(phase.parameters) };
}

/** The trial's objective so far in `phaseMode: episode`, undefined before its first result. */
export function episodeObjective(state: ExperimentState, job: TrialJob): number | undefined {
  const objectives = resultPhases(state, job).map((phase) => objectiveOf(phase.value) as number);
  if (objectives.length === 0) return undefined;
  const sum = objectives.reduce((total, objective) => total + objective, 0);
  switch (state.config.objective) {
    case "last":
      return objectives.at(-1);
    case "max":
      return extreme(objectives, Math.max);
    case "min":
      return extreme(objectives, Math.min);
    case "sum":
      return sum;
    case "mean":
      return sum / objectives.length;
  }
}

/** NaN is not an extreme, unless there is nothing else. */
function extreme(objectives: readonly number[], pick: (a: number, b: number) => number): number {
  const numbers = objectives.filter((objective) => !Number.isNaN(objective));
  return numbers.length === 0 ? Number.NaN : numbers.reduce((a, b) => pick(a, b));
}

/** The phases of a job whose final result has an objective. */
function resultPhases(state: ExperimentState, job: TrialJob): readonly Phase[] {
  return job.parameterIds.flatMap((parameterId) => {
    const phase = state.phases.get(parameterId);
    return phase?.outcome === "succeeded" && objectiveOf(phase.value) !== undefined ? [phase] : [];
  });
}

export function trialJobView(state: ExperimentState, job: TrialJob): TrialJobView {
  const objective = state.config.phaseMode === "episode" ? episodeObjective(state, job) : undefined;
  return {
    id: job.id,
    number: job.number,
    status: job.status,
    reason: job.reason,
    attempt: job.attempt,
    startTime: job.startedAt,
    endTime: job.endedAt,
    phases: job.parameterIds.length,
    objective: objective === undefined ? null : plainNumber(objective),
  };
}

export function phaseView(phase: Phase): PhaseView {
  const objective = phaseObjective(phase);
  return {
    parameterId: phase.parameterId,
    trialJobId: phase.trialJobId,
    parameterIndex: phase.parameterIndex,
    parameters: plain(phase.parameters),
    origin: phase.origin,
    outcome: phase.outcome,
    finalResult: phase.outcome === "succeeded" ? plain(phase.value) : null,
    objective: objective === undefined ? null : plainNumber(objective),
    reason: phase.reason,
    intermediateResults: intermediateResults(phase),
    startTime: phase.startedAt,
    endTime: phase.endedAt,
  };
}

/** What the phase counts for: its result, or for a stopped phase what the tuner learnt. Undefined where there is none. */
export function phaseObjective(phase: Phase): number | undefined {
  return phase.outcome === "succeeded" || phase.outcome === "stopped" ? objectiveOf(phase.value) : undefined;
}

/** Those of the last attempt that reported: a job that was started again reports its phase from the beginning. */
function intermediateResults(phase: Phase): readonly Json[] {
  const attempt = phase.intermediateResults.at(-1)?.attempt;
  return phase.intermediateResults
    .filter((result) => result.attempt === attempt)
    .map((result) => plain(result.value));
}

export function deedView({ at, by, action, details }: PersonsDeed): DeedView {
  return { at, by, action, details: plain(details) };
}

function plainNumber(value: number): number | string {
  return plain(value) as number | string;
}

/** Everything, as one document. */
export function exportView(state: ExperimentState, manager: ManagerPresence): ExportView {
  return {
    experiment: {
      ...experimentView(state, manager),
      config: plain(state.config as unknown as Json),
      seed: state.seed,
    },
    trialJobs: Array.from(state.trialJobs.values(), (job) => trialJobView(state, job)),
    phases: Array.from(state.phases.values(), phaseView),
  };
}

/** What a trial job is told about itself. */
export function trialInfo(state: ExperimentState, job: TrialJob): TrialInfo {
  const last = state.phases.get(job.parameterIds.at(-1) ?? -1);
  return {
    experimentId: state.experimentId,
    trialJobId: job.id,
    number: job.number,
    multiPhase: state.config.multiPhase,
    parameterIndex: last?.outcome === "running" ? last.parameterIndex : job.parameterIds.length,
  };
}
