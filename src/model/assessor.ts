import type { Json, JsonObject } from "./json.ts";
import type { OptimizeMode } from "./config.ts";
import type { PhaseOutcome } from "./tuner.ts";

/** A phase as an assessor sees it: its curve and nothing of other phases, be they of the same trial job. */
export interface AssessedPhase {
  readonly parameterId: number;
  readonly trialJobId: string;
  readonly parameterIndex: number;
}

export interface AssessedPhaseEnd extends AssessedPhase {
  readonly outcome: PhaseOutcome;
  /** The final result; for `stopped` phases the best intermediate one; null otherwise. */
  readonly value: Json;
}

export interface AssessedTrialJobEnd {
  readonly trialJobId: string;
  readonly succeeded: boolean;
}

/**
 * Looks at a phase's intermediate results and may stop that phase; never proposes. All methods are called one at a time, in the
 * order in which things happened.
 *
 * An assessor is told everything and looks nothing up: no clock, no disk, no randomness but its seed. Same seed and same calls
 * give the same verdicts. After a restart the old calls are made again and their verdicts left alone, but for phases that still run.
 * Every method may also return a promise; a throw pauses or ends the experiment with the message shown to the user.
 */
export interface Assessor {
  /**
   * Called for each intermediate result. `curve`: all of the phase's intermediate results so far, at least one, the newest last.
   * False: the phase is to be stopped.
   */
  assessPhase(phase: AssessedPhase, curve: readonly Json[]): boolean | Promise<boolean>;
  /**
   * Called in place of `assessPhase` where the verdict is known and settled, as it is for all that was assessed before a restart;
   * leaves the assessor as that call did. For assessors whose verdicts cost more than what they remember of them, so that a long history
   * is read rather than lived through again. Absent: `assessPhase` is called again.
   */
  recallAssessment?(phase: AssessedPhase, curve: readonly Json[]): void | Promise<void>;
  /** Once for each phase, also for those that reported nothing. `curve`: its intermediate results. */
  phaseEnd?(end: AssessedPhaseEnd, curve: readonly Json[]): void | Promise<void>;
  trialJobEnd?(end: AssessedTrialJobEnd): void | Promise<void>;
}

/** What an assessor is made from. */
export interface AssessorOptions {
  readonly optimizeMode: OptimizeMode;
  /** Any integer of 0 .. 2^53-1. */
  readonly seed: number;
  /** The user's `classArgs`, already without `optimize_mode` and `seed`. */
  readonly classArgs: JsonObject;
  /** A line for people, in the manager's log. */
  readonly log?: (message: string) => void;
}

export type AssessorFactory = (options: AssessorOptions) => Assessor;
