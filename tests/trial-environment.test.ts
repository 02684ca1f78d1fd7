/** What a trial process finds around it, and what it is told of other people's secrets. */
import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { trialJobToken } from "../src/manager/ids.ts";
import { borrowJobs, giveBack } from "./support/borrowed-job.ts";
import { livingProcesses } from "./support/processes.ts";
import { isAlive, isBuilt, json, start, until } from "./support/program.ts";
import type { Project } from "./support/project.ts";
import { idleCommand, scratchProject } from "./support/project.ts";

let project: Project;
beforeEach(() => void (project = scratchProject()));
afterEach(() => project.dispose());

/** Writes what it sees to \`seen-NUMBER\`, as a trial written for NNI would look. */
const lookingTrial = `import json, os, sys, nni
seen = {"env": dict(os.environ), "cwd": os.getcwd(), "argv": sys.argv, "ids":
        [nni.get_experiment_id(), nni.get_trial_id(), nni.get_sequence_id()], "before": nni.get_current_parameter()}
params = nni.get_next_parameter()
seen["params"] = params
seen["current"] = [nni.get_current_parameter(), nni.get_current_parameter("x")]
open(os.path.join(os.environ["NNI_OUTPUT_DIR"], "weights"), "w").close()
nni.report_intermediate_result(params["x"] / 2)
nni.report_final_result(params["x"])
seen["second"] = nni.get_next_parameter()
if seen["second"] is not None:
    nni.report_final_result(seen["second"]["x"])
with open("seen-%d" % nni.get_sequence_id(), "w") as file:
    file.write(json.dumps(seen) + "\\n")
`;

interface Seen {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly argv: readonly string[];
  readonly ids: readonly unknown[];
  readonly before: unknown;
  readonly params: { readonly x: number };
  readonly current: readonly unknown[];
  readonly second: { readonly x: number } | null;
}

const seenBy = (number: number): Seen => project.lines<Seen>(`seen-${number}`)[0] as Seen;

describe("the environment of a trial", () => {
  test("has NNI's variables and the user's own; ours win over the user's", async () => {
    project.write("code/trial.py", lookingTrial);
    const { id, jobs, directory } = await project.finish({
      maxTrialNum: 2,
      trial: {
        command: "python3 trial.py --quick 'a b' $GREETING",
        codeDir: "code",
        env: { GREETING: "hello", PYTHONPATH: "/somewhere", NNI_EXP_ID: "mine", POLYPHASE_TOKEN: "mine" },
      },
    });
    for (const [number, job] of jobs.entries()) {
      const { env, cwd, argv, ids } = JSON.parse(project.read(`code/seen-${number}`)) as Seen;
      const output = join(directory, "trials", job.id);
      expect(env).toMatchObject({
        NNI_PLATFORM: "local",
        NNI_EXP_ID: id,
        NNI_SYS_DIR: output,
        NNI_TRIAL_JOB_ID: job.id,
        NNI_OUTPUT_DIR: output,
        NNI_TRIAL_SEQ_ID: String(number),
        NNI_CODE_DIR: join(project.cwd, "code"),
        MULTI_PHASE: "true",
        POLYPHASE_EXPERIMENT_ID: id,
        POLYPHASE_TRIAL_JOB_ID: job.id,
        GREETING: "hello",
      });
      expect(env["PYTHONPATH"]).toMatch(/\/python:\/somewhere$/);
      expect(env["PATH"]).toContain(process.env["PATH"]);
      expect(env["POLYPHASE_TOKEN"]).not.toBe("mine");
      expect(cwd).toBe(join(project.cwd, "code"));
      expect(argv).toEqual(["trial.py", "--quick", "a b", "hello"]);
      expect(ids).toEqual([id, job.id, number]);
      expect(readdirSync(output)).toEqual(
        expect.arrayContaining(["stdout", "stderr", "trial.log", "weights"]),
      );
    }
  });

  test("with copyCodeDir each job works in its own copy, and NNI_CODE_DIR is that copy", async () => {
    project.write("code/trial.py", lookingTrial);
    const { directory, jobs, state } = await project.finish({
      maxTrialNum: 2,
      trial: { command: "python3 trial.py", codeDir: "code", copyCodeDir: true },
    });
    expect(state).toMatchObject({ status: "DONE", counts: { succeeded: 4 } });
    expect(readdirSync(join(project.cwd, "code"))).toEqual(["trial.py"]);
    for (const [number, job] of jobs.entries()) {
      const copy = join(directory, "trials", job.id, "code");
      const seen = JSON.parse(readFileSync(join(copy, `seen-${number}`), "utf8")) as Seen;
      expect([seen.cwd, seen.env["NNI_CODE_DIR"]]).toEqual([copy, copy]);
    }
  });

  test("a code directory and a home with spaces, quotes and dollars in their names are no trouble", async () => {
    const name = `it's "a" $HOME; & näme`;
    project.write(join(name, "trial.py"), lookingTrial);
    const { id, jobs, state } = await project.finish({
      maxTrialNum: 1,
      logDir: join(name, "logs"),
      trial: { command: "python3 trial.py", codeDir: name },
    });
    expect(state).toMatchObject({ status: "DONE", counts: { succeeded: 2 } });
    const seen = JSON.parse(project.read(join(name, "seen-0"))) as Seen;
    expect(seen.cwd).toBe(join(project.cwd, name));
    expect(realpathSync(seen.env["NNI_OUTPUT_DIR"] ?? "")).toBe(
      join(project.cwd, name, "logs", id, "trials", jobs[0]?.id ?? ""),
    );
  });
});

describe("a trial that imports nni", () => {
  test("with multiPhase: false gets parameters once, then None, and every job is one phase", async () => {
    const { state, phases } = await project.finish({
      python: lookingTrial,
      multiPhase: false,
      maxTrialNum: 3,
    });
    expect(state).toMatchObject({ status: "DONE", counts: { succeeded: 3 } });
    for (const [number, phase] of phases.entries()) {
      const seen = seenBy(number);
      expect(seen.env["MULTI_PHASE"]).toBe("false");
      expect(seen).toMatchObject({ before: null, second: null, params: phase.parameters });
      expect(seen.current).toEqual([phase.parameters, seen.params.x]);
      expect(phase).toMatchObject({ parameterIndex: 0, value: seen.params.x });
      expect(phase.intermediateResults.map(({ value }) => value)).toEqual([seen.params.x / 2]);
    }
  });

  test("with multiPhase: true gets the next phase's parameters", async () => {
    const { state, phases } = await project.finish({
      python: lookingTrial,
      multiPhase: true,
      maxTrialNum: 1,
    });
    expect(state).toMatchObject({ status: "DONE", counts: { succeeded: 2 } });
    expect([seenBy(0).params, seenBy(0).second]).toEqual(phases.map((phase) => phase.parameters));
  });

  test("left at its defaults an experiment is single-phase, as NNI's are", async () => {
    project.write("trial.py", lookingTrial);
    project.configure({ python: lookingTrial, maxTrialNum: 1 });
    const { multiPhase: _multiPhase, ...config } = JSON.parse(project.read("config.yml")) as Record<
      string,
      unknown
    >;
    project.write("plain.yml", JSON.stringify(config));
    const { loadConfig } = await import("../src/config/index.ts");
    const loaded = await loadConfig(join(project.cwd, "plain.yml"));
    const manager = await project.start({ python: lookingTrial }, { config: loaded.config });
    expect(await manager.ended).toBe("DONE");
    expect(seenBy(0).second).toBeNull();
  });
});

describe.skipIf(!isBuilt)("secrets", () => {
  test("are in no command line, no log, not in the journal and not in the export; what is written is the owner's", async () => {
    const program = start(project, [
      "create",
      "-c",
      project.configure({
        trial: { command: idleCommand, codeDir: "." },
        maxTrialNum: 2,
        trialConcurrency: 2,
      }),
      "--json",
    ]);
    const { id, pid } = JSON.parse((await program.outcome).stdout) as { id: string; pid: number };
    const directory = join(project.home, "experiments", id);
    const jobs = await borrowJobs(project, 2);
    const secret = readFileSync(join(directory, "secret"), "utf8").trim();
    const token = readFileSync(join(directory, "token"), "utf8").trim();
    expect(jobs.map((job) => job.token)).toEqual(jobs.map((job) => trialJobToken(secret, job.id, 0)));
    const viewer = readFileSync(join(directory, "viewer-token"), "utf8").trim();
    const secrets = [secret, token, viewer, ...jobs.map((job) => job.token)];
    for (const job of jobs) await job.post("parameters", { parameterIndex: 0 });
    for (const wrong of ["nonsense", token]) await jobs[0]?.post("parameters", { parameterIndex: 0 }, wrong);
    await jobs[0]?.post("final-result", "{malformed");

    const commands = livingProcesses().map(({ command }) => command);
    expect(commands.some((command) => command.includes(directory))).toBe(true);
    for (const hidden of secrets) expect(commands.filter((command) => command.includes(hidden))).toEqual([]);

    project.write("go", "");
    await until(() => !isAlive(pid));
    await json(project, "export", id, "-f", "out.json");
    const written = filesBelow(directory).filter(
      (path) => !["/token", "/viewer-token", "/secret"].some((name) => path.endsWith(name)),
    );
    expect(written.map((path) => path.slice(directory.length + 1))).toEqual(
      expect.arrayContaining(["manager.log", "journal.sqlite", "manager.json", "endpoint.json"]),
    );
    for (const path of [...written, join(project.cwd, "out.json")]) {
      const text = readFileSync(path, "latin1");
      for (const hidden of secrets) expect([path, text.includes(hidden)]).toEqual([path, false]);
    }
    for (const path of [project.home, join(project.home, "experiments"), directory])
      expect([path, statSync(path).mode & 0o777]).toEqual([path, 0o700]);
    for (const name of [
      "token",
      "viewer-token",
      "secret",
      "endpoint.json",
      "manager.json",
      "journal.sqlite",
      "manager.log",
    ])
      expect([name, statSync(join(directory, name)).mode & 0o777]).toEqual([name, 0o600]);
  });

  test("a home that others could read is closed to them", async () => {
    project.write(".home/experiments/note", "");
    const manager = await project.start({ trial: { command: idleCommand, codeDir: "." }, maxTrialNum: 1 });
    expect(statSync(project.home).mode & 0o777).toBe(0o700);
    await borrowJobs(project, 1);
    await giveBack(project, manager);
  });
});

function filesBelow(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
