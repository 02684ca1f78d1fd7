import type { CancelReason, ExperimentState, Fact, TrialJob } from "../model/index.ts";
import { isActive, lastPhase, onPhaseTimeout, onTrialJobStatus } from "./decide.ts";
import type { Desk } from "./desk.ts";
import { isOpen, isPaused, phaseRefusal, timeLimitAt, trialJobRefusal } from "./limits.ts";

/** Jobs in a row that end without a result, after which an experiment without any is broken rather than unlucky. */
const hopelessFailures = 10;

/** How long a training service may take to accept a job, in milliseconds: far longer than any that works. */
const submissionLeaseMs = 600_000;

/** The shortest time for that, whatever the grace period: a job given up while it is just being started would live on. */
const leastSubmissionLeaseMs = 5_000;

/** What is to be done now. Nothing here is done by the planning itself. */
export interface Plan {
  /** Facts that hold because of the clock or because nothing is left to do. If there are any, there is nothing else: plan again with them. */
  readonly facts: readonly Fact[];
  /** How many new trial jobs to name and to ask the tuner for. */
  readonly newTrialJobs: number;
  /** Further phases to ask the tuner for: trial job id and index. */
  readonly newAsks: readonly { readonly trialJobId: string; readonly parameterIndex: number }[];
  /** Jobs to hand to the training service. */
  readonly submit: readonly TrialJob[];
  readonly cancel: readonly { readonly trialJobId: string; readonly reason: CancelReason }[];
  /** When to plan again at the latest, on the manager's clock; Infinity: only when something happens. */
  readonly wakeAt: number;
}

/**
 * Looks at what is and says what follows. Pure, and independent of how the state came about: after a restart the same
 * function gives what a restarted manager has to do.
 */
export function plan(state: ExperimentState, desk: Desk): Plan {
  const jobs = [...state.activeTrialJobs].map((id) => state.trialJobs.get(id) as TrialJob);
  const deadlines = jobs.map((job) => deadlineOf(state, desk, job));
  const facts = [...requestFacts(state, desk), ...timeoutFacts(state, deadlines, desk.now())];
  if (facts.length === 0) facts.push(...statusFacts(state, desk));
  if (facts.length > 0) return { ...nothing, facts };
  const newAsks = missingAsks(state, desk);
  return {
    facts,
    newTrialJobs: missingTrialJobs(state, desk, newAsks.length),
    newAsks,
    submit: isOpen(state) && !isPaused(state) ? jobs.filter((job) => isToBeSubmitted(desk, job)) : [],
    cancel: deadlines.flatMap((deadline) => cancellation(state, desk, deadline)),
    wakeAt: Math.min(
      nextTurnOfTime(state, desk.now()),
      endOfPatience(desk),
      ...deadlines.map((deadline) => deadline.at),
    ),
  };
}

const nothing: Omit<Plan, "facts"> = {
  newTrialJobs: 0,
  newAsks: [],
  submit: [],
  cancel: [],
  wakeAt: Infinity,
};

function isToBeSubmitted(desk: Desk, job: TrialJob): boolean {
  return (
    job.status === "created" &&
    desk.submitted.get(job.id)?.attempt !== job.attempt &&
    !desk.cancelling.has(job.id)
  );
}

/**
 * Open requests of jobs that may get nothing more, of jobs that are too many since `trialConcurrency` was lowered, and of all
 * waiting jobs when nothing can end their wait.
 */
function requestFacts(state: ExperimentState, desk: Desk): Fact[] {
  const stuck = isStuck(state, desk);
  let surplus = surplusJobs(state, desk);
  return [...desk.requests].flatMap(([trialJobId, requests]) => {
    const job = state.trialJobs.get(trialJobId);
    const parameterIndex = job?.parameterIds.length ?? 0;
    if (
      !job ||
      !isActive(job) ||
      job.noMore ||
      !requests.some((request) => request.parameterIndex === parameterIndex)
    )
      return [];
    if (desk.asks.get(trialJobId)?.state === "asked" && isOpen(state)) return [];
    const reason =
      phaseRefusal(state, desk, job) ??
      (stuck ? stuckReason : null) ??
      (surplus > 0 ? `trialConcurrency was lowered to ${state.config.trialConcurrency}` : null);
    if (reason === null) return [];
    surplus -= 1;
    return [{ kind: "trial-job-no-more", trialJobId, parameterIndex, reason } satisfies Fact];
  });
}

/** How many jobs more than allowed go on asking. */
function surplusJobs(state: ExperimentState, desk: Desk): number {
  const asking = [...state.activeTrialJobs].filter(
    (id) => !state.trialJobs.get(id)?.noMore && !desk.cancelling.has(id),
  );
  return asking.length - state.config.trialConcurrency;
}

const stuckReason = "the tuner asks for patience, but no phase is running that could end its wait";

/** Every question waits for a phase to end, and none is running. Answers that the tuner owes have had their time. */
function isStuck(state: ExperimentState, desk: Desk): boolean {
  if (isPaused(state) || state.additions.size > 0) return false;
  const asks = [...desk.asks.values()];
  if (asks.length === 0 || state.counts.running > 0 || asks.some((ask) => ask.state !== "waiting"))
    return false;
  if (owedUntil(desk) > desk.now()) return false;
  return [...state.activeTrialJobs].every((id) => desk.asks.has(id) || state.trialJobs.get(id)?.noMore);
}

function owedUntil(desk: Desk): number {
  return Math.max(0, ...[...desk.asks.values()].map((ask) => ask.owedUntil ?? 0));
}

/** When a wait for answers that are owed is over; Infinity where nobody waits. */
function endOfPatience(desk: Desk): number {
  const until = owedUntil(desk);
  return until > desk.now() ? until : Infinity;
}

interface Deadline {
  readonly job: TrialJob;
  readonly kind: "phase-timeout" | "submission" | "limit" | "none";
  readonly at: number;
}

/**
 * When a job has to be cancelled if nothing happens before. Time without a manager, or with one that was stopped, does not
 * count: nobody could report.
 */
function deadlineOf(state: ExperimentState, desk: Desk, job: TrialJob): Deadline {
  const unacceptedAt = submissionEnd(state, desk, job);
  if (unacceptedAt < Infinity) return { job, kind: "submission", at: unacceptedAt };
  if (desk.cancelling.has(job.id)) return { job, kind: "none", at: Infinity };
  const { phaseTimeoutMs } = state.config;
  const phase = lastPhase(state, job);
  const running = phase?.outcome === "running";
  const lateAt =
    running && phaseTimeoutMs !== null && phase.startedAt !== null
      ? countedFrom(state, desk, phase.startedAt) + phaseTimeoutMs
      : Infinity;
  const limitAt = graceEnd(state, desk, job, running);
  return lateAt <= limitAt ? { job, kind: "phase-timeout", at: lateAt } : { job, kind: "limit", at: limitAt };
}

/** When a job that was handed over and not yet accepted is given up; sooner where it is to be cancelled anyway. */
function submissionEnd(state: ExperimentState, desk: Desk, job: TrialJob): number {
  const submitted = desk.submitted.get(job.id);
  if (job.status !== "created" || submitted?.attempt !== job.attempt) return Infinity;
  const cancelling = desk.cancelling.get(job.id);
  const patience = countedFrom(state, desk, submitted.at) + submissionLeaseMs;
  if (!cancelling) return patience;
  return Math.min(patience, cancelling.at + Math.max(state.config.gracePeriodMs, leastSubmissionLeaseMs));
}

/** The moment from which a lease counts that began at `begun`. */
function countedFrom(state: ExperimentState, desk: Desk, begun: number): number {
  return Math.max(begun, state.sessionStartedAt, desk.awakeSince());
}

/**
 * Running phases have the grace period from the moment the experiment closed, idle jobs that may get nothing more from their
 * last sign of life. Without `multiPhase` nobody expects a job to ask again: it takes its time over what is left to do.
 */
function graceEnd(state: ExperimentState, desk: Desk, job: TrialJob, running: boolean): number {
  const { gracePeriodMs } = state.config;
  const closedAt = state.status === "ERROR" ? (state.endedAt ?? desk.now()) : timeLimitAt(state);
  const mayLinger = !state.config.multiPhase && job.noMore === null && isOpen(state);
  if (running || mayLinger || phaseRefusal(state, desk, job) === null) return closedAt + gracePeriodMs;
  const lastSign = Math.max(job.lastActivityAt, desk.heartbeats.get(job.id) ?? 0);
  return countedFrom(state, desk, lastSign) + gracePeriodMs;
}

function timeoutFacts(state: ExperimentState, deadlines: readonly Deadline[], now: number): Fact[] {
  return deadlines
    .filter((deadline) => deadline.at <= now)
    .flatMap(({ kind, job }) => {
      if (kind === "submission") return onTrialJobStatus(state, job.id, notAccepted, null);
      const timeoutMs = state.config.phaseTimeoutMs;
      const phase = kind === "phase-timeout" ? lastPhase(state, job) : undefined;
      return phase && timeoutMs !== null ? onPhaseTimeout(phase, timeoutMs) : [];
    });
}

const notAccepted = {
  kind: "failed",
  reason: "the training service has neither accepted nor refused the trial job in time",
  exitCode: null,
} as const;

function cancellation(
  state: ExperimentState,
  desk: Desk,
  { job, at }: Deadline,
): { trialJobId: string; reason: CancelReason }[] {
  if (desk.cancelling.has(job.id)) return [];
  const cancel = (reason: CancelReason): { trialJobId: string; reason: CancelReason }[] => [
    { trialJobId: job.id, reason },
  ];
  if (state.status === "STOPPING") return cancel("experiment-stopped");
  if (!isOpen(state) && isToBeSubmitted(desk, job)) return cancel("experiment-stopped");
  const last = lastPhase(state, job);
  // A phase of a job that goes on fails for one reason only: its time was over.
  if (last?.outcome === "failed") return cancel("timeout");
  // Without further phases there is nothing left for it to do, and its trial may not even ask whether it was stopped.
  if (last?.stoppedBy === "assessor" && !state.config.multiPhase) return cancel("assessor");
  return at <= desk.now() ? cancel("limit") : [];
}

/** Changes of the experiment's own status. */
function statusFacts(state: ExperimentState, desk: Desk): Fact[] {
  const idle = state.activeTrialJobs.size === 0;
  if (state.status === "STOPPING") return idle ? [status("STOPPED", state.statusReason)] : [];
  if (!isOpen(state) || isPaused(state)) return [];
  if (state.consecutiveFailures >= hopelessFailures && state.counts.succeeded === 0)
    return [status("ERROR", hopelessReason(state))];
  const stuckDrafts = desk.drafts.size > 0 && isStuck(state, desk);
  if (stuckDrafts) return [status("TUNER_NO_MORE_TRIAL", stuckReason)];
  const refusal = trialJobRefusal(state, desk);
  if (refusal === null && state.status === "NO_MORE_TRIAL") return [status("RUNNING", null)]; // a limit was raised
  if (refusal === null || isTunerAsked(state, desk)) return [];
  if (idle) return [status("DONE", refusal)];
  return state.status === "RUNNING" ? [status("NO_MORE_TRIAL", refusal)] : [];
}

/** Whether an answer is still to come, and worth waiting for: not any more when the grace period after the time limit is over. */
function isTunerAsked(state: ExperimentState, desk: Desk): boolean {
  if (desk.now() >= timeLimitAt(state) + state.config.gracePeriodMs) return false;
  return owedUntil(desk) > desk.now() || [...desk.asks.values()].some((ask) => ask.state !== "waiting");
}

function status(name: ExperimentState["status"], reason: string | null): Fact {
  return { kind: "experiment-status", status: name, reason };
}

function hopelessReason(state: ExperimentState): string {
  const last = [...state.trialJobs.values()].findLast(
    (job) => !isActive(job) && (job.status === "failed" || lastPhase(state, job)?.outcome === "failed"),
  );
  const reason = last && (last.reason ?? lastPhase(state, last)?.reason);
  return `${state.consecutiveFailures} trial jobs in a row ended without a result and no phase has succeeded; the last one: ${reason ?? "no reason known"}`;
}

/** Jobs that are there come first: `reserved` phases are theirs. */
function missingTrialJobs(state: ExperimentState, desk: Desk, reserved: number): number {
  const free = state.config.trialConcurrency - state.activeTrialJobs.size - desk.drafts.size;
  if (free <= 0 || isPaused(state) || trialJobRefusal(state, desk) !== null) return 0;
  const { maxTrialNum, maxPhaseNum } = state.config;
  // When the tuner has no more, jobs are started for what people have added.
  const wanted = state.status === "TUNER_NO_MORE_TRIAL" ? state.additions.size - desk.drafts.size : Infinity;
  const jobsLeft = (maxTrialNum ?? Infinity) - state.trialJobs.size - desk.drafts.size;
  const phasesLeft = (maxPhaseNum ?? Infinity) - state.phases.size - desk.asks.size - reserved;
  return Math.max(0, Math.min(free, jobsLeft, phasesLeft, wanted));
}

/** Jobs with an open request for their next phase that the tuner has not been asked for. Requests come in order. */
function missingAsks(state: ExperimentState, desk: Desk): { trialJobId: string; parameterIndex: number }[] {
  if (isPaused(state)) return [];
  const { maxPhaseNum } = state.config;
  let left = (maxPhaseNum ?? Infinity) - state.phases.size - desk.asks.size;
  return [...desk.requests].flatMap(([trialJobId, requests]) => {
    const job = state.trialJobs.get(trialJobId);
    if (!job || desk.asks.has(trialJobId) || left <= 0 || phaseRefusal(state, desk, job) !== null) return [];
    const parameterIndex = job.parameterIds.length;
    if (!requests.some((request) => request.parameterIndex === parameterIndex)) return [];
    left -= 1;
    return [{ trialJobId, parameterIndex }];
  });
}

/** When the time limit falls, or the grace period after it ends. */
function nextTurnOfTime(state: ExperimentState, now: number): number {
  const limitAt = timeLimitAt(state);
  const turns = isOpen(state) ? [limitAt, limitAt + state.config.gracePeriodMs] : [];
  return turns.find((at) => at > now) ?? Infinity;
}
