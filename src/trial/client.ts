/** What a trial calls. */
export interface TrialClient {
  /** True without a manager: the parameters are {}, and results are printed. */
  readonly standalone: boolean;
  /**
   * The parameters of the next phase, waiting for them as long as need be; null when there are no more. A phase without a
   * final result by then counts as abandoned.
   */
  getNextParameter<Parameters = unknown>(): Promise<Parameters | null>;
  /** The parameters that came last, or one of them; null before the first and after the last. */
  getCurrentParameter<Parameters = unknown>(tag?: string): Parameters | null;
  /**
   * Any JSON value, NaN and the infinities too: a number, or an object with a numeric `default`. Resolves when the value
   * is safe. `stopped`: this phase is over, go on with the next one. Results of a phase that is over are ignored, with a
   * warning where it was not stopped.
   */
  reportIntermediateResult(value: unknown): Promise<ReportOutcome>;
  /**
   * Ends the phase; values as above. Resolves when the value is safe. A stopped phase needs no result: it is ignored. So
   * is, with a warning, a second one, and that of a phase that has ended meanwhile (`phaseTimeout`).
   */
  reportFinalResult(value: unknown): Promise<void>;
  /** Lines for the trial job's log, beside what it prints. */
  log(text: string): Promise<void>;
  getExperimentId(): string;
  /** The trial job's id, the same over all of its phases. */
  getTrialId(): string;
  /** The trial job's number in the experiment, from 0. */
  getSequenceId(): number;
  /**
   * All phases, one after the other:
   *
   *     for await (const phase of client.phases<{ lr: number }>()) {
   *       await phase.report(train(phase.parameters));
   *     }
   *
   * Without a manager there is one, with the parameters {}.
   */
  phases<Parameters = unknown>(): AsyncIterable<TrialPhase<Parameters>>;
}

export interface ReportOutcome {
  readonly stopped: boolean;
}

/** One phase. Its reports are refused (`phase-ended`) once the next one has been asked for. */
export interface TrialPhase<Parameters> {
  readonly parameters: Parameters;
  /** 0, 1, 2 ... in this trial job. */
  readonly parameterIndex: number;
  /** See {@link TrialClient.reportIntermediateResult}. */
  reportIntermediate(value: unknown): Promise<ReportOutcome>;
  /** See {@link TrialClient.reportFinalResult}. */
  report(value: unknown): Promise<void>;
}
