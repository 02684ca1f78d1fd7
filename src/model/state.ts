import type { ExperimentConfig } from "./config.ts";
import type { Json } from "./json.ts";
import type { ExperimentStatus } from "./records.ts";
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
  readonly createdAt: number;
  readonly endedAt: number | null;
  /** Running time of finished sessions (a session lasts from one start of a manager to its last record). */
  readonly pastSessionsMs: number;
  readonly sessionStartedAt: number;
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
  /** Why the phase that failed last did. */
  readonly lastFailure: string | null;
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
  readonly outcome: PhaseOutcome | "running";
  /** The final result; what the tuner learnt for `stopped`; null otherwise. */
  readonly value: Json;
  readonly reason: string | null;
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
}
