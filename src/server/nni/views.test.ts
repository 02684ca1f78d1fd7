import { describe, expect, test } from "vitest";
import { configOf } from "../../../tests/support/world.ts";
import { fold } from "../../journal/index.ts";
import type {
  ExperimentConfig,
  ExperimentState,
  Fact,
  Json,
  PauseCause,
  PhaseOutcome,
} from "../../model/index.ts";
import { exportRows, importRows } from "./exported.ts";
import { jobInfo, jobStatistics, jobViewer } from "./job-info.ts";
import { latestMetrics, metricsOf } from "./metrics.ts";
import { nniText, readNniText } from "./nni-text.ts";
import { profileView } from "./profile.ts";
import * as schemas from "./schemas.ts";
import type { NniJobInfo, NniMetric } from "./schemas.ts";
import { checkStatusView } from "./status.ts";

/** The state after these facts, one second apart, the first of them at 3,000. */
function stateOf(facts: readonly Fact[], config: Partial<ExperimentConfig> = {}): ExperimentState {
  const created: Fact = {
    kind: "experiment-created",
    version: 2,
    experimentId: "exp00000",
    config: configOf(config),
    seed: 7,
  };
  const all = [created, { kind: "manager-started", pid: 7 } satisfies Fact, ...facts];
  return fold(all.map((fact, index) => ({ seq: index + 1, record: { at: 1_000 * (index + 1), ...fact } })));
}

const job = (trialJobId: string, number = 0): Fact => ({
  kind: "trial-job-created",
  trialJobId,
  number,
  tokenHash: trialJobId,
});
type Proposed = Extract<Fact, { kind: "phase-proposed" }>;
const proposed = (trialJobId: string, parameterIndex: number, parameterId: number): Proposed => ({
  kind: "phase-proposed",
  trialJobId,
  parameterIndex,
  parameterId,
  parameters: { x: parameterId },
  heard: 0,
  batch: parameterId,
});
const reported = (parameterId: number, sequence: number, value: Json): Fact => ({
  kind: "intermediate-result",
  parameterId,
  sequence,
  value,
});
const ended = (parameterId: number, value: Json, outcome: PhaseOutcome = "succeeded"): Fact => ({
  kind: "phase-ended",
  parameterId,
  outcome,
  value,
  reason: null,
});
const jobEnded = (trialJobId: string, status: "succeeded" | "failed" | "cancelled"): Fact => ({
  kind: "trial-job-ended",
  trialJobId,
  status,
  reason: null,
});
const running = (trialJobId: string): Fact => ({ kind: "trial-job-running", trialJobId });

function infoOf(facts: readonly Fact[], id = "a"): NniJobInfo {
  const state = stateOf(facts);
  const info = jobInfo(jobViewer(state, "/exp"), state.trialJobs.get(id) as never);
  return schemas.nniJobInfo.parse(info);
}

/** As a client in Python reads it; without the numbers that only Python takes. */
const twice = ({ data }: NniMetric): unknown => JSON.parse(JSON.parse(data) as string);

describe("a trial job", () => {
  const twoPhases = [
    job("a"),
    proposed("a", 0, 0),
    running("a"),
    ended(0, 10),
    proposed("a", 1, 1),
    ended(1, { default: 20, loss: 2 }),
  ];

  test("has its configurations as texts and its final results doubly encoded, in phase order", () => {
    const info = infoOf([...twoPhases, jobEnded("a", "succeeded")]);
    expect(info).toEqual({
      id: "a",
      sequenceId: 0,
      status: "SUCCEEDED",
      startTime: 5_000,
      endTime: 9_000,
      logPath: "file://localhost:/exp/trials/a",
      hyperParameters: [
        '{"parameter_id":0,"parameter_source":"algorithm","parameters":{"x":0},"trial_job_id":"a","parameter_index":0}',
        '{"parameter_id":1,"parameter_source":"algorithm","parameters":{"x":1},"trial_job_id":"a","parameter_index":1}',
      ],
      finalMetricData: [
        {
          timestamp: 6_000,
          trialJobId: "a",
          parameterId: "0",
          type: "FINAL",
          sequence: 0,
          data: '"10"',
        },
        {
          timestamp: 8_000,
          trialJobId: "a",
          parameterId: "1",
          type: "FINAL",
          sequence: 0,
          data: '"{\\"default\\":20,\\"loss\\":2}"',
        },
      ],
    });
    expect(info.finalMetricData?.map(twice)).toEqual([10, { default: 20, loss: 2 }]);
  });

  test.each([
    ["RUNNING", []],
    ["FAILED", [jobEnded("a", "failed")]],
    ["SYS_CANCELED", [jobEnded("a", "cancelled")]],
  ])("shows its final results also while it is %s", (status, more) => {
    const info = infoOf([...twoPhases, ...more]);
    expect([info.status, info.finalMetricData?.length]).toEqual([status, 2]);
    expect(info.stderrPath).toBe(status === "FAILED" ? "file://localhost:/exp/trials/a/stderr" : undefined);
    expect("endTime" in info).toBe(more.length > 0);
  });

  test("that waits starts when it was created, and has no results", () => {
    const info = infoOf([job("a"), proposed("a", 0, 0)]);
    expect(info).toMatchObject({ status: "WAITING", startTime: 3_000 });
    expect(info).not.toHaveProperty("finalMetricData");
  });

  test("was cancelled by a person where one asked for it, else by the system", () => {
    const asked: Fact = {
      kind: "person-acted",
      by: { token: "admin", address: null, agent: null },
      action: "cancel-trial-job",
      details: { trialJobId: "a" },
    };
    const facts = [job("a"), job("b", 1), asked, jobEnded("a", "cancelled"), jobEnded("b", "cancelled")];
    expect(["a", "b"].map((id) => infoOf(facts, id).status)).toEqual(["USER_CANCELED", "SYS_CANCELED"]);
  });

  test("was stopped early where the assessor stopped its only phase; with more of them it succeeded", () => {
    const begun = [job("a"), proposed("a", 0, 0), reported(0, 0, 1)];
    const byPerson = [...begun, ended(0, 1, "stopped")];
    const stopped = [...begun, { ...ended(0, 1, "stopped"), by: "assessor" } as Fact];
    for (const status of ["succeeded", "cancelled"] as const) {
      const one = infoOf([...stopped, jobEnded("a", status)]);
      expect([one.status, one.finalMetricData]).toEqual(["EARLY_STOPPED", undefined]);
      expect(infoOf([...byPerson, jobEnded("a", status)]).status).toBe("USER_CANCELED");
    }
    expect(infoOf(stopped).status).toBe("WAITING");
    const two = infoOf([...stopped, proposed("a", 1, 1), ended(1, 2), jobEnded("a", "succeeded")]);
    expect(two.status).toBe("SUCCEEDED");
  });

  test("names whose parameters are a person's, with an id like any other", () => {
    const facts: Fact[] = [
      job("a"),
      { kind: "parameters-added", additionId: 0, parameters: { x: Number.NaN } },
      { ...proposed("a", 0, 0), parameters: { x: Number.NaN }, additionId: 0 },
      ended(0, 1),
    ];
    expect(JSON.parse(infoOf(facts).hyperParameters[0] as string)).toMatchObject({
      parameter_id: 0,
      parameter_source: "customized",
      parameters: { x: "NaN" },
    });
    expect(exportRows(stateOf(facts))).toEqual([{ parameter: { x: "NaN" }, value: "1", id: "a" }]);
  });

  test("is counted under its status", () => {
    const state = stateOf([job("a"), job("b", 1), running("b"), job("c", 2), running("c")]);
    expect(jobStatistics(jobViewer(state, ""))).toEqual([
      { trialJobStatus: "WAITING", trialJobNumber: 1 },
      { trialJobStatus: "RUNNING", trialJobNumber: 2 },
    ]);
  });
});

describe("metrics", () => {
  const facts = [
    job("a"),
    job("b", 1),
    proposed("a", 0, 0),
    proposed("b", 0, 1),
    reported(0, 0, 0.25),
    reported(1, 0, 0.5),
    reported(0, 1, 0.75),
    ended(0, 1),
    proposed("a", 1, 2),
    reported(2, 0, Number.NaN),
  ];
  const short = ({ parameterId, type, sequence, data }: NniMetric): string =>
    `${parameterId} ${type} ${sequence} ${data}`;

  test("are in the order in which they came; their sequence begins anew in each phase", () => {
    const state = stateOf(facts);
    const metrics = metricsOf(state, state.trialJobs.values());
    expect(metrics.map(short)).toEqual([
      '0 PERIODICAL 0 "0.25"',
      '1 PERIODICAL 0 "0.5"',
      '0 PERIODICAL 1 "0.75"',
      '0 FINAL 0 "1"',
      '2 PERIODICAL 0 "NaN"',
    ]);
    expect(metrics.map(({ timestamp }) => timestamp)).toEqual([7_000, 8_000, 9_000, 10_000, 12_000]);
    expect(schemas.nniMetrics.parse(metrics)).toEqual(metrics);
  });

  test("the latest are all finals and each job's newest intermediate result", () => {
    expect(latestMetrics(stateOf(facts)).map(short)).toEqual([
      '0 FINAL 0 "1"',
      '2 PERIODICAL 0 "NaN"',
      '1 PERIODICAL 0 "0.5"',
    ]);
  });

  test("of a phase that was started again are those of its last attempt", () => {
    const again: Fact = {
      kind: "trial-job-retried",
      trialJobId: "a",
      attempt: 1,
      tokenHash: "x",
      reason: "crash",
    };
    const begun = [job("a"), proposed("a", 0, 0), reported(0, 0, 1), reported(0, 1, 2), again];
    const state = stateOf([...begun, reported(0, 0, 3)]);
    expect(metricsOf(state, state.trialJobs.values()).map(short)).toEqual(['0 PERIODICAL 0 "3"']);
  });
});

/** Counts what is looked at, one by one or all of them. */
class CountingMap<Key, Value> extends Map<Key, Value> {
  looks = 0;
  override get(key: Key): Value | undefined {
    this.looks += 1;
    return super.get(key);
  }
  override *values(): MapIterator<Value> {
    for (const value of super.values()) {
      this.looks += 1;
      yield value;
    }
  }
  override *[Symbol.iterator](): MapIterator<[Key, Value]> {
    for (const entry of super.entries()) {
      this.looks += 1;
      yield entry;
    }
  }
}

describe("every list looks at a phase once or twice, of however many jobs and phases", () => {
  const many = 100;
  const jobs = Array.from({ length: many }, (_, number) => job(`j${number}`, number));
  const phases = Array.from({ length: many * many }, (_, parameterId): Fact[] => [
    proposed(`j${parameterId % many}`, Math.floor(parameterId / many), parameterId),
    ended(parameterId, parameterId),
  ]);
  const whole = stateOf([...jobs, ...phases.flat()]);

  test.each<[string, (state: ExperimentState) => readonly unknown[], number]>([
    [
      "jobs",
      (state) => {
        const viewer = jobViewer(state, "");
        return [...state.trialJobs.values()].flatMap((each) => jobInfo(viewer, each).finalMetricData ?? []);
      },
      many ** 2,
    ],
    ["metrics", (state) => metricsOf(state, state.trialJobs.values()), many ** 2],
    ["latest metrics", latestMetrics, many ** 2],
    ["export", exportRows, many ** 2],
    ["statistics", (state) => jobStatistics(jobViewer(state, "")), 1],
  ])("%s", (_name, view, length) => {
    const phases = new CountingMap(whole.phases);
    phases.looks = 0;
    expect(view({ ...whole, phases })).toHaveLength(length);
    expect(phases.looks).toBeLessThanOrEqual(2 * many ** 2);
  });
});

describe("the profile", () => {
  test("has the settings in NNI's keys, durations in seconds, and NNI's numbers for no limit", () => {
    const state = stateOf([job("a"), jobEnded("a", "succeeded")]);
    const view = profileView(state, { now: 7_900, directory: "/exp" });
    expect(schemas.nniProfile.parse(view)).toEqual(view);
    expect(view).toMatchObject({
      id: "exp00000",
      revision: 4,
      execDuration: 5,
      logDir: "/exp",
      startTime: 1_000,
      nextSequenceId: 1,
      params: {
        authorName: "test",
        maxExecDuration: 86_313_600,
        maxTrialNum: 99_999,
        searchSpace: '{"x":{"_type":"uniform","_value":[0,1]}}',
        trainingServicePlatform: "local",
        multiPhase: true,
        tuner: { builtinTunerName: "Random", classArgs: { optimize_mode: "maximize" } },
      },
    });
    expect(view).not.toHaveProperty("endTime");
    expect(view.params).not.toHaveProperty("assessor");
  });

  test("has its end once it has ended, and its own limits", () => {
    const over: Fact = { kind: "experiment-status", status: "DONE", reason: null };
    const state = stateOf([over], { maxExecDurationMs: 90_000, maxTrialNum: 3, searchSpace: null });
    const view = profileView(state, { now: 99_000, directory: "" });
    expect(view).toMatchObject({ endTime: 3_000, execDuration: 1 });
    expect(view.params).toMatchObject({ maxExecDuration: 90, maxTrialNum: 3, searchSpace: '""' });
  });

  test("knows advisors, assessors and classes of the user's", () => {
    const paramsOf = (config: Partial<ExperimentConfig>): object =>
      profileView(stateOf([], config), { now: 0, directory: "" }).params;
    const bohb = paramsOf({ tuner: { kind: "builtin", name: "BOHB", classArgs: { eta: 3 } } });
    expect(bohb).toMatchObject({
      advisor: { builtinAdvisorName: "BOHB", classArgs: { optimize_mode: "maximize", eta: 3 } },
    });
    expect(bohb).not.toHaveProperty("tuner");
    const own = { codeDir: "/c", classFileName: "t.py", className: "Mine", classArgs: { a: Infinity } };
    const assessor = { kind: "builtin", name: "Medianstop", classArgs: { start_step: 2 } } as const;
    expect(paramsOf({ tuner: { kind: "custom", ...own }, assessor })).toMatchObject({
      tuner: { ...own, classArgs: { a: "Infinity" } },
      assessor: { builtinAssessorName: "Medianstop", classArgs: { start_step: 2 } },
    });
    expect(paramsOf({ tuner: { kind: "custom", ...own, advisor: true, gpuIndices: [0, 2] } })).toMatchObject({
      advisor: { ...own, classArgs: { a: "Infinity" }, gpuIndices: "0,2" },
    });
  });
});

describe("the status", () => {
  test.each([
    [null, "RUNNING", { status: "RUNNING", errors: [] }],
    ["no disk", "ERROR", { status: "ERROR", errors: ["no disk"] }],
    ["all done", "DONE", { status: "DONE", errors: [] }],
  ] as const)("with the reason %s of %s", (reason, status, expected) => {
    expect(checkStatusView(stateOf([{ kind: "experiment-status", status, reason }]))).toEqual(expected);
  });

  test("a pause is RUNNING where a person will end it, ERROR where an algorithm failed", () => {
    const paused = (cause: PauseCause): object =>
      checkStatusView(stateOf([{ kind: "experiment-status", status: "PAUSED", reason: "why", cause }]));
    expect(paused("person")).toEqual({ status: "RUNNING", errors: [] });
    expect(paused("tuner")).toEqual({ status: "ERROR", errors: ["why"] });
    expect(paused("assessor")).toEqual({ status: "ERROR", errors: ["why"] });
  });
});

describe("text in JSON", () => {
  test.each<[Json, string]>([
    [0.1, "0.1"],
    [null, "null"],
    [Number.NaN, "NaN"],
    [-Infinity, "-Infinity"],
    ['NaN "null" \\', '"NaN \\"null\\" \\\\"'],
    [{ default: Infinity, "a\n": [null, { b: Number.NaN }], c: "null" }, ""],
  ])("%j is written and read", (value, text) => {
    if (text !== "") expect(nniText(value)).toBe(text);
    expect(readNniText(nniText(value))).toEqual(value);
  });

  test("in a string a bare number is not one", () => {
    expect(nniText({ a: "-Infinity", b: Number.NaN })).toBe('{"a":"-Infinity","b":NaN}');
    expect(readNniText('["NaN", "\\"NaN", NaN]')).toEqual(["NaN", '"NaN', Number.NaN]);
  });

  test.each(["", "NaNs", "-NaN", "1NaN", "[NaN", '"NaN', '"NaN\\', "Infinity Infinity", "{NaN:1}"])(
    "%j is none",
    (text) => expect(() => readNniText(text)).toThrow(SyntaxError),
  );

  test("of any length is read in time that grows as it does", { timeout: 30_000 }, () => {
    const longest = `NaN"${'\\"'.repeat(2 ** 18)}\\`;
    expect(() => readNniText(longest)).toThrow(SyntaxError);
  });

  test("may not be nested without end", () => {
    expect(() => readNniText("[".repeat(100_000) + "]".repeat(100_000))).toThrow(/nested/);
  });
});

describe("rows to import", () => {
  const valueOf = (value: unknown): unknown => importRows.parse([{ parameter: {}, value }])[0]?.value;

  test.each([
    [0, 0],
    ["0", 0],
    ["10.0", 10],
    ['"0.5"', 0.5],
    ["NaN", Number.NaN],
    [{ default: 1 }, { default: 1 }],
    ['{"default": Infinity}', { default: Infinity }],
    ['"good"', "good"],
    [null, null],
  ])("take %j", (value, expected) => expect(valueOf(value)).toEqual(expected));

  test("what an export holds comes back as it was", () => {
    const state = stateOf([
      job("a"),
      proposed("a", 0, 0),
      ended(0, Number.NaN),
      proposed("a", 1, 1),
      ended(1, 0),
    ]);
    expect(importRows.parse(exportRows(state))).toEqual([
      { parameters: { x: 0 }, value: Number.NaN },
      { parameters: { x: 1 }, value: 0 },
    ]);
  });

  test.each([
    [{}, "0.parameter"],
    [{ parameter: {} }, "0.value"],
    [{ parameter: {}, value: "good" }, "0.value"],
    [{ parameter: {}, value: "[[" }, "0.value"],
    [7, "0"],
  ])("%j is refused, with its place", (row, place) => {
    const paths = importRows.safeParse([row]).error?.issues.map(({ path }) => path.join("."));
    expect(paths).toContain(place);
  });
});
