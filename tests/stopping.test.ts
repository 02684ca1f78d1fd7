/** Experiments that a person ends: no process is left, whatever the trials have started. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ExperimentView, ExportView } from "../src/model/http.ts";
import { processesOf } from "./support/processes.ts";
import { bin, isBuilt, json, start, until } from "./support/program.ts";
import type { Project } from "./support/project.ts";
import { processesOfJobs, scratchProject } from "./support/project.ts";

let project: Project;
beforeEach(() => void (project = scratchProject()));
afterEach(() => project.dispose());

/** A job with a child, a grandchild in a session of its own and a thread; then phases without end. */
const familyTrial = `import os, subprocess, threading, time, polyphase
polyphase.get_next_parameter()
subprocess.Popen(["sleep", "600"])
subprocess.Popen(["setsid", "sh", "-c", "sleep 601 & wait"])
threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
polyphase.report_intermediate_result(1)
open("up-" + polyphase.get_trial_id(), "w").close()
time.sleep(600)
`;

const family = { python: familyTrial, trialConcurrency: 2, maxPhaseNum: 10 };

/** Those of trial jobs, without the manager. */
const trialProcesses = (): readonly string[] =>
  processesOf(project.cwd)
    .map(({ command }) => command)
    .filter((command) => !command.includes(" manager ") && !command.includes("run -c"));

describe.skipIf(!isBuilt)("stop ID", () => {
  test("ends the jobs with everything they started, and the manager", async () => {
    const { id } = await json<{ id: string }>(project, "create", "-c", project.configure(family));
    await until(() => project.files("up-").length === 2);
    const jobs = [...project.state(id).trialJobs.values()];
    expect(processesOfJobs(jobs).length).toBeGreaterThanOrEqual(6);
    expect(trialProcesses().filter((command) => command === "sleep 601")).toHaveLength(2);

    expect(await json(project, "stop", id)).toEqual({ id, status: "STOPPED", running: false });
    expect(processesOfJobs(jobs)).toEqual([]);
    expect(processesOf(project.cwd)).toEqual([]);
    const { phases, trialJobs, statusReason } = await json<ExperimentView>(project, "status", id);
    expect({ phases, trialJobs, statusReason }).toMatchObject({
      phases: { cancelled: 2, running: 0 },
      trialJobs: { cancelled: 2, running: 0 },
      statusReason: "stopped by a person",
    });
  });

  test("ends jobs that do not listen after the grace period, by force", async () => {
    const python = `import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n${familyTrial}`;
    const config = project.configure({ ...family, python, gracePeriod: "300ms" });
    const { id } = await json<{ id: string }>(project, "create", "-c", config);
    await until(() => project.files("up-").length === 2);
    expect(await json(project, "stop", id)).toMatchObject({ status: "STOPPED" });
    expect(processesOf(project.cwd)).toEqual([]);
  });
});

describe.skipIf(!isBuilt)("Ctrl-C on run", () => {
  test("as a terminal sends it, to the whole group: gentle, exit code 130, STOPPED, no process left", async () => {
    const config = project.configure(family);
    const env = { ...process.env, POLYPHASE_HOME: project.home };
    const options = { cwd: project.cwd, env, detached: true, stdio: "ignore" } as const;
    const child = spawn(process.execPath, [bin, "run", "-c", config], options);
    await until(() => project.files("up-").length === 2);
    process.kill(-(child.pid as number), "SIGINT");
    const [exitCode] = (await once(child, "exit")) as [number | null];
    expect(exitCode).toBe(130);
    expect(processesOf(project.cwd)).toEqual([]);
    const [experiment] = await json<ExperimentView[]>(project, "list");
    expect(experiment).toMatchObject({ status: "STOPPED" });
    const state = project.state(experiment?.id ?? "");
    expect(processesOfJobs(state.trialJobs.values())).toEqual([]);
    expect(state).toMatchObject({
      status: "STOPPED",
      statusReason: "stopped by Ctrl-C",
      counts: { cancelled: 2 },
    });
  });

  test("before the first job is up ends it as well", async () => {
    const program = start(project, ["run", "-c", project.configure(family)]);
    await program.says("experiment ");
    program.child.kill("SIGINT");
    expect((await program.outcome).exitCode).toBe(130);
    expect(processesOf(project.cwd)).toEqual([]);
    expect(await json(project, "list")).toMatchObject([{ status: "STOPPED" }]);
  });
});

describe.skipIf(!isBuilt)("the export", () => {
  test("is one document of experiment, trial jobs and phases, of every outcome", async () => {
    const python = `import os, time, polyphase
for index, parameters in enumerate(polyphase.phases()):
    polyphase.report_intermediate_result(index)
    polyphase.report_intermediate_result({"default": parameters["x"], "note": "more"})
    if index == 1:
        continue
    if index == 3 and polyphase.get_sequence_id() == 0:
        raise SystemExit(1)
    if index == 3:
        open("up", "w").close()
        time.sleep(600)
    polyphase.report_final_result(float("inf") if index == 0 else {"default": parameters["x"]})
`;
    const { id } = await json<{ id: string }>(project, "create", "-c", project.configure({ python }));
    await until(() => project.files("up").length === 1);
    await json(project, "export", id, "-f", "running.json");
    await json(project, "stop", id);
    await json(project, "export", id, "-f", "stopped.json");
    const [running, stopped] = ["running.json", "stopped.json"].map(
      (name) => JSON.parse(project.read(name)) as ExportView,
    ) as [ExportView, ExportView];

    expect(Object.keys(stopped)).toEqual(["experiment", "trialJobs", "phases"]);
    expect(running.experiment).toMatchObject({ id, status: "RUNNING", config: { multiPhase: true } });
    expect(stopped.experiment).toMatchObject({ id, status: "STOPPED", pid: null });
    const time = expect.any(Number) as number;
    expect(stopped.trialJobs).toMatchObject([
      { id: expect.stringMatching(/^[A-Za-z][A-Za-z0-9]{4}$/) as string, number: 0, status: "failed" },
      { number: 1, status: "cancelled" },
    ]);
    for (const job of stopped.trialJobs) expect(job).toMatchObject({ startTime: time, endTime: time });
    expect(stopped.phases.map((phase) => phase.outcome)).toEqual([
      ...["succeeded", "abandoned", "succeeded", "failed"],
      ...["succeeded", "abandoned", "succeeded", "cancelled"],
    ]);
    expect(running.phases.at(-1)).toMatchObject({ outcome: "running", endTime: null, finalResult: null });
    for (const [parameterId, phase] of stopped.phases.entries()) {
      const x = (phase.parameters as { x: number }).x;
      const parameterIndex = parameterId % 4;
      expect(phase).toMatchObject({
        parameterId,
        trialJobId: stopped.trialJobs[Math.floor(parameterId / 4)]?.id,
        parameterIndex,
        intermediateResults: [parameterIndex, { default: x, note: "more" }],
        finalResult: [0, 2].includes(parameterIndex)
          ? parameterIndex === 0
            ? "Infinity"
            : { default: x }
          : null,
        startTime: time,
        endTime: time,
      });
      expect(phase.startTime as number).toBeLessThanOrEqual(phase.endTime as number);
    }
  });
});
