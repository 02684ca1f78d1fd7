import { describe, expect, test } from "vitest";
import { configOf } from "../../tests/support/world.ts";
import type { ExperimentConfig, ExperimentState, Fact, Json, PhaseOutcome } from "../model/index.ts";
import { fold } from "./index.ts";
import {
  bestView,
  experimentView,
  exportView,
  paretoView,
  phaseView,
  trialInfo,
  trialJobView,
} from "./views.ts";

const present = { now: 100_000, pid: 7, url: "http://127.0.0.1:1" };
const absent = { now: 100_000, pid: null, url: null };

/** The state after these facts, one second apart, the first of them at 1,000. */
function stateOf(config: Partial<ExperimentConfig>, facts: readonly Fact[]): ExperimentState {
  const created: Fact = {
    kind: "experiment-created",
    version: 1,
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
const proposed = (trialJobId: string, parameterIndex: number, parameterId: number): Fact => ({
  kind: "phase-proposed",
  trialJobId,
  parameterIndex,
  parameterId,
  parameters: { x: parameterId },
  heard: 0,
  batch: parameterId,
});
const ended = (parameterId: number, value: Json, outcome: PhaseOutcome = "succeeded"): Fact => ({
  kind: "phase-ended",
  parameterId,
  outcome,
  value,
  reason: null,
});
const jobEnded = (trialJobId: string, status: "succeeded" | "failed" = "succeeded"): Fact => ({
  kind: "trial-job-ended",
  trialJobId,
  status,
  reason: null,
});

/** A job with these results, phase by phase; its parameter ids start at `first`. */
function trial(id: string, first: number, results: readonly Json[]): Fact[] {
  const phases = results.flatMap((value, index) => [
    proposed(id, index, first + index),
    ended(first + index, value),
  ]);
  return [job(id, first), ...phases];
}

describe("phases", () => {
  const viewOf = (...facts: Fact[]): ReturnType<typeof phaseView> => {
    const phase = stateOf({}, [job("a"), proposed("a", 0, 0), ...facts]).phases.get(0);
    if (phase === undefined) throw new Error("no phase");
    return phaseView(phase);
  };

  test("a succeeded one shows its result and what it counts for", () => {
    const view = viewOf({ kind: "phase-started", parameterId: 0 }, ended(0, { default: 0.5, loss: 2 }));
    expect(view).toMatchObject({
      outcome: "succeeded",
      finalResult: { default: 0.5, loss: 2 },
      objective: 0.5,
      startTime: 5_000,
      endTime: 6_000,
    });
  });

  test("a stopped one has no result, but counts for what the tuner learnt", () => {
    expect(viewOf(ended(0, 0.25, "stopped"))).toMatchObject({ finalResult: null, objective: 0.25 });
  });

  test.each(["abandoned", "failed", "cancelled"] as const)("a %s one counts for nothing", (outcome) => {
    expect(viewOf(ended(0, null, outcome))).toMatchObject({ outcome, finalResult: null, objective: null });
  });

  test("numbers that JSON cannot hold are strings, everywhere", () => {
    const results: Fact = {
      kind: "intermediate-result",
      parameterId: 0,
      sequence: 0,
      value: { a: -Infinity },
    };
    const view = viewOf(results, ended(0, Number.NaN));
    expect(view).toMatchObject({
      finalResult: "NaN",
      objective: "NaN",
      intermediateResults: [{ a: "-Infinity" }],
    });
    expect(JSON.parse(JSON.stringify(view))).toEqual(view);
  });

  test("intermediate results are those of the job's last attempt that reported any", () => {
    const result = (sequence: number, value: number): Fact => ({
      kind: "intermediate-result",
      parameterId: 0,
      sequence,
      value,
    });
    const again: Fact = {
      kind: "trial-job-retried",
      trialJobId: "a",
      attempt: 1,
      tokenHash: "b",
      reason: "crash",
    };
    expect(viewOf(result(0, 1), result(1, 2), again).intermediateResults).toEqual([1, 2]);
    expect(viewOf(result(0, 1), result(1, 2), again, result(0, 3)).intermediateResults).toEqual([3]);
  });
});

describe("the best", () => {
  test("is the phase with the best objective, by optimizeMode", () => {
    const facts = trial("a", 0, [0.2, 0.9, Number.NaN, "text", 0.4]);
    expect(bestView(stateOf({}, facts))).toEqual({
      objective: 0.9,
      trialJobId: "a",
      parameterId: 1,
      parameterIndex: 1,
      parameters: { x: 1 },
    });
    expect(bestView(stateOf({ optimizeMode: "minimize" }, facts))?.parameterId).toBe(0);
  });

  test("is null where no phase has an objective", () => {
    expect(bestView(stateOf({}, trial("a", 0, [Number.NaN, "text"])))).toBeNull();
    expect(bestView(stateOf({ phaseMode: "episode" }, trial("a", 0, [Number.NaN])))).toBeNull();
  });

  test("an infinity is shown as a string", () => {
    expect(bestView(stateOf({}, trial("a", 0, [Infinity])))?.objective).toBe("Infinity");
  });
});

describe("episodes", () => {
  const results = [3, 9, 6];
  const other = [4, 5, 4];
  const facts = [...trial("a", 0, results), jobEnded("a"), ...trial("b", 10, other), jobEnded("b")];

  test.each([
    ["last", "maximize", { trialJobId: "a", objective: 6, parameterId: 2 }],
    ["max", "maximize", { trialJobId: "a", objective: 9, parameterId: 1 }],
    ["min", "maximize", { trialJobId: "b", objective: 4, parameterId: 10 }],
    ["mean", "maximize", { trialJobId: "a", objective: 6, parameterId: 2 }],
    ["sum", "maximize", { trialJobId: "a", objective: 18, parameterId: 2 }],
    ["last", "minimize", { trialJobId: "b", objective: 4, parameterId: 12 }],
    ["min", "minimize", { trialJobId: "a", objective: 3, parameterId: 0 }],
  ] as const)("the best trial by %s, %s", (objective, optimizeMode, expected) => {
    const state = stateOf({ phaseMode: "episode", objective, optimizeMode }, facts);
    const best = bestView(state);
    expect(best).toMatchObject(expected);
    expect(best?.results).toEqual(expected.trialJobId === "a" ? results : other);
  });

  test("NaN makes no extreme, and a trial of nothing else is never the best", () => {
    const withNaN = [
      ...trial("a", 0, [Number.NaN, 2]),
      jobEnded("a"),
      ...trial("b", 10, [Number.NaN]),
      jobEnded("b"),
    ];
    const state = stateOf({ phaseMode: "episode", objective: "max" }, withNaN);
    expect(bestView(state)).toMatchObject({ trialJobId: "a", objective: 2, results: ["NaN", 2] });
    const view = trialJobView(state, state.trialJobs.get("b") as never);
    expect(view.objective).toBe("NaN");
  });

  test("a trial that was cut short is not better than one that came to its end", () => {
    const settings = { phaseMode: "episode", objective: "sum", optimizeMode: "minimize" } as const;
    const short = [...trial("c", 20, [1]), jobEnded("c", "failed")];
    expect(bestView(stateOf(settings, [...facts, ...short]))?.trialJobId).toBe("b");
    expect(bestView(stateOf(settings, short))?.trialJobId).toBe("c");
  });

  test("trial jobs show their objective so far; in worker mode they have none", () => {
    const objectiveIn = (phaseMode: "worker" | "episode"): unknown => {
      const state = stateOf({ phaseMode, objective: "mean" }, trial("a", 0, [1, 2, 6]));
      return trialJobView(state, state.trialJobs.get("a") as never).objective;
    };
    expect(objectiveIn("episode")).toBe(3);
    expect(objectiveIn("worker")).toBeNull();
  });
});

describe("the experiment", () => {
  test("its clock stands still while no manager is running, and after its end", () => {
    const running = (): ExperimentState => stateOf({}, [job("a")]); // started at 2,000, last record at 3,000
    expect(experimentView(running(), present).elapsedMs).toBe(98_000);
    expect(experimentView(running(), absent).elapsedMs).toBe(1_000);
    const done: Fact = { kind: "experiment-status", status: "DONE", reason: null };
    expect(experimentView(stateOf({}, [job("a"), done]), present).elapsedMs).toBe(2_000);
  });

  test("every status and outcome has a count, also where it is zero", () => {
    const view = experimentView(stateOf({}, trial("a", 0, [1, 2])), present);
    expect(view.trialJobs).toEqual({
      created: 1,
      waiting: 0,
      running: 0,
      succeeded: 0,
      failed: 0,
      cancelled: 0,
      total: 1,
    });
    expect(view.phases).toMatchObject({ succeeded: 2, running: 0, abandoned: 0, total: 2 });
  });

  test("a custom tuner goes by its class name", () => {
    const tuner = {
      kind: "custom",
      codeDir: ".",
      classFileName: "t.py",
      className: "Mine",
      classArgs: {},
    } as const;
    expect(experimentView(stateOf({ tuner }, []), present).tuner).toBe("Mine");
  });

  test("the export holds everything and is strict JSON", () => {
    const state = stateOf({}, [...trial("a", 0, [1, Number.NaN]), ...trial("b", 10, [3])]);
    const view = exportView(state, present);
    expect(view.experiment).toMatchObject({ id: "exp00000", seed: 7, config: { trialConcurrency: 1 } });
    expect(view.trialJobs.map((item) => item.id)).toEqual(["a", "b"]);
    expect(view.phases.map((phase) => phase.parameterId)).toEqual([0, 1, 10]);
    expect(JSON.parse(JSON.stringify(view))).toEqual(view);
  });
});

describe("what a trial job is told about itself", () => {
  const indexAfter = (...facts: Fact[]): number => {
    const state = stateOf({}, [job("a"), ...facts]);
    return trialInfo(state, state.trialJobs.get("a") as never).parameterIndex;
  };

  test("the index is that of the running phase, else of the next", () => {
    expect(indexAfter()).toBe(0);
    expect(indexAfter(proposed("a", 0, 0))).toBe(0);
    expect(indexAfter(proposed("a", 0, 0), ended(0, 1))).toBe(1);
    expect(indexAfter(proposed("a", 0, 0), ended(0, 1), proposed("a", 1, 1))).toBe(1);
  });
});

describe("the Pareto front", () => {
  const objectives = { accuracy: "maximize", latency: "minimize" } as const;
  const of = (...results: readonly Json[]): number[] | undefined => {
    const tuner = { kind: "builtin", name: "NSGA2", classArgs: { objectives } } as const;
    const state = stateOf({ tuner }, trial("job0", 0, results));
    return paretoView(state)?.phases.map((phase) => phase.parameterId);
  };

  test("holds the phases that no other one beats in all objectives, the most accurate first", () => {
    const results = [
      { accuracy: 0.9, latency: 5 },
      { accuracy: 0.8, latency: 6 },
      { accuracy: 0.7, latency: 1 },
      { accuracy: 0.95, latency: 9, note: "large" },
    ];
    expect(of(...results)).toEqual([3, 0, 2]);
  });

  test("holds all of those that are equal", () => {
    expect(of({ accuracy: 1, latency: 1 }, { accuracy: 1, latency: 1 })).toEqual([0, 1]);
  });

  test("leaves out results that lack an objective, and phases that did not succeed", () => {
    expect(of({ accuracy: 1 }, 7, "good", null, { accuracy: NaN, latency: 0 })).toEqual([]);
    const tuner = { kind: "builtin", name: "NSGA2", classArgs: { objectives } } as const;
    const stopped = ended(0, { accuracy: 1, latency: 1 }, "stopped");
    expect(paretoView(stateOf({ tuner }, [job("job0"), proposed("job0", 0, 0), stopped]))?.phases).toEqual(
      [],
    );
  });

  test("is null where the class args name no objectives, or something else by that name", () => {
    expect(paretoView(stateOf({}, trial("job0", 0, [1])))).toBeNull();
    const classArgs = { objectives: ["speed"] };
    const custom = {
      kind: "custom",
      codeDir: "/",
      classFileName: "t.js",
      className: "T",
      classArgs,
    } as const;
    expect(paretoView(stateOf({ tuner: custom }, trial("job0", 0, [1])))).toBeNull();
  });
});
