import type {
  ObservedPoint,
  ParameterRequest,
  Proposal,
  RecordedProposal,
  SearchSpace,
  TrialResult,
} from "../model/index.ts";

/** One thing that a tuner is told, or was asked in an earlier session. Plain data: it crosses threads and processes. */
export type TunerMessage =
  | { readonly kind: "search-space"; readonly space: SearchSpace }
  /** `receiveTrialResult` (`customized`: `receiveCustomizedTrialResult`), then `trialEnd`. */
  | { readonly kind: "phase-ended"; readonly result: TrialResult; readonly customized: boolean }
  | { readonly kind: "import"; readonly rows: readonly ObservedPoint[] }
  /**
   * Asked and answered before a restart, in one call: recalled, or where the tuner cannot do that asked again, so that it is
   * where it was. The answer is not used.
   */
  | { readonly kind: "replay"; readonly proposals: readonly RecordedProposal[] };

/**
 * Where a tuner lives: a thread or process of its own, so that nobody waits for it who need not. Calls reach the tuner one
 * at a time, in the order in which they were made here.
 */
export interface TunerHost {
  tell(messages: readonly TunerMessage[]): void;
  /** Answers in the order of the requests. Rejects, as does everything after it, when the tuner has thrown. */
  ask(requests: readonly ParameterRequest[]): Promise<readonly Proposal[]>;
  /** Resolves if the tuner ever fails: `tuner-failed`, with the tuner's own message. */
  readonly failed: Promise<Error>;
  close(): Promise<void>;
}
