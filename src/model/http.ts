/**
 * The bodies of the HTTP API, shared by the server, the typed client, the trial client and docs/openapi.json. Numbers that
 * JSON cannot hold are spelled `{"$number": "NaN"}` in the trial API, and as the strings "NaN", "Infinity", "-Infinity" in
 * the views that people read.
 */
import * as z from "zod";

// In a file of its own, so that clients which only need the address do not load the schemas.
export { apiRoot } from "./api-root.ts";

const index = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);
const required = z.unknown().refine((value) => value !== undefined, "is required");

// ---- trial API: one trial job, with its own token ------------------------------------------------------------------

/** POST /api/v1/trial/parameters. Answers {@link ParametersAnswer}; held open while the tuner thinks or waits. */
export interface ParametersRequest {
  readonly parameterIndex: number;
  readonly waitMs?: number | undefined;
}
export const parametersRequest: z.ZodType<ParametersRequest> = z.strictObject({
  parameterIndex: index.describe("0 for the job's first phase, then 1, 2 ..."),
  waitMs: z
    .int()
    .min(0)
    .max(120_000)
    .optional()
    .describe("Longest time to hold the request open; then the answer is `wait`. Default 25,000."),
});

/** `wait` only says that the request was held open long enough: ask the same index again. */
export type ParametersAnswer =
  | {
      readonly kind: "parameters";
      readonly parameterId: number;
      readonly parameterIndex: number;
      readonly parameters: unknown;
    }
  | { readonly kind: "no-more"; readonly reason: string }
  | { readonly kind: "wait" };

/** POST /api/v1/trial/intermediate-results. Answers {@link ReportAnswer}. */
export interface IntermediateResultRequest extends FinalResultRequest {
  readonly sequence: number;
}
export const intermediateResultRequest: z.ZodType<IntermediateResultRequest> = z.strictObject({
  parameterIndex: index,
  sequence: index.describe("Counts from 0 in the phase."),
  value: required,
});

/** POST /api/v1/trial/final-result. Answers {@link ReportAnswer}. */
export interface FinalResultRequest {
  readonly parameterIndex: number;
  readonly value: unknown;
}
export const finalResultRequest: z.ZodType<FinalResultRequest> = z.strictObject({
  parameterIndex: index,
  value: required,
});

/** `stopped`: the assessor or a person ended this phase; ask for the next parameters. */
export interface ReportAnswer {
  readonly phase: "running" | "stopped" | "succeeded";
}

/** POST /api/v1/trial/log: lines for the job's log, beside what it prints. */
export interface LogRequest {
  readonly lines: readonly string[];
}
export const logRequest: z.ZodType<LogRequest> = z.strictObject({
  lines: z.array(z.string().max(65_536)).max(1_000),
});

/** GET /api/v1/trial: who the token belongs to. */
export interface TrialInfo {
  readonly experimentId: string;
  readonly trialJobId: string;
  readonly number: number;
  readonly multiPhase: boolean;
  /** Index of the phase that is running, or of the next one. */
  readonly parameterIndex: number;
}

/** Every refusal: status 4xx or 5xx. */
export interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string };
}

// ---- views: what people and programs read --------------------------------------------------------------------------

/** GET /api/v1/experiment */
export interface ExperimentView {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly statusReason: string | null;
  readonly pid: number | null;
  readonly url: string | null;
  readonly platform: string;
  readonly tuner: string;
  readonly optimizeMode: string;
  readonly phaseMode: string;
  readonly tags: readonly string[];
  readonly createdAt: number;
  readonly endedAt: number | null;
  /** Running time in milliseconds, over all sessions. */
  readonly elapsedMs: number;
  readonly trialConcurrency: number;
  readonly maxTrialNum: number | null;
  readonly maxPhaseNum: number | null;
  readonly maxExecDurationMs: number | null;
  readonly trialJobs: { readonly [status: string]: number };
  /** How many phases ended with each outcome, and `running`, `total`. */
  readonly phases: { readonly [outcome: string]: number };
  /** Why the phase that failed last did; null where none has. */
  readonly lastFailure: string | null;
  /** The best phase, or in `phaseMode: episode` the best trial. */
  readonly best: BestView | null;
}

export interface BestView {
  /** A string for the infinities. */
  readonly objective: number | string;
  readonly trialJobId: string;
  readonly parameterId: number;
  readonly parameterIndex: number;
  readonly parameters: unknown;
  /** `episode`: the results of the trial's phases, in order. */
  readonly results?: readonly unknown[];
}

/** One element of GET /api/v1/trial-jobs */
export interface TrialJobView {
  readonly id: string;
  readonly number: number;
  readonly status: string;
  readonly reason: string | null;
  readonly attempt: number;
  readonly startTime: number | null;
  readonly endTime: number | null;
  readonly phases: number;
  /** `episode`: the trial's objective so far. */
  readonly objective: number | string | null;
}

/** One element of GET /api/v1/phases */
export interface PhaseView {
  readonly parameterId: number;
  readonly trialJobId: string;
  readonly parameterIndex: number;
  readonly parameters: unknown;
  readonly outcome: string;
  readonly finalResult: unknown;
  readonly objective: number | string | null;
  readonly reason: string | null;
  readonly intermediateResults: readonly unknown[];
  readonly startTime: number | null;
  readonly endTime: number | null;
}

/** Lists are pages: `next` is the `cursor` of the following page, null at the end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly total: number;
  readonly next: number | null;
}

/** GET /api/v1/export */
export interface ExportView {
  readonly experiment: ExperimentView & { readonly config: unknown; readonly seed: number };
  readonly trialJobs: readonly TrialJobView[];
  readonly phases: readonly PhaseView[];
}
