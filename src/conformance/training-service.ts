import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JobHandle, TrainingService, TrialJobSpec, TrialJobStatus } from "../model/index.ts";
import type { Rule } from "./rule.ts";

/** Power over the world around a training service. */
export interface TrainingServiceHarness {
  /** The service of a freshly started manager. A grace period of half a second keeps the rules quick. */
  create(): TrainingService | Promise<TrainingService>;
  /** Runs a shell line where the jobs run; resolves to its stdout. */
  inspect(line: string): Promise<string>;
  /** A directory for one attempt's output, another one each time. It need not exist. */
  outputDir(): string;
}

/** What every training service promises. */
export const trainingServiceRules: readonly Rule<TrainingServiceHarness>[] = [
  rule("success", "a command that exits with 0 has succeeded", async (world) => {
    const handle = await world.service.submit(world.job("exit 0"));
    assert.deepEqual(await world.end(handle), { kind: "succeeded" });
  }),
  rule("failure", "a command that exits with 3 has failed and says so", async (world) => {
    const status = await world.end(await world.service.submit(world.job("exit 3")));
    assert.equal(status.kind, "failed");
    assert.equal(status.kind === "failed" && status.exitCode, 3);
    assert.match(reasonOf(status), /exit code 3/);
  }),
  rule("failure-line", "the reason of a failure holds the last line of stderr", async (world) => {
    const job = world.job("echo first >&2; printf 'the last word\\n\\n' >&2; exit 1");
    const reason = reasonOf(await world.end(await world.service.submit(job)));
    assert.match(reason, /the last word/);
    assert.doesNotMatch(reason, /first/);
  }),
  rule("no-such-command", "a command that does not exist has failed with 127", async (world) => {
    const status = await world.end(await world.service.submit(world.job("no-such-command-anywhere")));
    assert.equal(status.kind === "failed" && status.exitCode, 127);
    assert.match(reasonOf(status), /no-such-command-anywhere/);
  }),
  rule("no-code-directory", "without its code directory a job has failed and names it", async (world) => {
    const codeDir = join(world.codeDir, "nowhere");
    const handle = await world.service.submit({ ...world.job("exit 0"), codeDir });
    assert.ok(reasonOf(await world.end(handle)).includes(codeDir));
  }),
  rule("environment", "variables arrive byte for byte", async (world) => {
    const value = ` two  blanks, 'quotes' "both" \`and\` $HOME $(echo no) \\n *\n\tä€🎯 = end \n`;
    const command = `printf %s "$PECULIAR" | od -An -v -tx1 | tr -d ' \\n' > ${world.scratch}/hex`;
    const job = world.job(command);
    const handle = await world.service.submit({ ...job, env: { ...job.env, PECULIAR: value } });
    assert.equal((await world.end(handle)).kind, "succeeded");
    assert.equal(await world.inspect(`cat ${world.scratch}/hex`), Buffer.from(value).toString("hex"));
  }),
  rule("working-directory", "a command starts among the files of its code directory", async (world) => {
    await writeFile(join(world.codeDir, "data.txt"), "precious");
    const handle = await world.service.submit(world.job(`cat data.txt > ${world.scratch}/seen`));
    assert.equal((await world.end(handle)).kind, "succeeded");
    assert.equal(await world.inspect(`cat ${world.scratch}/seen`), "precious");
  }),
  rule("copied-code", "a job with its own copy of the code leaves the original alone", async (world) => {
    await writeFile(join(world.codeDir, "data.txt"), "precious");
    const job = { ...world.job(`cat data.txt > ${world.scratch}/seen; touch litter`), copyCodeDir: true };
    assert.equal((await world.end(await world.service.submit(job))).kind, "succeeded");
    assert.equal(await world.inspect(`cat ${world.scratch}/seen`), "precious");
    assert.deepEqual(await readdir(world.codeDir), ["data.txt"]);
  }),
  rule("submit-once", "submitting the same attempt again gives the same job", async (world) => {
    const job = world.job(`echo run >> ${world.scratch}/runs; sleep 0.2`);
    const [handle, ...others] = await Promise.all([world.service.submit(job), world.service.submit(job)]);
    others.push(await world.service.submit(job));
    await world.end(handle);
    others.push(await world.service.submit(job));
    for (const other of others) assert.deepEqual(other, handle);
    for (const other of others) await world.end(other);
    assert.equal(await world.inspect(`cat ${world.scratch}/runs`), "run\n");
  }),
  rule("submit-once-restarted", "also a restarted manager that submits it again", async (world) => {
    const job = world.job(`echo run >> ${world.scratch}/runs; sleep 0.2`);
    const handle = await world.service.submit(job);
    await world.restart();
    const again = await world.service.submit(job);
    assert.deepEqual(again, handle);
    assert.equal((await world.end(again)).kind, "succeeded");
    await world.restart();
    assert.deepEqual(await world.service.submit(job), handle);
    assert.equal(await world.inspect(`cat ${world.scratch}/runs`), "run\n");
  }),
  rule("attempts", "the next attempt of the same trial job is a job of its own", async (world) => {
    const first = world.job(`echo run >> ${world.scratch}/runs; exit 1`);
    assert.equal((await world.end(await world.service.submit(first))).kind, "failed");
    const second = { ...first, attempt: 1, outputDir: world.outputDir() };
    assert.equal((await world.end(await world.service.submit(second))).kind, "failed");
    assert.equal(await world.inspect(`cat ${world.scratch}/runs`), "run\nrun\n");
  }),
  rule("watch", "watching starts with the present status and ends after the final one", async (world) => {
    const handle = await world.service.submit(world.job(world.untilGo));
    await world.running(handle);
    const watches = [collect(world.service.watch(handle)), collect(world.service.watch(handle))];
    await world.go();
    for (const seen of await within(Promise.all(watches), "both watchers see the end"))
      assert.deepEqual(seen, [{ kind: "running" }, { kind: "succeeded" }]);
  }),
  rule("watch-ended", "who watches a job that has ended sees its final status, every time", async (world) => {
    const handle = await world.service.submit(world.job("exit 3"));
    const status = await world.end(handle);
    for (let time = 0; time < 2; time++)
      assert.deepEqual(await within(collect(world.service.watch(handle)), "the end"), [status]);
  }),
  rule("handle", "a handle is plain JSON and holds nothing of the job's variables", async (world) => {
    const job = world.job("exit 0");
    const handle = await world.service.submit({ ...job, env: { TOKEN: "very-secret" } });
    assert.deepEqual(JSON.parse(JSON.stringify(handle)), handle);
    assert.doesNotMatch(JSON.stringify(handle), /very-secret/);
    await world.end(handle);
  }),
  rule("outlives-manager", "jobs go on when the service is closed", async (world) => {
    const handle = await world.service.submit(world.job(`${world.untilGo}; touch ${world.scratch}/done`));
    await world.running(handle);
    await world.service.close?.();
    assert.equal(await world.anyAlive(), true);
    await world.go();
    await until(() => world.exists("done"), "the job did its work");
  }),
  rule("reattach", "a restarted manager sees a job run and end by its handle", async (world) => {
    const handle = await world.service.submit(world.job(`${world.untilGo}; exit 3`));
    await world.running(handle);
    await world.restart();
    const seen = collect(world.service.watch(copyOf(handle)));
    await world.running(copyOf(handle));
    await world.go();
    const [present, end] = await within(seen, "the end");
    assert.deepEqual(present, { kind: "running" });
    assert.match(reasonOf(end as TrialJobStatus), /exit code 3/);
  }),
  rule("reattach-ended", "a restarted manager learns how a job ended meanwhile", async (world) => {
    const handle = await world.service.submit(world.job(`${world.untilGo}; echo why >&2; exit 3`));
    await world.running(handle);
    await world.service.close?.();
    await world.go();
    await until(async () => !(await world.anyAlive()), "the job has ended");
    await world.restart();
    const status = await world.end(copyOf(handle));
    assert.equal(status.kind === "failed" && status.exitCode, 3);
    assert.match(reasonOf(status), /why/);
  }),
  rule("cancel", "cancelling resolves when the job has ended, which is cancelled then", async (world) => {
    const handle = await world.service.submit(world.job(`trap 'sleep 0.2; exit 1' TERM; ${world.wait}`));
    await world.running(handle);
    await within(world.service.cancel(handle, "user"), "cancel resolves");
    assert.deepEqual(await within(first(world.service.watch(handle)), "a status"), { kind: "cancelled" });
    assert.equal(await world.anyAlive(), false);
  }),
  rule("cancel-gently", "a job is asked to end before it is ended, and may tidy up", async (world) => {
    const tidy = `trap 'touch ${world.scratch}/tidy; exit 0' TERM; ${world.wait}`;
    const handle = await world.service.submit(world.job(tidy));
    await world.running(handle);
    await within(world.service.cancel(handle, "limit"), "cancel resolves");
    assert.equal(await world.exists("tidy"), true);
    assert.deepEqual(await world.end(handle), { kind: "cancelled" });
  }),
  rule("cancel-stubborn", "a job that does not listen is ended by force", async (world) => {
    const handle = await world.service.submit(world.job(`trap '' TERM; ${world.wait}`));
    await world.running(handle);
    await within(world.service.cancel(handle, "timeout"), "cancel resolves");
    assert.equal(await world.anyAlive(), false);
    assert.deepEqual(await world.end(handle), { kind: "cancelled" });
  }),
  rule(
    "cancel-tree",
    "cancelling ends all descendants, also those in a session of their own",
    async (world) => {
      const child = `sh -c '${world.enrol}; trap "" TERM; ${world.wait}' &`;
      const handle = await world.service.submit(world.job(`${child} setsid ${child} ${world.wait}`));
      await world.running(handle, 3);
      await within(world.service.cancel(handle, "user"), "cancel resolves");
      assert.equal(await world.anyAlive(), false);
    },
  ),
  rule("cancel-restarted", "a restarted manager can cancel by the handle", async (world) => {
    const handle = await world.service.submit(world.job(`trap '' TERM; ${world.wait}`));
    await world.running(handle);
    await world.restart();
    await within(world.service.cancel(copyOf(handle), "user"), "cancel resolves");
    assert.equal(await world.anyAlive(), false);
    assert.deepEqual(await world.end(copyOf(handle)), { kind: "cancelled" });
  }),
  rule("cancel-ended", "cancelling a job that has ended changes nothing", async (world) => {
    const handle = await world.service.submit(world.job("exit 0"));
    await world.end(handle);
    await within(world.service.cancel(handle, "user"), "cancel resolves");
    assert.deepEqual(await world.end(handle), { kind: "succeeded" });
    await world.restart();
    assert.deepEqual(await world.end(handle), { kind: "succeeded" });
  }),
  rule("cancel-twice", "cancelling twice is cancelling once", async (world) => {
    const handle = await world.service.submit(world.job(world.wait));
    await world.running(handle);
    const cancels = [world.service.cancel(handle, "user"), world.service.cancel(handle, "limit")];
    await within(Promise.all(cancels), "both resolve");
    assert.deepEqual(await world.end(handle), { kind: "cancelled" });
  }),
  rule("leftovers", "nothing that a job started outlives it", async (world) => {
    const child = `sh -c '${world.enrol}; ${world.wait}' &`;
    const enrolled = `until [ "$(wc -l < ${world.scratch}/pids)" -eq 2 ]; do sleep 0.02; done`;
    const handle = await world.service.submit(world.job(`${child} ${enrolled}; exit 0`));
    assert.deepEqual(await world.end(handle), { kind: "succeeded" });
    assert.equal(await world.anyAlive(), false);
  }),
  rule("log", "stdout and stderr can be read apart, while the job runs and after its end", async (world) => {
    if (world.service.readLog === undefined) return;
    const handle = await world.service.submit(
      world.job(`echo out; echo err >&2; ${world.untilGo}; echo more`),
    );
    await world.running(handle);
    await until(async () => (await world.log(handle, "stdout")) === "out\n", "the first line is there");
    await world.go();
    await world.end(handle);
    await world.restart();
    assert.equal(await world.log(handle, "stdout"), "out\nmore\n");
    assert.equal(await world.log(handle, "stderr"), "err\n");
  }),
  rule("close-twice", "a service can be closed twice", async (world) => {
    await world.service.close?.();
    await world.service.close?.();
  }),
];

/** One rule's jobs and whatever they touch. */
interface World extends Pick<TrainingServiceHarness, "inspect" | "outputDir"> {
  /** The present manager's service. */
  readonly service: TrainingService;
  /** The present manager goes, the next one comes. */
  restart(): Promise<void>;
  /** On the manager's side. */
  readonly codeDir: string;
  /** Where the jobs run. */
  readonly scratch: string;
  /** Shell lines for commands: note the shell's pid; wait half a minute; wait for `go`. */
  readonly enrol: string;
  readonly wait: string;
  readonly untilGo: string;
  /** A job whose shell is enrolled. */
  job(command: string): TrialJobSpec;
  go(): Promise<void>;
  exists(name: string): Promise<boolean>;
  anyAlive(): Promise<boolean>;
  /** Resolves when the job's status is `running` and so many processes have enrolled. */
  running(handle: JobHandle, enrolled?: number): Promise<void>;
  /** The final status. */
  end(handle: JobHandle): Promise<TrialJobStatus>;
  log(handle: JobHandle, stream: "stdout" | "stderr"): Promise<string>;
}

function rule(
  name: string,
  promise: string,
  check: (world: World) => Promise<void>,
): Rule<TrainingServiceHarness> {
  return {
    id: `training-service/${name}`,
    promise,
    async check(harness) {
      const world = await createWorld(harness);
      try {
        await check(world);
      } finally {
        await world.service.close?.().catch(() => {});
        await harness.inspect(
          `cd ${world.scratch} && xargs kill -9 < pids 2>/dev/null; rm -rf ${world.scratch}`,
        );
        await rm(world.codeDir, { recursive: true, force: true });
      }
    },
  };
}

async function createWorld(harness: TrainingServiceHarness): Promise<World> {
  let service = await harness.create();
  const scratch = (await harness.inspect("mktemp -d")).trim();
  const codeDir = await mkdtemp(join(tmpdir(), "code-"));
  const enrol = `echo $$ >> ${scratch}/pids`;
  const pids = async (): Promise<readonly string[]> =>
    (await harness.inspect(`cat ${scratch}/pids 2>/dev/null; true`)).split("\n").filter(Boolean);

  const world: World = {
    inspect: (line) => harness.inspect(line),
    outputDir: () => harness.outputDir(),
    get service() {
      return service;
    },
    async restart() {
      await service.close?.();
      service = await harness.create();
    },
    codeDir,
    scratch,
    enrol,
    wait: "n=0; while [ $n -lt 600 ]; do sleep 0.05; n=$((n + 1)); done",
    untilGo: `n=0; until [ -e ${scratch}/go ] || [ $n -gt 600 ]; do sleep 0.05; n=$((n + 1)); done`,
    job: (command) => ({
      trialJobId: "jobAb",
      number: 0,
      attempt: 0,
      command: `${enrol}; ${command}`,
      codeDir,
      copyCodeDir: false,
      outputDir: harness.outputDir(),
      env: {},
      gpuNum: null,
    }),
    go: async () => void (await harness.inspect(`touch ${scratch}/go`)),
    exists: async (name) => (await harness.inspect(`ls ${scratch}`)).split("\n").includes(name),
    anyAlive: async () => (await harness.inspect(aliveLine(await pids()))) !== "",
    async running(handle, enrolled = 1) {
      await until(async () => (await pids()).length >= enrolled, `${enrolled} processes of the job run`);
      assert.deepEqual(await within(first(service.watch(handle)), "a status"), { kind: "running" });
    },
    async end(handle) {
      const status = (await within(collect(service.watch(handle)), "the end of the job")).at(-1);
      assert.ok(status !== undefined, "expected a status, the watch ended without one");
      assert.ok(!["waiting", "running"].includes(status.kind), `expected an end, got ${status.kind}`);
      return status;
    },
    log: async (handle, stream) => (await collect(service.readLog?.(handle, stream) ?? none())).join(""),
  };
  return world;
}

/** Prints the pids that live; a zombie, which only waits for its parent, does not. */
function aliveLine(pids: readonly string[]): string {
  return (
    `for pid in ${pids.join(" ")}; do kill -0 $pid 2>/dev/null && ` +
    `! grep -qs '^State:[[:space:]]*Z' /proc/$pid/status && echo $pid; done; true`
  );
}

function reasonOf(status: TrialJobStatus): string {
  assert.equal(status.kind, "failed");
  return status.kind === "failed" ? status.reason : "";
}

function copyOf(handle: JobHandle): JobHandle {
  return JSON.parse(JSON.stringify(handle)) as JobHandle;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

async function first<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item;
  return undefined;
}

async function* none(): AsyncIterable<never> {}

const patienceMs = 8_000;

/** Resolves as `promise` does; rejects when that takes too long. */
async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${patienceMs} ms in vain: ${what}`)), patienceMs);
  });
  return Promise.race([promise, tooLong]).finally(() => clearTimeout(timer));
}

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited ${patienceMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
