/** The answers of the API as schemas: for the OpenAPI document, and for tests that hold the answers to it. */
import * as z from "zod";
import type {
  AdditionAnswer,
  BestView,
  DeedView,
  ErrorBody,
  ExperimentView,
  ExportView,
  ImportAnswer,
  Page,
  ParametersAnswer,
  ParetoView,
  PhaseView,
  ReportAnswer,
  TrialInfo,
  TrialJobView,
} from "../model/http.ts";

const count = z.int().min(0);
const time = z.number().describe("Milliseconds since the epoch.");
const plainNumber = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]);
const objective = plainNumber.nullable().describe("Null where there is none.");
const plainJson = z.unknown().describe("Any JSON; NaN and the infinities as strings.");

export const errorBody: z.ZodType<ErrorBody> = z.strictObject({
  error: z.strictObject({
    code: z.string().describe("Stable across versions."),
    message: z.string(),
    hint: z.string().exactOptional().describe("What to do about it."),
  }),
});

export const parametersAnswer: z.ZodType<ParametersAnswer> = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("parameters"),
    parameterId: count,
    parameterIndex: count,
    parameters: z.unknown().describe('Any JSON; NaN and the infinities as {"$number": "NaN"}.'),
  }),
  z.strictObject({ kind: z.literal("no-more"), reason: z.string() }),
  z.strictObject({ kind: z.literal("wait") }),
]);

export const reportAnswer: z.ZodType<ReportAnswer> = z.strictObject({
  phase: z.enum(["running", "stopped", "succeeded"]),
});

export const acknowledgement: z.ZodType<object> = z.strictObject({});

export const logAnswer: z.ZodType<{ readonly kept: number }> = z.strictObject({ kept: count });

export const trialInfo: z.ZodType<TrialInfo> = z.strictObject({
  experimentId: z.string(),
  trialJobId: z.string(),
  number: count,
  multiPhase: z.boolean(),
  parameterIndex: count,
});

/** Answer of GET /api/v1/health. */
export interface Health {
  readonly status: "ok";
  readonly experimentId: string;
  readonly experimentStatus: string;
  readonly pid: number | null;
  readonly version: string;
}

export const health: z.ZodType<Health> = z.strictObject({
  status: z.literal("ok"),
  experimentId: z.string(),
  experimentStatus: z.string(),
  pid: z.int().nullable(),
  version: z.string(),
});

export const bestView: z.ZodType<BestView> = z.strictObject({
  objective: plainNumber,
  trialJobId: z.string(),
  parameterId: count,
  parameterIndex: count,
  parameters: plainJson,
  results: z
    .array(plainJson)
    .exactOptional()
    .describe("`phaseMode: episode`: the results of the trial's phases."),
});

const objectiveModes = z.record(z.string(), z.string()).describe("`maximize` or `minimize`, by name.");

export const paretoView: z.ZodType<ParetoView> = z.strictObject({
  objectives: objectiveModes,
  phases: z
    .array(
      z.strictObject({
        objectives: z.record(z.string(), plainNumber).describe("By name."),
        trialJobId: z.string(),
        parameterId: count,
        parameterIndex: count,
        parameters: plainJson,
      }),
    )
    .describe("In the order of the first objective, the best first."),
});

const experimentShape = z.strictObject({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  statusReason: z.string().nullable(),
  pauseCause: z
    .enum(["person", "tuner", "assessor"])
    .nullable()
    .describe("Who paused it, while `status` is PAUSED."),
  description: z.string(),
  lastFailure: z.string().nullable(),
  pid: z.int().nullable(),
  url: z.string().nullable(),
  platform: z.string(),
  tuner: z.string(),
  optimizeMode: z.string(),
  objectives: objectiveModes
    .nullable()
    .describe("Several objectives, where there are; null for a single one."),
  phaseMode: z.string(),
  tags: z.array(z.string()),
  createdAt: time,
  endedAt: time.nullable(),
  elapsedMs: z.number().describe("Running time over all sessions."),
  trialConcurrency: count,
  maxTrialNum: count.nullable(),
  maxPhaseNum: count.nullable(),
  maxPhasesPerTrial: count.nullable(),
  maxExecDurationMs: z.number().nullable(),
  trialJobs: z.record(z.string(), count).describe("How many have each status, and `total`."),
  phases: z.record(z.string(), count).describe("How many have each outcome, and `total`."),
  waitingAdditions: count.describe("Parameters added by people that no trial job has got yet."),
  importedCount: count.describe("How many results from elsewhere the tuner was told."),
  best: bestView.nullable(),
});

export const experimentView: z.ZodType<ExperimentView> = experimentShape;

export const trialJobView: z.ZodType<TrialJobView> = z.strictObject({
  id: z.string(),
  number: count,
  status: z.enum(["created", "waiting", "running", "succeeded", "failed", "cancelled"]),
  reason: z.string().nullable(),
  attempt: count,
  startTime: time.nullable(),
  endTime: time.nullable(),
  phases: count,
  objective,
});

export const phaseView: z.ZodType<PhaseView> = z.strictObject({
  parameterId: count,
  trialJobId: z.string(),
  parameterIndex: count,
  parameters: plainJson,
  origin: z.enum(["tuner", "person"]).describe("Whose parameters they are."),
  outcome: z.enum(["running", "succeeded", "stopped", "abandoned", "failed", "cancelled"]),
  finalResult: plainJson,
  objective,
  reason: z.string().nullable(),
  intermediateResults: z.array(plainJson),
  startTime: time.nullable(),
  endTime: time.nullable(),
});

export const deedView: z.ZodType<DeedView> = z.strictObject({
  at: time,
  by: z.strictObject({
    token: z.enum(["admin", "owner"]).describe("`owner`: somebody who may read the experiment's files."),
    address: z.string().nullable(),
    agent: z.string().nullable().describe("What the calling program says it is."),
  }),
  action: z.string(),
  details: plainJson,
});

export const additionAnswer: z.ZodType<AdditionAnswer> = z.strictObject({
  additionId: count,
  inside: z.boolean().nullable().describe("Inside the search space? Null where that cannot be told."),
});

export const importAnswer: z.ZodType<ImportAnswer> = z.strictObject({
  taken: count.describe("Rows that the tuner is told."),
  outside: count.describe("Rows outside the search space. A built-in tuner is not told of them."),
  withoutObjective: count.describe(
    "Rows inside it that lack an objective. A built-in tuner is not told of them.",
  ),
});

export const searchSpace: z.ZodType = z
  .record(z.string(), z.unknown())
  .nullable()
  .describe("See docs/schema/search-space.schema.json.");

export const trialJobPage: z.ZodType<Page<TrialJobView>> = pageOf(trialJobView);
export const phasePage: z.ZodType<Page<PhaseView>> = pageOf(phaseView);
export const deedPage: z.ZodType<Page<DeedView>> = pageOf(deedView);

function pageOf<Item>(item: z.ZodType<Item>): z.ZodType<Page<Item>> {
  return z.strictObject({
    items: z.array(item),
    total: count,
    next: count.nullable().describe("`cursor` of the following page, null at the end."),
  });
}

export const exportView: z.ZodType<ExportView> = z.strictObject({
  experiment: z.strictObject({ ...experimentShape.shape, config: z.unknown(), seed: count }),
  trialJobs: z.array(trialJobView),
  phases: z.array(phaseView),
});
