/**
 * The bodies of the HTTP API, shared by the server, the typed client, the trial client and docs/openapi.json. Numbers that
 * JSON cannot hold are spelled `{"$number": "NaN"}` in the trial API, and as the strings "NaN", "Infinity", "-Infinity" in
 * the views that people read.
 */
import * as z from "zod";
import type { ConfigChange } from "./config.ts";
import { mostOfLimit, mostTrialConcurrency } from "./config.ts";
import type { Actor } from "./records.ts";

// In a file of its own, so that clients which only need the address do not load the schemas.
export { apiRoot } from "./api-root.ts";

const index = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);
const searchSpace = z.record(z.string(), z.unknown());
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

// ---- changes: what people and programs ask of a running experiment --------------------------------------------------

/** PATCH /api/v1/experiment. A key that is absent stays as it is; null takes a limit away. */
export const configChange: z.ZodType<ConfigChange> = z
  .strictObject({
    experimentName: z.string().min(1),
    description: z.string(),
    tags: z.array(z.string().min(1)),
    trialConcurrency: z.int().min(1).max(mostTrialConcurrency).describe("Trial jobs at once."),
    maxExecDurationMs: z.int().min(1).nullable().describe("Running time in milliseconds."),
    maxTrialNum: limit().describe("Trial jobs in all."),
    maxPhaseNum: limit().describe("Phases in all."),
    maxPhasesPerTrial: limit().describe("Phases in one trial job."),
    searchSpace: searchSpace.describe("The whole new search space."),
  })
  .partial() as unknown as z.ZodType<ConfigChange>;

function limit(): z.ZodType<number | null> {
  return z.int().min(1).max(mostOfLimit).nullable();
}

/** Draw one for each request that may have to be sent again: it is carried out once, and answered again. */
const requestId = z
  .string()
  .min(1)
  .max(100)
  .optional()
  .describe("Sent again, the request is carried out once.");

/** POST /api/v1/phases. Answers {@link AdditionAnswer}. */
export interface AdditionRequest {
  readonly parameters: unknown;
  readonly requestId?: string | undefined;
}
export const additionRequest: z.ZodType<AdditionRequest> = z.strictObject({
  parameters: required,
  requestId,
});

/** The next request of any trial job gets the parameters; their phase then has `origin: "person"`. */
export interface AdditionAnswer {
  readonly additionId: number;
  /** Whether they lie inside the search space; null where that cannot be told. */
  readonly inside: boolean | null;
}

/** POST /api/v1/import. Answers {@link ImportAnswer}. */
export interface ImportRequest {
  readonly rows: readonly { readonly parameters: unknown; readonly value: unknown }[];
  readonly requestId?: string | undefined;
}
export const importRequest: z.ZodType<ImportRequest> = z.strictObject({
  rows: z.array(
    z.union(
      [
        z.object({ parameters: required, value: required }),
        z
          .object({ parameter: required.describe("As NNI spells it."), value: required })
          .transform(({ parameter, value }) => ({ parameters: parameter, value })),
      ],
      { error: "expected { parameters, value }" },
    ),
  ),
  requestId,
});

export interface ImportAnswer {
  /** Rows that the tuner is told. */
  readonly taken: number;
  /** Rows outside the search space; a built-in tuner cannot use them, so they are not taken. */
  readonly outside: number;
  /** Rows inside it whose value lacks an objective, which a built-in tuner cannot use either. */
  readonly withoutObjective: number;
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
  /** `person` or `tuner` while `status` is PAUSED, else null. */
  readonly pauseCause: string | null;
  readonly description: string;
  readonly pid: number | null;
  readonly url: string | null;
  readonly platform: string;
  readonly tuner: string;
  readonly optimizeMode: string;
  /** Several objectives: the numbers of a result that count, each `maximize` or `minimize`; null where it is the one of `best`. */
  readonly objectives: { readonly [name: string]: string } | null;
  readonly phaseMode: string;
  readonly tags: readonly string[];
  readonly createdAt: number;
  readonly endedAt: number | null;
  /** Running time in milliseconds, over all sessions. */
  readonly elapsedMs: number;
  readonly trialConcurrency: number;
  readonly maxTrialNum: number | null;
  readonly maxPhaseNum: number | null;
  readonly maxPhasesPerTrial: number | null;
  readonly maxExecDurationMs: number | null;
  readonly trialJobs: { readonly [status: string]: number };
  /** How many phases ended with each outcome, and `running`, `total`. */
  readonly phases: { readonly [outcome: string]: number };
  /** Parameters added by people that no trial job has got yet. */
  readonly waitingAdditions: number;
  /** How many results from elsewhere the tuner was told. */
  readonly importedCount: number;
  /** Why the phase that failed last did, or why its result does not count; null where none has. */
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

/** GET /api/v1/pareto: where there are several objectives, the phases that no other phase beats in all of them. */
export interface ParetoView {
  readonly objectives: { readonly [name: string]: string };
  /** In the order of the first objective, the best first. */
  readonly phases: readonly ParetoPhaseView[];
}

export interface ParetoPhaseView {
  /** By name; strings for the infinities. */
  readonly objectives: { readonly [name: string]: number | string };
  readonly trialJobId: string;
  readonly parameterId: number;
  readonly parameterIndex: number;
  readonly parameters: unknown;
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
  /** Whose parameters they are: `tuner` or `person`. */
  readonly origin: string;
  readonly outcome: string;
  readonly finalResult: unknown;
  readonly objective: number | string | null;
  readonly reason: string | null;
  readonly intermediateResults: readonly unknown[];
  readonly startTime: number | null;
  readonly endTime: number | null;
}

/** One element of GET /api/v1/audit: what somebody has changed. */
export interface DeedView {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly by: Actor;
  readonly action: string;
  readonly details: unknown;
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
