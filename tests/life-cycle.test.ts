/** From the command line: experiments replayed, viewed, cloned and deleted, with real processes. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { experimentDirectory, readManagerFile } from "../src/manager/index.ts";
import type { ExperimentView } from "../src/model/http.ts";
import { processesOf } from "./support/processes.ts";
import { isAlive, isBuilt, json, run, start, until } from "./support/program.ts";
import type { Created } from "./support/program.ts";
import type { Project, Settings } from "./support/project.ts";
import { scratchProject } from "./support/project.ts";

let project: Project;
beforeEach(() => void (project = scratchProject()));
afterEach(() => project.dispose());

const create = (settings: Settings, ...more: readonly string[]): Promise<Created> =>
  json(project, "create", "-c", project.configure(settings), ...more);

const directoryOf = (id: string): string => experimentDirectory(project.home, id);

async function ended(id: string): Promise<void> {
  await until(() => readManagerFile(directoryOf(id))?.alive === false);
}

async function kill(pid: number): Promise<void> {
  process.kill(pid, "SIGKILL");
  await until(() => !isAlive(pid));
}

/** Keeps its first phase for ever; its pid is in a file. */
const endless = `import os, time, polyphase
polyphase.get_next_parameter()
open("up-" + str(os.getpid()), "w").close()
time.sleep(600)
`;

/** A killed manager, and two trial jobs that live on. */
async function killed(settings: Settings = {}): Promise<{ id: string; trials: readonly number[] }> {
  const { id, pid } = await create({ python: endless, trialConcurrency: 2, maxPhaseNum: 9, ...settings });
  await until(() => project.files("up-").length === 2);
  await kill(pid);
  const trials = project.files("up-").map((name) => Number(name.slice("up-".length)));
  expect(trials.every(isAlive)).toBe(true);
  return { id, trials };
}

const finished = async (settings: Settings = {}): Promise<string> => {
  const { id } = await create({ maxPhaseNum: 3, ...settings });
  await ended(id);
  return id;
};

describe.skipIf(!isBuilt)("replay", () => {
  const tuner = (sign: string): string => `export class Counting {
  constructor({ step }) { this.step = step; }
  updateSearchSpace() {}
  generateParameters(id) { return { kind: "parameters", parameters: { x: id < 4 ? id * this.step : ${sign}id } }; }
  receiveTrialResult() {}
}
`;
  const classOfMine = {
    codeDir: ".",
    classFileName: "tuner.mjs",
    className: "Counting",
    classArgs: { step: 2 },
  };

  test("finds nothing after a kill and a resume, and the first difference once the user's tuner was changed", async () => {
    project.write("tuner.mjs", tuner("+"));
    const python = `import os, time, polyphase
for parameters in polyphase.phases():
    while polyphase.get_sequence_id() == 0 and not os.path.exists("go"):
        time.sleep(0.01)
    polyphase.report_final_result(parameters["x"])
`;
    const { id, pid } = await create({ python, maxPhaseNum: 8, trialConcurrency: 2, tuner: classOfMine });
    await until(() => project.state(id).phases.size >= 3);
    await kill(pid);
    project.write("go", "");
    await json(project, "resume", id);
    await ended(id);
    expect(await json(project, "replay", id)).toEqual({
      id,
      same: 8,
      different: 0,
      byPeople: 0,
      first: null,
    });

    project.write("tuner.mjs", tuner("-"));
    const { exitCode, stdout } = await run(project, "replay", id);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^different: 4 of 8 proposals\nfirst +phase 4 \(trial job \w{5}, its phase \d\)\n/,
    );
    const seq = project
      .journal(id)
      .findIndex((fact) => fact.kind === "phase-proposed" && fact.parameterId === 4);
    expect(stdout).toContain(`record ${seq + 1}\n`);
    expect(stdout).toMatch(/recorded +\{"x":4\}\nnow +\{"x":-4\}\n/);
    expect(JSON.parse((await run(project, "replay", id, "--json")).stdout)).toMatchObject({ same: 4 });
  });

  test("of TPE with four jobs at once, nested choices and two kills", async () => {
    const searchSpace = {
      x: { _type: "uniform", _value: [0, 1] },
      layer: {
        _type: "choice",
        _value: [
          { _name: "dense", units: { _type: "randint", _value: [1, 65] } },
          { _name: "conv", size: { _type: "choice", _value: [3, 5, 7] } },
        ],
      },
    };
    const settings = { searchSpace, tuner: "TPE", trialConcurrency: 4, maxPhaseNum: 600 };
    const { id, pid } = await create(settings);
    let manager = pid;
    for (const seen of [60, 250]) {
      await until(() => project.state(id).counts.succeeded > seen);
      await kill(manager);
      manager = (await json<Created>(project, "resume", id)).pid;
    }
    await ended(id);
    expect(await json(project, "replay", id)).toMatchObject({ same: 600, different: 0 });
  });
});

describe.skipIf(!isBuilt)("view", () => {
  const get = (url: string): Promise<Response> => fetch(url);

  test("serves an experiment that is over to those who show the viewer token, until Ctrl-C, and changes nothing", async () => {
    const id = await finished();
    const records = project.journal(id).length;
    const program = start(project, ["view", id.slice(0, 6), "--json"]);
    const [, url = "", token = ""] = await addressOf(program);
    expect(token).toBe(readFileSync(join(directoryOf(id), "viewer-token"), "utf8").trim());
    expect(await (await get(`${url}/api/v1/experiment?token=${token}`)).json()).toMatchObject({
      id,
      status: "DONE",
      pid: null,
      phases: { succeeded: 3 },
    });
    expect((await get(`${url}/api/v1/experiment`)).status).toBe(401);
    for (const name of ["viewer-token", "token"]) {
      const authorization = `Bearer ${readFileSync(join(directoryOf(id), name), "utf8").trim()}`;
      const stop = await fetch(`${url}/api/v1/experiment/stop`, {
        method: "POST",
        headers: { authorization, "content-type": "application/json" },
        body: "{}",
      });
      expect(stop.ok).toBe(false);
    }
    program.child.kill("SIGINT");
    expect((await program.outcome).exitCode).toBe(0);
    expect(project.journal(id)).toHaveLength(records);
  });

  test("serves one whose manager was killed; refuses one whose manager is alive, and says where that is", async () => {
    const { id } = await killed();
    const program = start(project, ["view", id]);
    const [, url = "", token = ""] = await addressOf(program);
    expect(await (await get(`${url}/api/v1/experiment?token=${token}`)).json()).toMatchObject({
      status: "STOPPED",
      statusReason: "its manager is gone; resume it to go on",
    });
    program.child.kill("SIGTERM");
    await program.outcome;
    const resumed = await json<Created>(project, "resume", id);
    const { exitCode, stderr } = await run(project, "view", id);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`experiment ${id} has a living manager at ${resumed.url}`);
    await json(project, "stop", id);
  });

  async function addressOf(program: ReturnType<typeof start>): Promise<readonly string[]> {
    const found = /(http:\/\/[\d.:]+)\/\?token=([\w-]+)/;
    await program.says(found);
    return found.exec(program.written()) ?? [];
  }
});

describe.skipIf(!isBuilt)("delete", () => {
  test("deletes what has ended, and nothing else, when somebody says --yes", async () => {
    const [one, two] = [await finished(), await finished()];
    const asked = await run(project, "delete", one);
    expect(asked.exitCode).toBe(2);
    expect(asked.stderr).toContain("say --yes");
    expect(existsSync(directoryOf(one))).toBe(true);
    expect(await json(project, "delete", one, one, "--yes")).toEqual({ deleted: [one] });
    expect(readdirSync(join(project.home, "experiments"))).toEqual([two]);
    expect(await json(project, "delete", "--all-ended", "--yes")).toEqual({ deleted: [two] });
    expect(await json(project, "list")).toEqual([]);
  });

  test("refuses an experiment that is running, and then deletes none of those named", async () => {
    const over = await finished();
    const { id } = await create({ python: endless, maxPhaseNum: 9 });
    const { exitCode, stderr } = await run(project, "delete", over, id, "--yes");
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`experiment ${id} is running`);
    expect(existsSync(directoryOf(over))).toBe(true);
    await json(project, "stop", id);
  });

  test("ends what a killed manager has left before it deletes: no ghosts", async () => {
    const { id, trials } = await killed();
    expect(await json(project, "delete", "--all-ended", "--yes")).toEqual({ deleted: [] });
    expect(await json(project, "delete", id, "--yes")).toEqual({ deleted: [id] });
    expect(trials.some(isAlive)).toBe(false);
    expect(processesOf(project.cwd)).toEqual([]);
    expect(existsSync(directoryOf(id))).toBe(false);
  });

  test("takes the directory in logDir with it, and nothing beside it or behind links", async () => {
    const id = await finished({ logDir: "logs" });
    project.write("logs/neighbour/notes", "mine");
    project.write("elsewhere/data", "mine");
    const job = [...project.state(id).trialJobs.keys()][0] as string;
    symlinkSync(join(project.cwd, "elsewhere"), join(project.cwd, "logs", id, "trials", job, "link"));
    await json(project, "delete", id, "--yes");
    expect(readdirSync(join(project.cwd, "logs"))).toEqual(["neighbour"]);
    expect(readdirSync(join(project.home, "experiments"))).toEqual([]);
    expect(project.read("elsewhere/data") + project.read("logs/neighbour/notes")).toBe("minemine");
  });

  test("refuses a link to something that is no directory of this experiment", async () => {
    const id = await finished({ logDir: "logs" });
    const moved = join(project.cwd, "moved");
    renameSync(join(project.cwd, "logs", id), moved);
    rmSync(directoryOf(id));
    symlinkSync(moved, directoryOf(id));
    const { exitCode, stderr } = await run(project, "delete", id, "--yes");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("does not look like the directory of experiment");
    expect(existsSync(join(moved, "journal.sqlite"))).toBe(true);
  });

  test("that was cut short can be finished", async () => {
    const id = await finished();
    for (const name of readdirSync(directoryOf(id)))
      if (name !== "manager.json") rmSync(join(directoryOf(id), name), { recursive: true });
    await json(project, "delete", id, "--yes");
    expect(await json(project, "list")).toEqual([]);
  });
});

describe.skipIf(!isBuilt)("clone", () => {
  test("writes a config that runs as the old one did, with another name and seed where wanted", async () => {
    const id = await finished({ seed: 5, maxExecDuration: "90m", tuner: "TPE" });
    const there = join(project.cwd, "there");
    mkdirSync(there);
    const elsewhere = { ...project, cwd: there };
    expect(await json(elsewhere, "clone", id)).toEqual({
      id,
      file: join(there, `${id}.yml`),
      variables: [],
    });
    expect(parse(readFileSync(join(there, `${id}.yml`), "utf8"))).toMatchObject({
      experimentName: "whole system",
      maxExecDuration: "90m",
      seed: 5,
      trial: { codeDir: project.cwd },
      searchSpace: { x: { _type: "uniform", _value: [0, 1] } },
    });
    const again = await json<ExperimentView>(elsewhere, "run", "-c", `${id}.yml`);
    expect(again).toMatchObject({ status: "DONE", phases: { succeeded: 3 } });
    const parameters = (of: string): unknown[] =>
      [...project.state(of).phases.values()].map((phase) => phase.parameters);
    expect(parameters(again.id)).toEqual(parameters(id));

    const { exitCode, stderr } = await run(elsewhere, "clone", id);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`${id}.yml is there already`);
    const { stdout } = await run(elsewhere, "clone", id, "-f", "-", "--name", "next: 1", "--seed", "6");
    expect(parse(stdout)).toMatchObject({ experimentName: "next: 1", seed: 6 });
  });

  test("--start --with-results: the new tuner knows the old results before it is asked for anything", async () => {
    const python = `import polyphase
for index, parameters in enumerate(polyphase.phases()):
    if index == 1:
        continue
    odd = {2: float("inf"), 3: float("nan")}
    polyphase.report_final_result(odd.get(index, {"default": parameters["x"], "more": None}))
`;
    const id = await finished({ python, maxPhaseNum: 5 });
    const clone = await json<Created & { imported: number }>(
      project,
      ...["clone", id, "--start", "--with-results", "--name", "second"],
    );
    expect(clone.imported).toBe(3); // NaN teaches a tuner nothing
    await ended(clone.id);
    const records = project.journal(clone.id);
    const kinds = records.map(({ kind }) => kind);
    expect(kinds.indexOf("points-imported")).toBeGreaterThan(0);
    expect(kinds.indexOf("points-imported")).toBeLessThan(kinds.indexOf("phase-proposed"));
    const taught = [...project.state(id).phases.values()].filter(
      ({ outcome, value }) => outcome === "succeeded" && !Number.isNaN(value),
    );
    expect(records.find(({ kind }) => kind === "points-imported")).toMatchObject({
      rows: taught.map(({ parameters, value }) => ({ parameters, value })),
    });
    expect(taught.map(({ value }) => value)).toContain(Infinity);
    expect(project.state(clone.id)).toMatchObject({
      status: "DONE",
      importedCount: 3,
      config: { experimentName: "second" },
    });
    expect(await json(project, "replay", clone.id)).toMatchObject({ different: 0 });
  });

  test("carries secrets over to one that is started; a file refers to the environment for them", async () => {
    const python = `import hashlib, os, polyphase
names = ["API_KEY", "GREETING", "PLAIN"]
open("seen-" + polyphase.get_experiment_id(), "w").write("|".join(os.environ[name] for name in names))
for parameters in polyphase.phases():
    polyphase.report_final_result(1)
`;
    const id = await finished({
      python,
      maxPhaseNum: 1,
      secrets: ["trial.env.GREETING"],
      trial: {
        command: "python3 trial.py",
        codeDir: ".",
        env: { API_KEY: "canary-1", GREETING: "canary-2", PLAIN: "sealed:$${env:X}" },
      },
    });
    const clone = await json<Created>(project, "clone", id, "--start");
    await ended(clone.id);
    const seen = "canary-1|canary-2|sealed:${env:X}";
    expect([project.read(`seen-${id}`), project.read(`seen-${clone.id}`)]).toEqual([seen, seen]);
    expect(JSON.stringify(project.journal(clone.id))).not.toMatch(/canary/);

    const written = await json<{ variables: string[] }>(project, "clone", id, "-f", "next.yml");
    expect(written.variables.toSorted()).toEqual(["API_KEY", "GREETING"]);
    expect(project.read("next.yml")).not.toMatch(/canary/);
    const there = { ...project, env: { API_KEY: "canary-3", GREETING: "canary-4" } };
    const { id: third } = await json<ExperimentView>(there, "run", "-c", "next.yml");
    expect(project.read(`seen-${third}`)).toBe("canary-3|canary-4|sealed:${env:X}");
    expect(JSON.stringify(project.journal(third))).not.toMatch(/canary/);
  });

  test("of an experiment whose code has gone is refused when it is to start, with the place", async () => {
    project.write("code/trial.py", "");
    const id = await finished({ trial: { command: "true", codeDir: "code" }, maxTrialNum: 1 });
    rmSync(join(project.cwd, "code"), { recursive: true });
    const { exitCode, stderr } = await run(project, "clone", id, "--start");
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`expected a directory, got nothing at ${join(project.cwd, "code")}`);
    const { stderr: usage } = await run(project, "clone", id, "--with-results");
    expect(usage).toContain("--with-results needs --start");
  });
});
