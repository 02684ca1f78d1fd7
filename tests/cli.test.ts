/** The command line as people use it: the compiled program, real managers, real Python trials. Needs `npm run build`. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ExperimentView, ExportView, ParetoView, PhaseView, TrialJobView } from "../src/model/http.ts";
import type { Created, Place } from "./support/program.ts";
import { bin, isAlive, isBuilt, json, run, start, until } from "./support/program.ts";

let place: Place;
beforeEach(() => {
  const directory = mkdtempSync(join(tmpdir(), "polyphase-e2e-"));
  place = { home: join(directory, "home"), cwd: directory };
});
afterEach(async () => {
  await run(place, "stop", "--all");
  rmSync(place.cwd, { recursive: true, force: true });
});

interface Settings {
  readonly maxPhaseNum?: number;
  readonly trial?: string;
  readonly command?: string;
}

/** A trial that is over at once. */
const quick = `import os, sys, polyphase
print("hello from", polyphase.get_trial_id(), flush=True)
print("careful", file=sys.stderr, flush=True)
for parameters in polyphase.phases():
    polyphase.report_final_result(parameters["x"])
`;

/** The results of jobs' first phases trade off, all others lack an objective. */
const ofTwoObjectives = `import polyphase
for index, parameters in enumerate(polyphase.phases()):
    gain = parameters["x"]
    polyphase.report_final_result({"gain": gain, "cost": gain ** 2} if index == 0 else {"gain": gain})
`;

/** Keeps its first phase until a file called \`go\` is there; its pid is in a file. */
const patient = `import os, time, polyphase
for parameters in polyphase.phases():
    open("pid-" + str(os.getpid()), "w").close()
    while not os.path.exists("go"):
        time.sleep(0.02)
    polyphase.report_final_result(parameters["x"])
`;

/** Does not end when it is asked to. */
const stubborn = `import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
${patient}`;

function experiment({ maxPhaseNum = 6, trial = quick, command = "python3 trial.py" }: Settings = {}): string {
  writeFileSync(join(place.cwd, "trial.py"), trial);
  writeFileSync(
    join(place.cwd, "config.yml"),
    `experimentName: e2e
trialConcurrency: 2
maxPhaseNum: ${maxPhaseNum}
multiPhase: true
trainingServicePlatform: local
searchSpace: { x: { _type: uniform, _value: [0, 1] } }
tuner: { builtinTunerName: Random, classArgs: { optimize_mode: maximize } }
trial: { command: ${command}, codeDir: . }
`,
  );
  return "config.yml";
}

const create = (settings?: Settings): Promise<Created> => json(place, "create", "-c", experiment(settings));
const status = (id: string): Promise<ExperimentView> => json(place, "status", id);

async function ended(id: string): Promise<ExperimentView> {
  await until(async () => (await status(id)).pid === null);
  return status(id);
}

function trialPids(): number[] {
  const names = readdirSync(place.cwd).filter((name) => name.startsWith("pid-"));
  return names.map((name) => Number(name.slice("pid-".length)));
}

describe.skipIf(!isBuilt)("run", () => {
  test("goes to DONE with exit code 0; in a pipe it says little, and at the end all that matters", async () => {
    const { exitCode, stdout, stderr } = await run(place, "run", "-c", experiment(), "--name", "by name");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const [first = ""] = stdout.split("\n");
    const [, id = ""] =
      /^experiment (\w{8}) \(by name\) at http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+$/.exec(first) ?? [];
    for (const line of [
      /^status +DONE/m,
      /^best +0\.\d+ {2}phase \d/m,
      /^parameters +x=0\.\d+/m,
      /^phases +6 of 6 \(6 succeeded\)/m,
      /^trial jobs +2 \(2 succeeded\)/m,
      new RegExp(`^data +${join(place.home, "experiments", id)}$`, "m"),
      new RegExp(`polyphase export ${id} -f`),
    ])
      expect(stdout).toMatch(line);
    expect(stdout).not.toContain("\x1b");
    expect(statSync(place.home).mode & 0o777).toBe(0o700);
  });

  test("--json prints the end as JSON; progress goes to stderr; the same seed gives the same proposals", async () => {
    const best = async (): Promise<unknown> => {
      const { exitCode, stdout, stderr } = await run(
        place,
        "run",
        "-c",
        experiment(),
        "--seed",
        "7",
        "--json",
      );
      expect(exitCode).toBe(0);
      expect(stderr).toMatch(/^experiment \w{8} \(e2e\) at /);
      const view = JSON.parse(stdout) as ExperimentView & { directory: string };
      expect(view).toMatchObject({ status: "DONE", pid: null, phases: { succeeded: 6 } });
      expect(readdirSync(view.directory)).toContain("journal.sqlite");
      return view.best?.parameters;
    };
    expect(await best()).toEqual(await best());
  });

  test("Ctrl-C stops it gently, with exit code 130 and no process left", async () => {
    const program = start(place, ["run", "-c", experiment({ trial: patient })]);
    await until(() => trialPids().length === 2);
    program.child.kill("SIGINT");
    const { exitCode, stdout } = await program.outcome;
    expect(exitCode).toBe(130);
    expect(stdout).toContain("stopping gently");
    expect(stdout).toMatch(/^status +STOPPED: stopped by Ctrl-C/m);
    expect(stdout).toContain("polyphase resume ");
    expect(trialPids().filter(isAlive)).toEqual([]);
  });

  test("a second Ctrl-C ends trial jobs by force that do not listen", async () => {
    const program = start(place, ["run", "-c", experiment({ trial: stubborn })]);
    await until(() => trialPids().length === 2);
    program.child.kill("SIGINT");
    await program.says("stopping gently");
    program.child.kill("SIGINT");
    const { exitCode, stdout } = await program.outcome;
    expect(exitCode).toBe(130);
    expect(stdout).toMatch(/^status +STOPPED: stopped by Ctrl-C/m);
    expect(trialPids().filter(isAlive)).toEqual([]);
  });

  test("ends with exit code 1 where the trials cannot run, and says where to look", async () => {
    const config = experiment({ command: "no-such-command", maxPhaseNum: 1_000 });
    const { exitCode, stdout } = await run(place, "run", "-c", config);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^status +ERROR/m);
    expect(stdout).toMatch(/^trial jobs +\d+ \(\d+ failed/m);
    expect(stdout).toMatch(/polyphase trial list \w{8}/);
  });
});

describe.skipIf(!isBuilt)("a config that is not valid", () => {
  test.each(["run", "create", "validate"])(
    "is refused by %s, with its place, before anything is written",
    async (name) => {
      writeFileSync(join(place.cwd, "config.yml"), "trialConcurency: 2\ntrial: { command: x }\n");
      const { exitCode, stdout, stderr } = await run(place, name, "-c", "config.yml");
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
      expect(stderr).toContain("config.yml:1:1");
      expect(stderr).toContain("trialConcurrency");
      expect(readdirSync(place.cwd)).toEqual(["config.yml"]);
    },
  );

  test("validate --json lists the issues for programs; a valid one is shown as it will be used", async () => {
    writeFileSync(join(place.cwd, "config.yml"), "trialConcurency: 2\n");
    const { exitCode, stdout } = await run(place, "validate", "-c", "config.yml", "--json");
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ valid: false, code: "config-invalid" });
    expect((JSON.parse(stdout) as { issues: object[] }).issues).toContainEqual(
      expect.objectContaining({ file: "config.yml", line: 1, column: 1 }),
    );
    const valid = await json<object>(place, "validate", "-c", experiment());
    expect(valid).toMatchObject({ valid: true, config: { experimentName: "e2e", maxPhaseNum: 6 } });
  });
});

describe.skipIf(!isBuilt)("a background experiment", () => {
  test("is created, looked at, and read to the last byte after its end", async () => {
    const created = await create();
    expect(Object.keys(created)).toEqual(["id", "url", "pid"]);
    const { id } = created;
    const end = await ended(id);
    expect(end).toMatchObject({ id, status: "DONE", pid: null, phases: { succeeded: 6, total: 6 } });
    expect(await json(place, "list")).toMatchObject([{ id, name: "e2e", status: "DONE" }]);

    const jobs = await json<TrialJobView[]>(place, "trial", "list", id.slice(0, 4));
    expect(jobs.map((job) => job.status)).toEqual(["succeeded", "succeeded"]);
    const [job] = jobs as [TrialJobView, TrialJobView];
    expect((await run(place, "trial", "log", id, job.id)).stdout).toBe(`hello from ${job.id}\n`);
    expect((await run(place, "trial", "log", id, job.id, "--stderr")).stdout).toBe("careful\n");

    const phases = await json<PhaseView[]>(place, "phase", "list", id);
    expect(phases.map((phase) => phase.parameterId)).toEqual([0, 1, 2, 3, 4, 5]);
    const last = await json<PhaseView[]>(place, "phase", "list", id, "--limit", "2");
    expect(last).toEqual(phases.slice(-2));
    const ofJob = await json<PhaseView[]>(
      place,
      "phase",
      "list",
      id,
      "--trial",
      job.id,
      "--outcome",
      "succeeded",
    );
    expect(ofJob).toEqual(phases.filter((phase) => phase.trialJobId === job.id));

    const best = await json<{ objective: number }>(place, "best", id);
    expect(best.objective).toBe(Math.max(...phases.map((phase) => phase.objective as number)));
    const log = (await run(place, "log", id)).stdout;
    expect(log).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d info: /);
    expect(log).toMatch(/info: Random: optimize_mode maximize, seed \d+$/m);
  });

  test("of several objectives shows the front, and which results do not count", async () => {
    const config = experiment({ trial: ofTwoObjectives });
    const text = readFileSync(join(place.cwd, config), "utf8");
    const tuner =
      "tuner: { builtinTunerName: NSGA2, classArgs: { objectives: { gain: maximize, cost: minimize } } }";
    const space = "[0.1, 0.9]"; // no square is so small that it is shown as 1e-7
    writeFileSync(join(place.cwd, config), text.replace("[0, 1]", space).replace(/^tuner: .*$/m, tuner));
    const { id } = await json<Created>(place, "create", "-c", config);
    expect(await ended(id)).toMatchObject({ objectives: { gain: "maximize", cost: "minimize" }, best: null });

    const { phases } = await json<ParetoView>(place, "pareto", id);
    expect(phases.map(({ parameterIndex }) => parameterIndex)).toEqual([0, 0]);
    const costs = phases.map(({ objectives }) => objectives["cost"] as number);
    expect(costs).toEqual(costs.toSorted((one, other) => one - other));
    const shown = async (...argv: string[]): Promise<string> => (await run(place, ...argv, id)).stdout;
    expect((await shown("pareto")).split("\n")[0]).toMatch(/^cost \(minimize\) +gain \(maximize\) +Phase/);
    expect(await shown("best")).toContain(`of several objectives: polyphase pareto ${id}`);
    const status = await shown("status");
    expect(status).toMatch(/^tuner +NSGA2 \(cost: minimize, gain: maximize\)$/m);
    expect(status).toMatch(/^last failure +the result does not count: no number "cost"$/m);
    const list = (await shown("phase", "list")).split("\n");
    expect(list[0]).toMatch(/Outcome +cost +gain +Duration/);
    expect(list.filter((line) => /succeeded +0\.\d+ +0/.test(line))).toHaveLength(2);
    expect(list.filter((line) => /succeeded +- +0/.test(line))).toHaveLength(4);
  });

  test("is exported as JSON and as CSV", async () => {
    const { id } = await create();
    await ended(id);
    expect(await json(place, "export", id, "-f", "out.json")).toMatchObject({
      id,
      format: "json",
      phases: 6,
    });
    const document = JSON.parse(readFileSync(join(place.cwd, "out.json"), "utf8")) as ExportView;
    expect(document.experiment).toMatchObject({ id, status: "DONE", config: { experimentName: "e2e" } });
    expect(document.phases.map((phase) => phase.outcome)).toEqual(Array(6).fill("succeeded"));
    expect(JSON.parse((await run(place, "export", id, "-f", "-")).stdout)).toEqual(document);

    await run(place, "export", id, "-f", "out.csv");
    const lines = readFileSync(join(place.cwd, "out.csv"), "utf8").split("\r\n");
    expect(lines).toHaveLength(6 + 2);
    expect(lines[0]).toMatch(/^parameterId,trialJobId,.*,x$/);
    const [first] = document.phases;
    expect(lines[1]).toMatch(new RegExp(`^0,${first?.trialJobId},0,succeeded,${first?.objective},`));
    expect(readdirSync(place.cwd).filter((name) => name.includes("tmp"))).toEqual([]);
  });

  test("needs no id while it is the only one that runs; is stopped, and resumed to its end", async () => {
    const { id, pid } = await create({ trial: patient });
    await until(() => trialPids().length === 2);
    const { stdout, stderr } = await run(place, "status", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ id, status: "RUNNING", pid });
    expect(stderr).toContain(`experiment ${id} (e2e), the one that is running`);

    expect(await json(place, "stop", id)).toEqual({ id, status: "STOPPED", running: false });
    expect(isAlive(pid)).toBe(false);
    expect(trialPids().filter(isAlive)).toEqual([]);
    expect(await status(id)).toMatchObject({ status: "STOPPED", pid: null });

    writeFileSync(join(place.cwd, "go"), "");
    const resumed = await json<Created>(place, "resume", id);
    expect(resumed.id).toBe(id);
    expect(resumed.pid).not.toBe(pid);
    expect(await ended(id)).toMatchObject({ status: "DONE" });
    const { exitCode, stderr: refusal } = await run(place, "resume", id);
    expect(exitCode).toBe(1);
    expect(refusal).toContain("is DONE");
  });

  test("whose manager was killed reads STOPPED, is still there to be read, and is resumed", async () => {
    const { id, pid } = await create({ trial: patient });
    await until(() => trialPids().length === 2);
    process.kill(pid, "SIGKILL");
    await until(() => !isAlive(pid));
    expect(await status(id)).toMatchObject({ id, status: "STOPPED", pid: null });
    expect(await json<PhaseView[]>(place, "phase", "list", id)).toHaveLength(2);
    await json(place, "resume", id);
    writeFileSync(join(place.cwd, "go"), "");
    expect(await ended(id)).toMatchObject({ status: "DONE", phases: { total: 6 } });
  });

  test("loses a trial job that is killed, and follows a log to its end", async () => {
    const { id } = await create({ trial: `print("begin", flush=True)\n${patient}` });
    await until(() => trialPids().length === 2);
    const [job, other] = (await json<TrialJobView[]>(place, "trial", "list")) as [TrialJobView, TrialJobView];
    const follower = start(place, ["trial", "log", id, other.id, "-f"]);
    await follower.says("begin");
    expect(await json(place, "trial", "kill", job.id)).toMatchObject({ id: job.id, status: "cancelled" });
    writeFileSync(join(place.cwd, "go"), "");
    expect((await follower.outcome).exitCode).toBe(0);
    await ended(id);
    const killed = await json<PhaseView[]>(place, "phase", "list", id, "--trial", job.id);
    expect(killed.map((phase) => phase.outcome)).toEqual(["cancelled"]);
  });

  test("that cannot start says why, and nothing is left behind", async () => {
    const config = join(place.cwd, experiment());
    writeFileSync(config, readFileSync(config, "utf8").replace("optimize_mode", "optimise_mode"));
    const { exitCode, stdout, stderr } = await run(place, "create", "-c", config);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain("optimise_mode");
    expect(await json(place, "list")).toEqual([]);
    expect(readdirSync(place.home)).toEqual([]);
  });

  test("whose manager dies before it answers says so, with its last words", async () => {
    const dies = join(place.cwd, "dies.cjs");
    writeFileSync(dies, 'if (process.argv[2] === "manager") throw new Error("no luck today");');
    const there = { ...place, env: { NODE_OPTIONS: `--require ${dies}` } };
    const { exitCode, stderr } = await run(there, "create", "-c", experiment());
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^error: the manager died with exit code 1 before it answered:\n/);
    expect(stderr).toContain("no luck today");
  });
});

describe.skipIf(!isBuilt)("init", () => {
  test.each(["python", "typescript"])("writes an example in %s that runs as it is", async (language) => {
    expect((await run(place, "init", "example", "--language", language)).exitCode).toBe(0);
    const there = { ...place, cwd: join(place.cwd, "example") };
    const { exitCode, stdout } = await run(there, "run", "-c", "config.yml", "--json");
    expect(exitCode).toBe(0);
    const { status, best } = JSON.parse(stdout) as ExperimentView;
    expect(status).toBe("DONE");
    expect(best?.objective).toBeGreaterThan(0.9);
  });
});

test.skipIf(!isBuilt)(
  "a pipe gets all of an output that is larger than it, however late it is read",
  async () => {
    const description = "long ".repeat(60_000);
    const config = experiment({ maxPhaseNum: 1 });
    appendFileSync(join(place.cwd, config), `description: ${description}\n`);
    const { id } = await json<Created>(place, "create", "-c", config);
    await ended(id);
    const program = execFile(
      "sh",
      ["-c", '"$0" "$@" | (read -r line; wc -c)', process.execPath, bin, "clone", id, "-f", "-"],
      {
        env: { ...process.env, POLYPHASE_HOME: place.home },
      },
    );
    const pieces: string[] = [];
    program.stdout?.on("data", (piece: string) => pieces.push(piece));
    await once(program, "close");
    expect(Number(pieces.join(""))).toBeGreaterThan(description.length);
  },
);

describe.skipIf(!isBuilt)("a pipe that is closed", () => {
  test("ends the program quietly", async () => {
    const { id } = await create({ maxPhaseNum: 200 });
    await ended(id);
    const program = start(place, ["export", id, "-f", "-"]);
    program.child.stdout?.destroy();
    expect(await program.outcome).toMatchObject({ exitCode: 0, stderr: "" });
  });
});
