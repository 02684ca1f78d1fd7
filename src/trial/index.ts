/**
 * What a TypeScript trial imports:
 *
 *     import { phases } from "polyphase/trial";
 *
 *     for await (const phase of phases<{ lr: number }>()) {
 *       await phase.report(train(phase.parameters));
 *     }
 *
 * The functions here talk to the manager that started this process, as its environment variables say; without one they
 * run standalone. For everything that they promise see {@link TrialClient}.
 */
import type { ReportOutcome, TrialClient, TrialPhase } from "./client.ts";
import { trialClientOf } from "./create-trial-client.ts";

export { createTrialClient } from "./create-trial-client.ts";
export type { TrialClientOptions } from "./create-trial-client.ts";
export type { ReportOutcome, TrialClient, TrialPhase } from "./client.ts";

let ours: TrialClient | undefined;

/** The client of this process, made when it is first needed. */
function client(): TrialClient {
  return (ours ??= trialClientOf(process.env));
}

/** The parameters of the next phase; null when there are no more. */
export function getNextParameter<Parameters = unknown>(): Promise<Parameters | null> {
  return client().getNextParameter<Parameters>();
}

/** The parameters that came last, or one of them. */
export function getCurrentParameter<Parameters = unknown>(tag?: string): Parameters | null {
  return client().getCurrentParameter<Parameters>(tag);
}

/** `stopped`: this phase is over, go on with the next one. */
export function reportIntermediateResult(value: unknown): Promise<ReportOutcome> {
  return client().reportIntermediateResult(value);
}

/** Ends the phase. */
export function reportFinalResult(value: unknown): Promise<void> {
  return client().reportFinalResult(value);
}

/** Lines for the trial job's log, beside what it prints. */
export function log(text: string): Promise<void> {
  return client().log(text);
}

export function getExperimentId(): string {
  return client().getExperimentId();
}

/** The trial job's id, the same over all of its phases. */
export function getTrialId(): string {
  return client().getTrialId();
}

/** The trial job's number in the experiment, from 0. */
export function getSequenceId(): number {
  return client().getSequenceId();
}

/** All phases, one after the other. */
export function phases<Parameters = unknown>(): AsyncIterable<TrialPhase<Parameters>> {
  return client().phases<Parameters>();
}
