/** Tuners of the user's own, in the tuner's thread of a real manager. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isBuilt, run } from "./support/program.ts";
import type { Project } from "./support/project.ts";
import { plainTrial, processesOfJobs, scratchProject } from "./support/project.ts";
import { processesOf } from "./support/processes.ts";
import { until } from "./support/program.ts";

let project: Project;
beforeEach(() => void (project = scratchProject()));
afterEach(() => project.dispose());

const custom = { codeDir: ".", classFileName: "tuner.mjs", className: "Mine" };

/** A tuner that counts up, but for these methods. */
const tunerWith = (methods: string): string => `
export class Mine {
  constructor(args) { this.args = args; this.next = 0; }
  updateSearchSpace(space) { this.space = space; }
  generateParameters(parameterId, { trialJobId, parameterIndex }) {
    return { kind: "parameters", parameters: { x: parameterId } };
  }
  receiveTrialResult(result) {}
  ${methods}
}
`;

/** Counts the phases it got until it is told that there are no more; says so in a file. */
const countingTrial = `import polyphase
count = 0
for parameters in polyphase.phases():
    count += 1
    polyphase.report_final_result(count)
open("told-" + polyphase.get_trial_id(), "w").close()
`;

describe("a custom tuner by codeDir, classFileName and className", () => {
  test.each([
    ["an ES module", "tuner.mjs", (text: string) => text],
    [
      "a CommonJS module",
      "tuner.cjs",
      (text: string) => text.replace("export class Mine", "exports.Mine = class"),
    ],
  ])("in %s is constructed with its classArgs and hears everything, in order", async (_kind, file, form) => {
    const text = `
import { appendFileSync } from "node:fs";
const say = (...facts) => appendFileSync(new URL("calls", import.meta.url), JSON.stringify(facts) + "\\n");
export class Mine {
  constructor(args) { say("new", args); }
  updateSearchSpace(space) { say("space", space); }
  async generateParameters(parameterId, request) {
    say("generate", parameterId, request);
    await new Promise((resolve) => setImmediate(resolve));
    return { kind: "parameters", parameters: { x: parameterId, deep: [null, { any: "JSON" }] } };
  }
  receiveTrialResult(result) { say("result", result); }
  trialEnd(end) { say("end", end); }
}
`;
    const commonJs = text
      .replace("import { appendFileSync }", "const { appendFileSync }")
      .replace('from "node:fs"', '= require("node:fs")')
      .replace('new URL("calls", import.meta.url)', '__dirname + "/calls"');
    project.write(`code/${file}`, form(file === "tuner.cjs" ? commonJs : text));
    const { state, jobs, phases } = await project.finish({
      maxPhaseNum: 2,
      seed: 7,
      tuner: {
        codeDir: "code",
        classFileName: file,
        className: "Mine",
        classArgs: { rate: 0.5, optimize_mode: "minimize" },
      },
    });
    expect(state.status).toBe("DONE");
    expect(phases.map((phase) => phase.parameters)).toEqual(
      [0, 1].map((x) => ({ x, deep: [null, { any: "JSON" }] })),
    );
    const trialJobId = jobs[0]?.id;
    const calls = project.read("code/calls").trim().split("\n");
    expect(calls.map((line) => JSON.parse(line) as unknown)).toEqual([
      ["new", { rate: 0.5, optimize_mode: "minimize", seed: 7 }],
      ["space", { x: { _type: "uniform", _value: [0, 1] } }],
      ...[0, 1].flatMap((x) => [
        ["generate", x, { trialJobId, parameterIndex: x }],
        [
          "result",
          { parameterId: x, parameters: phases[x]?.parameters, value: x, outcome: "succeeded", trialJobId },
        ],
        ["end", { parameterId: x, trialJobId, outcome: "succeeded" }],
      ]),
    ]);
  });

  test("that answers wait is asked again when a phase has ended, not in a loop", async () => {
    project.write(
      "tuner.mjs",
      `
import { appendFileSync } from "node:fs";
export class Mine {
  running = new Set();
  updateSearchSpace() {}
  generateParameters(parameterId) {
    appendFileSync(new URL("asked", import.meta.url), ".");
    if (this.running.size > 0) return { kind: "wait" };
    this.running.add(parameterId);
    return { kind: "parameters", parameters: { x: parameterId } };
  }
  receiveTrialResult() {}
  trialEnd({ parameterId }) { this.running.delete(parameterId); }
}
`,
    );
    const { state, phases } = await project.finish({ tuner: custom, trialConcurrency: 3, maxPhaseNum: 30 });
    expect(state).toMatchObject({ status: "DONE", counts: { succeeded: 30 } });
    for (const [place, phase] of phases.entries())
      expect(phase.proposedAt).toBeGreaterThanOrEqual(phases[place - 1]?.endedAt ?? 0);
    expect(project.read("asked").length).toBeLessThanOrEqual(30 * 3 + 10);
  });

  test("that answers wait although nothing runs does not hang the experiment", async () => {
    project.write("tuner.mjs", tunerWith('generateParameters() { return { kind: "wait" }; }'));
    const { state } = await project.finish({ tuner: custom, trialConcurrency: 2 });
    expect(state.status).toBe("DONE");
    expect(state.statusReason).toContain("the tuner asks for patience");
  });

  test("that has no more says so to every job, and the experiment is DONE", async () => {
    project.write(
      "tuner.mjs",
      tunerWith(`generateParameters(id) {
        return this.next++ < 7 ? { kind: "parameters", parameters: { x: id } } : { kind: "no-more" };
      }`),
    );
    const { state, jobs } = await project.finish({
      tuner: custom,
      trialConcurrency: 3,
      python: countingTrial,
    });
    expect(state).toMatchObject({ status: "DONE", counts: { succeeded: 7 } });
    expect(state.statusReason).toContain("no more parameters");
    expect(project.files("told-")).toEqual(jobs.map((job) => `told-${job.id}`).sort());
  });

  test.each([
    [
      "throws",
      'throw new RangeError("no such luck")',
      /failed in generateParameters: no such luck \(.*tuner\.mjs:6:\d+\)/,
    ],
    ["answers nothing", "return undefined", /failed in generateParameters: expected .*, got undefined/],
    ["answers nonsense", "return { x: 1 }", /failed in generateParameters: expected .*, got \{"x":1\}/],
    [
      "answers without parameters",
      'return { kind: "parameters" }',
      /expected .*, got \{"kind":"parameters"\}/,
    ],
    [
      "answers what is no data",
      'return { kind: "parameters", parameters: { f() {} } }',
      /failed in generateParameters: expected .* JSON: "f" is a function/,
    ],
    [
      "answers what is no JSON",
      'return { kind: "parameters", parameters: { big: 10n } }',
      /failed in generateParameters: expected .* JSON: .*BigInt/,
    ],
    [
      "answers a loop",
      "const p = {}; p.p = p; return { kind: 'parameters', parameters: p }",
      /failed in generateParameters: expected .* JSON: .*circular/,
    ],
    ["ends its thread", "process.exit(3)", /thread ended \(code 3\)/],
    [
      "fails later",
      'setTimeout(() => { throw new Error("too late"); }); await new Promise(() => {})',
      /too late/,
    ],
  ])(
    "that %s ends the experiment with ERROR and the reason; trials are told",
    async (_how, statement, reason) => {
      const method = `async generateParameters(id) {
    if (id === 4) ${statement.includes(";") ? `{ ${statement} }` : statement};
    return { kind: "parameters", parameters: { x: id } };
  }`;
      project.write(
        "tuner.mjs",
        `export class Mine {\n  updateSearchSpace() {}\n  receiveTrialResult() {}\n\n  ${method}\n}\n`,
      );
      const { state, jobs } = await project.finish({ tuner: custom, python: countingTrial, maxPhaseNum: 50 });
      expect(state.status).toBe("ERROR");
      expect(state.statusReason).toMatch(reason);
      expect(state.counts).toMatchObject({ succeeded: 4, running: 0 });
      expect(jobs).toMatchObject([{ status: "succeeded" }]);
      expect(project.files("told-")).toEqual([`told-${jobs[0]?.id}`]);
    },
  );

  test.each(["receiveTrialResult", "trialEnd"])(
    "that throws in %s ends it with ERROR too",
    async (method) => {
      project.write("tuner.mjs", tunerWith(`${method}() { throw new Error("cannot learn"); }`));
      const { state } = await project.finish({ tuner: custom, python: countingTrial, maxPhaseNum: 50 });
      expect(state.status).toBe("ERROR");
      expect(state.statusReason).toMatch(
        new RegExp(`failed in ${method}: cannot learn \\(.*tuner\\.mjs:\\d+:\\d+\\)`),
      );
    },
  );

  test.each([
    ["generateParameters() { for (;;); }", "never comes back"],
    ["generateParameters() { return new Promise(() => {}); }", "never answers"],
  ])("%s: the experiment still answers and stops", async (method) => {
    project.write("tuner.mjs", tunerWith(method));
    const manager = await project.start({ tuner: custom });
    const health = await fetch(`${manager.url}/api/v1/experiment`, {
      headers: { authorization: `Bearer ${manager.token}` },
    });
    expect(await health.json()).toMatchObject({ status: "RUNNING" });
    await manager.stop("enough");
    expect(await manager.ended).toBe("STOPPED");
  });
});

describe.skipIf(!isBuilt)("polyphase run with a custom tuner", () => {
  test("that throws in mid-run: exit code 1, message and place, and no trial is left", async () => {
    project.write(
      "tuner.mjs",
      tunerWith('trialEnd({ parameterId }) { if (parameterId === 3) throw new Error("lost my way"); }'),
    );
    const config = project.configure({
      tuner: custom,
      python: countingTrial,
      trialConcurrency: 2,
      maxPhaseNum: 500,
    });
    const { exitCode, stdout } = await run(project, "run", "-c", config);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^status +ERROR: the tuner failed in trialEnd: lost my way \(.*tuner\.mjs:\d+:\d+\)/m,
    );
    expect(processesOf(project.cwd)).toEqual([]);
    expect(project.files("told-")).toHaveLength(2);
  });

  test("whose trials do not listen are ended after the grace period", async () => {
    project.write("tuner.mjs", tunerWith('trialEnd() { throw new Error("lost my way"); }'));
    const python = `import time, polyphase
polyphase.get_next_parameter()
polyphase.report_final_result(1)
open("sleeps", "w").close()
time.sleep(600)
`;
    const config = project.configure({ tuner: custom, python, gracePeriod: "200ms" });
    const { exitCode, stdout } = await run(project, "run", "-c", config);
    expect(project.files("sleeps")).toHaveLength(1);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("lost my way");
    expect(processesOf(project.cwd)).toEqual([]);
  });

  test.each([
    [
      "a file that is not there",
      { ...custom, classFileName: "other.mjs" },
      /config\.yml:\d+:\d+.*other\.mjs/,
    ],
    [
      "a class that is not in it",
      { ...custom, className: "Yours" },
      /exports no class Yours; it exports Mine/,
    ],
    ["a file that cannot be read as code", { ...custom, classFileName: "broken.mjs" }, /broken\.mjs/],
    [
      "a class without the methods",
      { ...custom, className: "Half" },
      /Half.*has no method.*receiveTrialResult/,
    ],
    ["a constructor that throws", { ...custom, className: "Angry" }, /I will not/],
  ])("%s: refused or ended with the reason, exit code 1", async (_fault, tuner, reason) => {
    project.write(
      "tuner.mjs",
      `${tunerWith("")}
export class Half { updateSearchSpace() {} generateParameters() {} }
export class Angry extends Mine { constructor(args) { super(args); throw new Error("I will not"); } }`
        .replace("export class Half", tuner.className === "Yours" ? "class Half" : "export class Half")
        .replace("export class Angry", tuner.className === "Yours" ? "class Angry" : "export class Angry"),
    );
    project.write("broken.mjs", "export class {");
    const { exitCode, stdout, stderr } = await run(project, "run", "-c", project.configure({ tuner }));
    expect(exitCode).toBe(1);
    expect(stdout + stderr).toMatch(reason);
    expect(processesOf(project.cwd)).toEqual([]);
  });
});

describe("GridSearch", () => {
  test("gives every point once, over several jobs, and the experiment is DONE", async () => {
    const searchSpace = {
      a: { _type: "choice", _value: ["p", "q", { deep: [1] }] },
      b: { _type: "randint", _value: [0, 3] },
      c: { _type: "quniform", _value: [0, 1, 0.5] },
    };
    const python = plainTrial.replace('parameters["x"]', 'parameters["b"]');
    const { state, phases, jobs } = await project.finish({
      python,
      searchSpace,
      tuner: { builtinTunerName: "GridSearch" },
      trialConcurrency: 3,
    });
    expect(state).toMatchObject({ status: "DONE", counts: { succeeded: 27 } });
    expect(state.statusReason).toContain("no more parameters");
    expect(new Set(phases.map((phase) => JSON.stringify(phase.parameters)))).toHaveProperty("size", 27);
    expect(jobs.every((job) => job.status === "succeeded")).toBe(true);
    await until(() => processesOfJobs(jobs).length === 0);
  });
});
