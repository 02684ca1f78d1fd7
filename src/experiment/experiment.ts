import type {
  Actor,
  CancelOptions,
  CancelReason,
  ConfigChange,
  ExperimentState,
  ExperimentStatus,
  Json,
  NumberedRecord,
  ObservedPoint,
} from "../model/index.ts";
import type { ParametersAnswer, ReportAnswer } from "../model/http.ts";

/**
 * A running experiment, as the server and in-process trials see it. Every method that changes something resolves only
 * when the change is durable, and rejects with a PolyphaseError whose `code` says why it was refused:
 *
 * - `unknown-trial-job`, `trial-job-ended`: nobody of that name is running
 * - `parameter-index-skipped`: asked for index 7 while the next one is 3
 * - `no-such-phase`: reported before asking
 * - `phase-ended`: the phase was ended otherwise (abandoned, stopped, failed)
 * - `result-conflict`: reported before with another value
 * - `sequence-skipped`: intermediate results must come in order
 * - `experiment-ended`
 * - `limit-reached`: a limit leaves no room for what was asked
 */
export interface Experiment {
  readonly state: ExperimentState;

  /** Resolves when all that `state` shows is durable. Await it before showing `state` to anyone. */
  settled(): Promise<void>;

  /**
   * The parameters of phase `parameterIndex` of a job; pending while the tuner thinks or waits. Asked again, the answer is
   * the same. When `signal` aborts, the request is forgotten (the phase is not) and the promise resolves to `wait`.
   */
  requestParameters(
    trialJobId: string,
    parameterIndex: number,
    signal?: AbortSignal,
  ): Promise<ParametersAnswer>;

  reportIntermediateResult(
    trialJobId: string,
    report: { readonly parameterIndex: number; readonly sequence: number; readonly value: Json },
  ): Promise<ReportAnswer>;

  reportFinalResult(
    trialJobId: string,
    report: { readonly parameterIndex: number; readonly value: Json },
  ): Promise<ReportAnswer>;

  /** A sign of life: the job is there though it reports nothing. */
  heartbeat(trialJobId: string): void;

  cancelTrialJob(trialJobId: string, reason: CancelReason, by?: Actor): Promise<void>;

  /**
   * Ends a running phase as `stopped`: the tuner learns its best intermediate result, the trial job hears of it with its
   * next report and goes on with its next phase. Refused for phases that have ended: `phase-ended`.
   */
  stopPhase(parameterId: number, reason: string, by?: Actor): Promise<void>;

  /** Nothing more is handed out or started until `unpause`; phases that run go on, requests are held open. */
  pause(reason: string, by?: Actor): Promise<void>;

  /** Goes on; a tuner that had failed is made anew and hears the whole history. */
  unpause(by?: Actor): Promise<void>;

  /**
   * Other limits, concurrency, search space, name or tags from now on. Jobs that are too many get "no more" with their next
   * request. The space is the caller's to check.
   */
  update(changes: ConfigChange, by?: Actor): Promise<void>;

  /**
   * Parameters that a person wants evaluated: the next request of any job gets them. Refused with `limit-reached` where the
   * limits leave no phase for them. A `requestId` that `by` has used before gives the answer of that time.
   */
  addParameters(parameters: Json, by?: Actor, requestId?: string): Promise<{ readonly additionId: number }>;

  /** Results from elsewhere, for the tuner to learn from; once for each `requestId`. */
  importPoints(rows: readonly ObservedPoint[], by?: Actor, requestId?: string): Promise<void>;

  /**
   * Gentle: no new parameters, jobs are asked to end and are ended by force after the service's grace period. Resolves when
   * the experiment has ended. May be called again; with `force` the jobs get no more grace.
   */
  stop(reason: string, options?: CancelOptions & { readonly by?: Actor }): Promise<void>;

  /** The final status, once the experiment has ended (DONE, STOPPED, ERROR) and its jobs are gone. */
  readonly ended: Promise<ExperimentStatus>;

  /** Durable records as they come. Returns the way to stop listening. */
  subscribe(listener: (records: readonly NumberedRecord[]) => void): () => void;
}
