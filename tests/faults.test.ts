/** Trials that do what they should not, as real processes under a real manager. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exportView } from "../src/journal/views.ts";
import type { Json } from "../src/model/index.ts";
import type { BorrowedJob } from "./support/borrowed-job.ts";
import { borrowJob, borrowJobs, giveBack } from "./support/borrowed-job.ts";
import type { Project } from "./support/project.ts";
import { idleCommand, scratchProject } from "./support/project.ts";

let project: Project;
beforeEach(() => void (project = scratchProject()));
afterEach(() => project.dispose());

const command = (text: string): object => ({ trial: { command: text, codeDir: "." } });

describe("a trial job that ends before its time", () => {
  test("without asking: its phase fails, says so, and the experiment goes on to DONE", async () => {
    const { state, jobs, phases } = await project.finish({ ...command("true"), maxTrialNum: 3 });
    expect(state).toMatchObject({ status: "DONE", counts: { failed: 3, running: 0 } });
    expect(jobs.map((job) => job.status)).toEqual(["succeeded", "succeeded", "succeeded"]);
    for (const phase of phases) {
      expect(phase).toMatchObject({ outcome: "failed", startedAt: null, value: null });
      expect(phase.reason).toBe("the trial job ended (exit code 0) without asking for parameters");
    }
  });

  test("again and again without asking: the experiment ends with ERROR, not after an hour", async () => {
    const { state, jobs } = await project.finish({ ...command("true"), maxExecDuration: "1h" });
    expect(state.status).toBe("ERROR");
    expect(state.statusReason).toContain("without asking for parameters");
    expect(jobs.length).toBeLessThan(20);
  });

  test.each([
    ["with exit code 0", "raise SystemExit(0)", "succeeded", /ended \(exit code 0\) before a final result/],
    ["with an exception", 'raise ValueError("no luck")', "failed", /exit code 1: ValueError: no luck/],
    ["by a signal", "os.kill(os.getpid(), signal.SIGKILL)", "failed", /killed by SIGKILL/],
  ])("in mid-phase %s: what it reported is kept, the phase fails", async (_how, end, jobStatus, reason) => {
    const python = `import os, signal, polyphase
for index, parameters in enumerate(polyphase.phases()):
    polyphase.report_intermediate_result(index)
    if index == 2:
        ${end}
    polyphase.report_final_result(parameters["x"])
`;
    const { state, jobs, phases } = await project.finish({ python, maxTrialNum: 1 });
    expect(state.status).toBe("DONE");
    expect(jobs.map((job) => job.status)).toEqual([jobStatus]);
    expect(phases.map((phase) => phase.outcome)).toEqual(["succeeded", "succeeded", "failed"]);
    expect(phases.map((phase) => phase.intermediateResults.map(({ value }) => value))).toEqual([
      [0],
      [1],
      [2],
    ]);
    expect(phases[2]?.reason).toMatch(reason);
  });

  test("leaves its pending phase to the next attempt where retries are allowed", async () => {
    const python = `import os, polyphase
for index, parameters in enumerate(polyphase.phases()):
    if not os.path.exists("died"):
        open("died", "w").close()
        raise SystemExit(7)
    polyphase.report_final_result(parameters["x"])
`;
    const { state, jobs, phases } = await project.finish({ python, maxPhaseNum: 3, maxTrialRetries: 1 });
    expect(state).toMatchObject({ status: "DONE", counts: { succeeded: 3, failed: 0 } });
    expect(jobs).toMatchObject([{ attempt: 1, status: "succeeded" }]);
    expect(phases.map((phase) => phase.value)).toEqual(
      phases.map((phase) => (phase.parameters as { x: number }).x),
    );
  });
});

describe("a trial that reports what it should not", () => {
  test("before asking gets an exception that says what to do, and may go on", async () => {
    const python = `import json, polyphase
def refused(report):
    try:
        report(1)
    except polyphase.WrongOrderError as error:
        print(json.dumps([error.code, str(error)]))
refused(polyphase.report_final_result)
refused(polyphase.report_intermediate_result)
for parameters in polyphase.phases():
    polyphase.report_final_result(parameters["x"])
refused(polyphase.report_final_result)
`;
    const { state, printed } = await project.finish({ python, maxPhaseNum: 2 });
    expect(state).toMatchObject({ status: "DONE", counts: { succeeded: 2 } });
    const refusals = printed("stdout").trim().split("\n");
    expect(refusals.map((line) => JSON.parse(line) as unknown)).toEqual([
      [
        "no-such-phase",
        expect.stringMatching(/report_final_result\(\) was called before get_next_parameter\(\)/),
      ],
      [
        "no-such-phase",
        expect.stringMatching(/report_intermediate_result\(\) was called before.*\(call get_next/),
      ],
      ["no-such-phase", expect.stringMatching(/there are no more phases/)],
    ]);
  });

  test("twice: the first result counts, and the trial goes on with a warning", async () => {
    const python = `import polyphase
for parameters in polyphase.phases():
    polyphase.report_final_result(parameters["x"])
    polyphase.report_final_result(parameters["x"])
    polyphase.report_final_result("another")
`;
    const { state, phases, printed } = await project.finish({ python, maxPhaseNum: 3 });
    expect(state).toMatchObject({ status: "DONE", counts: { succeeded: 3 } });
    expect(phases.map((phase) => phase.value)).toEqual(
      phases.map((phase) => (phase.parameters as { x: number }).x),
    );
    expect(printed("stderr").match(/already has a final result, which counts/g)).toHaveLength(3);
  });

  test.each(["Random", "TPE"])(
    "numbers that are none, text and megabytes reach the journal whole (%s)",
    async (tuner) => {
      const python = `import polyphase
values = [float("nan"), float("inf"), float("-inf"), "text", None, True, {"default": float("nan")},
          {"default": 0.5, "curve": [1, 2.5, float("inf")]}, "long" * 500_000, list(range(300_000)), 1e308, 0.25]
for value, parameters in zip(values, polyphase.phases()):
    polyphase.report_intermediate_result(value)
    polyphase.report_final_result(value)
`;
      const { state, phases } = await project.finish({
        python,
        maxPhaseNum: 12,
        tuner: { builtinTunerName: tuner, classArgs: { optimize_mode: "minimize" } },
      });
      expect(state).toMatchObject({ status: "DONE", counts: { succeeded: 12 } });
      const values: Json[] = [NaN, Infinity, -Infinity, "text", null, true, { default: NaN }];
      values.push({ default: 0.5, curve: [1, 2.5, Infinity] }, "long".repeat(500_000));
      values.push(
        Array.from({ length: 300_000 }, (_, place) => place),
        1e308,
        0.25,
      );
      expect(phases.map((phase) => phase.value)).toEqual(values);
      expect(phases.map((phase) => phase.intermediateResults.map(({ value }) => value))).toEqual(
        values.map((value) => [value]),
      );
      const exported = exportView(state, { now: 0, pid: null, url: null });
      expect(exported.phases.slice(0, 3).map((phase) => phase.finalResult)).toEqual([
        "NaN",
        "Infinity",
        "-Infinity",
      ]);
      expect(exported.experiment.best).toMatchObject({ objective: "-Infinity", parameterId: 2 });
    },
  );

  test("more than the manager takes is refused with the limit, and the trial may go on", async () => {
    const python = `import polyphase
for parameters in polyphase.phases():
    try:
        polyphase.report_final_result("x" * 9_000_000)
    except polyphase.RefusedError as error:
        polyphase.report_final_result(error.code)
`;
    const { phases } = await project.finish({ python, maxPhaseNum: 2 });
    expect(phases.map((phase) => phase.value)).toEqual(["body-too-large", "body-too-large"]);
  });

  test("what has no JSON form is refused in the trial, with the place in the value", async () => {
    const python = `import polyphase
for parameters in polyphase.phases():
    try:
        polyphase.report_final_result({"model": [1, object()]})
    except polyphase.UnsupportedValueError as error:
        polyphase.report_final_result(str(error))
`;
    const { phases } = await project.finish({ python, maxPhaseNum: 1 });
    expect(phases[0]?.value).toContain("value['model'][1]");
  });
});

describe("a trial that asks what it should not", () => {
  test("for index 7 first is refused and told what comes next; index 0 is still there", async () => {
    const manager = await project.start({ ...command(idleCommand), maxTrialNum: 1 });
    const job = await borrowJob(project);
    const refused = await job.post("parameters", { parameterIndex: 7 });
    expect(refused).toMatchObject({ status: 409, body: { error: { code: "parameter-index-skipped" } } });
    expect(refused?.body.error.message).toContain("asked for parameter index 7, expected");
    expect(await job.post("parameters", { parameterIndex: 0 })).toMatchObject({
      status: 200,
      body: { kind: "parameters", parameterId: 0, parameterIndex: 0 },
    });
    for (const parameterIndex of [-1, 1.5, "0", null, 2 ** 40])
      expect(await job.post("parameters", { parameterIndex })).toMatchObject({
        status: 400,
        body: { error: { code: "invalid-body" } },
      });
    expect(project.state(manager.experimentId).counts.running).toBe(1);
    await giveBack(project, manager);
  });

  test("with two processes of one job at once: both get the same phases, none is lost or evaluated as two", async () => {
    const { state, jobs, phases, printed } = await project.finish({
      ...command("python3 trial.py & python3 trial.py & wait"),
      maxPhaseNum: 60,
    });
    expect(state).toMatchObject({ status: "DONE", counts: { succeeded: 60, abandoned: 0 } });
    expect(phases.map((phase) => phase.parameterId)).toEqual(Array.from({ length: 60 }, (_, id) => id));
    expect(phases.map((phase) => phase.value)).toEqual(
      phases.map((phase) => (phase.parameters as { x: number }).x),
    );
    expect(jobs).toHaveLength(1);
    expect(printed("stderr")).toBe("");
  });

  test("twenty times at once for the same index: one phase, one answer", async () => {
    const manager = await project.start({ ...command(idleCommand), maxTrialNum: 1 });
    const job = await borrowJob(project);
    for (const parameterIndex of [0, 1]) {
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => job.post("parameters", { parameterIndex })),
      );
      expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toHaveProperty("size", 1);
      expect(answers[0]).toMatchObject({ status: 200, body: { parameterId: parameterIndex } });
    }
    const proposed = project.journal(manager.experimentId).filter(({ kind }) => kind === "phase-proposed");
    expect(proposed).toHaveLength(2);
    await giveBack(project, manager);
  });

  test("or reports over HTTP in the wrong order: each refusal says which, and changes nothing", async () => {
    const manager = await project.start({ ...command(idleCommand), maxTrialNum: 1 });
    const job = await borrowJob(project);
    const post = async (route: string, body: object): Promise<unknown> => {
      const answer = await job.post(route, body);
      return answer?.body.error?.code ?? answer?.body.phase ?? answer?.body.kind;
    };
    expect(await post("final-result", { parameterIndex: 0, value: 1 })).toBe("no-such-phase");
    expect(await post("intermediate-results", { parameterIndex: 0, sequence: 0, value: 1 })).toBe(
      "no-such-phase",
    );
    expect(await post("parameters", { parameterIndex: 0 })).toBe("parameters");
    expect(await post("intermediate-results", { parameterIndex: 0, sequence: 1, value: 1 })).toBe(
      "sequence-skipped",
    );
    expect(await post("intermediate-results", { parameterIndex: 0, sequence: 0, value: 1 })).toBe("running");
    expect(await post("intermediate-results", { parameterIndex: 0, sequence: 0, value: 1 })).toBe("running");
    expect(await post("intermediate-results", { parameterIndex: 0, sequence: 0, value: 2 })).toBe(
      "result-conflict",
    );
    expect(await post("final-result", { parameterIndex: 0 })).toBe("invalid-body");
    expect(await post("final-result", { parameterIndex: 0, value: 0.5 })).toBe("succeeded");
    expect(await post("final-result", { parameterIndex: 0, value: 0.5 })).toBe("succeeded");
    expect(await post("final-result", { parameterIndex: 0, value: 0.6 })).toBe("result-conflict");
    expect(await post("intermediate-results", { parameterIndex: 0, sequence: 1, value: 1 })).toBe(
      "phase-ended",
    );
    expect(await post("parameters", { parameterIndex: 1 })).toBe("parameters");
    expect(await post("parameters", { parameterIndex: 2 })).toBe("parameters");
    expect(await post("final-result", { parameterIndex: 1, value: 1 })).toBe("phase-ended");
    await giveBack(project, manager);
    const { phases } = project.state(manager.experimentId);
    expect([...phases.values()].map(({ outcome, value }) => [outcome, value])).toEqual([
      ["succeeded", 0.5],
      ["abandoned", null],
      ["failed", null],
    ]);
    expect(await post("final-result", { parameterIndex: 2, value: 1 })).toBe("trial-job-ended");
  });
});

describe("a caller without the right", () => {
  test("wrong, foreign and missing tokens are refused on every trial route, and change nothing", async () => {
    const manager = await project.start({ ...command(idleCommand), maxTrialNum: 2, trialConcurrency: 2 });
    const [job, other] = (await borrowJobs(project, 2)) as [BorrowedJob, BorrowedJob];
    const seqBefore = manager.experiment.state.seq;
    const wrong = ["", "wrong", `${job.token}x`, job.token.slice(1), manager.token];
    for (const token of wrong)
      for (const route of ["parameters", "intermediate-results", "final-result", "log", "heartbeat"])
        expect(await job.post(route, { parameterIndex: 0 }, token)).toMatchObject({
          status: 401,
          body: { error: { code: token === "" ? "unauthorized" : "wrong-token" } },
        });
    expect(manager.experiment.state.seq).toBe(seqBefore);

    // Another job's token opens that job's phases, whatever the caller thinks whose they are.
    await job.post("parameters", { parameterIndex: 0 }, other.token);
    await job.post("final-result", { parameterIndex: 0, value: 1 }, other.token);
    const succeeded = [...manager.experiment.state.phases.values()].filter(
      (phase) => phase.outcome === "succeeded",
    );
    expect(succeeded.map((phase) => phase.trialJobId)).toEqual([other.id]);
    await giveBack(project, manager);
  });

  test("a trial job's token does not open the management API, nor does another experiment's", async () => {
    const manager = await project.start({ ...command(idleCommand), maxTrialNum: 1 });
    const job = await borrowJob(project);
    const another = scratchProject();
    const foreign = await another.start({ ...command("true"), maxTrialNum: 1 });
    await foreign.ended;
    const status = async (token: string | undefined, init: RequestInit = {}): Promise<number> => {
      const headers = { authorization: `Bearer ${token}` };
      const response = await fetch(`${manager.url}/api/v1/experiment`, { ...init, headers });
      await response.text();
      return response.status;
    };
    expect(await status(manager.token)).toBe(200);
    expect(await status(job.token)).toBe(401);
    expect(await status(foreign.token)).toBe(401);
    expect((await fetch(`${manager.url}/api/v1/phases`)).status).toBe(401);
    expect(await job.post("parameters", { parameterIndex: 0 }, foreign.token)).toMatchObject({
      status: 401,
    });
    await another.dispose();
    await giveBack(project, manager);
  });

  test("malformed JSON is refused with its place, and the job goes on", async () => {
    const manager = await project.start({ ...command(idleCommand), maxTrialNum: 1 });
    const job = await borrowJob(project);
    const malformed = [
      "{",
      "\u0000",
      "{'parameterIndex':0}",
      '{"parameterIndex":NaN}',
      '{"parameterIndex":0}}',
    ];
    for (const text of [...malformed, "[".repeat(100_000), '{"a":'.repeat(1_000_000)]) {
      const { status, body } = await job.post("parameters", text);
      expect({ status, code: body.error.code }).toEqual({ status: 400, code: "malformed-json" });
      expect(body.error.message).toMatch(/position \d+ \(line 1, column \d+\): expected .+, got .+/);
    }
    for (const text of ["", "null", "[]", '"text"', '{"parameterIndex":0,"extra":1}']) {
      const { status, body } = await job.post("parameters", text);
      expect({ status, code: body.error.code }).toEqual({ status: 400, code: "invalid-body" });
    }
    expect(await job.post("parameters", { parameterIndex: 0 })).toMatchObject({ status: 200 });
    await giveBack(project, manager);
  });
});

describe("trial jobs that cannot start", () => {
  test("command not found: the experiment ends with ERROR and the reason", async () => {
    const { state, jobs } = await project.finish({ ...command("no-such-command-here"), maxPhaseNum: 1_000 });
    expect(state.status).toBe("ERROR");
    expect(state.statusReason).toMatch(
      /trial jobs in a row ended without a result.*exit code 127 \(command not found\)/,
    );
    expect(state.statusReason).toContain("no-such-command-here");
    expect(jobs.length).toBeLessThan(20);
    expect(jobs.every((job) => job.status === "failed")).toBe(true);
  });

  test("a code directory that vanishes: the job fails and names it", async () => {
    project.write("code/trial.py", "");
    const codeDir = join(project.cwd, "code");
    const config = await project.load({ trial: { command: "true", codeDir: "code" }, maxTrialNum: 1 });
    rmSync(codeDir, { recursive: true });
    const manager = await project.start({}, { config });
    expect(await manager.ended).toBe("DONE");
    const [job] = manager.experiment.state.trialJobs.values();
    expect(job).toMatchObject({ status: "failed", reason: `the code directory ${codeDir} does not exist` });
  });
});
