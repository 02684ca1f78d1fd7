import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import ts from "typescript";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { JobHandle, TrainingService, TrialJobSpec, TrialJobStatus } from "../../model/index.ts";
import { localTrainingService, type LocalOptions } from "./index.ts";
import { findProcess } from "./processes.ts";

let home: string;
let services: TrainingService[];
let helpers: ChildProcess[];
/** Handles whose processes must not survive the test. */
let handles: JobHandle[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "local-"));
  services = [];
  helpers = [];
  handles = [];
});

afterEach(async () => {
  const cleaner = open({ gracePeriodMs: 0 });
  for (const handle of handles) await cleaner.cancel(handle, "user");
  for (const service of services) await service.close?.();
  for (const helper of helpers) helper.kill("SIGKILL");
  rmSync(home, { recursive: true, force: true });
});

const path = (...parts: string[]): string => join(home, ...parts);
const read = (...parts: string[]): string => readFileSync(path(...parts), "utf8");
const alive = async (pid: number): Promise<boolean> => (await findProcess(pid)) !== undefined;
const waitFor = (check: () => unknown): Promise<void> =>
  vi.waitFor(async () => expect(await check()).toBeTruthy(), { timeout: 60_000, interval: 10 });

function open(options: Partial<LocalOptions> = {}): TrainingService {
  const service = localTrainingService({ gracePeriodMs: 300, livenessMs: 50, ...options });
  services.push(service);
  return service;
}

function job(command: string, more: Partial<TrialJobSpec> = {}): TrialJobSpec {
  return {
    trialJobId: "jobAb",
    number: 0,
    attempt: 0,
    command,
    codeDir: home,
    copyCodeDir: false,
    outputDir: path("out"),
    env: {},
    gpuNum: null,
    ...more,
  };
}

async function submit(service: TrainingService, spec: TrialJobSpec): Promise<JobHandle> {
  const handle = await service.submit(spec);
  handles.push(handle);
  return handle;
}

async function end(service: TrainingService, handle: JobHandle): Promise<TrialJobStatus | undefined> {
  let last: TrialJobStatus | undefined;
  for await (const status of service.watch(handle)) last = status;
  return last;
}

const pidIn = (file: string): number => Number(readFileSync(file, "utf8"));

// ---- the manager dies -----------------------------------------------------------------------------------------------

/** The service as plain JavaScript, for processes that are not this one. */
function compiled(): string {
  const source = dirname(dirname(import.meta.dirname));
  for (const room of ["model", join("training", "local")]) {
    mkdirSync(path("js", room), { recursive: true });
    for (const name of readdirSync(join(source, room)).filter((file) => /^[a-z-]+\.ts$/.test(file))) {
      const { outputText } = ts.transpileModule(readFileSync(join(source, room, name), "utf8"), {
        compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
      });
      const script = outputText.replace(/(from\s+"\.[^"]*)\.ts"/g, '$1.js"');
      writeFileSync(path("js", room, name.replace(/\.ts$/, ".js")), script);
    }
  }
  writeFileSync(path("js", "package.json"), '{ "type": "module" }');
  return path("js", "training", "local", "index.js");
}

/** A manager in a process of its own; `body` may use `service`, `job` and `exists`. */
function manager(spec: TrialJobSpec, body: string): ChildProcess {
  const script = `
    import { existsSync } from "node:fs";
    import { localTrainingService } from ${JSON.stringify(compiled())};
    const service = localTrainingService({ gracePeriodMs: 20_000 });
    const job = ${JSON.stringify(spec)};
    const exists = async (file) => {
      while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    ${body}`;
  const helper = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  helpers.push(helper);
  return helper;
}

async function firstLine(helper: ChildProcess): Promise<string> {
  const [text] = (await once(helper.stdout as NonNullable<typeof helper.stdout>, "data")) as [Buffer];
  return text.toString();
}

async function killed(helper: ChildProcess): Promise<void> {
  helper.kill("SIGKILL");
  await once(helper, "exit");
}

test("a job outlives a manager that is killed, and the next one sees its end at once", async () => {
  const spec = job(`until [ -e ${path("go")} ]; do sleep 0.02; done; echo late >&2; exit 4`);
  const first = manager(spec, "console.log(JSON.stringify(await service.submit(job)));");
  const handle = JSON.parse(await firstLine(first)) as JobHandle;
  handles.push(handle);
  await killed(first);

  const service = open({ livenessMs: 60_000 });
  const seen: TrialJobStatus[] = [];
  for await (const status of service.watch(handle)) {
    seen.push(status);
    writeFileSync(path("go"), "");
  }
  expect(seen).toEqual([{ kind: "running" }, { kind: "failed", reason: "exit code 4: late", exitCode: 4 }]);
});

test("the next manager finishes a cancellation during which the first was killed", async () => {
  const spec = job(`trap 'touch asked' TERM; echo $$ > pid; while :; do sleep 0.05; done`);
  const first = manager(
    spec,
    `const handle = await service.submit(job); console.log(JSON.stringify(handle));
     await exists(${JSON.stringify(path("pid"))});
     service.cancel(handle, "user").catch(() => {});`,
  );
  const handle = JSON.parse(await firstLine(first)) as JobHandle;
  handles.push(handle);
  await waitFor(() => existsSync(path("asked")));
  await killed(first);
  expect(await alive(pidIn(path("pid")))).toBe(true);

  expect(await end(open(), handle)).toEqual({ kind: "cancelled" });
  expect(await alive(pidIn(path("pid")))).toBe(false);
});

test("after close nothing keeps the manager's process alive, though jobs and cancellations go on", async () => {
  const spec = job("trap '' TERM; touch deaf; sleep 30");
  const first = manager(
    spec,
    `const handle = await service.submit(job);
     console.log(JSON.stringify(handle));
     (async () => { for await (const _ of service.watch(handle)); })();
     await exists(${JSON.stringify(path("deaf"))});
     service.cancel(handle, "user").catch(() => {}); // says that it was not known to have ended
     const again = localTrainingService({ gracePeriodMs: 20_000 });
     await again.watch(handle)[Symbol.asyncIterator]().next();
     await service.close();
     await again.close();`,
  );
  handles.push(JSON.parse(await firstLine(first)) as JobHandle);
  const [code] = (await once(first, "exit")) as [number];
  expect(code).toBe(0);
  expect(await alive(handles[0]?.["pid"] as number)).toBe(true);
});

test("a job whose manager died before it wrote the handle is found by its id, and runs once", async () => {
  const spec = job(`echo run >> runs; until [ -e ${path("go")} ]; do sleep 0.02; done; exit 3`);
  const first = open();
  const { pid } = await submit(first, spec);
  await waitFor(() => existsSync(path("runs")));
  await first.close?.();
  rmSync(path("out", ".job", "handle.json"));

  const second = open();
  const handle = await submit(second, spec);
  await waitFor(() => (JSON.parse(read("out", ".job", "handle.json")) as JobHandle)["pid"] === pid);
  writeFileSync(path("go"), "");
  expect(await end(second, handle)).toEqual({ kind: "failed", reason: "exit code 3", exitCode: 3 });
  expect(read("runs")).toBe("run\n");
});

test("a pid that now belongs to another process is recognised, and that process is left alone", async () => {
  const first = open();
  const handle = await submit(first, job("touch runs; sleep 30"));
  await waitFor(() => existsSync(path("runs")));
  await first.close?.();
  process.kill(handle["pid"] as number, "SIGKILL");
  rmSync(path("out", ".job", "pid"));
  const stranger = await startedLaterThan(handle["processStart"] as string);
  const reused = { ...handle, pid: stranger.pid as number };
  writeFileSync(path("out", ".job", "handle.json"), JSON.stringify(reused));

  const second = open();
  await second.cancel(reused, "user");
  expect((await end(second, reused))?.kind).toBe("failed");
  expect(await alive(stranger.pid as number)).toBe(true);
});

/** Systems count in hundredths of a second. */
async function startedLaterThan(start: string): Promise<ChildProcess> {
  while (true) {
    const helper = spawn("sleep", ["30"], { detached: true });
    helpers.push(helper);
    if ((await findProcess(helper.pid as number))?.start !== start) return helper;
  }
}

// ---- the job dies ---------------------------------------------------------------------------------------------------

test("a job killed together with its shell has failed, and what it started is ended", async () => {
  const service = open();
  const handle = await submit(service, job("echo $$ > pid; while :; do sleep 0.05; done"));
  await waitFor(() => existsSync(path("pid")) && read("pid") !== "");
  process.kill(handle["pid"] as number, "SIGKILL");
  expect(await end(service, handle)).toEqual({
    kind: "failed",
    reason: "killed by SIGKILL",
    exitCode: null,
  });
  expect(await alive(pidIn(path("pid")))).toBe(false);
});

test("a job that was killed while no manager was there has failed and says what is known", async () => {
  const first = open();
  const handle = await submit(first, job("while :; do sleep 0.05; done"));
  await first.close?.();
  process.kill(-(handle["pid"] as number), "SIGKILL");
  const status = await end(open(), handle);
  expect(status).toMatchObject({ kind: "failed", exitCode: null });
  expect(status?.kind === "failed" && status.reason).toMatch(/without an exit code/);
});

/** A command that fails with these lines as its last words. */
function printed(...lines: readonly string[]): string {
  return `cat >&2 <<'END'\n${lines.join("\n")}\nEND\nexit 1`;
}

/** As Python writes it. */
function traceback(...frames: readonly (string | number)[]): string {
  const lines = ["Traceback (most recent call last):"];
  for (let i = 0; i < frames.length; i += 2)
    lines.push(`  File "${frames[i]}", line ${frames[i + 1]}, in f`, "    f()", "    ~^^");
  return lines.join("\n");
}

test.each([
  ["kill -9 $$", /^killed by SIGKILL \(exit code 137\)$/, 137],
  ["echo no >&2; kill -TERM $$", /^killed by SIGTERM \(exit code 143\): no$/, 143],
  ["/", /^exit code 126 \(command cannot be executed\): .*\/: /, 126],
  ["nothing-here", /^exit code 127 \(command not found\): .*nothing-here/, 127],
  ["printf '\\033[31mred\\033[0m\\r\\n' >&2; exit 1", /^exit code 1: red$/, 1],
  ["exit 125", /^exit code 125$/, 125],
  [printed("x".repeat(400)), /^exit code 1: x{300}$/, 1],
  [
    printed(traceback("t.py", 3, "u.py", 7), "KeyError: 'lr'"),
    /^exit code 1: KeyError: 'lr' \(u\.py:7\)$/,
    1,
  ],
  [printed(traceback("t.py", 3, "/x/site-packages/y.py", 7), "E: e"), /^exit code 1: E: e \(t\.py:3\)$/, 1],
  [
    printed(traceback("t.py", 3, "/x/python/polyphase/y.py", 7), "E: e"),
    /^exit code 1: E: e \(t\.py:3\)$/,
    1,
  ],
  [printed(traceback("t.py", 3, "<frozen importlib>", 7), "E: e"), /^exit code 1: E: e \(t\.py:3\)$/, 1],
  [printed(traceback("/usr/lib/python3.11/json.py", 7), "E: e"), /: E: e \(\/usr\/lib\/.*json\.py:7\)$/, 1],
  [printed(traceback("t.py", 3), "E: no", "  do that"), /^exit code 1: E: no do that \(t\.py:3\)$/, 1],
  [printed("no", "  do that"), /^exit code 1: do that$/, 1],
  [printed(traceback("t.py", 3), "ValueError: e", "gone"), /^exit code 1: gone$/, 1],
  [printed(traceback("t.py", 3), "E: e", traceback("u.py", 5), "F: f"), /^exit code 1: F: f \(u\.py:5\)$/, 1],
])("after %j the reason is %s", async (command, reason, exitCode) => {
  const service = open();
  const status = await end(service, await submit(service, job(command)));
  expect(status).toEqual({ kind: "failed", reason: expect.stringMatching(reason) as string, exitCode });
});

test("a stray child that cleared its environment is ended with the job that started it", async () => {
  const service = open();
  const stray = `env -i setsid sh -c 'echo $$ > ${path("stray")}; while :; do sleep 0.05; done'`;
  const handle = await submit(service, job(`(${stray}; true)`));
  await waitFor(() => existsSync(path("stray")) && read("stray") !== "");
  await service.cancel(handle, "user");
  expect(await alive(pidIn(path("stray")))).toBe(false);
});

test("a job that is cancelled the moment it starts is not left running for the grace period", async () => {
  const service = open({ gracePeriodMs: 60_000 });
  for (let number = 0; number < 20; number++) {
    const handle = await submit(service, job("exec sleep 30", { outputDir: path(`out${number}`) }));
    await service.cancel(handle, "user");
    expect(await end(service, handle)).toEqual({ kind: "cancelled" });
  }
});

test("with force a job that is being cancelled gets no more grace", async () => {
  const service = open({ gracePeriodMs: 3_600_000 });
  const handle = await submit(service, job("trap '' TERM; touch deaf; while :; do sleep 0.05; done"));
  await waitFor(() => existsSync(path("deaf")));
  const gently = service.cancel(handle, "user");
  await service.cancel(handle, "user", { force: true });
  await gently;
  expect(await end(service, handle)).toEqual({ kind: "cancelled" });
});

// ---- where it runs --------------------------------------------------------------------------------------------------

test("the copy of the code leaves out .git and the output, and its links lead where they should", async () => {
  mkdirSync(path("code", ".git"), { recursive: true });
  mkdirSync(path("code", "logs"));
  mkdirSync(path("code", "package"));
  writeFileSync(path("code", "package", "tool"), "#!/bin/sh\necho ran\n", { mode: 0o755 });
  writeFileSync(path("data"), "far");
  symlinkSync("package/tool", path("code", "inside"));
  symlinkSync("../data", path("code", "outside"));
  const outputDir = path("code", "logs", "jobAb");
  const spec = job("./inside; cat outside; ls -A; ls -A logs; pwd", {
    codeDir: path("code"),
    copyCodeDir: true,
    outputDir,
    env: { NNI_CODE_DIR: path("code") },
  });
  const service = open();
  expect(await end(service, await submit(service, spec))).toEqual({ kind: "succeeded" });
  const shown = readFileSync(join(outputDir, "stdout"), "utf8");
  expect(shown).toBe(`ran\nfarinside\nlogs\noutside\npackage\n${join(outputDir, "code")}\n`);
  expect(readlinkSync(join(outputDir, "code", "inside"))).toBe("package/tool");
});

test("NNI_CODE_DIR leads to the job's own copy of the code", async () => {
  mkdirSync(path("code"));
  const spec = job("echo $NNI_CODE_DIR", {
    codeDir: path("code"),
    copyCodeDir: true,
    env: { NNI_CODE_DIR: path("code") },
  });
  const service = open();
  await end(service, await submit(service, spec));
  expect(read("out", "stdout")).toBe(`${path("out", "code")}\n`);
});

test("a code directory that is a file is a failure that says so", async () => {
  writeFileSync(path("file"), "");
  const service = open();
  const status = await end(service, await submit(service, job("true", { codeDir: path("file") })));
  const reason = `the code directory ${path("file")} is not a directory`;
  expect(status).toEqual({ kind: "failed", reason, exitCode: null });
  expect(await end(open(), handles[0] as JobHandle)).toEqual({ kind: "failed", reason, exitCode: null });
});

test("trial.log leads to stdout, and only the owner may read what is kept of the job", async () => {
  const service = open();
  await end(service, await submit(service, job("echo hello")));
  expect(read("out", "trial.log")).toBe("hello\n");
  expect(statSync(path("out", ".job")).mode & 0o777).toBe(0o700);
});

test("jobs inherit the service's environment, and the job's own variables win", async () => {
  const service = open({ env: { PATH: process.env["PATH"], A: "outer", B: "outer" } });
  await end(service, await submit(service, job('echo "$A $B"', { env: { B: "inner" } })));
  expect(read("out", "stdout")).toBe("outer inner\n");
});

// ---- wrong use ------------------------------------------------------------------------------------------------------

test("a variable that no process can have fails the job without showing its value", async () => {
  const service = open();
  const status = await end(service, await submit(service, job("true", { env: { TOKEN: "secret\0" } })));
  expect(status?.kind).toBe("failed");
  expect(JSON.stringify(status)).not.toContain("secret");
});

test("an output directory of another job is refused", async () => {
  const service = open();
  await end(service, await submit(service, job("true")));
  const other = service.submit(job("true", { trialJobId: "other" }));
  await expect(other).rejects.toMatchObject({ code: "output-dir-taken" });
});

test("a handle of another service is refused", async () => {
  await expect(open().cancel({ service: "slurm", id: 7 }, "user")).rejects.toMatchObject({
    code: "invalid-handle",
  });
});

test("a closed service takes no jobs", async () => {
  const service = open();
  await service.close?.();
  await expect(service.submit(job("true"))).rejects.toMatchObject({ code: "training-service-closed" });
  expect(readdirSync(home)).not.toContain(basename(path("out")));
});

test("a job can be cancelled when its output directory is gone", async () => {
  const first = open();
  const handle = await submit(first, job("touch runs; sleep 30"));
  await waitFor(() => existsSync(path("runs")));
  await first.close?.();
  rmSync(path("out"), { recursive: true });
  const second = open();
  await second.cancel(handle, "user");
  expect(await alive(handle["pid"] as number)).toBe(false);
});
