import type {
  AssessedPhase,
  Json,
  ObservedPoint,
  ParameterRequest,
  Proposal,
  RecordedProposal,
  SearchSpace,
  TrialResult,
} from "../model/index.ts";

/* What algorithms are told and asked, and what they answer. Plain data: it crosses threads and processes. */

/** One thing that a tuner is told, or was asked in an earlier session. */
export type TunerMessage =
  | { readonly kind: "search-space"; readonly space: SearchSpace }
  /** `receiveTrialResult` (`customized`: `receiveCustomizedTrialResult`), then `trialEnd`. */
  | { readonly kind: "phase-ended"; readonly result: TrialResult; readonly customized: boolean }
  | { readonly kind: "import"; readonly rows: readonly ObservedPoint[] }
  /**
   * Asked and answered before a restart, in one call: recalled, or where the tuner cannot do that asked again, so that it is
   * where it was. The answer is not used.
   */
  | { readonly kind: "replay"; readonly proposals: readonly RecordedProposal[] }
  /** These two only to who hears everything: see TunerHost.hearsEverything. */
  | IntermediateResultMessage
  | TrialJobEndedMessage;

/** One intermediate result of a phase. `sequence` counts in the phase; 0 again: the phase was begun anew. */
export interface AssessedResult extends AssessedPhase {
  readonly sequence: number;
  readonly value: Json;
}

export type IntermediateResultMessage = { readonly kind: "intermediate-result" } & AssessedResult;

export interface TrialJobEndedMessage {
  readonly kind: "trial-job-ended";
  readonly trialJobId: string;
  /** In the words of NNI, whose advisors and assessors hear it. */
  readonly status: "SUCCEEDED" | "FAILED" | "USER_CANCELED" | "EARLY_STOPPED";
}

/** One thing that an assessor is told. An intermediate result is one whose verdict has no meaning any more. */
export type AssessorMessage =
  | IntermediateResultMessage
  | {
      readonly kind: "phase-ended";
      readonly parameterIndex: number;
      readonly result: TrialResult;
      readonly customized: boolean;
    }
  | TrialJobEndedMessage;

/** What crosses to an algorithm's thread or process. */
export type ToAlgorithm =
  | { readonly kind: "tell"; readonly messages: readonly (TunerMessage | AssessorMessage)[] }
  | { readonly kind: "ask"; readonly id: number; readonly requests: readonly ParameterRequest[] }
  | ({ readonly kind: "assess"; readonly id: number } & AssessedResult);

/** What comes back. */
export type FromAlgorithm =
  | { readonly kind: "proposals"; readonly id: number; readonly proposals: readonly Proposal[] }
  | { readonly kind: "verdict"; readonly id: number; readonly good: boolean }
  /** What was answered `wait` may have an answer now. */
  | { readonly kind: "news" }
  /** An advisor wants this phase to end. */
  | { readonly kind: "stop-phase"; readonly parameterId: number };
