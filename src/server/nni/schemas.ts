/** The answers below /api/v1/nni as schemas, in NNI's keys. */
import * as z from "zod";
import type { ExperimentStatus, Json } from "../../model/index.ts";

const count = z.int().min(0);
const time = z.number().describe("Milliseconds since the epoch.");
const anyJson = z.unknown().describe("Any JSON; NaN and the infinities as strings.");

/** Every refusal: status 4xx or 5xx. */
export interface NniErrorBody {
  /** What went wrong, and what to do about it. */
  readonly error: string;
  /** Stable across versions. */
  readonly code: string;
}
export const nniErrorBody: z.ZodType<NniErrorBody> = z.strictObject({
  error: z.string().describe("What went wrong, and what to do about it."),
  code: z.string().describe("Stable across versions."),
});

export type NniExperimentStatus = Exclude<ExperimentStatus, "PAUSED">;

export interface NniCheckStatus {
  readonly status: NniExperimentStatus;
  readonly errors: readonly string[];
}
export const nniCheckStatus: z.ZodType<NniCheckStatus> = z.strictObject({
  status: z.enum([
    "INITIALIZED",
    "RUNNING",
    "NO_MORE_TRIAL",
    "TUNER_NO_MORE_TRIAL",
    "STOPPING",
    "STOPPED",
    "DONE",
    "ERROR",
  ]),
  errors: z.array(z.string()),
});

export type NniAlgorithm = { readonly [key: string]: unknown };

export interface NniParams {
  readonly authorName: string;
  readonly experimentName: string;
  readonly description: string;
  readonly trialConcurrency: number;
  readonly maxExecDuration: number;
  readonly maxTrialNum: number;
  readonly searchSpace: string;
  readonly trainingServicePlatform: string;
  readonly multiPhase: boolean;
  readonly multiThread: boolean;
  readonly versionCheck: boolean;
  readonly logCollection: string;
  readonly tuner?: NniAlgorithm;
  readonly assessor?: NniAlgorithm;
  readonly advisor?: NniAlgorithm;
  readonly clusterMetaData: readonly { readonly key: string; readonly value: unknown }[];
}

export interface NniProfile {
  readonly id: string;
  readonly revision: number;
  readonly execDuration: number;
  readonly logDir: string;
  readonly startTime: number;
  readonly endTime?: number;
  readonly nextSequenceId: number;
  readonly params: NniParams;
}

const algorithm = z.record(z.string(), z.unknown());

const params: z.ZodType<NniParams> = z.strictObject({
  authorName: z.string(),
  experimentName: z.string(),
  description: z.string(),
  trialConcurrency: count.describe("Trial jobs at once."),
  maxExecDuration: z.number().describe("Seconds; 86313600 (999 days) where there is no limit."),
  maxTrialNum: count.describe("Trial jobs in all; 99999 where there is no limit."),
  searchSpace: z.string().describe("JSON text."),
  trainingServicePlatform: z.string(),
  multiPhase: z.boolean(),
  multiThread: z.boolean(),
  versionCheck: z.boolean(),
  logCollection: z.string(),
  tuner: algorithm.exactOptional(),
  assessor: algorithm.exactOptional(),
  advisor: algorithm.exactOptional(),
  clusterMetaData: z.array(z.strictObject({ key: z.string(), value: z.unknown() })),
});

export const nniProfile: z.ZodType<NniProfile> = z.strictObject({
  id: z.string(),
  revision: count.describe("Grows with every change."),
  execDuration: count.describe("Running time over all sessions, in seconds."),
  logDir: z.string().describe("The experiment's directory."),
  startTime: time,
  endTime: time.exactOptional(),
  nextSequenceId: count,
  params,
});

export const nniJobStatuses = [
  "UNKNOWN",
  "WAITING",
  "RUNNING",
  "SUCCEEDED",
  "FAILED",
  "USER_CANCELED",
  "SYS_CANCELED",
  "EARLY_STOPPED",
] as const;
export type NniJobStatus = (typeof nniJobStatuses)[number];

export interface NniJobStatistics {
  readonly trialJobStatus: NniJobStatus;
  readonly trialJobNumber: number;
}
export const nniJobStatistics: z.ZodType<readonly NniJobStatistics[]> = z.array(
  z.strictObject({ trialJobStatus: z.enum(nniJobStatuses), trialJobNumber: count }),
);

/** The last two are known as words; no such record is kept. */
export const nniMetricTypes = ["PERIODICAL", "FINAL", "CUSTOM", "REQUEST_PARAMETER"] as const;

export interface NniMetric {
  readonly timestamp: number;
  readonly trialJobId: string;
  readonly parameterId: string;
  readonly type: (typeof nniMetricTypes)[number];
  readonly sequence: number;
  readonly data: string;
}
const metric: z.ZodType<NniMetric> = z.strictObject({
  timestamp: time,
  trialJobId: z.string(),
  parameterId: z.string(),
  type: z.enum(nniMetricTypes),
  sequence: count.describe("Of intermediate results: from 0 in the phase."),
  data: z
    .string()
    .describe("The JSON text of the JSON text of the value; NaN and the infinities bare in it."),
});
export const nniMetrics: z.ZodType<readonly NniMetric[]> = z.array(metric);

export interface NniJobInfo {
  readonly id: string;
  readonly sequenceId: number;
  readonly status: NniJobStatus;
  readonly hyperParameters: readonly string[];
  readonly logPath: string;
  readonly startTime: number;
  readonly endTime?: number;
  readonly stderrPath?: string;
  readonly finalMetricData?: readonly NniMetric[];
}
export const nniJobInfo: z.ZodType<NniJobInfo> = z.strictObject({
  id: z.string(),
  sequenceId: count,
  status: z.enum(nniJobStatuses),
  hyperParameters: z.array(z.string()).describe("JSON texts, in phase order."),
  logPath: z.string(),
  startTime: time.describe("Milliseconds since the epoch: when it was created, until it runs."),
  endTime: time.exactOptional(),
  stderrPath: z.string().exactOptional().describe("Of jobs that failed."),
  finalMetricData: z.array(metric).exactOptional().describe("All final results, where there are any."),
});
export const nniJobInfos: z.ZodType<readonly NniJobInfo[]> = z.array(nniJobInfo);

export interface NniExportRow {
  readonly parameter: Json;
  readonly value: string;
  readonly id: string;
}
export const nniExport: z.ZodType<readonly NniExportRow[]> = z.array(
  z.strictObject({ parameter: anyJson, value: z.string().describe("JSON text."), id: z.string() }),
) as unknown as z.ZodType<readonly NniExportRow[]>;
