import {
  canonical,
  isBetter,
  namedObjectives,
  objectiveFault,
  objectiveOf,
  PolyphaseError,
} from "../model/index.ts";
import type {
  AlgorithmConfig,
  ExperimentState,
  Fact,
  Json,
  Phase,
  PhaseOutcome,
  Proposal,
  TrialJob,
  TrialJobStatus,
} from "../model/index.ts";
import type { ParametersAnswer } from "../model/http.ts";
import type { Ask } from "./desk.ts";
import { isOpen, isPaused } from "./limits.ts";

/*
 * What each message means: pure functions from the state to the facts that now hold. They may refuse by throwing a
 * PolyphaseError; a returned fact will be appended. An empty list says: already known.
 *
 *   phase   running ──final result──▶ succeeded
 *              ├──────asked again───▶ abandoned          A phase ends exactly once.
 *              ├──────assessor──────▶ stopped
 *              ├──────job died──────▶ failed
 *              └──────job cancelled─▶ cancelled
 */

/** The answer that a job has got, or would get again, for this index; undefined where it is still to be found. */
export function knownAnswer(
  state: ExperimentState,
  job: TrialJob,
  parameterIndex: number,
): ParametersAnswer | undefined {
  if (job.noMore && parameterIndex >= job.noMore.parameterIndex)
    return { kind: "no-more", reason: job.noMore.reason };
  const phase = state.phases.get(job.parameterIds[parameterIndex] ?? -1);
  if (!phase) return undefined;
  return { kind: "parameters", parameterId: phase.parameterId, parameterIndex, parameters: phase.parameters };
}

/** A job asks for a phase: the one before it, if it has no result, is over. */
export function onParametersRequested(
  state: ExperimentState,
  trialJobId: string,
  parameterIndex: number,
): Fact[] {
  const job = activeTrialJob(state, trialJobId);
  const next = job.parameterIds.length;
  if (parameterIndex < next) return startOf(state.phases.get(job.parameterIds[parameterIndex] as number));
  if (parameterIndex > next && !job.noMore) {
    throw new PolyphaseError(
      "parameter-index-skipped",
      `trial job ${job.id} asked for parameter index ${parameterIndex}, expected ${next} (its next) or one that it has had`,
      { hint: "ask for 0, 1, 2 ... in order" },
    );
  }
  const last = lastPhase(state, job);
  if (last?.outcome !== "running") return [];
  return [
    ended(
      last,
      "abandoned",
      null,
      `the trial job asked for index ${parameterIndex} without reporting a final result`,
    ),
  ];
}

/**
 * The first phase is proposed before its job has a process, and the pending phase of a job that is started again waits for
 * the new one: the clock starts when a process takes it.
 */
function startOf(phase: Phase | undefined): Fact[] {
  if (!phase || phase.startedAt !== null || phase.outcome !== "running") return [];
  return [{ kind: "phase-started", parameterId: phase.parameterId }];
}

/**
 * The tuner has answered a job, or a name that becomes a job with its first parameters. After the
 * experiment has closed the answer is forgotten: no tuner will be asked again before a restart replays it without.
 */
export function onProposal(state: ExperimentState, ask: Ask, answer: TunerAnswer): Fact[] {
  if (!isOpen(state)) return [];
  const { trialJobId, parameterIndex, parameterId } = ask;
  const { proposal, heard, batch, additionId } = answer;
  const job = state.trialJobs.get(trialJobId);
  if (proposal.kind === "no-more") {
    // Asked again after the pause, the tuner says it again.
    if (isPaused(state)) return [];
    if (!job) return [{ kind: "experiment-status", status: "TUNER_NO_MORE_TRIAL", reason: exhausted }];
    return isActive(job)
      ? [{ kind: "trial-job-no-more", trialJobId, parameterIndex, reason: exhausted }]
      : [];
  }
  const { parameters } = proposal;
  const proposed: Fact = {
    kind: "phase-proposed",
    trialJobId,
    parameterIndex,
    parameterId,
    parameters,
    heard,
    batch,
    ...(additionId !== undefined && { additionId }),
  };
  if (!job)
    return [
      { kind: "trial-job-created", trialJobId, number: state.trialJobs.size, tokenHash: answer.tokenHash() },
      proposed,
    ];
  // A job without a first phase asked for it by itself, so it has it in hand.
  if (isActive(job))
    return parameterIndex === 0 ? [proposed, { kind: "phase-started", parameterId }] : [proposed];
  const reason = "the trial job had ended when the parameters came";
  return [proposed, { kind: "phase-ended", parameterId, outcome: "cancelled", value: null, reason }];
}

export interface TunerAnswer {
  readonly proposal: Exclude<Proposal, { kind: "wait" }>;
  /** See the record `phase-proposed`. */
  readonly heard: number;
  readonly batch: number;
  /** The parameters are a person's, not the tuner's. */
  readonly additionId?: number;
  /** Of the job that is created with this answer, where one is. */
  tokenHash(): string;
}

const exhausted = "the tuner has no more parameters";

export function onIntermediateResult(
  state: ExperimentState,
  trialJobId: string,
  report: { readonly parameterIndex: number; readonly sequence: number; readonly value: Json },
): Fact[] {
  const job = activeTrialJob(state, trialJobId);
  const phase = phaseAt(state, job, report.parameterIndex);
  const before = resultsBeforeAttempt(phase, job.attempt);
  const known = phase.intermediateResults[before + report.sequence];
  if (known) {
    if (canonical(known.value) === canonical(report.value)) return [];
    throw conflict(`intermediate result ${report.sequence} of ${nameOf(phase)}`);
  }
  if (phase.outcome === "stopped") return [];
  if (phase.outcome !== "running") throw alreadyEnded(phase);
  const expected = phase.intermediateResults.length - before;
  if (report.sequence !== expected) {
    throw new PolyphaseError(
      "sequence-skipped",
      `${nameOf(phase)} reported intermediate result ${report.sequence}, expected ${expected}`,
      { hint: "sequence counts 0, 1, 2 ... in each phase" },
    );
  }
  return [
    {
      kind: "intermediate-result",
      parameterId: phase.parameterId,
      sequence: report.sequence,
      value: report.value,
    },
  ];
}

/** How many of a phase's intermediate results are of earlier attempts of its job: those count from 0 for themselves. */
function resultsBeforeAttempt(phase: Phase, attempt: number): number {
  if (attempt === 0) return 0;
  const first = phase.intermediateResults.findIndex((result) => result.attempt === attempt);
  return first === -1 ? phase.intermediateResults.length : first;
}

export function onFinalResult(
  state: ExperimentState,
  trialJobId: string,
  report: { readonly parameterIndex: number; readonly value: Json },
): Fact[] {
  const job = state.trialJobs.get(trialJobId);
  const known = job && state.phases.get(job.parameterIds[report.parameterIndex] ?? -1);
  if (known?.outcome === "succeeded") {
    if (canonical(known.value) === canonical(report.value)) return [];
    throw conflict(`the final result of ${nameOf(known)}`);
  }
  const phase = phaseAt(state, activeTrialJob(state, trialJobId), report.parameterIndex);
  if (phase.outcome === "stopped") return [];
  if (phase.outcome !== "running") throw alreadyEnded(phase);
  return [ended(phase, "succeeded", report.value, faultOfResult(state.config.tuner, report.value))];
}

/** Why a result does not count; null where it does, or only a class of the user's own can tell. */
function faultOfResult({ kind, classArgs }: AlgorithmConfig, value: Json): string | null {
  const objectives = namedObjectives(classArgs);
  return kind === "custom" && objectives === undefined ? null : objectiveFault(value, objectives);
}

/** The training service tells of a job. `retry`: the token hash of the next attempt, where one is allowed. */
export function onTrialJobStatus(
  state: ExperimentState,
  trialJobId: string,
  status: TrialJobStatus,
  retryTokenHash: string | null,
): Fact[] {
  const job = state.trialJobs.get(trialJobId);
  if (!job || !isActive(job)) return [];
  switch (status.kind) {
    case "waiting":
      return [];
    case "running":
      return job.status === "running" ? [] : [{ kind: "trial-job-running", trialJobId }];
    case "succeeded":
    case "cancelled":
      return trialJobEnded(state, job, status.kind, null);
    case "failed":
      if (retryTokenHash !== null && isOpen(state) && !job.noMore) {
        const attempt = job.attempt + 1;
        return [
          {
            kind: "trial-job-retried",
            trialJobId,
            attempt,
            tokenHash: retryTokenHash,
            reason: status.reason,
          },
        ];
      }
      return trialJobEnded(state, job, "failed", status.reason);
  }
}

/** A phase has gone on for too long: it fails, and its job is to be cancelled. */
export function onPhaseTimeout(phase: Phase, timeoutMs: number): Fact[] {
  return [ended(phase, "failed", null, `no final result within phaseTimeout (${timeoutMs / 1000} s)`)];
}

/** The assessor or a person stops one phase; what the tuner learns is its best intermediate result. */
export function onPhaseStopped(
  state: ExperimentState,
  parameterId: number,
  reason: string,
  by: "assessor" | "person" = "person",
): Fact[] {
  const phase = state.phases.get(parameterId);
  if (!phase) throw new PolyphaseError("unknown-phase", `there is no phase with parameter id ${parameterId}`);
  if (phase.outcome === "stopped") return [];
  if (phase.outcome !== "running") throw alreadyEnded(phase);
  const fact = ended(phase, "stopped", bestIntermediate(state, phase), reason);
  return [by === "assessor" ? { ...fact, by } : fact];
}

export function isActive(job: TrialJob): boolean {
  return job.status === "created" || job.status === "waiting" || job.status === "running";
}

/** The job's newest phase. */
export function lastPhase(state: ExperimentState, job: TrialJob): Phase | undefined {
  return state.phases.get(job.parameterIds.at(-1) ?? -1);
}

function trialJobEnded(
  state: ExperimentState,
  job: TrialJob,
  status: "succeeded" | "failed" | "cancelled",
  reason: string | null,
): Fact[] {
  const phase = lastPhase(state, job);
  const jobEnded: Fact = { kind: "trial-job-ended", trialJobId: job.id, status, reason };
  if (phase?.outcome !== "running") return [jobEnded];
  const untouched =
    phase.startedAt === null ? "without asking for parameters" : "before a final result was reported";
  const how = { succeeded: "ended (exit code 0)", failed: "failed", cancelled: "was cancelled" }[status];
  const why = `the trial job ${how} ${untouched}${reason ? `: ${reason}` : ""}`;
  return [ended(phase, status === "cancelled" ? "cancelled" : "failed", null, why), jobEnded];
}

function activeTrialJob(state: ExperimentState, trialJobId: string): TrialJob {
  const job = state.trialJobs.get(trialJobId);
  if (!job)
    throw new PolyphaseError(
      "unknown-trial-job",
      `there is no trial job ${trialJobId} in experiment ${state.experimentId}`,
    );
  if (!isActive(job))
    throw new PolyphaseError("trial-job-ended", `trial job ${trialJobId} has ended (${job.status})`);
  return job;
}

function phaseAt(state: ExperimentState, job: TrialJob, parameterIndex: number): Phase {
  const phase = state.phases.get(job.parameterIds[parameterIndex] ?? -1);
  if (phase && (phase.startedAt !== null || phase.outcome !== "running")) return phase;
  throw new PolyphaseError(
    "no-such-phase",
    `trial job ${job.id} reported a result for parameter index ${parameterIndex}, for which it has not asked`,
    { hint: "ask for parameters before reporting" },
  );
}

function ended(
  phase: Phase,
  outcome: PhaseOutcome,
  value: Json,
  reason: string | null,
): Extract<Fact, { kind: "phase-ended" }> {
  return { kind: "phase-ended", parameterId: phase.parameterId, outcome, value, reason };
}

function nameOf(phase: Phase): string {
  return `phase ${phase.parameterIndex} of trial job ${phase.trialJobId}`;
}

function conflict(what: string): PolyphaseError {
  return new PolyphaseError(
    "result-conflict",
    `${what} was reported before with another value; the first one counts`,
  );
}

function alreadyEnded(phase: Phase): PolyphaseError {
  const why = phase.reason === null ? "" : `: ${phase.reason}`;
  return new PolyphaseError("phase-ended", `${nameOf(phase)} has ended (${phase.outcome})${why}`);
}

function bestIntermediate(state: ExperimentState, phase: Phase): Json {
  let best: number | null = null;
  for (const { value } of phase.intermediateResults) {
    const objective = objectiveOf(value);
    if (objective === undefined || Number.isNaN(objective)) continue;
    if (best === null || isBetter(objective, best, state.config.optimizeMode)) best = objective;
  }
  return best;
}
