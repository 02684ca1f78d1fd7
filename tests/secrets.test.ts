/** Secrets of the config, followed through a whole experiment: who needs them gets them, and nobody else ever sees them. */
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startManager } from "../src/manager/index.ts";
import type { ExperimentConfig } from "../src/model/index.ts";
import { routes } from "../src/server/routes/index.ts";
import { livingProcesses } from "./support/processes.ts";
import { isAlive, isBuilt, json, run, start, until } from "./support/program.ts";
import type { Created, Outcome, Place } from "./support/program.ts";
import type { Project } from "./support/project.ts";
import { scratchProject } from "./support/project.ts";

let project: Project;
beforeEach(() => void (project = scratchProject()));
afterEach(() => project.dispose());

/** One for every place where a secret may stand; in no other text there is. */
const canaries = {
  key: "canary-k3y-Zq81",
  fromEnvironment: "canary-3nv-Wm47",
  inText: "canary-t3xt-Pd05",
  marked: 'canary "m4rked"\nsecond-line-of-it-Xr66',
  address: "https://me:canary-p4ss-Lb93@host.invalid/x",
  passwordInAddress: "canary-p4ss-Lb93",
  argument: "canary-4rg-Hn28",
  service: "canary-s3rv-Jt12",
};

const secondLine = "second-line-of-it-Xr66";
const hidden: readonly string[] = [...Object.values(canaries), secondLine];

/** Keeps its secrets as hashes, waits for \`go\`, and dies with all of them in its last words. */
const trial = `import hashlib, os, sys, time, polyphase
names = ["WANDB_API_KEY", "FROM_ENV", "HEADER", "GREETING", "PROXY"]
digest = hashlib.sha256("|".join(os.environ[name] for name in names).encode()).hexdigest()
for parameters in polyphase.phases():
    open("seen-" + polyphase.get_trial_id() + "-" + str(os.getpid()), "w").write(digest)
    while not os.path.exists("go"):
        time.sleep(0.02)
    sys.stderr.write(" ".join(os.environ[name].replace("\\n", " ") for name in names + ["POLYPHASE_TOKEN"]) + "\\n")
    sys.stderr.flush()
    raise SystemExit(3)
`;

/** Says what it was given once it was asked for the fifth time. */
const tuner = `export class Telling {
  constructor(args) { this.args = args; }
  updateSearchSpace() {}
  generateParameters(id) {
    if (id >= 4) throw new Error("no luck with " + JSON.stringify(this.args));
    return { kind: "parameters", parameters: { x: id } };
  }
  receiveTrialResult() {}
}
`;

function configure(): string {
  project.write("tuner.mjs", tuner);
  return project.configure({
    python: trial,
    trialConcurrency: 2,
    tuner: {
      codeDir: ".",
      classFileName: "tuner.mjs",
      className: "Telling",
      classArgs: { api_key: canaries.argument, max_tokens: 100 },
    },
    trial: {
      command: "python3 trial.py",
      codeDir: ".",
      env: {
        WANDB_API_KEY: canaries.key,
        FROM_ENV: "${env:CANARY}",
        HEADER: "Bearer ${env:CANARY_IN_TEXT}",
        GREETING: canaries.marked,
        PROXY: canaries.address,
        MAX_TOKENS: "100",
      },
    },
    secrets: ["trial.env.GREETING"],
  });
}

const digest = createHash("sha256")
  .update(
    [
      canaries.key,
      canaries.fromEnvironment,
      `Bearer ${canaries.inText}`,
      canaries.marked,
      canaries.address,
    ].join("|"),
  )
  .digest("hex");

/** Whoever starts the experiment has these in the environment. */
const starter = (): Place => ({
  ...project,
  env: { CANARY: canaries.fromEnvironment, CANARY_IN_TEXT: canaries.inText },
});

const digestsSeen = (): readonly string[] => project.files("seen-").map((name) => project.read(name));

/** The tuner has failed, and both trial jobs have ended. */
function isPaused(id: string): boolean {
  const { status, activeTrialJobs } = project.state(id);
  return status === "PAUSED" && activeTrialJobs.size === 0;
}

function foundIn(text: string, secrets: readonly string[] = hidden): readonly string[] {
  const spelled = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  return spelled.filter((secret) => text.includes(secret));
}

const bytes = (path: string): string => readFileSync(path, "utf8") + readFileSync(path, "utf16le");

/** Files of an experiment in which secrets may stand: those made for them, and what trials write themselves. */
const mayHold =
  /\/(secrets\.json|token|viewer-token|secret)$|\/trials\/\w+\/(attempt-\d+\/)?(stdout|stderr|trial\.log)$/;

function expectNothingWritten(directory: string, secrets = hidden): void {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !mayHold.test(path));
  expect(files.length).toBeGreaterThan(3);
  for (const path of files) expect([path, foundIn(bytes(path), secrets)]).toEqual([path, []]);
}

function expectNothingSaid(outcomes: readonly (readonly [string, Outcome])[], secrets = hidden): void {
  for (const [name, { stdout, stderr }] of outcomes) {
    expect([name, foundIn(stdout + stderr, secrets)]).toEqual([name, []]);
  }
}

/** Every command that shows something of an experiment, in both of its forms. */
async function allViews(id: string): Promise<readonly (readonly [string, Outcome])[]> {
  const commands = [
    ["list"],
    ["status", id],
    ["best", id],
    ["log", id],
    ["trial", "list", id],
    ["phase", "list", id],
    ["export", id, "-f", "-"],
    ["export", id, "-f", "-", "--format", "csv"],
    ["validate", "-c", "config.yml"],
  ];
  const outcomes: [string, Outcome][] = [];
  for (const command of commands.flatMap((plain) => [plain, [...plain, "--json"]])) {
    outcomes.push([command.join(" "), await run(starter(), ...command)]);
  }
  return outcomes;
}

/** Every route that can be read, without the log of a trial job, which is the job's own. */
async function allAnswers({ id, url }: Created): Promise<string> {
  const token = readFileSync(join(project.home, "experiments", id, "token"), "utf8").trim();
  const headers = { authorization: `Bearer ${token}` };
  const phases = (await (await fetch(`${url}/api/v1/phases`, { headers })).json()) as {
    items: { trialJobId: string }[];
  };
  const paths = routes
    .filter(({ method, access, name }) => method === "GET" && access !== "trial" && name !== "trialJobLog")
    .map(({ path }) =>
      path.replace(":id", phases.items[0]?.trialJobId ?? "").replace(/:parameterId|:min|:max/g, "0"),
    );
  expect(paths.length).toBeGreaterThan(8);
  let all = "";
  for (const path of paths) {
    const controller = new AbortController();
    const response = await fetch(url + path, {
      headers: { ...headers, "last-event-id": "0" },
      signal: controller.signal,
    });
    expect([path, response.status]).toEqual([path, 200]);
    if (!path.endsWith("/events")) {
      all += await response.text();
      continue;
    }
    // The stream has no end: read until the events of the config's record are there.
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    for (let events = ""; !events.includes("trial-job-running"); all += events) {
      events = new TextDecoder().decode((await reader.read()).value);
    }
    controller.abort();
  }
  return all;
}

describe.skipIf(!isBuilt)("the secrets of an experiment", () => {
  test("reach trials and tuner, in the second life too, and stand nowhere else", async () => {
    const create = start(starter(), ["create", "-c", configure(), "--json"]);
    const created = JSON.parse((await create.outcome).stdout) as Created;
    const { id, pid } = created;
    const directory = join(project.home, "experiments", id);
    await until(() => digestsSeen().length === 2);
    expect(digestsSeen()).toEqual([digest, digest]);

    const commandLines = livingProcesses().map(({ command }) => command);
    expect(commandLines.some((command) => command.includes(directory))).toBe(true);
    expect(foundIn(commandLines.join("\n"))).toEqual([]);
    const answers = await allAnswers(created);
    expect(answers).toContain("sealed:trial.env.WANDB_API_KEY");
    expect(answers).toContain("sealed:tuner.classArgs.api_key");
    expect(foundIn(answers)).toEqual([]);
    expectNothingSaid([["create", await create.outcome], ...(await allViews(id))]);
    expectNothingWritten(directory);
    expect(statSync(join(directory, "secrets.json")).mode & 0o777).toBe(0o600);

    process.kill(pid, "SIGKILL");
    await until(() => !isAlive(pid));
    // Who resumes it need not know the secrets.
    const resumed = await json<Created>(project, "resume", id);
    const tokens = readdirSync(join(directory, "trials")).map(
      (job) => environmentOf(job)["POLYPHASE_TOKEN"] ?? "",
    );
    expect(tokens.every((token) => token.length > 30)).toBe(true);
    project.write("go", "");
    await until(() => isPaused(id));
    expect(digestsSeen()).toEqual([digest, digest, digest, digest]);
    const secrets = [...hidden, ...tokens];
    const views = await allViews(id);
    expectNothingSaid(views, secrets);
    expectNothingWritten(directory, secrets);

    const state = project.state(id);
    expect(state.statusReason).toContain("no luck with");
    expect(state.statusReason).toContain("***");
    const reasons = [...state.phases.values()].map(({ reason }) => reason);
    for (const reason of reasons) expect(reason).toMatch(/: exit code 3:( \*\*\*){7}$/);
    expect(state.config.tuner.classArgs).toEqual({
      api_key: "sealed:tuner.classArgs.api_key",
      max_tokens: 100,
    });
    expect(state.config.trial.env["MAX_TOKENS"]).toBe("100");
    await json(project, "stop", id);
    expect(isAlive(resumed.pid)).toBe(false);
  });

  test("are missed when their file is gone, and can be given again", async () => {
    const create = await run(starter(), "create", "-c", configure(), "--json");
    const { id } = JSON.parse(create.stdout) as Created;
    await until(() => digestsSeen().length === 2);
    await json(project, "stop", id);
    const path = join(project.home, "experiments", id, "secrets.json");
    const content = readFileSync(path, "utf8");

    rmSync(path);
    const gone = await run(project, "resume", id);
    expect(gone.exitCode).toBe(1);
    expect(gone.stderr).toContain(`${path} is not there`);
    for (const name of ["trial.env.WANDB_API_KEY", "trial.env.GREETING", "tuner.classArgs.api_key"]) {
      expect(gone.stderr).toContain(name);
    }
    expect(gone.stderr).toContain('as JSON: {"');
    writeFileSync(path, "{");
    expect((await run(project, "resume", id)).stderr).toContain("is not JSON");
    const { "trial.env.WANDB_API_KEY": _key, ...rest } = JSON.parse(content) as Record<string, string>;
    writeFileSync(path, JSON.stringify(rest));
    expect((await run(project, "resume", id)).stderr).toContain("missing: trial.env.WANDB_API_KEY\n");
    expect((await run(project, "export", id, "-f", "-")).exitCode).toBe(0); // to look needs no secrets

    writeFileSync(path, content);
    const { pid } = await json<Created>(project, "resume", id);
    project.write("go", "");
    await until(() => isPaused(id));
    await json(project, "stop", id);
    expect(isAlive(pid)).toBe(false);
    expect(digestsSeen()).toEqual([digest, digest, digest, digest]);
  });

  test("are not shown by the error of a config that cannot run, nor by its stack", async () => {
    const config = project.configure({
      tuner: { builtinTunerName: "TPE", classArgs: { gamma: "${env:CANARY}", n_startup: 3 } },
    });
    for (const argv of [
      ["create", "-c", config],
      ["run", "-c", config, "--json"],
      ["validate", "-c", config],
      ["validate", "-c", config, "--json"],
    ]) {
      const place = starter();
      const outcome = await run({ ...place, env: { ...place.env, POLYPHASE_DEBUG: "1" } }, ...argv);
      expect([argv, outcome.exitCode]).toEqual([argv, 1]);
      expectNothingSaid([[argv.join(" "), outcome]]);
    }
  });
});

describe("a training service", () => {
  test("gets the secrets among its options; the journal does not", async () => {
    const plain = await project.load({ maxTrialNum: 1, python: "raise SystemExit('no ' + input())" });
    const options = {
      ...plain.trainingService.options,
      env: { PATH: process.env["PATH"] ?? "", TOKEN: canaries.service },
    };
    const config: ExperimentConfig = {
      ...plain,
      trial: { ...plain.trial, command: 'printf %s "$TOKEN" > seen-token; echo "it was $TOKEN" >&2; exit 1' },
      trainingService: { platform: "local", options },
    };
    const manager = await startManager({ home: project.home, config });
    await manager.ended;
    await manager.close();
    expect(project.read("seen-token")).toBe(canaries.service);
    const state = project.state(manager.experimentId);
    expect(state.config.trainingService.options).toMatchObject({
      env: { TOKEN: "sealed:trainingService.options.env.TOKEN" },
    });
    expect(state.lastFailure).toContain("exit code 1: it was ***");
    expectNothingWritten(manager.directory);
  });
});

/** The environment in which a trial job runs. */
function environmentOf(trialJobId: string): Readonly<Record<string, string>> {
  const [name = ""] = project.files(`seen-${trialJobId}-`);
  const pid = name.slice(`seen-${trialJobId}-`.length);
  const text = readFileSync(`/proc/${pid}/environ`, "utf8");
  return Object.fromEntries(
    text.split("\0").map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}
