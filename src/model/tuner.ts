import type { Json, JsonObject } from "./json.ts";
import type { OptimizeMode } from "./config.ts";
import type { SearchSpace } from "./search-space.ts";

/** How a phase ended. Every phase ends exactly once. */
export type PhaseOutcome = "succeeded" | "stopped" | "abandoned" | "failed" | "cancelled";

/** Who asks: the trial job, and the place of the phase in it (0 = the job's first). */
export interface TunerRequest {
  readonly trialJobId: string;
  readonly parameterIndex: number;
}

export interface ParameterRequest extends TunerRequest {
  readonly parameterId: number;
}

/** A request, and the parameters that were the answer. */
export interface RecordedProposal extends ParameterRequest {
  readonly parameters: Json;
}

/**
 * The tuner's answer: parameters, "ask me again when a phase has ended", or "never again for this job". `owed`, of tuners
 * in Python only: it is at work on the answer, also while no phase runs, and makes news when it has it.
 */
export type Proposal =
  | { readonly kind: "parameters"; readonly parameters: Json }
  | { readonly kind: "wait"; readonly owed?: boolean }
  | { readonly kind: "no-more" };

export interface TrialResult {
  readonly parameterId: number;
  readonly parameters: Json;
  /**
   * The phase's result. `stopped` phases carry their best intermediate result; for `failed`, `abandoned` and `cancelled`
   * ones the value is null: there is none.
   */
  readonly value: Json;
  readonly outcome: PhaseOutcome;
  readonly trialJobId: string;
}

export interface TrialEnd {
  readonly parameterId: number;
  readonly trialJobId: string;
  readonly outcome: PhaseOutcome;
}

/** A result from elsewhere: another experiment, a paper, a person. */
export interface ObservedPoint {
  readonly parameters: Json;
  readonly value: Json;
}

/**
 * Proposes parameters and learns from results. All methods are called one at a time, in this order for each phase:
 * `generateParameters`, `receiveTrialResult`, `trialEnd`; and a trial job's result always comes before its next request.
 * `updateSearchSpace` is called once before anything else, and again when a person changes the space.
 *
 * A tuner is told everything and looks nothing up: no clock, no disk, no randomness but its seed. Same seed and same calls
 * give the same proposals, in another process too. A `wait` or `no-more` answer changes nothing inside.
 * Every method may also return a promise; a throw ends the experiment with the message shown to the user.
 */
export interface Tuner {
  updateSearchSpace(space: SearchSpace): void | Promise<void>;
  generateParameters(parameterId: number, request: TunerRequest): Proposal | Promise<Proposal>;
  /** Called instead of `generateParameters` where several requests are open at once; answers in the same order. */
  generateMultipleParameters?(
    requests: readonly ParameterRequest[],
  ): readonly Proposal[] | Promise<readonly Proposal[]>;
  /**
   * Called in place of `generateParameters` for what was proposed before a restart, with the answer given then; leaves the
   * tuner as that call did. For tuners whose chance belongs to the parameter id and not to the calls before, so that a long
   * history is read rather than lived through again. Absent: the old questions are asked again.
   */
  recallParameters?(proposal: RecordedProposal): void | Promise<void>;
  receiveTrialResult(result: TrialResult): void | Promise<void>;
  /** Results of parameters that a person added by hand. Absent: they come through `receiveTrialResult`. */
  receiveCustomizedTrialResult?(result: TrialResult): void | Promise<void>;
  trialEnd?(end: TrialEnd): void | Promise<void>;
  importData?(rows: readonly ObservedPoint[]): void | Promise<void>;
}

/** What a tuner is made from. */
export interface TunerOptions {
  readonly optimizeMode: OptimizeMode;
  /** Any integer of 0 .. 2^53-1. */
  readonly seed: number;
  /** The user's `classArgs`, already without `optimize_mode` and `seed`. */
  readonly classArgs: JsonObject;
  /** A line for people, such as what was chosen and why, in the manager's log. */
  readonly log?: (message: string) => void;
}

export type TunerFactory = (options: TunerOptions) => Tuner;
