import type { ExperimentConfig } from "./config.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Actor, ExperimentStatus, PauseCause, PersonsAction } from "./records.ts";
import type { JobHandle } from "./training-service.ts";
import type { PhaseOutcome } from "./tuner.ts";

/** Everything the journal says, folded (journal/apply.ts). Times are milliseconds since the epoch. */
export interface ExperimentState {
  /** Sequence number of the last record folded in; 0 before the first. */
  readonly seq: number;
  readonly experimentId: string;
  readonly config: ExperimentConfig;
  readonly seed: number;
  readonly status: ExperimentStatus;
  /** Why the status is what it is: the limit reached, the error. */
  readonly statusReason: string | null;
  /** Who paused it; null unless `status` is PAUSED. */
  readonly pauseCause: PauseCause | null;
  readonly createdAt: number;
  readonly endedAt: number | null;
  /** When the present manager took over; 0 before the first. */
  readonly sessionStartedAt: number;
  /** Running time up to `runningSince`. Time without a manager, and time paused, does not count. */
  readonly pastRunningMs: number;
  /** Since when the experiment's own clock has been going; null while it stands. */
  readonly runningSince: number | null;
  readonly lastRecordAt: number;
  /** In order of creation. */
  readonly trialJobs: ReadonlyMap<string, TrialJob>;
  /** In order of proposal. */
  readonly phases: ReadonlyMap<number, Phase>;
  readonly nextParameterId: number;
  readonly counts: PhaseCounts;
  /** Jobs that have not ended. */
  readonly activeTrialJobs: ReadonlySet<string>;
  /** Jobs since a phase last succeeded that failed, or whose newest phase did. */
  readonly consecutiveFailures: number;
  /** Parameter id of the best phase so far (`phaseMode: worker`), null before the first objective. */
  readonly bestParameterId: number | null;
  /** Why the phase that failed last did, or why its result does not count. */
  readonly lastFailure: string | null;
  /** Parameters added by people that no job has got yet, by addition id, in order. */
  readonly additions: ReadonlyMap<number, Json>;
  readonly nextAdditionId: number;
  /** How many results have been imported. */
  readonly importedCount: number;
  /** What people have changed, in order. */
  readonly actions: readonly PersonsDeed[];
}

/** One line of the audit trail. */
export interface PersonsDeed {
  readonly at: number;
  readonly by: Actor;
  readonly action: PersonsAction;
  readonly details: JsonObject;
}

export type PhaseCounts = { readonly [outcome in PhaseOutcome | "running"]: number };

/** See TrialJobStatus for the states; `created` and `waiting` have no process yet. */
export interface TrialJob {
  readonly id: string;
  readonly number: number;
  readonly status: "created" | "waiting" | "running" | "succeeded" | "failed" | "cancelled";
  readonly reason: string | null;
  readonly attempt: number;
  readonly tokenHash: string;
  readonly handle: JobHandle | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Parameter ids, by parameter index. */
  readonly parameterIds: readonly number[];
  /** The index that was answered "no more", if any, and why. */
  readonly noMore: { readonly parameterIndex: number; readonly reason: string } | null;
  /** When the job last reported, was answered or changed. */
  readonly lastActivityAt: number;
}

export interface Phase {
  readonly parameterId: number;
  readonly trialJobId: string;
  readonly parameterIndex: number;
  readonly parameters: Json;
  /** By whom: the tuner, or a person who added them by hand. */
  readonly origin: "tuner" | "person";
  readonly outcome: PhaseOutcome | "running";
  /** The final result; what the tuner learnt for `stopped`; null otherwise. */
  readonly value: Json;
  readonly reason: string | null;
  /** Who stopped a `stopped` phase; null for all others. An advisor counts as an assessor. */
  readonly stoppedBy: "assessor" | "person" | null;
  readonly proposedAt: number;
  /** When the job's process, in its present attempt, got the parameters; null before. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly intermediateResults: readonly IntermediateResult[];
}

export interface IntermediateResult {
  /** From 0 in the phase and attempt. */
  readonly sequence: number;
  readonly value: Json;
  /** The job's attempt that reported it. */
  readonly attempt: number;
  /** When. */
  readonly at: number;
}
