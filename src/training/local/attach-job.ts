import type { TrialJobSpec } from "../../model/index.ts";
import { cancelJob } from "./cancel-job.ts";
import { adopt, followJob } from "./follow-job.ts";
import type { LocalHandle } from "./handle.ts";
import { newJob, type Host, type Job } from "./job.ts";
import { enterLine } from "./wait-for-gpus.ts";

/**
 * Finds a job again that this service has not started itself, from what is written in its output directory; `handle` is
 * what the caller knows of it. `spec` is there where the caller would start the job if it had not been started.
 */
export async function attachJob(host: Host, handle: LocalHandle, spec?: TrialJobSpec): Promise<Job> {
  const job = newJob(handle, { kind: "waiting" });
  const { files } = job;
  job.handle = files.readHandle() ?? handle;
  job.spec = spec ?? files.readSpec();

  const status = files.readStatus();
  if (status !== undefined) job.feed.set(status);
  else if (job.handle.pid !== null) await goOn(host, job);
  else await goOnUnknown(host, job);
  return job;
}

async function goOn(host: Host, job: Job): Promise<void> {
  host.gpus.hold(job.handle.gpus);
  job.feed.set({ kind: "running" });
  await followJob(host, job);
  finishCancelling(host, job);
}

/** The handle names no process: the job waits, or its manager died in the very moment of starting it. */
async function goOnUnknown(host: Host, job: Job): Promise<void> {
  const pid = job.files.readPid();
  if (pid !== undefined) {
    host.gpus.hold(job.handle.gpus);
    await adopt(host, job, pid);
    finishCancelling(host, job);
  } else if (job.spec !== undefined) {
    job.handle = { ...job.handle, gpus: [] };
    void enterLine(host, job);
  } else {
    job.feed.set({ kind: "failed", reason: "the job was never started", exitCode: null });
  }
}

/** The manager that began to cancel the job died before the job did. */
function finishCancelling(host: Host, job: Job): void {
  if (job.cancelled) void cancelJob(host, job, "experiment-stopped");
}
