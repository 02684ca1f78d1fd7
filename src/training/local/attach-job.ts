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
  const owner = files.readPid();
  if (status !== undefined) job.feed.set(status);
  else if (owner !== undefined && owner !== job.handle.pid)
    await goOn(host, job, () => adopt(host, job, owner));
  else if (job.handle.pid !== null) await goOn(host, job, () => followJob(host, job));
  else waitAgain(host, job);
  return job;
}

/** The job was started. Where the handle names another process or none, its manager died in the moment of starting it. */
async function goOn(host: Host, job: Job, follow: () => Promise<void>): Promise<void> {
  host.gpus.hold(job.handle.gpus);
  job.feed.set({ kind: "running" });
  await follow();
  if (job.cancelled) cancelJob(host, job, { reason: "experiment-stopped" }).catch(() => {}); // its manager died before the job did
}

function waitAgain(host: Host, job: Job): void {
  if (job.spec === undefined) {
    job.feed.set({ kind: "failed", reason: "the job was never started", exitCode: null });
  } else {
    job.handle = { ...job.handle, gpus: [] };
    void enterLine(host, job);
  }
}
