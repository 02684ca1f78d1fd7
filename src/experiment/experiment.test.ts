import { describe, expect, test } from "vitest";
import { fold, memoryJournal } from "../journal/index.ts";
import type { ExperimentConfig, Proposal, TrainingService, Tuner } from "../model/index.ts";
import {
  codeOf,
  configOf,
  countingTuner,
  depsOf,
  gate,
  oneResultPerPhase,
  quiet,
  virtualClock,
  world,
} from "../../tests/support/world.ts";
import { functionTrainingService } from "../training/function/index.ts";
import { createExperiment } from "./index.ts";
import type { Experiment, TunerHost } from "./index.ts";

/** An experiment with one job whose process does nothing by itself: the test plays the process. */
async function puppet(
  options: Parameters<typeof world>[0] = {},
): Promise<ReturnType<typeof world> & { job: string }> {
  const made = world({
    ...options,
    trial: (_experiment, _job, signal) =>
      new Promise((resolve) => signal.addEventListener("abort", () => resolve())),
  });
  await quiet();
  return { ...made, job: [...made.experiment.state.trialJobs.keys()][0] as string };
}

test("a tuner that has an answer before it could even say wait is asked again at once", async () => {
  let asked = 0;
  const { experiment } = world({
    config: { maxPhaseNum: 2 },
    wrapTuner(host) {
      let news = (): void => {};
      return {
        ...host,
        listen: (listener) => void (news = () => listener.news()),
        async ask(requests) {
          if (asked++ > 0) return host.ask(requests);
          news();
          return requests.map(() => ({ kind: "wait" }));
        },
      };
    },
  });
  expect(await experiment.ended).toBe("DONE");
  expect(experiment.state.counts.succeeded).toBe(2);
});

describe("the way of a phase", () => {
  test("one job asks for many configurations, and the experiment reaches DONE at maxPhaseNum", async () => {
    const { experiment, journal } = world({ config: { maxPhaseNum: 25, trialConcurrency: 3 } });
    expect(await experiment.ended).toBe("DONE");
    expect(experiment.state.counts).toMatchObject({ running: 0, succeeded: 25 });
    expect(experiment.state.trialJobs.size).toBe(3);
    expect([...experiment.state.phases.keys()]).toEqual(Array.from({ length: 25 }, (_, index) => index));
    expect(fold(journal.read())).toEqual(experiment.state);
  });

  test("the tuner hears a result before it is asked for the next parameters of that job", async () => {
    const tuner = countingTuner();
    const { experiment } = world({ tuner, config: { maxPhaseNum: 30, trialConcurrency: 2 } });
    await experiment.ended;
    const seen = new Map<string, number>();
    for (const call of tuner.calls) {
      const [kind, parameterId, job, index] = call.split(" ");
      if (kind === "result") seen.set(job as string, Number(parameterId));
      if (kind === "generate" && Number(index) > 0) {
        const previous = [...experiment.state.phases.values()].find(
          (phase) => phase.trialJobId === job && phase.parameterIndex === Number(index) - 1,
        );
        expect(seen.get(job as string)).toBe(previous?.parameterId);
      }
    }
    expect(tuner.calls.filter((call) => call.startsWith("result"))).toHaveLength(30);
    expect(tuner.calls.filter((call) => call.startsWith("end"))).toHaveLength(30);
  });

  test("the same index asked again gives the same answer, also at the same time and after the end of the phase", async () => {
    const tuner = countingTuner();
    const { experiment, job } = await puppet({ tuner });
    const [first, second] = await Promise.all([
      experiment.requestParameters(job, 0),
      experiment.requestParameters(job, 0),
    ]);
    await experiment.reportFinalResult(job, { parameterIndex: 0, value: 1 });
    const [third, fourth] = await Promise.all([
      experiment.requestParameters(job, 1),
      experiment.requestParameters(job, 1),
    ]);
    expect(second).toEqual(first);
    expect(fourth).toEqual(third);
    expect(await experiment.requestParameters(job, 0)).toEqual(first);
    expect(tuner.calls.filter((call) => call.startsWith("generate"))).toHaveLength(2);
  });

  test("asking again without a report abandons the phase and tells the tuner", async () => {
    const tuner = countingTuner();
    const { experiment, job } = await puppet({ tuner });
    await experiment.requestParameters(job, 0);
    await experiment.requestParameters(job, 1);
    expect(experiment.state.phases.get(0)?.outcome).toBe("abandoned");
    expect(tuner.calls).toContain(`result 0 ${job} abandoned null`);
    expect(await codeOf(experiment.reportFinalResult(job, { parameterIndex: 0, value: 1 }))).toBe(
      "phase-ended",
    );
  });

  test.each([
    { kind: "builtin", name: "NSGA2" },
    { kind: "custom", codeDir: ".", classFileName: "t.py", className: "T" },
  ] as const)("of several objectives a result that lacks one is kept, and says why: %j", async (named) => {
    const classArgs = { objectives: { accuracy: "maximize", latency: "minimize" } };
    const tuner = countingTuner();
    const { experiment, job } = await puppet({ tuner, config: { tuner: { ...named, classArgs } } });
    const values = [{ accuracy: 1, latency: 2 }, { accuracy: NaN, default: 3 }, 0.5];
    for (const [parameterIndex, value] of values.entries()) {
      await experiment.requestParameters(job, parameterIndex);
      for (let times = 0; times < 2; times++)
        expect(await experiment.reportFinalResult(job, { parameterIndex, value })).toEqual({
          phase: "succeeded",
        });
    }
    const { phases, bestParameterId, lastFailure } = experiment.state;
    expect(Array.from(phases.values(), ({ reason }) => reason)).toEqual([
      null,
      'the result does not count: "accuracy" is NaN, no number "latency"',
      'the result does not count: no number "accuracy", no number "latency"',
    ]);
    expect(tuner.results.map(({ value }) => value)).toEqual(values);
    expect(lastFailure).toBe(phases.get(2)?.reason);
    // The single objective is `default`, or a number by itself, as ever.
    expect(bestParameterId).toBe(1);
  });

  test.each([
    [{ acc: 1 }, 'expected a number, or an object with a number under "default", got {"acc":1}'],
    [{ acc: NaN }, 'expected a number, or an object with a number under "default", got {"acc":"NaN"}'],
    ["0.5", 'expected a number, or an object with a number under "default", got "0.5"'],
    [
      "x".repeat(99),
      `expected a number, or an object with a number under "default", got "${"x".repeat(79)}...`,
    ],
    [NaN, "it is NaN"],
    [{ default: 1 }, null],
  ])("of one objective the result %j is kept, and says why it does not count, if so", async (value, why) => {
    const tuners = [
      { kind: "builtin", name: "TPE", classArgs: {} },
      { kind: "custom", codeDir: ".", classFileName: "t.py", className: "T", classArgs: {} },
    ] as const;
    for (const tuner of tuners) {
      const { experiment, job } = await puppet({ tuner: countingTuner(), config: { tuner } });
      await experiment.requestParameters(job, 0);
      await experiment.reportFinalResult(job, { parameterIndex: 0, value });
      const { reason, value: kept } = experiment.state.phases.get(0) ?? {};
      expect(kept).toEqual(value);
      // What a class of the user's own learns from is its own affair.
      const expected = tuner.kind === "custom" || why === null ? null : `the result does not count: ${why}`;
      expect(reason).toBe(expected);
      expect(experiment.state.lastFailure).toBe(expected);
    }
  });

  test("a job that ends without a report fails its phase, with a reason; results it had reported are kept", async () => {
    const tuner = countingTuner();
    const { experiment } = world({
      tuner,
      config: { maxTrialNum: 1 },
      trial: async (running, job) => {
        await running.requestParameters(job.trialJobId, 0);
        await running.reportFinalResult(job.trialJobId, { parameterIndex: 0, value: 5 });
        await running.requestParameters(job.trialJobId, 1);
        throw new Error("out of memory");
      },
    });
    expect(await experiment.ended).toBe("DONE");
    expect(experiment.state.phases.get(0)).toMatchObject({ outcome: "succeeded", value: 5 });
    expect(experiment.state.phases.get(1)).toMatchObject({ outcome: "failed" });
    expect(experiment.state.phases.get(1)?.reason).toContain("out of memory");
    expect(tuner.calls).toContain("end 1 job0 failed");
  });

  test("a job that exits without asking fails its first phase", async () => {
    const { experiment } = world({ config: { maxTrialNum: 2 }, trial: async () => {} });
    expect(await experiment.ended).toBe("DONE");
    expect([...experiment.state.phases.values()].map((phase) => phase.outcome)).toEqual(["failed", "failed"]);
    expect(experiment.state.phases.get(0)?.reason).toContain("without asking for parameters");
  });
});

describe("reports", () => {
  test("a final result repeated is acknowledged, with another value refused", async () => {
    const { experiment, job } = await puppet();
    await experiment.requestParameters(job, 0);
    expect(
      await experiment.reportFinalResult(job, { parameterIndex: 0, value: { default: 1, loss: [1, 2] } }),
    ).toEqual({ phase: "succeeded" });
    expect(
      await experiment.reportFinalResult(job, { parameterIndex: 0, value: { loss: [1, 2], default: 1 } }),
    ).toEqual({ phase: "succeeded" });
    expect(await codeOf(experiment.reportFinalResult(job, { parameterIndex: 0, value: 2 }))).toBe(
      "result-conflict",
    );
    expect(experiment.state.phases.get(0)?.value).toEqual({ default: 1, loss: [1, 2] });
  });

  test.each([[NaN], [Infinity], [-Infinity], ["a string"], [null], [[1, 2, 3]], [0]])(
    "%s is carried to tuner and journal as it is",
    async (value) => {
      const tuner = countingTuner();
      const { experiment, job, journal } = await puppet({ tuner });
      await experiment.requestParameters(job, 0);
      await experiment.reportFinalResult(job, { parameterIndex: 0, value });
      await quiet();
      expect(tuner.results[0]?.value).toEqual(value);
      expect(fold(journal.read()).phases.get(0)?.value).toEqual(value);
    },
  );

  test("reporting before asking, skipping an index and a foreign job are refused", async () => {
    const { experiment, job } = await puppet();
    expect(await codeOf(experiment.reportFinalResult(job, { parameterIndex: 0, value: 1 }))).toBe(
      "no-such-phase",
    );
    expect(
      await codeOf(experiment.reportIntermediateResult(job, { parameterIndex: 0, sequence: 0, value: 1 })),
    ).toBe("no-such-phase");
    expect(await codeOf(experiment.requestParameters(job, 7))).toBe("parameter-index-skipped");
    expect(await codeOf(experiment.requestParameters("nobody", 0))).toBe("unknown-trial-job");
  });

  test("intermediate results count from 0 in every phase and come in order", async () => {
    const { experiment, job } = await puppet();
    for (const parameterIndex of [0, 1]) {
      await experiment.requestParameters(job, parameterIndex);
      const report = (sequence: number, value: number): Promise<unknown> =>
        experiment.reportIntermediateResult(job, { parameterIndex, sequence, value });
      await report(0, 0.1);
      await report(0, 0.1);
      await report(1, NaN);
      expect(await codeOf(report(1, 0.3))).toBe("result-conflict");
      expect(await codeOf(report(3, 0.3))).toBe("sequence-skipped");
      expect(
        experiment.state.phases.get(parameterIndex)?.intermediateResults.map((result) => result.value),
      ).toEqual([0.1, NaN]);
    }
  });
});

describe("limits", () => {
  test("maxTrialNum counts jobs, maxPhasesPerTrial phases of each", async () => {
    const { experiment } = world({ config: { maxTrialNum: 4, maxPhasesPerTrial: 3, trialConcurrency: 2 } });
    expect(await experiment.ended).toBe("DONE");
    expect(experiment.state.trialJobs.size).toBe(4);
    expect([...experiment.state.trialJobs.values()].map((job) => job.parameterIds.length)).toEqual([
      3, 3, 3, 3,
    ]);
  });

  test("without multiPhase a job gets parameters once", async () => {
    const { experiment } = world({ config: { maxTrialNum: 3, multiPhase: false } });
    expect(await experiment.ended).toBe("DONE");
    expect(experiment.state.phases.size).toBe(3);
    expect(experiment.state.trialJobs.get("job0")?.noMore?.reason).toContain("multiPhase is off");
  });

  test("maxExecDuration answers no more, and cancels what still runs after the grace period", async () => {
    const clockless = await puppet({ config: { maxExecDurationMs: 10_000, gracePeriodMs: 5_000 } });
    const { experiment, job, clock } = clockless;
    await experiment.requestParameters(job, 0);
    await clock.advance(9_999);
    await experiment.reportFinalResult(job, { parameterIndex: 0, value: 1 });
    expect((await experiment.requestParameters(job, 1)).kind).toBe("parameters");
    await clock.advance(10);
    expect(experiment.state.status).toBe("NO_MORE_TRIAL");
    expect(experiment.state.phases.get(1)?.outcome).toBe("running");
    await clock.advance(5_000);
    expect(await experiment.ended).toBe("DONE");
    expect(experiment.state.phases.get(1)?.outcome).toBe("cancelled");
  });

  test("a job that stays although it was told no more is cancelled after the grace period", async () => {
    const { experiment, job, clock } = await puppet({ config: { maxPhaseNum: 1, gracePeriodMs: 5_000 } });
    await experiment.requestParameters(job, 0);
    await clock.advance(3_600_000);
    expect(experiment.state.phases.get(0)?.outcome).toBe("running");
    await experiment.reportFinalResult(job, { parameterIndex: 0, value: 1 });
    expect(await experiment.requestParameters(job, 1)).toMatchObject({ kind: "no-more" });
    await clock.advance(5_000);
    expect(await experiment.ended).toBe("DONE");
    expect(experiment.state.trialJobs.get(job)?.status).toBe("cancelled");
  });

  test("without multiPhase a job may take its time after its result", async () => {
    const { experiment, job, clock } = await puppet({
      config: { maxTrialNum: 1, multiPhase: false, gracePeriodMs: 5_000 },
    });
    await experiment.requestParameters(job, 0);
    await experiment.reportFinalResult(job, { parameterIndex: 0, value: 1 });
    await clock.advance(3_600_000);
    expect(experiment.state.trialJobs.get(job)?.status).toBe("running");
    expect((await experiment.requestParameters(job, 1)).kind).toBe("no-more");
    await clock.advance(5_000);
    expect(experiment.state.trialJobs.get(job)?.status).toBe("cancelled");
    expect(await experiment.ended).toBe("DONE");
  });

  test("a phase without a result for phaseTimeout fails, and its job is cancelled", async () => {
    const { experiment, job, clock } = await puppet({ config: { maxTrialNum: 1, phaseTimeoutMs: 2_000 } });
    await experiment.requestParameters(job, 0);
    await clock.advance(2_001);
    expect(await experiment.ended).toBe("DONE");
    expect(experiment.state.phases.get(0)).toMatchObject({ outcome: "failed" });
    expect(experiment.state.trialJobs.get(job)?.status).toBe("cancelled");
  });

  test("ten jobs in a row that fail without any success end the experiment with the reason of the last", async () => {
    const { experiment } = world({
      trial: () => Promise.reject(new Error("exit code 127: nosuchcommand: not found")),
    });
    expect(await experiment.ended).toBe("ERROR");
    expect(experiment.state.statusReason).toContain("nosuchcommand: not found");
    expect(experiment.state.trialJobs.size).toBe(10);
  });

  test("a failed job is started again with its pending phase, as often as maxTrialRetries says", async () => {
    const starts: string[] = [];
    const { experiment } = world({
      config: { maxTrialNum: 1, maxTrialRetries: 2, maxPhaseNum: 3 },
      trial: async (running: Experiment, job, signal) => {
        starts.push(`${job.attempt} from ${job.env["POLYPHASE_PARAMETER_INDEX"]}`);
        if (job.attempt === 2) return oneResultPerPhase(running, job);
        for (const index of [0, 1].slice(Number(job.env["POLYPHASE_PARAMETER_INDEX"]))) {
          await running.requestParameters(job.trialJobId, index);
          if (index === 0) await running.reportFinalResult(job.trialJobId, { parameterIndex: 0, value: 1 });
        }
        expect(signal.aborted).toBe(false);
        throw new Error("preempted");
      },
    });
    expect(await experiment.ended).toBe("DONE");
    expect(starts).toEqual(["0 from 0", "1 from 1", "2 from 1"]);
    expect(experiment.state.trialJobs.size).toBe(1);
    expect([...experiment.state.phases.values()].map((phase) => phase.outcome)).toEqual([
      "succeeded",
      "succeeded",
      "succeeded",
    ]);
  });
});

describe("the tuner", () => {
  test("no more reaches every job and the experiment ends", async () => {
    const tuner = countingTuner(7);
    const { experiment } = world({ tuner, config: { trialConcurrency: 3 } });
    expect(await experiment.ended).toBe("DONE");
    expect(experiment.state.counts.succeeded).toBe(7);
    expect([...experiment.state.trialJobs.values()].every((job) => job.status === "succeeded")).toBe(true);
  });

  test("wait holds the request open until a phase has ended", async () => {
    const tuner = countingTuner();
    const patient: Tuner = {
      ...tuner,
      generateParameters: (id, request) =>
        id > 0 && tuner.results.length === 0 ? { kind: "wait" } : tuner.generateParameters(id, request),
    };
    const release = gate();
    const { experiment } = world({
      tuner: patient,
      config: { trialConcurrency: 2, maxPhaseNum: 4 },
      trial: async (running, job) => {
        if (job.number === 0) await release.opened;
        await oneResultPerPhase(running, job);
      },
    });
    await quiet();
    expect(experiment.state.phases.size).toBe(1);
    release.open();
    expect(await experiment.ended).toBe("DONE");
    expect(experiment.state.counts.succeeded).toBe(4);
  });

  test("a tuner that waits for nothing does not hang the experiment", async () => {
    const waiting: Tuner = { ...countingTuner(), generateParameters: (): Proposal => ({ kind: "wait" }) };
    const { experiment } = world({ tuner: waiting, config: { trialConcurrency: 4 } });
    expect(await experiment.ended).toBe("DONE");
    expect(experiment.state.statusReason).toContain("no phase is running");
  });

  describe("an answer that the tuner owes", () => {
    /** A tuner that answers nothing until `bring` is called. */
    function owing(settings: Partial<ExperimentConfig> = { maxPhaseNum: 3 }) {
      let brought = false;
      let news = (): void => {};
      const host: TunerHost = {
        tell: () => {},
        ask: async (requests) =>
          requests.map(({ parameterId }) =>
            brought ? { kind: "parameters", parameters: { x: parameterId } } : { kind: "wait", owed: true },
          ),
        failed: new Promise(() => {}),
        close: async () => {},
        listen: (listener) => void (news = () => listener.news()),
      };
      const clock = virtualClock();
      let experiment: Experiment | undefined = undefined;
      const service = functionTrainingService((job) => oneResultPerPhase(experiment as Experiment, job));
      const parts = { journal: memoryJournal(), clock, logs: [], openTuner: () => host, service };
      const config = configOf({ tunerTimeoutMs: 60_000, ...settings });
      experiment = createExperiment(depsOf({ ...parts, onTunerFailure: "end" }), {
        experimentId: "exp00000",
        config,
        seed: 7,
      });
      const bring = (): void => {
        brought = true;
        news();
      };
      return { experiment, clock, bring };
    }

    test("is waited for, also while no phase runs", async () => {
      const { experiment, clock, bring } = owing();
      await clock.advance(59_000);
      expect(experiment.state).toMatchObject({ status: "RUNNING", counts: { running: 0 } });
      bring();
      expect(await experiment.ended).toBe("DONE");
      expect(experiment.state.counts.succeeded).toBe(3);
    });

    test("is waited for though it is for the last trial job", async () => {
      const { experiment, clock, bring } = owing({ maxTrialNum: 1 });
      await clock.advance(59_000);
      expect(experiment.state.status).not.toBe("DONE");
      bring();
      await clock.advance(1_000);
      expect(experiment.state.counts.succeeded).toBeGreaterThan(0);
    });

    test("has as much time as a call", async () => {
      const { experiment, clock } = owing();
      await clock.advance(60_000);
      expect(await experiment.ended).toBe("DONE");
      expect(experiment.state.statusReason).toContain("no phase is running");
    });
  });

  test("a tuner that waits between phases for nothing answers no more", async () => {
    const waiting: Tuner = {
      ...countingTuner(),
      generateParameters: (id): Proposal =>
        id < 2 ? { kind: "parameters", parameters: { x: id } } : { kind: "wait" },
    };
    const { experiment } = world({ tuner: waiting, config: { trialConcurrency: 2 } });
    expect(await experiment.ended).toBe("DONE");
    expect(experiment.state.counts.succeeded).toBe(2);
  });

  test.each(["generateParameters", "receiveTrialResult", "trialEnd", "updateSearchSpace"] as const)(
    "a throw in %s ends the experiment with its message, and trials are told",
    async (method) => {
      const broken: Tuner = {
        ...countingTuner(),
        [method]: () => {
          throw new Error("matrix is singular");
        },
      };
      const { experiment } = world({ tuner: broken, config: { trialConcurrency: 2, gracePeriodMs: 1_000 } });
      expect(await experiment.ended).toBe("ERROR");
      expect(experiment.state.statusReason).toMatch(
        new RegExp(`the tuner failed in ${method}: matrix is singular \\(.*:\\d+:\\d+\\)`),
      );
      expect([...experiment.state.trialJobs.values()].every((job) => job.status === "succeeded")).toBe(true);
    },
  );

  test("a proposal that is none is an error that says what was expected", async () => {
    const wrong: Tuner = { ...countingTuner(), generateParameters: () => ({ x: 1 }) as never };
    const { experiment } = world({ tuner: wrong });
    expect(await experiment.ended).toBe("ERROR");
    expect(experiment.state.statusReason).toContain('expected { kind: "parameters", parameters }');
  });
});

describe("stopping and cancelling", () => {
  test("stop answers open requests, cancels jobs and ends as STOPPED", async () => {
    const { experiment, job } = await puppet({ config: { trialConcurrency: 2 } });
    await experiment.requestParameters(job, 0);
    await experiment.stop("a person asked for it");
    expect(await experiment.ended).toBe("STOPPED");
    expect([...experiment.state.phases.values()].map((phase) => phase.outcome)).toEqual([
      "cancelled",
      "cancelled",
    ]);
    expect(experiment.state.statusReason).toBe("a person asked for it");
    await experiment.stop("again");
  });

  test("a killed job's phase is cancelled and another job takes its place", async () => {
    const { experiment, job } = await puppet({ config: { maxTrialNum: 2 } });
    await experiment.cancelTrialJob(job, "user");
    await quiet();
    expect(experiment.state.trialJobs.get(job)?.status).toBe("cancelled");
    expect(experiment.state.phases.get(0)?.outcome).toBe("cancelled");
    expect(experiment.state.activeTrialJobs.size).toBe(1);
    expect(await codeOf(experiment.requestParameters(job, 1))).toBe("trial-job-ended");
  });

  test("a stopped phase teaches the tuner its best intermediate result, and its job goes on", async () => {
    const tuner = countingTuner();
    const { experiment, job } = await puppet({ tuner });
    await experiment.requestParameters(job, 0);
    for (const [sequence, value] of [0.2, 0.9, NaN, 0.5].entries()) {
      await experiment.reportIntermediateResult(job, { parameterIndex: 0, sequence, value });
    }
    await experiment.stopPhase(0, "no hope");
    expect(
      await experiment.reportIntermediateResult(job, { parameterIndex: 0, sequence: 4, value: 1 }),
    ).toEqual({ phase: "stopped" });
    expect(await experiment.reportFinalResult(job, { parameterIndex: 0, value: 1 })).toEqual({
      phase: "stopped",
    });
    expect((await experiment.requestParameters(job, 1)).kind).toBe("parameters");
    expect(tuner.calls).toContain(`result 0 ${job} stopped 0.9`);
    expect(experiment.state.phases.get(0)).toMatchObject({ outcome: "stopped", reason: "no hope" });
    expect(await codeOf(experiment.stopPhase(9, "?"))).toBe("unknown-phase");
  });

  test("a request that is given up is forgotten, its phase is not", async () => {
    const { experiment, job } = await puppet();
    await experiment.requestParameters(job, 0);
    await experiment.reportFinalResult(job, { parameterIndex: 0, value: 1 });
    const controller = new AbortController();
    const given = experiment.requestParameters(job, 1, controller.signal);
    controller.abort();
    expect(await given).toEqual({ kind: "wait" });
    expect((await experiment.requestParameters(job, 1)).kind).toBe("parameters");
    expect(experiment.state.phases.size).toBe(2);
  });
});

describe("durability", () => {
  test("nothing is acknowledged before it is appended", async () => {
    const lines: string[] = [];
    const journal = memoryJournal(lines);
    const { experiment, job } = await puppet({ journal });
    await experiment.requestParameters(job, 0);
    await experiment.reportFinalResult(job, { parameterIndex: 0, value: 123.25 });
    expect(lines.filter((line) => line.includes("123.25"))).toHaveLength(1);
  });

  test("when the journal takes no more, nothing is acknowledged and everybody is told", async () => {
    const full = memoryJournal();
    let room = true;
    const journal = {
      ...full,
      get lastSeq() {
        return full.lastSeq;
      },
      append: (records: Parameters<typeof full.append>[0]) => {
        if (!room) throw new Error("disk full");
        full.append(records);
      },
    };
    const { experiment, job, logs } = await puppet({ journal });
    await experiment.requestParameters(job, 0);
    room = false;
    expect(await codeOf(experiment.reportFinalResult(job, { parameterIndex: 0, value: 1 }))).toBe(
      "journal-failed",
    );
    expect(await codeOf(experiment.requestParameters(job, 1))).toBe("journal-failed");
    expect(await experiment.ended).toBe("ERROR");
    expect(logs.join()).toContain("disk full");
    expect(fold(full.read()).phases.get(0)?.outcome).toBe("running");
  });

  test("a restarted manager gives the pending phase again and goes on with the proposals of an undisturbed run", async () => {
    const undisturbed = world({ config: { maxPhaseNum: 10 } });
    await undisturbed.experiment.ended;

    const journal = memoryJournal();
    const first = await puppet({ journal });
    await first.experiment.requestParameters(first.job, 0);
    await first.experiment.reportFinalResult(first.job, { parameterIndex: 0, value: 0 });
    const pending = await first.experiment.requestParameters(first.job, 1);

    const tuner = countingTuner();
    const copy = memoryJournal();
    copy.append([...journal.read()].map(({ record }) => record));
    const second = await puppet({ journal: copy, recover: true, tuner, service: immortalService() });
    expect(await second.experiment.requestParameters(first.job, 1)).toEqual(pending);
    await second.experiment.reportFinalResult(first.job, { parameterIndex: 1, value: 1 });
    expect(await second.experiment.requestParameters(first.job, 2)).toMatchObject({
      parameterId: 2,
      parameters: { x: 2 },
    });
    expect(tuner.calls).toEqual([
      "space",
      `generate 0 ${first.job} 0`,
      `result 0 ${first.job} succeeded 0`,
      `end 0 ${first.job} succeeded`,
      `generate 1 ${first.job} 1`,
      `result 1 ${first.job} succeeded 1`,
      `end 1 ${first.job} succeeded`,
      `generate 2 ${first.job} 2`,
    ]);
  });
});

/** Jobs of an earlier manager, still alive. */
function immortalService(): TrainingService {
  return {
    submit: async () => ({}),
    watch: async function* () {
      yield { kind: "running" };
      await new Promise(() => {});
    },
    cancel: async () => {},
  };
}
