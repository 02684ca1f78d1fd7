/** NNI's own command line: the compiled `nnictl`, real managers, real Python trials. Needs `npm run build`. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { experimentDirectory, readManagerFile } from "../src/manager/index.ts";
import { portOfOurOwn } from "./support/port-of-our-own.ts";
import type { Created, Outcome, Place } from "./support/program.ts";
import { isAlive, isBuilt, json, nnictlBin, run, start, until } from "./support/program.ts";
import type { Project } from "./support/project.ts";
import { scratchProject } from "./support/project.ts";

let project: Project;
beforeEach(() => void (project = scratchProject()));
afterEach(async () => {
  await run(project, "stop", "--all");
  await project.dispose();
});

/** With a home of its own: nnictl makes links there. */
const place = (): Place => ({ ...project, bin: nnictlBin, env: { HOME: project.home } });

const nnictl = (...argv: readonly string[]): Promise<Outcome> => run(place(), ...argv);

/** What it prints, when all goes well. */
async function said(...argv: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await nnictl(...argv);
  if (exitCode !== 0) throw new Error(`nnictl ${argv.join(" ")} ended with ${exitCode}: ${stdout}${stderr}`);
  return stdout;
}

/** What it says, when it fails. */
async function refusal(...argv: readonly string[]): Promise<string> {
  const { exitCode, stdout } = await nnictl(...argv);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^ERROR: /m);
  return stdout;
}

/** As NNI's examples write it. The trial waits for a file called \`go\`. */
function configure(more = ""): string {
  project.write("search_space.json", '{ "x": { "_type": "uniform", "_value": [0, 1] } }');
  project.write(
    "trial.py",
    `import os, time, nni
parameters = nni.get_next_parameter()
nni.report_intermediate_result(0.5)
while not os.path.exists("go"):
    time.sleep(0.02)
nni.report_final_result({"default": parameters["x"], "loss": 2})
`,
  );
  project.write(
    "config.yml",
    `authorName: default
experimentName: from nni
trialConcurrency: 2
maxExecDuration: 1h
maxTrialNum: 4
trainingServicePlatform: local
searchSpacePath: search_space.json
useAnnotation: false
tuner:
  builtinTunerName: TPE
  classArgs:
    optimize_mode: maximize
trial:
  command: python3 trial.py
  codeDir: .
  gpuNum: 0
${more}`,
  );
  return "config.yml";
}

async function create(config: string, ...more: readonly string[]): Promise<string> {
  const text = await said("create", "--config", config, ...more);
  expect(text).toContain("INFO: Successfully started experiment!\n");
  return /^The experiment id is (\w{8})$/m.exec(text)?.[1] as string;
}

interface Job {
  readonly id: string;
  readonly status: string;
}

const jobs = async (...id: readonly string[]): Promise<readonly Job[]> =>
  JSON.parse(await said("trial", "ls", ...id)) as readonly Job[];

const status = async (): Promise<string> =>
  (JSON.parse(await said("experiment", "status")) as { status: string }).status;

const running = async (): Promise<boolean> =>
  (await jobs()).filter((job) => job.status === "RUNNING").length === 2;

describe.skipIf(!isBuilt)("nnictl", () => {
  test("starts an experiment, shows and changes it, stops it and goes on, in NNI's words", async () => {
    const port = await portOfOurOwn();
    const id = await create(configure(), "--port", String(port));
    expect(await refusal("create", "-c", "config.yml", "-p", String(port))).toContain(
      `ERROR: Port ${port} is used by another process, please reset the port!\n` +
        "--port takes another one, and --port 0 any that is free\n",
    );
    expect(await said("experiment", "list")).toMatch(
      new RegExp(
        `^Id: ${id}    Name: from nni    Status: RUNNING    Port: ${port}    Platform: local    `,
        "m",
      ),
    );
    expect(await said("webui", "url")).toMatch(`INFO: Web UI url: http://127.0.0.1:${port}/`);
    await until(running);

    project.write("wider.json", '{ "x": { "_type": "uniform", "_value": [0, 2] } }');
    expect(await said("update", "searchspace", "-f", "wider.json")).toBe(
      "INFO: Update searchSpace success!\n",
    );
    expect(await said("update", "duration", "-v", "2h")).toBe("INFO: Update duration success!\n");
    expect(await said("update", "concurrency", "-v", "1")).toBe("INFO: Update concurrency success!\n");
    expect(await said("update", "trialnum", id, "--value", "3")).toBe("INFO: Update trialnum success!\n");
    expect(JSON.parse(await said("experiment", "show"))).toMatchObject({
      id,
      params: {
        maxExecDuration: 7_200,
        maxTrialNum: 3,
        trialConcurrency: 1,
        searchSpace: '{"x":{"_type":"uniform","_value":[0,2]}}',
      },
    });
    project.write(
      "known.json",
      '[{"parameter": {"x": 0.5}, "value": 0.5}, {"parameter": {"x": 0.25}, "value": "{\\"default\\": 0.25}"}]',
    );
    expect(await said("experiment", "import", "-f", "known.json")).toBe(
      "INFO: Import data success: 2 of 2 results\n",
    );

    const [first] = await jobs();
    await said("trial", "kill", "-T", first?.id as string);
    expect((await jobs())[0]).toMatchObject({ id: first?.id, status: "USER_CANCELED" });

    expect(await said("stop", "--port", String(port))).toBe(
      `INFO: Stoping experiment ${id}\nINFO: Stop experiment success.\n`,
    );
    expect(await refusal("trial", "ls")).toContain("There is no experiment running!");
    expect(await said("experiment", "list", "--all")).toContain(
      `Id: ${id}    Name: from nni    Status: STOPPED`,
    );

    project.write("go", "");
    expect(await said("resume", id, "--port", "0")).toContain(`The experiment id is ${id}\n`);
    await until(async () => (await status()) === "DONE");
    expect((await jobs()).length).toBe(3);
  });

  test("goes on when a limit is raised after all is done; exports; deletes the experiment's own directory only", async () => {
    project.write("go", "");
    project.write("logs/neighbour", "mine");
    const id = await create(configure("logDir: logs\n"), "-p", "0");
    await until(async () => (await status()) === "DONE");
    expect(await said("update", "trialnum", "-v", "6")).toContain("INFO: Update trialnum success!\n");
    await until(async () => (await status()) === "DONE" && (await jobs()).length === 6);

    project.write(
      "known.json",
      '[{"parameter": {"x": 0.5}, "value": 0.5}, {"parameter": {"x": 7}, "value": 1}]',
    );
    expect(await said("experiment", "import", "-f", "known.json")).toMatch(
      /^WARNING: 1 lie outside .*\nINFO: Import data success: 1 of 2 results\n$/,
    );
    await until(async () => (await status()) === "DONE");
    expect((await jobs()).length).toBe(6);
    expect((await run(project, "audit", id)).stdout).toMatch(/owner .*import +rows: 1\n$/);

    await said("experiment", "export", "--type", "json", "--filename", "out.json");
    const [jobId, value] = [/^\w{5}$/, /^\{"default":[\d.e-]+,"loss":2\}$/].map((text) =>
      expect.stringMatching(text),
    );
    expect(JSON.parse(project.read("out.json"))).toEqual(
      Array(6).fill({ parameter: { x: expect.any(Number) as number }, value, id: jobId }),
    );
    await said("experiment", "export", id, "-t", "csv", "-f", "out.csv");
    const [titles, ...rows] = project.read("out.csv").trimEnd().split("\r\n");
    expect(titles).toBe("x,id,reward,loss");
    expect(rows.length).toBe(6);
    for (const row of rows) expect(row).toMatch(/^([\d.e-]+),\w{5},\1,2$/);

    const deleting = (input: string): Promise<Outcome> =>
      run({ ...place(), input }, "experiment", "delete", id);
    expect((await deleting("n\n")).stdout).toBe("INFO: nothing was deleted\n");
    expect(existsSync(join(project.cwd, "logs", id))).toBe(true);
    expect((await deleting("y\n")).stdout).toBe(`INFO: Delete experiment ${id} success.\n`);
    expect(project.files("logs")).toEqual(["logs"]);
    expect(project.read("logs/neighbour")).toBe("mine");
    expect(existsSync(join(project.cwd, "logs", id))).toBe(false);
    expect(existsSync(experimentDirectory(project.home, id))).toBe(false);
  });

  test("lets scripts that know of no tokens ask until stop, also when all is done; its port is then free for the next", async () => {
    project.write("go", "");
    const port = String(await portOfOurOwn());
    const id = await create(configure(), "-p", port);
    await until(async () => (await status()) === "DONE");
    expect(statSync(join(project.home, "netrc")).mode & 0o777).toBe(0o600);
    const asked = async (path: string): Promise<unknown> => {
      const login = /^machine 127\.0\.0\.1 login (\S+) password (\S+)$/m.exec(netrc());
      const authorization = `Basic ${Buffer.from(`${login?.[1]}:${login?.[2]}`).toString("base64")}`;
      return (
        await fetch(`http://127.0.0.1:${port}/api/v1/nni${path}`, { headers: { authorization } })
      ).json();
    };
    const netrc = (): string => readFileSync(join(project.home, "netrc"), "utf8");
    expect(await asked("/check-status")).toEqual({ status: "DONE", errors: [] });
    expect((await asked("/trial-jobs")) as readonly Job[]).toHaveLength(4);

    expect(await said("update", "trialnum", "-v", "5")).toContain("INFO: Update trialnum success!\n");
    await until(
      async () => (await asked("/check-status").catch(() => 0)) !== 0 && (await jobs()).length === 5,
    );
    await until(async () => (await status()) === "DONE");
    expect(await asked("/experiment")).toMatchObject({ id, params: { maxTrialNum: 5 } });

    const next = await create("config.yml", "-p", port);
    expect(await asked("/experiment")).toMatchObject({ id: next });
    await until(async () => (await status()) === "DONE");
    expect(await said("stop")).toBe(`INFO: Stoping experiment ${next}\nINFO: Stop experiment success.\n`);
    await expect(asked("/check-status")).rejects.toThrow("fetch failed");
    expect(await said("stop", "--port", port)).toBe("INFO: There is no experiment running...\n");

    for (const again of ["resume", "view"]) {
      await said(again, next, "-p", port);
      expect(await asked("/check-status")).toEqual({ status: "DONE", errors: [] });
      expect(await asked("/experiment")).toMatchObject({ id: next });
    }
    expect(await said("update", "trialnum", "-v", "5")).toContain("INFO: Update trialnum success!\n");
    await until(async () => (await status()) === "DONE" && (await jobs()).length === 5);
  });

  test("gives the port of an experiment that is over to polyphase, too; that of a living one to nobody", async () => {
    project.write("go", "");
    const port = String(await portOfOurOwn());
    const over = async (id: string): Promise<boolean> =>
      readManagerFile(experimentDirectory(project.home, id))?.lingersAt === `http://127.0.0.1:${port}`;
    const pidOf = (id: string): number | undefined =>
      readManagerFile(experimentDirectory(project.home, id))?.pid;

    const first = await create(configure(), "-p", port);
    await until(() => over(first));
    rmSync(join(project.cwd, "go"));
    const { id, url, pid } = await json<Created>(project, "create", "-c", "config.yml", "--port", port);
    expect(url).toBe(`http://127.0.0.1:${port}`);
    expect(isAlive(pidOf(first) as number)).toBe(false);
    const refused = await run(project, "create", "-c", "config.yml", "--port", port);
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining("EADDRINUSE")]);
    expect(isAlive(pid)).toBe(true);
    await json(project, "stop", id);

    project.write("go", "");
    await said("resume", first, "-p", port);
    await until(() => over(first));
    const again = await json<Created>(project, "resume", id, "--port", port);
    expect(again.url).toBe(url);
    expect(isAlive(pidOf(first) as number)).toBe(false);
    await until(async () => (await status()) === "DONE");

    await said("view", first, "-p", port);
    expect((await run(project, "run", "-c", "config.yml", "--port", port)).exitCode).toBe(0);
    expect(isAlive(pidOf(first) as number)).toBe(false);
  });

  test("goes on where it was when polyphase resumes it, though its last manager still answers there", async () => {
    project.write("go", "");
    const port = String(await portOfOurOwn());
    const id = await create(configure(), "-p", port);
    await until(async () => (await status()) === "DONE");
    const { url } = await json<Created>(project, "resume", id, "--max-trial-num", "5");
    expect(url).toBe(`http://127.0.0.1:${port}`);
    await until(async () => (await jobs(id)).length === 5);
  });

  test("asks which one is meant where several run; stops those whose id begins alike, or all", async () => {
    const ids = [await create(configure(), "-p", "0"), await create("config.yml", "-p", "0")];
    const said2 = await refusal("trial", "ls");
    expect(said2).toContain("There are multiple experiments, please set the experiment id...\n");
    for (const id of ids) expect(said2).toMatch(new RegExp(`^Id: ${id}  `, "m"));
    const [one = "", other = ""] = ids;
    expect(await said("stop", `${one.slice(0, 6)}*`)).toContain(`Stoping experiment ${one}\n`);
    expect(await said("stop", "--all")).toBe(
      `INFO: Stoping experiment ${other}\nINFO: Stop experiment success.\n`,
    );
  });

  test.each(["TPE", "Evolution", "MetisTuner", "GridSearch"])(
    "%s over two points: five phases in each of eight trials, but where a list of points has its end",
    async (tuner) => {
      const config = configure("multiPhase: true\n");
      project.write("search_space.json", '{ "test": { "_type": "choice", "_value": [1, 100] } }');
      project.write(
        "trial.py",
        "import nni\nfor step in range(5):\n    if nni.get_next_parameter() is None:\n        break\n    nni.report_final_result(0.1 * step)\n",
      );
      const args = tuner === "GridSearch" ? "" : "  classArgs:\n    optimize_mode: maximize\n";
      const text = project
        .read(config)
        .replace(/  builtinTunerName: TPE\n.*\n.*\n/, `  builtinTunerName: ${tuner}\n${args}`)
        .replace("maxTrialNum: 4", "maxTrialNum: 8")
        .replace("trialConcurrency: 2", "trialConcurrency: 4");
      project.write(config, text);
      await said("create", "--config", config, "--foreground", "--port", "0");
      const [{ id } = { id: "" }] = await json<readonly { id: string }[]>(project, "list");
      const { status, trialJobs, counts } = project.state(id);
      const [jobs, phases] = tuner === "GridSearch" ? [2, 2] : [8, 40];
      expect([status, trialJobs.size, counts.succeeded]).toEqual(["DONE", jobs, phases]);
    },
  );

  test("--foreground runs the experiment here, to its end", async () => {
    project.write("go", "");
    const text = await said("create", "-c", configure(), "-p", "0", "--foreground");
    expect(text).toMatch(
      /^INFO: Successfully started experiment!\n-+\nThe experiment id is \w{8}\nThe Web UI/,
    );
    expect(await status()).toBe("DONE");
  });

  test("resume --foreground goes on here, to the end", async () => {
    const id = await create(configure(), "-p", "0");
    await until(running);
    await said("stop", id);
    project.write("go", "");
    const text = await said("resume", id, "-p", "0", "--foreground");
    expect(text).toMatch(
      new RegExp(
        `^INFO: Resuming experiment ${id}...\nINFO: Successfully started experiment!\n-+\nThe experiment id is ${id}\n`,
      ),
    );
    expect(await status()).toBe("DONE");
    expect((await jobs()).length).toBe(4);
  });

  test("trial codegen writes the user's code with the values of a phase, the best if none is named", async () => {
    project.write(
      "trial.py",
      `import os, time
for index in range(3):
    """@nni.get_next_parameter()"""
    """@nni.variable(nni.choice(3, 5 + 2, 1), name=x)"""
    x = 0  # by hand
    """@nni.report_final_result([2, 9, 4][index] + 0 * x)"""
print(x)
while not os.path.exists("go"): time.sleep(0.02)
`,
    );
    const original = project.read("trial.py");
    const settings = `trialConcurrency: 1
maxTrialNum: 1
maxPhasesPerTrial: 3
multiPhase: true
trainingServicePlatform: local
useAnnotation: true
seed: 7
tuner:
  builtinTunerName: Random
trial:
  command: python3 trial.py
  codeDir: .
`;
    project.write("annotated.yml", settings);
    const id = await create("annotated.yml", "-p", "0");
    const directory = experimentDirectory(project.home, id);
    await until(() => project.state(id).counts.succeeded === 3);
    const [job] = await jobs(id);
    const trialJob = job?.id as string;
    const phases = [...project.state(id).phases.values()];
    const codeOf = (index: number): string => {
      const value = (phases[index]?.parameters as Record<string, unknown>)["trial/x/choice"];
      return original
        .replace("x = 0", `x = ${value === "(5 + 2)" ? "5 + 2" : String(value)}`)
        .replace(/^ +"""@nni.*$/gm, (line) => line.replace('"""', '# """'));
    };

    expect(codeOf(1)).not.toBe(codeOf(2));
    const earlier = "exp_Earlier1_trial_Job01_code";
    project.write(`${earlier}/trial.py`, original.replaceAll("name=x", "name=z"));
    const name = `exp_${id}_trial_${trialJob}_code`;
    expect(await said("trial", "codegen", "-T", trialJob)).toBe(
      `INFO: Phase 1 of trial job ${trialJob}, its best of 3, with 9\nINFO: Code of the trial is in ${join(project.cwd, name)}\n`,
    );
    expect(project.read(`${name}/trial.py`)).toBe(codeOf(1));
    expect(project.read("trial.py")).toBe(original);
    expect(existsSync(join(project.cwd, name, earlier))).toBe(false);
    expect(await refusal("trial", "codegen", id, "-T", trialJob)).toContain(
      "is there already: nothing was written",
    );
    rmSync(join(project.cwd, name), { recursive: true });
    expect(await said("trial", "codegen", "-T", trialJob, "--parameter_index", "2")).toContain(
      `Phase 2 of trial job ${trialJob}, as asked for\n`,
    );
    expect(project.read(`${name}/trial.py`)).toBe(codeOf(2));
    rmSync(join(project.cwd, name), { recursive: true });
    expect(await refusal("trial", "codegen", "-T", trialJob, "--parameter_index", "3")).toContain(
      "has no phase 3",
    );
    expect(await refusal("trial", "codegen", "-T", "none0")).toContain("Trial job none0 does not exist");

    project.write("trial.py", original.replaceAll("name=x", "name=y").replace("x = 0", "y = 0"));
    const changed = await refusal("trial", "codegen", "-T", trialJob);
    expect(changed).toContain("the code as it is now is not valid (2 faults):\n");
    expect(changed).toContain("trial.py:5: this trial had no parameter trial/y/choice");
    expect(project.files("exp_")).toEqual([earlier]);
    writeFileSync(join(directory, "annotated-code", "go"), "");
    await until(async () => (await status()) === "DONE");

    const plain = await create(configure(), "-p", "0");
    expect(await refusal("trial", "codegen", plain, "-T", "x")).toContain(
      `Experiment ${plain} has no annotations: its code runs as it is\n`,
    );
  });

  test("view shows an experiment in the background, for reading, until it is stopped or resumed", async () => {
    const id = await create(configure(), "-p", "0");
    await until(running);
    expect(await refusal("view", id)).toContain(`experiment ${id} has a living manager`);
    await said("stop", id);
    const port = await portOfOurOwn();
    const text = await said("view", id, "-p", String(port));
    const [, url = "", token = ""] = /^The Web UI urls are: (\S+)\/\?token=(\S+)$/m.exec(text) ?? [];
    expect(url).toBe(`http://127.0.0.1:${port}`);
    const read = (method: string, route: string): Promise<Response> =>
      fetch(`${url}/api/v1${route}`, { method, headers: { authorization: `Bearer ${token}` } });
    expect(await (await read("GET", "/experiment")).json()).toMatchObject({ id, status: "STOPPED" });
    expect((await read("DELETE", `/trial-jobs/${(await jobs())[0]?.id}`)).status).toBe(403);

    expect(await said("webui", "url")).toBe(`INFO: Web UI url: ${url}/?token=${token}\n`);
    expect(await json(project, "url", id)).toEqual({
      id,
      access: "viewer",
      url: `${url}/?token=${token}`,
    });
    expect(await said("experiment", "list")).toMatch(
      new RegExp(`^Id: ${id} .* Status: STOPPED    Port: ${port} `, "m"),
    );
    const pid = readManagerFile(experimentDirectory(project.home, id))?.pid as number;
    expect(isAlive(pid)).toBe(true);
    expect(await said("stop")).toBe(`INFO: Stoping experiment ${id}\nINFO: Stop experiment success.\n`);
    expect(isAlive(pid)).toBe(false);
    await expect(read("GET", "/experiment")).rejects.toThrow();
    expect(await refusal("webui", "url")).toContain("There is no experiment running!");

    for (const end of [
      ["stop", "--all"],
      ["stop", "--port", String(port)],
      ["resume", id, "-p", String(port)],
    ]) {
      await said("view", id, "-p", String(port));
      const viewer = readManagerFile(experimentDirectory(project.home, id))?.pid as number;
      await said(...end);
      expect(isAlive(viewer)).toBe(false);
    }
    await said("stop", id);
    await said("view", id, "-p", "0");
    const viewer = readManagerFile(experimentDirectory(project.home, id))?.pid as number;
    await run(project, "delete", id, "--yes"); // knows nothing of viewers
    await until(() => !isAlive(viewer));
    expect(existsSync(experimentDirectory(project.home, id))).toBe(false);
  });

  test("tensorboard reads what trials write, is there until stopped, and is refused where it is not installed", async () => {
    project.write("go", "");
    const id = await create(configure(), "-p", "0");
    await until(async () => (await status()) === "DONE");
    const tools = join(project.cwd, "tools");
    mkdirSync(tools);
    const withPath = (PATH: string): Place => ({ ...place(), env: { ...place().env, PATH } });
    const missing = await run(withPath(tools), "tensorboard", "start", "-T", "all");
    expect(missing).toMatchObject({ exitCode: 1 });
    expect(missing.stdout).toContain("ERROR: tensorboard is not installed here\npip install tensorboard");

    project.write(
      "tools/tensorboard",
      '#!/bin/sh\necho "$$ $*" > board-draft\nmv board-draft board\nexec sleep 600\n',
    );
    chmodSync(join(tools, "tensorboard"), 0o755);
    const path = `${tools}:${process.env["PATH"]}`;
    expect(
      (await run(withPath(path), "tensorboard", "start", "-T", "all", "--port", "7007")).stdout,
    ).toContain("INFO: Tensorboard urls: http://127.0.0.1:7007\n");
    await until(() => project.files("board").includes("board"));
    const [pid = "", ...args] = project.read("board").trim().split(" ");
    const trials = join(experimentDirectory(project.home, id), "trials");
    expect(args).toEqual(["--logdir", trials, "--port", "7007"]);
    expect(isAlive(Number(pid))).toBe(true);
    expect(await said("tensorboard", "stop")).toBe("INFO: Stop tensorboard success!\n");
    expect(isAlive(Number(pid))).toBe(false);
    expect(await said("tensorboard", "stop")).toContain("There is no tensorboard running");
  });

  test("ss_gen lets the trial's code write its search space, and says when it did not", async () => {
    project.write("code/trial.sh", 'printf "{}" > "$NNI_GEN_SEARCH_SPACE"\n');
    const text = await said("ss_gen", "-t", "sh trial.sh", "-d", "code", "-f", "space.json");
    expect(text).toContain(`INFO: Generate search space done: ${join(project.cwd, "space.json")}\n`);
    expect(project.read("space.json")).toBe("{}");
    project.write(
      "trial.py",
      'import nni, os\nopen(os.environ["NNI_GEN_SEARCH_SPACE"], "w").write(nni.get_trial_id())\n',
    );
    await said("ss_gen", "-t", "python3 trial.py", "-f", "space.json");
    expect(project.read("space.json")).toBe("STANDALONE");
    const { exitCode, stdout } = await nnictl("ss_gen", "-t", "true", "-f", "space.json");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("has not written");
  });

  test("top shows running experiments until it is interrupted", async () => {
    const id = await create(configure(), "-p", "0");
    await until(running);
    const top = start(place(), ["top", "--time", "1"]);
    await top.says(new RegExp(`Id: ${id} .*\\n.*\\ntrialId +startTime[^]*RUNNING`));
    top.child.kill("SIGINT");
    expect((await top.outcome).exitCode).toBe(0);
  });
});
