import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { check } from "../../conformance/rule.ts";
import { trainingServiceRules, type TrainingServiceHarness } from "../../conformance/training-service.ts";
import type { JobHandle, TrainingService, TrialJobSpec, TrialJobStatus } from "../../model/index.ts";
import { localTrainingService } from "./index.ts";

let home: string;
let directories = 0;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "local-conformance-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const run = promisify(execFile);

const harness: TrainingServiceHarness = {
  create: () => localTrainingService({ gracePeriodMs: 500 }),
  inspect: async (line) => (await run("/bin/sh", ["-c", line])).stdout,
  outputDir: () => join(home, String(directories++)),
};

describe("the local training service", () => {
  for (const rule of trainingServiceRules)
    test.concurrent(`${rule.id}: ${rule.promise}`, () => check(rule, harness));
});

/** A service that breaks one rule on purpose, made from one that keeps it. */
type Break = (service: TrainingService) => Partial<TrainingService>;

const rewrite =
  (change: (status: TrialJobStatus) => TrialJobStatus): Break =>
  (service) => ({
    async *watch(handle) {
      for await (const status of service.watch(handle)) yield change(status);
    },
  });

const submitting =
  (change: (job: TrialJobSpec) => TrialJobSpec): Break =>
  (service) => ({ submit: (job) => service.submit(change(job)) });

/** Knows only what it has submitted itself, as long as it lives. */
const rememberOnlyMyOwn: Break = (service) => {
  const own = new Set<string>();
  const gone = { kind: "failed", reason: "unknown job", exitCode: null } as const;
  return {
    async submit(job) {
      const handle = await service.submit(job);
      own.add(JSON.stringify(handle));
      return handle;
    },
    async *watch(handle) {
      if (own.has(JSON.stringify(handle))) yield* service.watch(handle);
      else yield gone;
    },
    async cancel(handle, reason) {
      if (own.has(JSON.stringify(handle))) await service.cancel(handle, reason);
    },
  };
};

/** One job per key and instance, each somewhere else. */
const submitByKey =
  (key: (job: TrialJobSpec) => string): Break =>
  (service) => {
    const handles = new Map<string, Promise<JobHandle>>();
    return {
      submit(job) {
        const name = key(job);
        const known = handles.get(name);
        if (known !== undefined) return known;
        const handle = service.submit({ ...job, outputDir: harness.outputDir() });
        handles.set(name, handle);
        return handle;
      },
    };
  };

const pidOf = (handle: JobHandle): number => handle["pid"] as number;

const failsWith =
  (reason: (reason: string) => string): Break =>
  (service) =>
    rewrite((status) => (status.kind === "failed" ? { ...status, reason: reason(status.reason) } : status))(
      service,
    );

const mutants: Record<string, Break> = {
  success: rewrite((status) =>
    status.kind === "succeeded" ? { kind: "failed", reason: "exit code 0", exitCode: 0 } : status,
  ),
  failure: rewrite((status) => (status.kind === "failed" ? { ...status, exitCode: null } : status)),
  "failure-line": failsWith((reason) => reason.split(":")[0] as string),
  "no-such-command": submitting((job) => ({ ...job, command: `${job.command} || exit 1` })),
  "no-code-directory": submitting((job) => ({ ...job, codeDir: "/" })),
  environment: submitting((job) => ({
    ...job,
    env: Object.fromEntries(Object.entries(job.env).map(([name, value]) => [name, value.trimEnd()])),
  })),
  "working-directory": submitting((job) => ({ ...job, codeDir: "/" })),
  "copied-code": submitting((job) => ({ ...job, copyCodeDir: false })),
  "submit-once": submitting((job) => ({ ...job, outputDir: harness.outputDir() })),
  "submit-once-restarted": submitByKey((job) => `${job.trialJobId}/${job.attempt}`),
  attempts: submitByKey((job) => job.trialJobId),
  watch: (service) => ({
    async *watch(handle) {
      yield { kind: "waiting" };
      yield* service.watch(handle);
    },
  }),
  "watch-ended": (service) => {
    const ended = new Set<string>();
    return {
      async *watch(handle) {
        const name = JSON.stringify(handle);
        if (!ended.has(name)) yield* service.watch(handle);
        ended.add(name);
      },
    };
  },
  handle: (service) => ({
    submit: async (job) => ({ ...(await service.submit(job)), env: { ...job.env } }),
  }),
  "outlives-manager": (service) => {
    const handles: JobHandle[] = [];
    return {
      async submit(job) {
        const handle = await service.submit(job);
        handles.push(handle);
        return handle;
      },
      async close() {
        for (const handle of handles.splice(0)) await service.cancel(handle, "experiment-stopped");
        await service.close?.();
      },
    };
  },
  reattach: rememberOnlyMyOwn,
  "reattach-ended": rememberOnlyMyOwn,
  cancel: (service) => ({
    async cancel(handle, reason) {
      service.cancel(handle, reason).catch(() => {});
    },
  }),
  "cancel-gently": (service) => ({
    async cancel(handle, reason) {
      process.kill(-pidOf(handle), "SIGKILL");
      await service.cancel(handle, reason);
    },
  }),
  "cancel-stubborn": () => ({
    async cancel(handle) {
      process.kill(-pidOf(handle), "SIGTERM");
    },
  }),
  "cancel-tree": (service) => ({
    ...submitting((job) => ({ ...job, command: `unset POLYPHASE_JOB_TAG; ${job.command}` }))(service),
    async cancel(handle) {
      process.kill(-pidOf(handle), "SIGKILL");
    },
  }),
  "cancel-restarted": rememberOnlyMyOwn,
  "cancel-ended": (service) => {
    const cancelled = new Set<string>();
    return {
      async cancel(handle) {
        cancelled.add(JSON.stringify(handle));
      },
      async *watch(handle) {
        if (cancelled.has(JSON.stringify(handle))) yield { kind: "cancelled" };
        else yield* service.watch(handle);
      },
    };
  },
  "cancel-twice": (service) => {
    let called = false;
    return {
      async cancel(handle, reason) {
        if (called) throw new Error("already cancelled");
        called = true;
        await service.cancel(handle, reason);
      },
    };
  },
  leftovers: submitting((job) => ({
    ...job,
    command: `unset POLYPHASE_JOB_TAG; setsid -w sh -c "$ESCAPING"`,
    env: { ESCAPING: job.command },
  })),
  log: (service) => ({
    readLog: (handle) => service.readLog?.(handle, "stdout") as AsyncIterable<string>,
  }),
  "close-twice": (service) => {
    let closed = false;
    return {
      async close() {
        if (closed) throw new Error("already closed");
        closed = true;
        await service.close?.();
      },
    };
  },
};

describe("a service that breaks a rule is caught by it", () => {
  for (const rule of trainingServiceRules)
    test.concurrent(rule.id, async () => {
      const breaking = mutants[rule.id.replace("training-service/", "")];
      expect(breaking, `a mutant for ${rule.id}`).toBeDefined();
      const broken: TrainingServiceHarness = {
        ...harness,
        async create() {
          const service = await harness.create();
          return { ...service, ...breaking?.(service) };
        },
      };
      await expect(rule.check(broken)).rejects.toThrow();
    });
});
