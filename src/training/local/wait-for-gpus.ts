import type { TrialJobSpec } from "../../model/index.ts";
import type { Host, Job } from "./job.ts";
import { startJob } from "./start-job.ts";

/** Starts the job as soon as it can be; resolves when it has started, or is known to wait. */
export async function enterLine(host: Host, job: Job): Promise<void> {
  const spec = job.spec as TrialJobSpec;
  if (spec.gpuNum === null || spec.gpuNum === 0) return startJob(host, job, []);
  job.request = {
    count: spec.gpuNum,
    start: (gpus) => startJob(host, job, gpus),
    waits(reason) {
      const { current } = job.feed;
      if (current.kind === "waiting" && current.reason === reason) return;
      job.feed.set({ kind: "waiting", reason });
    },
  };
  await host.gpus.enter(job.request);
  if (job.request !== undefined && !host.closed) keepForNextManager(job);
}

/** The caller starts the job again: what it says now counts. */
export function renewSpec(job: Job, spec: TrialJobSpec): void {
  job.spec = spec;
  if (job.request !== undefined) keepForNextManager(job);
}

/** The spec first: a handle without a process promises that the job can still be started. */
function keepForNextManager(job: Job): void {
  job.files.writeSpec(job.spec as TrialJobSpec);
  job.files.writeHandle(job.handle);
}
