import { createReadStream } from "node:fs";
import { join, resolve } from "node:path";
import { PolyphaseError, type TrainingService, type TrialJobSpec } from "../../model/index.ts";
import { attachJob } from "./attach-job.ts";
import { cancelJob } from "./cancel-job.ts";
import { gpuQueue } from "./gpu-queue.ts";
import { assertSameJob, handleToJson, newHandle, parseHandle, type LocalHandle } from "./handle.ts";
import { jobFiles } from "./job-files.ts";
import { newJob, type Host, type Job } from "./job.ts";
import { resolveSettings, type LocalOptions } from "./settings.ts";
import { isFinal } from "./status-feed.ts";
import { openTimers } from "./timers.ts";
import { enterLine, renewSpec } from "./wait-for-gpus.ts";

/**
 * Runs trial jobs as processes of this machine.
 *
 * Errors of `submit`: `gpu-not-available` (this machine could never give the job its GPUs), `output-dir-taken`,
 * `training-service-closed`. A job that cannot be started for a reason of its own (no such code directory, no such command)
 * is submitted and has failed.
 */
export function localTrainingService(options: LocalOptions): TrainingService {
  const host = openHost(options);
  return {
    async submit(spec) {
      const outputDir = resolve(spec.outputDir);
      const job = await once(host, outputDir, () => findOrStart(host, { ...spec, outputDir }));
      assertSameJob(job.handle, spec);
      renewSpec(job, { ...spec, outputDir });
      return handleToJson(job.handle);
    },
    async *watch(handle) {
      const job = await find(host, parseHandle(handle));
      yield* job.feed.watch();
    },
    async cancel(handle, reason, options) {
      await cancelJob(host, await find(host, parseHandle(handle)), { ...options, reason });
    },
    async *readLog(handle, stream) {
      yield* readText(join(parseHandle(handle).outputDir, stream));
    },
    close: () => closeHost(host),
  };
}

function openHost(options: LocalOptions): Host {
  const settings = resolveSettings(options);
  const timers = openTimers(settings.clock);
  return { settings, timers, gpus: gpuQueue(settings, timers), jobs: new Map(), closed: false };
}

/** One job per output directory, however many ask for it at the same time. Jobs that ended are forgotten again. */
function once(host: Host, outputDir: string, open: () => Promise<Job>): Promise<Job> {
  const known = host.jobs.get(outputDir);
  if (known !== undefined) return known;
  if (host.closed) {
    const message = "the local training service was closed";
    return Promise.reject(new PolyphaseError("training-service-closed", message));
  }
  const opening = open();
  host.jobs.set(outputDir, opening);
  const forget = (): void => void (host.jobs.get(outputDir) === opening && host.jobs.delete(outputDir));
  opening.then((job) => isFinal(job.feed.current) && forget(), forget);
  return opening;
}

function find(host: Host, handle: LocalHandle): Promise<Job> {
  return once(host, resolve(handle.outputDir), () => attachJob(host, handle));
}

async function findOrStart(host: Host, spec: TrialJobSpec): Promise<Job> {
  const files = jobFiles(spec.outputDir);
  const written = files.readHandle();
  if (written !== undefined) {
    assertSameJob(written, spec);
    return attachJob(host, written, spec);
  }
  if (spec.gpuNum !== null && spec.gpuNum > 0) await host.gpus.assertPossible(spec.gpuNum);
  files.create();
  const job = newJob(newHandle(spec, spec.outputDir), { kind: "waiting" });
  job.spec = spec;
  await enterLine(host, job);
  return job;
}

async function* readText(path: string): AsyncIterable<string> {
  try {
    for await (const part of createReadStream(path, "utf8")) yield part as string;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/** Jobs go on without us; nothing of ours keeps this process alive for them. */
async function closeHost(host: Host): Promise<void> {
  if (host.closed) return;
  host.closed = true;
  host.gpus.close();
  host.timers.close();
  const jobs = await Promise.allSettled(host.jobs.values());
  host.jobs.clear();
  for (const opened of jobs) if (opened.status === "fulfilled") letGo(opened.value);
}

function letGo(job: Job): void {
  job.stopFollowing();
  job.child?.removeAllListeners("exit");
  job.child?.unref();
  job.feed.close();
}
