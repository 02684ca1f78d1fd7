import { describe, expect, test } from "vitest";
import { fakeIo } from "../../../tests/support/fake-io.ts";
import type { ExperimentView } from "../../model/http.ts";
import { createStyle } from "../terminal/style.ts";
import { progressLine } from "./progress-line.ts";
import { createProgress } from "./progress.ts";
import { createRateMeter } from "./rate-meter.ts";

const plain = createStyle(false);

function view(more: Partial<ExperimentView> = {}): ExperimentView {
  return {
    id: "abc",
    name: "example",
    status: "RUNNING",
    statusReason: null,
    pauseCause: null,
    description: "",
    lastFailure: null,
    objectives: null,
    pid: 1,
    url: null,
    platform: "local",
    tuner: "TPE",
    optimizeMode: "maximize",
    phaseMode: "worker",
    tags: [],
    createdAt: 0,
    endedAt: null,
    elapsedMs: 8_400,
    trialConcurrency: 2,
    maxTrialNum: null,
    maxPhaseNum: 30,
    maxPhasesPerTrial: null,
    maxExecDurationMs: null,
    trialJobs: { running: 2, total: 2 },
    phases: { succeeded: 11, failed: 1, running: 2, total: 14 },
    waitingAdditions: 0,
    importedCount: 0,
    best: { objective: 0.953, trialJobId: "a", parameterId: 3, parameterIndex: 1, parameters: {} },
    ...more,
  };
}

describe("the line", () => {
  test("says phases, best, running jobs, rate, time and time left", () => {
    expect(progressLine(view(), 2, plain)).toBe(
      "12/30 phases  best 0.953  2 running  2.0 phases/s  8.0 s  ETA 9.0 s",
    );
  });

  test("leaves out what is not known", () => {
    const line = progressLine(view({ best: null, maxPhaseNum: null }), undefined, plain);
    expect(line).toBe("12 phases  best -  2 running  8.0 s");
  });

  test("of several objectives names no best, unless there is one", () => {
    const objectives = { accuracy: "maximize", latency: "minimize" };
    expect(progressLine(view({ objectives, best: null }), 2, plain)).toContain("phases  2 running");
    expect(progressLine(view({ objectives }), 2, plain)).toContain("best 0.953");
  });

  test("the limit that is reached first gives the time left", () => {
    expect(progressLine(view({ maxExecDurationMs: 10_400 }), 2, plain)).toContain("ETA 2.0 s");
    const jobs = {
      maxTrialNum: 8,
      maxPhaseNum: null,
      trialJobs: { succeeded: 3, failed: 1, running: 2, total: 6 },
    };
    expect(progressLine(view(jobs), 2, plain)).toContain("4/8 trial jobs");
    expect(progressLine(view(jobs), 2, plain)).toContain("ETA 8.4 s");
    expect(progressLine(view({ maxExecDurationMs: 8_000 }), 2, plain)).toContain("ETA 0.00 s");
    expect(progressLine(view(), 0, plain)).not.toContain("ETA");
  });

  test("says when it comes to an end", () => {
    expect(progressLine(view({ status: "STOPPING" }), 2, plain)).toMatch(/ {2}stopping$/);
    expect(progressLine(view({ status: "NO_MORE_TRIAL" }), 2, plain)).toMatch(/ {2}last phases$/);
  });

  test("says that it is paused, why, and what to do", () => {
    const paused = { status: "PAUSED", statusReason: "lunch", pauseCause: "person" };
    expect(progressLine(view(paused), 2, plain)).toMatch(/ {2}PAUSED \(lunch\): polyphase unpause abc$/);
  });
});

describe("the rate", () => {
  test("is not known at once, then that of the last 30 s", () => {
    const meter = createRateMeter();
    expect(meter.measure(0, 0)).toBeUndefined();
    expect(meter.measure(400, 100)).toBeUndefined();
    expect(meter.measure(1_000, 10)).toBe(10);
    for (let second = 2; second <= 30; second++) meter.measure(second * 1_000, 10 * second);
    for (let second = 31; second <= 60; second++) meter.measure(second * 1_000, 300);
    expect(meter.measure(61_000, 300)).toBe(0);
  });
});

describe("on a terminal", () => {
  const clear = "\r\x1b[K";

  test("one line is drawn again, at most ten times a second, and only where it changed", () => {
    const io = fakeIo({ isTTY: true, columns: 100 });
    const progress = createProgress(io.stdout, plain);
    for (let ms = 0; ms <= 300; ms += 10) progress.update(view({ phases: { succeeded: ms, total: ms } }), ms);
    expect(io.written.stdout.split(clear).map((line) => line.split(" ")[0])).toEqual([
      "",
      "0/30",
      "100/30",
      "200/30",
      "300/30",
    ]);
    progress.update(view({ phases: { succeeded: 300, total: 300 } }), 600);
    expect(io.written.stdout.split(clear)).toHaveLength(5 + 1); // the rate is known now
    progress.update(view({ phases: { succeeded: 300, total: 300 } }), 600);
    expect(io.written.stdout.split(clear)).toHaveLength(5 + 1);
  });

  test("lines that stay are written above it, and nothing is left of it at the end", () => {
    const io = fakeIo({ isTTY: true, columns: 100 });
    const progress = createProgress(io.stdout, plain);
    progress.say("begin");
    progress.update(view(), 0);
    progress.say("note");
    progress.update(view(), 200);
    progress.end();
    progress.end();
    const line = progressLine(view(), undefined, plain);
    expect(io.written.stdout).toBe(`begin\n${clear}${line}${clear}note\n${clear}${line}${clear}`);
  });

  test("it is never longer than the terminal is wide", () => {
    const io = fakeIo({ isTTY: true, columns: 20 });
    createProgress(io.stdout, createStyle(true)).update(view(), 0);
    expect(io.written.stdout).toBe(`${clear}12/30 phases  best…`);
  });
});

describe("in a pipe", () => {
  test("a line is written every 10 s, without control characters, and none in a short run", () => {
    const io = fakeIo();
    const progress = createProgress(io.stdout, plain);
    for (let ms = 0; ms <= 9_000; ms += 1_000) progress.update(view(), ms);
    expect(io.written.stdout).toBe("");
    for (let ms = 10_000; ms <= 25_000; ms += 1_000) {
      progress.update(view({ phases: { succeeded: ms / 1_000, total: ms / 1_000 } }), ms);
    }
    progress.say("note");
    progress.end();
    expect(io.written.stdout.split("\n").map((line) => line.split(" ")[0])).toEqual([
      "10/30",
      "20/30",
      "note",
      "",
    ]);
  });
});
