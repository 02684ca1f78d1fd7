import { endStatuses, isBetter, objectiveOf } from "../model/index.ts";
import type {
  ExperimentState,
  Json,
  JournalRecord,
  NumberedRecord,
  PersonsDeed,
  Phase,
  PhaseCounts,
  TrialJob,
} from "../model/index.ts";

/** The state that owns its maps: `apply` is the only writer. */
type Writable = { -readonly [Key in keyof ExperimentState]: ExperimentState[Key] } & {
  trialJobs: Map<string, TrialJob>;
  phases: Map<number, Phase>;
  activeTrialJobs: Set<string>;
  additions: Map<number, Json>;
  actions: PersonsDeed[];
  counts: { -readonly [Key in keyof PhaseCounts]: number };
};

/** The state before the first record. Its `config` is missing: read nothing but `seq` from it. */
export function emptyState(): ExperimentState {
  return {
    seq: 0,
    experimentId: "",
    config: undefined as never,
    seed: 0,
    status: "INITIALIZED",
    statusReason: null,
    pauseCause: null,
    createdAt: 0,
    endedAt: null,
    sessionStartedAt: 0,
    pastRunningMs: 0,
    runningSince: null,
    lastRecordAt: 0,
    trialJobs: new Map(),
    phases: new Map(),
    nextParameterId: 0,
    counts: { running: 0, succeeded: 0, stopped: 0, abandoned: 0, failed: 0, cancelled: 0 },
    activeTrialJobs: new Set(),
    consecutiveFailures: 0,
    bestParameterId: null,
    lastFailure: null,
    additions: new Map(),
    nextAdditionId: 0,
    importedCount: 0,
    actions: [],
  };
}

/**
 * Folds one record in: the only way in which the state changes, for the manager, the server and the browser alike. Total:
 * it never throws for a record that was appended, and ignores kinds it does not know. The state passed in is used up (its
 * maps move into the answer, so that a record costs the same in an experiment of any size).
 */
export function apply(state: ExperimentState, { seq, record }: NumberedRecord): ExperimentState {
  const next = state as Writable;
  next.seq = seq;
  applyFact(next, record);
  next.lastRecordAt = record.at;
  return next;
}

/** The state that a whole journal amounts to. */
export function fold(records: Iterable<NumberedRecord>): ExperimentState {
  let state = emptyState();
  for (const record of records) state = apply(state, record);
  return state;
}

/** Milliseconds that the experiment has been running, over all sessions, without the time that it was paused. */
export function elapsedMs(state: ExperimentState, now: number): number {
  const { pastRunningMs, runningSince } = state;
  return pastRunningMs + (runningSince === null ? 0 : Math.max(0, now - runningSince));
}

function applyFact(state: Writable, record: JournalRecord): void {
  switch (record.kind) {
    case "experiment-created":
      state.experimentId = record.experimentId;
      state.config = record.config;
      state.seed = record.seed;
      state.createdAt = record.at;
      return;
    case "manager-started":
      stopClock(state, state.lastRecordAt);
      state.sessionStartedAt = record.at;
      state.runningSince = state.status === "PAUSED" ? null : record.at;
      state.endedAt = null;
      return;
    case "experiment-status":
      return applyStatus(state, record);
    case "person-acted":
      state.actions.push({ at: record.at, by: record.by, action: record.action, details: record.details });
      return;
    case "config-changed":
      state.config = { ...state.config, ...record.changes };
      return;
    case "parameters-added":
      state.additions.set(record.additionId, record.parameters);
      state.nextAdditionId = Math.max(state.nextAdditionId, record.additionId + 1);
      return;
    case "points-imported":
      state.importedCount += record.rows.length;
      return;
    case "trial-job-created":
    case "trial-job-submitted":
    case "trial-job-running":
    case "trial-job-retried":
    case "trial-job-no-more":
    case "trial-job-ended":
      return applyTrialJobFact(state, record);
    case "phase-proposed":
    case "phase-started":
    case "intermediate-result":
    case "phase-ended":
      return applyPhaseFact(state, record);
    default:
      record satisfies never; // a kind of a later version: kept in the journal, without meaning here
  }
}

function applyStatus(state: Writable, record: Extract<JournalRecord, { kind: "experiment-status" }>): void {
  state.status = record.status;
  state.statusReason = record.reason;
  state.pauseCause = record.status === "PAUSED" ? (record.cause ?? "person") : null;
  const over = endStatuses.has(record.status);
  state.endedAt = over ? record.at : null;
  if (over || record.status === "PAUSED") stopClock(state, record.at);
  else state.runningSince ??= record.at;
}

function stopClock(state: Writable, at: number): void {
  state.pastRunningMs = elapsedMs(state, at);
  state.runningSince = null;
}

type TrialJobFact = Extract<JournalRecord, { kind: `trial-job-${string}` }>;

function applyTrialJobFact(state: Writable, record: TrialJobFact): void {
  if (record.kind === "trial-job-created") {
    state.trialJobs.set(record.trialJobId, newTrialJob(record));
    state.activeTrialJobs.add(record.trialJobId);
    return;
  }
  const job = state.trialJobs.get(record.trialJobId);
  if (!job) return;
  state.trialJobs.set(job.id, { ...job, ...trialJobChange(record), lastActivityAt: record.at });
  const newest = state.phases.get(job.parameterIds.at(-1) ?? -1);
  if (record.kind === "trial-job-retried" && newest?.outcome === "running") {
    state.phases.set(newest.parameterId, { ...newest, startedAt: null }); // until the new process takes it
  } else if (record.kind === "trial-job-ended") {
    state.activeTrialJobs.delete(job.id);
    if (record.status === "failed" || newest?.outcome === "failed") state.consecutiveFailures += 1;
  }
}

function newTrialJob(record: Extract<JournalRecord, { kind: "trial-job-created" }>): TrialJob {
  return {
    id: record.trialJobId,
    number: record.number,
    status: "created",
    reason: null,
    attempt: 0,
    tokenHash: record.tokenHash,
    handle: null,
    createdAt: record.at,
    startedAt: null,
    endedAt: null,
    parameterIds: [],
    noMore: null,
    lastActivityAt: record.at,
  };
}

function trialJobChange(record: Exclude<TrialJobFact, { kind: "trial-job-created" }>): Partial<TrialJob> {
  switch (record.kind) {
    case "trial-job-submitted":
      return { status: "waiting", handle: record.handle };
    case "trial-job-running":
      return { status: "running", startedAt: record.at };
    case "trial-job-retried":
      return {
        status: "created",
        handle: null,
        attempt: record.attempt,
        tokenHash: record.tokenHash,
        reason: record.reason,
      };
    case "trial-job-no-more":
      return { noMore: { parameterIndex: record.parameterIndex, reason: record.reason } };
    case "trial-job-ended":
      return { status: record.status, reason: record.reason, endedAt: record.at };
  }
}

type PhaseFact = Extract<JournalRecord, { kind: `phase-${string}` | "intermediate-result" }>;

function applyPhaseFact(state: Writable, record: PhaseFact): void {
  if (record.kind === "phase-proposed") return propose(state, record);
  const phase = state.phases.get(record.parameterId);
  const job = phase && state.trialJobs.get(phase.trialJobId);
  if (!phase || !job) return;
  switch (record.kind) {
    case "phase-started":
      state.phases.set(phase.parameterId, { ...phase, startedAt: record.at });
      break;
    case "intermediate-result": {
      // The array belongs to this state alone, so a long curve costs no copies.
      const results = phase.intermediateResults as Phase["intermediateResults"][number][];
      const { sequence, value, at } = record;
      results.push({ sequence, value, attempt: job.attempt, at });
      break;
    }
    case "phase-ended":
      end(state, phase, record);
      break;
  }
  state.trialJobs.set(job.id, { ...job, lastActivityAt: record.at });
}

function propose(state: Writable, record: Extract<JournalRecord, { kind: "phase-proposed" }>): void {
  state.phases.set(record.parameterId, {
    parameterId: record.parameterId,
    trialJobId: record.trialJobId,
    parameterIndex: record.parameterIndex,
    parameters: record.parameters,
    origin: record.additionId === undefined ? "tuner" : "person",
    outcome: "running",
    value: null,
    reason: null,
    stoppedBy: null,
    proposedAt: record.at,
    // Later phases are proposed to a process that waits for them; the first one before there is a process.
    startedAt: record.parameterIndex === 0 ? null : record.at,
    endedAt: null,
    intermediateResults: [],
  });
  state.nextParameterId = Math.max(state.nextParameterId, record.parameterId + 1);
  state.counts.running += 1;
  if (record.additionId !== undefined) state.additions.delete(record.additionId);
  const job = state.trialJobs.get(record.trialJobId);
  if (!job) return;
  (job.parameterIds as number[]).push(record.parameterId); // owned, as above
  state.trialJobs.set(job.id, { ...job, lastActivityAt: record.at });
}

function end(state: Writable, phase: Phase, record: Extract<JournalRecord, { kind: "phase-ended" }>): void {
  if (phase.outcome !== "running") return;
  state.phases.set(phase.parameterId, {
    ...phase,
    outcome: record.outcome,
    value: record.value,
    reason: record.reason,
    stoppedBy: record.outcome === "stopped" ? (record.by ?? "person") : null,
    endedAt: record.at,
  });
  state.counts.running -= 1;
  state.counts[record.outcome] += 1;
  // A phase that succeeded has a reason only where its result does not count.
  if (record.outcome === "failed" || record.outcome === "succeeded")
    state.lastFailure = record.reason ?? state.lastFailure;
  if (record.outcome !== "succeeded") return;
  state.consecutiveFailures = 0;
  const objective = objectiveOf(record.value);
  if (objective === undefined || Number.isNaN(objective)) return;
  const best =
    state.bestParameterId === null ? undefined : objectiveOf(state.phases.get(state.bestParameterId)?.value);
  if (best === undefined || isBetter(objective, best, state.config.optimizeMode)) {
    state.bestParameterId = phase.parameterId;
  }
}
