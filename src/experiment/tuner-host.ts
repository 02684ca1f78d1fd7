import type { ObservedPoint, ParameterRequest, Proposal, SearchSpace, TrialResult } from "../model/index.ts";

/** One thing that a tuner is told, or was asked in an earlier session. Plain data: it crosses threads and processes. */
export type TunerMessage =
  | { readonly kind: "search-space"; readonly space: SearchSpace }
  /** `receiveTrialResult`, then `trialEnd`. */
  | { readonly kind: "phase-ended"; readonly result: TrialResult }
  | { readonly kind: "import"; readonly rows: readonly ObservedPoint[] }
  /** Asked and answered before a restart: asked again so that the tuner is where it was; the answer is not used. */
  | { readonly kind: "replay"; readonly requests: readonly ParameterRequest[] };

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
