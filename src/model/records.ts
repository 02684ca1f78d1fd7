import type { ConfigChange, ExperimentConfig } from "./config.ts";
import type { Json, JsonObject } from "./json.ts";
import type { ObservedPoint, PhaseOutcome } from "./tuner.ts";
import type { JobHandle } from "./training-service.ts";

/**
 * Version of the journal's format, written in its first record. Every older one is read.
 *
 * 2: people's changes (`person-acted`, `config-changed`, `parameters-added`, `points-imported`) and `PAUSED`
 */
export const journalVersion = 2;

/** The words of NNI, which scripts look for, and PAUSED: nothing is handed out until somebody says so. */
export type ExperimentStatus =
  | "INITIALIZED"
  | "RUNNING"
  | "PAUSED"
  | "NO_MORE_TRIAL"
  | "TUNER_NO_MORE_TRIAL"
  | "STOPPING"
  | "STOPPED"
  | "DONE"
  | "ERROR";

/** Those of an experiment that has ended. */
export const endStatuses: ReadonlySet<ExperimentStatus> = new Set<ExperimentStatus>([
  "DONE",
  "STOPPED",
  "ERROR",
]);

/** Who paused an experiment: a `person`, or the loop itself because the `tuner` or the `assessor` failed. */
export type PauseCause = "person" | "tuner" | "assessor";

/** Who changed something, as far as the manager can tell. */
export interface Actor {
  /** The token that was shown; `owner`: somebody on this machine who may read the experiment's files. */
  readonly token: "admin" | "owner";
  /** Network address of the caller; null where there was no network in between. */
  readonly address: string | null;
  /** What the calling program says it is. */
  readonly agent: string | null;
}

/** `at`: milliseconds since the epoch, by the manager's clock. */
export type JournalRecord = { readonly at: number } & Fact;

/** Something that happened. What is appended is true for ever; nothing is acknowledged before it is appended. */
export type Fact =
  | {
      readonly kind: "experiment-created";
      readonly version: number;
      readonly experimentId: string;
      readonly config: ExperimentConfig;
      readonly seed: number;
    }
  /** A manager process took the experiment over (first start and each resume). */
  | { readonly kind: "manager-started"; readonly pid: number }
  /** `cause` goes with PAUSED. */
  | {
      readonly kind: "experiment-status";
      readonly status: ExperimentStatus;
      readonly reason: string | null;
      readonly cause?: PauseCause;
    }
  /** Who asked for what; the facts that follow from it stand beside it. */
  | {
      readonly kind: "person-acted";
      readonly by: Actor;
      readonly action: PersonsAction;
      readonly details: JsonObject;
    }
  | { readonly kind: "config-changed"; readonly changes: ConfigChange }
  /** Parameters that a person wants evaluated: the next request gets them, whatever the tuner would say. */
  | { readonly kind: "parameters-added"; readonly additionId: number; readonly parameters: Json }
  /** Results from elsewhere that the tuner learns from. */
  | { readonly kind: "points-imported"; readonly rows: readonly ObservedPoint[] }
  /** Named, not yet started. `tokenHash`: hex SHA-256 of the token that the job authenticates with. */
  | {
      readonly kind: "trial-job-created";
      readonly trialJobId: string;
      readonly number: number;
      readonly tokenHash: string;
    }
  | { readonly kind: "trial-job-submitted"; readonly trialJobId: string; readonly handle: JobHandle }
  | { readonly kind: "trial-job-running"; readonly trialJobId: string }
  /** The job's process failed and is started once more, with its pending phase; only the new token counts. */
  | {
      readonly kind: "trial-job-retried";
      readonly trialJobId: string;
      readonly attempt: number;
      readonly tokenHash: string;
      readonly reason: string;
    }
  /** "No more" was the answer for this index; the same answer is given for ever. */
  | {
      readonly kind: "trial-job-no-more";
      readonly trialJobId: string;
      readonly parameterIndex: number;
      readonly reason: string;
    }
  | {
      readonly kind: "trial-job-ended";
      readonly trialJobId: string;
      readonly status: "succeeded" | "failed" | "cancelled";
      readonly reason: string | null;
    }
  | {
      readonly kind: "phase-proposed";
      readonly trialJobId: string;
      readonly parameterIndex: number;
      readonly parameterId: number;
      readonly parameters: Json;
      /** Sequence number of the last record whose fact the tuner had heard when it was asked: needed to replay it. */
      readonly heard: number;
      /** Parameter id of the first of the requests that the tuner answered in one call. */
      readonly batch: number;
      /** Not the tuner's: a person's, see `parameters-added`. */
      readonly additionId?: number;
    }
  /** The job has the parameters of this phase in hand: its clock starts. */
  | { readonly kind: "phase-started"; readonly parameterId: number }
  | {
      readonly kind: "intermediate-result";
      readonly parameterId: number;
      readonly sequence: number;
      readonly value: Json;
    }
  | {
      readonly kind: "phase-ended";
      readonly parameterId: number;
      readonly outcome: PhaseOutcome;
      /** The final result; for `stopped` phases what the tuner learns; null otherwise. */
      readonly value: Json;
      readonly reason: string | null;
      /** Of a stopped phase: not a person has stopped it. */
      readonly by?: "assessor";
    };

export type PersonsAction =
  "stop" | "pause" | "unpause" | "update" | "add-parameters" | "import" | "cancel-trial-job" | "stop-phase";

/** A record and its place in the journal: 1, 2, 3 ... without gaps. */
export interface NumberedRecord {
  readonly seq: number;
  readonly record: JournalRecord;
}
