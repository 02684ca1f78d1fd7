/** Tuners, assessors and advisors written for NNI, in Python, as they are. */
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { processesOf } from "../support/processes.ts";
import { json, run, until } from "../support/program.ts";
import type { Project, Settings } from "../support/project.ts";
import { scratchProject } from "../support/project.ts";

let project: Project;
beforeEach(() => void (project = scratchProject()));
afterEach(() => project.dispose());

/** Counts up, and writes down every call with what came by name. */
const notingTuner = `import os
from nni.tuner import Tuner
from nni.utils import extract_scalar_reward

notes = open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "tuner.txt"), "a")
job_names = {}

def note(*words):
    print(*words, file=notes, flush=True)

def who(kwargs):
    return "job%d" % job_names.setdefault(kwargs["trial_job_id"], len(job_names))

class NotingTuner(Tuner):
    def __init__(self, optimize_mode, start=0):
        note("init", optimize_mode)
        self.x = start

    def update_search_space(self, search_space):
        note("update_search_space", search_space)

    def generate_multiple_parameters(self, parameter_id_list, **kwargs):
        note("generate_multiple_parameters", parameter_id_list, who(kwargs))
        return super().generate_multiple_parameters(parameter_id_list, **kwargs)

    def generate_parameters(self, parameter_id, **kwargs):
        note("generate_parameters", parameter_id, who(kwargs))
        print("no line end in sight", end="")
        self.x += 1
        return {"x": self.x}

    def receive_trial_result(self, parameter_id, parameters, value, **kwargs):
        note("receive_trial_result", parameter_id, parameters, extract_scalar_reward(value), who(kwargs))

    def receive_customized_trial_result(self, parameter_id, parameters, value, **kwargs):
        note("receive_customized_trial_result", parameter_id, parameters, value, who(kwargs))

    def trial_end(self, parameter_id, success, **kwargs):
        note("trial_end", parameter_id, success, who(kwargs))

    def import_data(self, data):
        note("import_data", data)

    def _on_exit(self):
        note("exit")

    def _on_error(self):
        note("error")
`;

/** Stops a phase when the sum of its curve leaves 1 after division by eleven. */
const elevenAssessor = `import os
from nni.assessor import Assessor, AssessResult

notes = open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "assessor.txt"), "a")

class ElevenAssessor(Assessor):
    def __init__(self, optimize_mode):
        pass

    def assess_trial(self, trial_job_id, trial_history):
        bad = sum(trial_history) % 11 == 1
        print("assess", trial_history, "Bad" if bad else "Good", file=notes, flush=True)
        return AssessResult.Bad if bad else AssessResult.Good

    def trial_end(self, trial_job_id, success):
        print("trial_end", success, file=notes, flush=True)
`;

/** As trials for NNI are written: x, x², x³ ... and words without a line end in between. */
const powersTrial = `import nni
while True:
    params = nni.get_next_parameter()
    if params is None:
        break
    x = params["x"]
    print("x is", x, end="")
    for power in range(1, 4):
        nni.report_intermediate_result(x ** power)
    nni.report_final_result({"default": x ** 4, "power": 4})
`;

const classOf = (classFileName: string, className: string, more: object = {}): object => ({
  codeDir: ".",
  classFileName,
  className,
  classArgs: { optimize_mode: "maximize" },
  ...more,
});

function notingExperiment(settings: Settings = {}): Settings {
  project.write("tuner.py", notingTuner);
  project.write("assessor.py", elevenAssessor);
  return {
    python: powersTrial,
    multiPhase: true,
    maxPhaseNum: 5,
    tuner: classOf("tuner.py", "NotingTuner"),
    assessor: classOf("assessor.py", "ElevenAssessor"),
    ...settings,
  };
}

const linesOf = (name: string): readonly string[] => project.read(name).trimEnd().split("\n");

describe("a tuner and an assessor", () => {
  test("make exactly the decisions that are expected of them, phase by phase of one job", async () => {
    const { phases, state } = await project.finish(notingExperiment());
    expect(state.status).toBe("DONE");
    expect(linesOf("tuner.txt")).toEqual([
      "init maximize",
      "update_search_space {'x': {'_type': 'uniform', '_value': [0, 1]}}",
      "generate_multiple_parameters [0] job0",
      "generate_parameters 0 job0",
      // 1 leaves 1 after division by eleven at once
      "trial_end 0 False job0",
      "generate_parameters 1 job0",
      "receive_trial_result 1 {'x': 2} 16 job0",
      "trial_end 1 True job0",
      "generate_parameters 2 job0",
      "trial_end 2 False job0",
      "generate_parameters 3 job0",
      "receive_trial_result 3 {'x': 4} 256 job0",
      "trial_end 3 True job0",
      "generate_parameters 4 job0",
      "trial_end 4 False job0",
      "exit",
    ]);
    expect(linesOf("assessor.txt")).toEqual([
      "assess [1] Bad",
      "assess [2] Good",
      "assess [2, 4] Good",
      "assess [2, 4, 8] Good",
      "assess [3] Good",
      "assess [3, 9] Bad",
      "assess [4] Good",
      "assess [4, 16] Good",
      "assess [4, 16, 64] Good",
      "assess [5] Good",
      "assess [5, 25] Good",
      "assess [5, 25, 125] Bad",
      "trial_end True",
    ]);
    expect(phases.map(({ outcome, stoppedBy }) => `${outcome} ${stoppedBy}`)).toEqual([
      "stopped assessor",
      "succeeded null",
      "stopped assessor",
      "succeeded null",
      "stopped assessor",
    ]);
    expect(phases[3]).toMatchObject({
      value: { default: 256, power: 4 },
      intermediateResults: [{ value: 4 }, { value: 16 }, { value: 64 }],
    });
  });

  test("with includeIntermediateResults the tuner learns what stopped phases had reached", async () => {
    const tuner = classOf("tuner.py", "NotingTuner", { includeIntermediateResults: true });
    await project.finish(notingExperiment({ tuner, maxPhaseNum: 3 }));
    expect(linesOf("tuner.txt").filter((line) => line.startsWith("receive"))).toEqual([
      "receive_trial_result 0 {'x': 1} 1 job0",
      "receive_trial_result 1 {'x': 2} 16 job0",
      "receive_trial_result 2 {'x': 3} 9 job0",
    ]);
  });

  test("without multiPhase the job of a stopped phase is ended", async () => {
    const trial = `import time, nni
x = nni.get_next_parameter()["x"]
nni.report_intermediate_result(x)
while x == 1:
    time.sleep(0.02)
nni.report_final_result(x)
assert nni.get_next_parameter() is None
`;
    const settings = { python: trial, multiPhase: false, maxPhaseNum: undefined, maxTrialNum: 2 };
    const { jobs, phases } = await project.finish(notingExperiment(settings));
    expect(jobs.map(({ status }) => status)).toEqual(["cancelled", "succeeded"]);
    expect(phases.map(({ outcome }) => outcome)).toEqual(["stopped", "succeeded"]);
    expect(linesOf("assessor.txt").filter((line) => line.startsWith("trial_end"))).toEqual([
      "trial_end False",
      "trial_end True",
    ]);
  });

  test("hear of a person's parameters and of imported results", async () => {
    const waiting = `import os, time, nni
while not os.path.exists("go"):
    time.sleep(0.01)
${powersTrial}`;
    const settings = notingExperiment({ python: waiting, maxPhaseNum: 3, assessor: undefined });
    const { experiment, ended } = await project.start(settings);
    await experiment.addParameters({ x: 10 });
    await experiment.importPoints([{ parameters: { x: 7 }, value: 49 }]);
    project.write("go", "");
    expect(await ended).toBe("DONE");
    const heard = linesOf("tuner.txt");
    expect(heard).toContain("import_data [{'parameter': {'x': 7}, 'value': 49}]");
    expect(heard.filter((line) => line.startsWith("receive_customized"))).toEqual([
      "receive_customized_trial_result 0 {'x': 10} {'default': 10000, 'power': 4} job0",
    ]);
  });
});

describe("a tuner's process", () => {
  test("that is killed is started anew and hears the history; the experiment goes on", async () => {
    const trial = `import os, nni
while True:
    params = nni.get_next_parameter()
    if params is None:
        break
    if params["x"] == 3 and not os.path.exists("killed"):
        open("ready", "w").close()
        while not os.path.exists("killed"):
            pass
    nni.report_final_result(params["x"])
`;
    const { experiment, ended } = await project.start(
      notingExperiment({ python: trial, assessor: undefined, maxPhaseNum: 6 }),
    );
    await until(() => project.files("ready").length === 1);
    const [host] = processesOf(join(project.cwd, ".home")).filter(({ command }) =>
      command.includes("polyphase.host"),
    );
    process.kill(host?.pid as number, "SIGKILL");
    await until(() => linesOf("tuner.txt").filter((line) => line.startsWith("init")).length === 2);
    project.write("killed", "");
    expect(await ended).toBe("DONE");
    const values = [...experiment.state.phases.values()].map(({ value }) => value);
    expect(values).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("that throws ends the experiment with the file and line of the fault", async () => {
    const settings = notingExperiment({ assessor: undefined });
    project.write("tuner.py", notingTuner.replace("self.x += 1", "self.x += {}"));
    const { state } = await project.finish(settings);
    expect(state.status).toBe("ERROR");
    expect(state.statusReason).toMatch(
      /^the tuner failed in generate_multiple_parameters: TypeError: .* \(.*tuner\.py:\d+, in generate_parameters\)$/,
    );
    expect(linesOf("tuner.txt").at(-1)).toBe("error");
  });

  test("that says nothing for too long has hung", async () => {
    const settings = notingExperiment({ assessor: undefined, tunerTimeout: "4s" });
    project.write(
      "tuner.py",
      notingTuner.replace("self.x += 1", "import time\n        while True: time.sleep(0.1)"),
    );
    const { state } = await project.finish(settings);
    expect(state.statusReason).toMatch(
      /^the tuner has not come back from generate(_multiple)?_parameters for 4 s \(tunerTimeout\)$/,
    );
  });

  test("of a later manager is told what the first one was told, and goes on from there", async () => {
    const settings = notingExperiment({ assessor: undefined, maxPhaseNum: 4 });
    const ran = await run(project, "run", "-c", project.configure(settings), "--json");
    const { id } = JSON.parse(ran.stdout) as { id: string };
    await run(project, "resume", id, "--max-phase-num", "6");
    await until(() => project.state(id).status === "DONE");
    await until(() => processesOf(project.cwd).length === 0);
    const values = [...project.state(id).phases.values()].map(({ parameters }) => parameters);
    expect(values).toEqual([1, 2, 3, 4, 5, 6].map((x) => ({ x })));
  });
});

test("with multiThread a tuner may block until the result has come that it waits for", async () => {
  project.write(
    "tuner.py",
    `import threading
from nni.tuner import Tuner

class SharingTuner(Tuner):
    """The others start from the weights of the first, so they wait for it."""

    def __init__(self):
        self.parent_done = threading.Event()

    def update_search_space(self, search_space):
        pass

    def generate_parameters(self, parameter_id, **kwargs):
        if parameter_id > 0:
            self.parent_done.wait()
        return {"x": parameter_id, "done": self.parent_done.is_set()}

    def receive_trial_result(self, parameter_id, parameters, value, **kwargs):
        if parameter_id == 0:
            self.parent_done.set()
`,
  );
  const { state, phases } = await project.finish({
    multiThread: true,
    trialConcurrency: 3,
    maxTrialNum: 3,
    maxPhaseNum: 5,
    tuner: { classFileName: "tuner.py", className: "SharingTuner" },
  });
  expect(state.status).toBe("DONE");
  const inOrder = phases.toSorted((left, right) => left.parameterId - right.parameterId);
  expect(inOrder.map(({ parameters }) => parameters)).toEqual([
    { x: 0, done: false },
    ...[1, 2, 3, 4].map((x) => ({ x, done: true })),
  ]);
});

test.each([
  ["generate_parameters", "if parameter_id == 2: self.never.wait()", ""],
  ["receive_trial_result", "", "self.never.wait()"],
])("with multiThread a %s that waits for nothing ends after tunerTimeout", async (_method, before, on) => {
  project.write(
    "tuner.py",
    `import threading
from nni.tuner import Tuner

class Stuck(Tuner):
    never = threading.Event()
    def update_search_space(self, search_space): pass
    def generate_parameters(self, parameter_id, **kwargs):
        ${before}
        return {"x": parameter_id}
    def receive_trial_result(self, *given, **named):
        ${on || "pass"}
`,
  );
  const { state } = await project.finish({
    multiThread: true,
    tunerTimeout: "3s",
    maxPhaseNum: 5,
    tuner: { classFileName: "tuner.py", className: "Stuck" },
  });
  expect(state.status).toBe("ERROR");
  expect(state.statusReason).toMatch(
    /^the tuner has answered nothing for 3 s \(tunerTimeout\), while no phase/,
  );
});

test("a Python that prints by itself, or keeps its path safe, and a relative PYTHONPATH are no hindrance", async () => {
  project.write("tuner.py", `import helper\n${notingTuner}`);
  project.write("lib/helper.py", "");
  project.write("lib/sitecustomize.py", "print('at your service')");
  const tuner = classOf("tuner.py", "NotingTuner");
  const config = project.configure({ python: powersTrial, maxPhaseNum: 2, tuner });
  const env = { ...project.env, PYTHONPATH: "lib", PYTHONSAFEPATH: "1" };
  const { exitCode, stdout } = await run({ ...project, env }, "run", "-c", config);
  expect(stdout).toMatch(/^status +DONE/m);
  expect(exitCode).toBe(0);
});

test("parameters and results may be lists of a thousand numbers", async () => {
  project.write(
    "tuner.py",
    `from nni.tuner import Tuner

class ArchitectureTuner(Tuner):
    def update_search_space(self, search_space):
        pass

    def generate_parameters(self, parameter_id, **kwargs):
        return [parameter_id * 1000 + place for place in range(1000)]

    def receive_trial_result(self, parameter_id, parameters, value, **kwargs):
        assert parameters == [parameter_id * 1000 + place for place in range(1000)]
        assert value == [parameter / 7 for parameter in parameters], value[:3]
`,
  );
  const { state, phases } = await project.finish({
    python: `import nni
while True:
    architecture = nni.get_next_parameter()
    if architecture is None:
        break
    nni.report_final_result([part / 7 for part in architecture])
`,
    maxPhaseNum: 3,
    tuner: { classFileName: "tuner.py", className: "ArchitectureTuner" },
  });
  expect([state.status, state.statusReason]).toEqual(["DONE", "maxPhaseNum (3) is reached"]);
  expect((phases[2]?.value as number[])[999]).toBe(2999 / 7);
});

test("an advisor proposes by itself, hears every result, and stops a phase", async () => {
  project.write(
    "advisor.py",
    `import json
from nni.msg_dispatcher_base import MsgDispatcherBase
from nni.protocol import CommandType, send

class CountingAdvisor(MsgDispatcherBase):
    def __init__(self, first):
        super().__init__()
        self.next = first
        self.notes = open(${JSON.stringify(join(project.cwd, "advisor.txt"))}, "a")

    def note(self, *words):
        print(*words, file=self.notes, flush=True)

    def packet(self, **more):
        self.next += 1
        return json.dumps({"parameter_id": "p%d" % self.next, "parameter_source": "algorithm",
                           "parameters": {"x": self.next}, **more})

    def handle_initialize(self, data):
        self.handle_update_search_space(data)
        send(CommandType.Initialized, "")

    def handle_update_search_space(self, data):
        self.note("space", sorted(data))

    def handle_request_trial_jobs(self, data):
        for _ in range(data):
            send(CommandType.NewTrialJob, self.packet())

    def handle_import_data(self, data):
        pass

    def handle_add_customized_trial(self, data):
        pass

    def handle_report_metric_data(self, data):
        if data["type"] == "REQUEST_PARAMETER":
            more = {"trial_job_id": data["trial_job_id"], "parameter_index": data["parameter_index"]}
            send(CommandType.SendTrialJobParameter, self.packet(**more))
            return
        self.note(data["type"], data["parameter_id"], data["sequence"], json.loads(data["value"]))
        if data["type"] == "PERIODICAL" and json.loads(data["value"]) == 144:
            send(CommandType.KillTrialJob, json.dumps(data["trial_job_id"]))

    def handle_trial_end(self, data):
        self.note("end", data["event"], json.loads(data["hyper_params"])["parameter_id"])
`,
  );
  const { state, phases } = await project.finish({
    python: `import nni, polyphase
while True:
    params = nni.get_next_parameter()
    if params is None:
        break
    nni.report_intermediate_result(params["x"] ** 2)
    while params["x"] == 12 and not polyphase.is_stopped():
        nni.report_intermediate_result(0)
    nni.report_final_result(params["x"])
`,
    maxPhaseNum: 3,
    tuner: undefined,
    advisor: { classFileName: "advisor.py", className: "CountingAdvisor", classArgs: { first: 10 } },
  });
  expect([state.status, state.statusReason]).toEqual(["DONE", "maxPhaseNum (3) is reached"]);
  expect(phases.map(({ parameters, outcome }) => [parameters, outcome])).toEqual([
    [{ x: 11 }, "succeeded"],
    [{ x: 12 }, "stopped"],
    [{ x: 13 }, "succeeded"],
  ]);
  const notes = linesOf("advisor.txt").filter((line) => !/^PERIODICAL p12 [1-9]/.test(line));
  expect(notes).toEqual([
    "space ['x']",
    "PERIODICAL p11 0 121",
    "FINAL p11 0 11",
    "PERIODICAL p12 0 144",
    "PERIODICAL p13 0 169",
    "FINAL p13 0 13",
    "end SUCCEEDED p13",
  ]);
});

test("a class that is not there is said before anything starts, with the names that are", async () => {
  project.write("tuner.py", notingTuner);
  await expect(
    project.start({ tuner: { classFileName: "tuner.py", className: "NotngTuner" } }),
  ).rejects.toThrow(/tuner\.py: .*NotngTuner.*NotingTuner/s);
  project.write("tuner.py", "class NotingTuner(:\n");
  await expect(
    project.start({ tuner: { classFileName: "tuner.py", className: "NotingTuner" } }),
  ).rejects.toThrow(/tuner\.py:1/);
});

test("a tuner may bring its first answers later, from a thread of its own", async () => {
  project.write(
    "tuner.py",
    `import threading
from nni.tuner import Tuner

class Late(Tuner):
    def update_search_space(self, search_space): pass
    def receive_trial_result(self, *given, **named): pass
    def generate_multiple_parameters(self, parameter_id_list, st_callback=None, **kwargs):
        for parameter_id in parameter_id_list:
            threading.Timer(0.3, st_callback, [parameter_id, {"x": parameter_id}]).start()
        return []
`,
  );
  const { state } = await project.finish({
    tuner: { codeDir: ".", classFileName: "tuner.py", className: "Late" },
    maxPhaseNum: 2,
  });
  expect(state).toMatchObject({ status: "DONE", counts: { succeeded: 2 } });
});

test("a class is found with Python's own modules, and a Python that is too old is named", async () => {
  project.write("tuner.py", notingTuner);
  project.write("ast.py", "raise Exception('not this one')");
  const config = project.configure({
    tuner: { codeDir: ".", classFileName: "tuner.py", className: "NotingTuner" },
  });
  expect(await run(project, "validate", "-c", config)).toMatchObject({ exitCode: 0 });
  const old =
    "import sys; sys.version_info = (3, 6, 15); sys.version = '3.6.15 (default)'; exec(sys.argv[3])";
  project.write("old-python", `#!/bin/sh\nexec python3 -c "${old}" "$@"\n`);
  chmodSync(join(project.cwd, "old-python"), 0o755);
  const place = {
    ...project,
    env: { ...project.env, POLYPHASE_PYTHON: join(project.cwd, "old-python") },
  };
  const refused = await run(place, "validate", "-c", config);
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toMatch(
    /tuner\.py: .*old-python gave no answer: it is Python 3\.6\.15\nhint: Python 3\.8 or newer is needed/,
  );
});

test("replay asks a tuner in Python everything again", async () => {
  const { id } = await project.finish(notingExperiment({ assessor: undefined }));
  expect(await json(project, "replay", id)).toMatchObject({ same: 5, different: 0 });
});
