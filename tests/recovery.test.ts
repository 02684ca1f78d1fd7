/** Managers that are killed while trials run: what was acknowledged is kept, and the same processes go on. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { experimentDirectory, readManagerFile, startManager } from "../src/manager/index.ts";
import type { ExperimentView } from "../src/model/http.ts";
import type { ExperimentState, Json } from "../src/model/index.ts";
import { isAlive, isBuilt, json, run, until } from "./support/program.ts";
import type { Created } from "./support/program.ts";
import type { Project, Settings } from "./support/project.ts";
import { scratchProject } from "./support/project.ts";

let project: Project;
beforeEach(() => void (project = scratchProject()));
afterEach(() => project.dispose());

/** A line of a trial's own log: what it got, and what it knows to be acknowledged. */
interface Note {
  readonly pid: number;
  readonly got?: Json;
  readonly intermediate?: number;
  readonly final?: Json;
}

/** Keeps a log of its own of everything that the manager has acknowledged. */
const notingTrial = `import json, os, polyphase
notes = open("notes-" + polyphase.get_trial_id(), "a", buffering=1)
def note(**facts):
    notes.write(json.dumps({"pid": os.getpid(), **facts}) + "\\n")
for parameters in polyphase.phases():
    note(got=parameters)
    for step in range(2):
        polyphase.report_intermediate_result(parameters["x"] * step)
        note(intermediate=parameters["x"] * step)
    result = {"default": parameters["x"], "by": os.getpid()}
    polyphase.report_final_result(result)
    note(final=result)
`;

const create = (settings: Settings): Promise<Created> =>
  json(project, "create", "-c", project.configure(settings));
const resume = (id: string): Promise<Created> => json(project, "resume", id);

async function killManager(pid: number): Promise<void> {
  process.kill(pid, "SIGKILL");
  await until(() => !isAlive(pid));
}

async function ended(id: string): Promise<ExperimentView> {
  await until(() => readManagerFile(experimentDirectory(project.home, id))?.alive === false);
  return json(project, "status", id);
}

const noteFiles = (): readonly string[] => project.files("notes-");
const notesOf = (jobId: string): readonly Note[] => project.lines<Note>(`notes-${jobId}`);
const allNotes = (): readonly Note[] => noteFiles().flatMap((name) => project.lines<Note>(name));
const pidsIn = (notes: readonly Note[]): readonly number[] => [...new Set(notes.map(({ pid }) => pid))];

/** Each thing that a trial knows to be acknowledged is in the journal, as it was; at most what was under way is more. */
function expectNothingLost(state: ExperimentState): void {
  for (const job of state.trialJobs.values()) {
    const notes = notesOf(job.id);
    const phases = job.parameterIds.map((id) => state.phases.get(id));
    const acknowledged = notes.flatMap(({ final }) => (final === undefined ? [] : [final]));
    const results = phases.flatMap((phase) => (phase?.outcome === "succeeded" ? [phase.value] : []));
    expect(results.slice(0, acknowledged.length)).toEqual(acknowledged);
    expect(results.length - acknowledged.length).toBeLessThanOrEqual(1);
    const got = notes.flatMap((note) => (note.got === undefined ? [] : [note.got]));
    expect(phases.slice(0, got.length).map((phase) => phase?.parameters)).toEqual(got);
    const steps = notes.flatMap(({ intermediate }) => (intermediate === undefined ? [] : [intermediate]));
    const known = phases.flatMap((phase) => phase?.intermediateResults.map(({ value }) => value) ?? []);
    expect(known.slice(0, steps.length)).toEqual(steps);
  }
}

describe.skipIf(!isBuilt)("a manager that is killed while trials run", () => {
  test("again and again: nothing acknowledged is lost, the same processes finish, parameter ids go on", async () => {
    const total = 1_500;
    const { id, pid } = await create({ python: notingTrial, maxPhaseNum: total, trialConcurrency: 2 });
    let manager = pid;
    for (const seen of [100, 400, 700]) {
      await until(() => allNotes().length > seen * 4 && noteFiles().length === 2);
      await killManager(manager);
      expectNothingLost(project.state(id));
      expect(pidsIn(allNotes()).filter(isAlive)).toHaveLength(2);
      const resumed = await resume(id);
      expect(resumed.id).toBe(id);
      manager = resumed.pid;
    }
    expect(await ended(id)).toMatchObject({ status: "DONE", phases: { succeeded: total, total } });

    const state = project.state(id);
    expectNothingLost(state);
    expect([...state.phases.keys()]).toEqual(Array.from({ length: total }, (_, place) => place));
    expect(allNotes().filter(({ final }) => final !== undefined)).toHaveLength(total);
    expect(state.trialJobs.size).toBe(2);
    for (const job of state.trialJobs.values()) {
      expect(job).toMatchObject({ status: "succeeded", attempt: 0 });
      expect(pidsIn(notesOf(job.id))).toHaveLength(1);
    }
    const managers = project
      .journal(id)
      .flatMap((record) => (record.kind === "manager-started" ? [record.pid] : []));
    expect(new Set(managers)).toHaveProperty("size", 4);
  });

  test("trial jobs that end meanwhile, well or not, have ended when it is back", async () => {
    const python = `import os, signal, time, polyphase
for parameters in polyphase.phases():
    open("pid-" + str(os.getpid()), "w").close()
    while not os.path.exists("go"):
        time.sleep(0.02)
    if polyphase.get_sequence_id() == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    if polyphase.get_sequence_id() == 1:
        raise SystemExit(3)
    if polyphase.get_sequence_id() == 2:
        break
    polyphase.report_final_result(parameters["x"])
`;
    const { id, pid } = await create({ python, maxPhaseNum: 6, trialConcurrency: 3 });
    await until(() => project.files("pid-").length === 3);
    const pids = project.files("pid-").map((name) => Number(name.slice("pid-".length)));
    await killManager(pid);
    project.write("go", "");
    await until(() => !pids.some(isAlive));
    await resume(id);
    expect(await ended(id)).toMatchObject({ status: "DONE", phases: { succeeded: 3, failed: 3, total: 6 } });
    const jobs = [...project.state(id).trialJobs.values()];
    expect(jobs.slice(0, 3)).toMatchObject([
      { status: "failed", reason: expect.stringContaining("SIGKILL") as string },
      { status: "failed", reason: expect.stringMatching(/^exit code 3/) as string },
      { status: "succeeded" },
    ]);
  });

  test("a request that is held open for a tuner that waits is answered by the next manager", async () => {
    project.write(
      "tuner.mjs",
      `import { existsSync } from "node:fs";
/** Has one phase running at a time. */
export class OneAtATime {
  running = 0;
  updateSearchSpace() {}
  generateParameters(id) {
    if (this.running > 0 && !existsSync(${JSON.stringify(join(project.cwd, "go"))})) return { kind: "wait" };
    this.running += 1;
    return { kind: "parameters", parameters: { x: id } };
  }
  receiveTrialResult() {}
  trialEnd() { this.running -= 1; }
}
`,
    );
    const python = `import os, time, polyphase
for parameters in polyphase.phases():
    open("phase-%d-of-job-%d" % (parameters["x"], polyphase.get_sequence_id()), "w").close()
    while not os.path.exists("go"):
        time.sleep(0.02)
    polyphase.report_final_result(parameters["x"])
`;
    const { id, pid } = await create({
      python,
      maxPhaseNum: 5,
      trialConcurrency: 2,
      tuner: { codeDir: ".", classFileName: "tuner.mjs", className: "OneAtATime" },
    });
    await until(() => project.files("phase-").length === 1);
    await killManager(pid);
    expect(project.state(id).counts).toMatchObject({ running: 1, succeeded: 0 });
    const resumed = await resume(id);
    await killManager(resumed.pid);
    project.write("go", "");
    await resume(id);
    expect(await ended(id)).toMatchObject({ status: "DONE", phases: { succeeded: 5, total: 5 } });
  });

  test("before it could start a job: the job is started by the next one, once", async () => {
    const { id, pid } = await create({ python: notingTrial, maxPhaseNum: 40, trialConcurrency: 4 });
    await killManager(pid);
    await resume(id);
    expect(await ended(id)).toMatchObject({ status: "DONE", phases: { succeeded: 40, total: 40 } });
    expectNothingLost(project.state(id));
    for (const name of noteFiles()) expect(pidsIn(project.lines<Note>(name))).toHaveLength(1);
  });

  test("is reported as STOPPED, read without harm, and its address is free for the next one", async () => {
    const { id, pid, url } = await create({ python: notingTrial, maxPhaseNum: 100_000 });
    await until(() => allNotes().length > 20);
    await killManager(pid);
    expect(await json(project, "status", id)).toMatchObject({ status: "STOPPED", pid: null });
    const { exitCode } = await run(project, "export", id, "-f", "out.json");
    expect(exitCode).toBe(0);
    const resumed = await resume(id);
    expect(resumed.url).toBe(url);
    expect(await json(project, "stop", id)).toMatchObject({ status: "STOPPED", running: false });
    expectNothingLost(project.state(id));
  });
});

describe.skipIf(!isBuilt)("two managers on one experiment", () => {
  test("the second is refused and told of the first, from the command line and in a program", async () => {
    const { id, pid, url } = await create({ python: notingTrial, maxPhaseNum: 100_000 });
    await until(() => allNotes().length > 20);
    const { exitCode, stderr } = await run(project, "resume", id);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`experiment ${id} is running already (pid ${pid})`);
    await expect(startManager({ home: project.home, experimentId: id, resume: true })).rejects.toMatchObject({
      code: "experiment-running",
      message: expect.stringContaining(`pid ${pid}, ${url}`) as string,
    });
    await json(project, "stop", id);
  });

  test("of several that start at the same moment on a killed one, exactly one goes on", async () => {
    const { id, pid } = await create({ python: notingTrial, maxPhaseNum: 100_000 });
    await until(() => allNotes().length > 20);
    await killManager(pid);
    const outcomes = await Promise.all(Array.from({ length: 3 }, () => run(project, "resume", id, "--json")));
    const winners = outcomes.filter(({ exitCode }) => exitCode === 0);
    const losers = outcomes.filter(({ exitCode }) => exitCode !== 0);
    const winner = winners.map(({ stdout }) => (JSON.parse(stdout) as Created).pid);
    await json(project, "stop", id);
    expect(winner).toHaveLength(1);
    for (const { stderr } of losers) expect(stderr).toContain(`pid ${winner[0]}`);
    expectNothingLost(project.state(id));
    expect(readdirSync(join(project.home, "experiments"))).toEqual([id]);
  });
});
