import type { TrialJobStatus } from "../../model/index.ts";
import { statusAfter, type Exit } from "./final-status.ts";
import type { Host, Job } from "./job.ts";
import { endProcesses } from "./job-processes.ts";
import { isFinal } from "./status-feed.ts";

/** Time between SIGTERM and SIGKILL for what a job left behind, in milliseconds; never more than the grace period. */
const leftoverGraceMs = 1_000;

/**
 * The job's process is gone. What it started and left behind is ended too, wherever it went: a job's end is the end of
 * everything it started, so that the next job finds its GPUs free. (Who wants a process to outlive the job starts it
 * without the tag variable, in a session of its own.) Only then the final status is made known.
 */
export async function endJob(host: Host, job: Job, exit: Exit): Promise<void> {
  if (job.ending) return;
  job.ending = true;
  job.stopFollowing();
  const graceMs = Math.min(leftoverGraceMs, host.settings.gracePeriodMs);
  await endProcesses(job.handle, { timers: host.timers, graceMs, known: job.known });
  if (host.closed) return;
  finish(host, job, job.cancelled ? { kind: "cancelled" } : statusAfter(exit, job.files));
}

/** Makes a final status known and durable, and frees what the job held. */
export function finish(host: Host, job: Job, outcome: TrialJobStatus): void {
  if (isFinal(job.feed.current)) return;
  const status =
    outcome.kind === "failed" ? { ...outcome, reason: host.settings.redact(outcome.reason) } : outcome;
  try {
    job.files.writeStatus(status);
    job.files.removeSpec();
  } catch {
    // Disk full, or the output directory was removed: who asks later will conclude the same from what is there.
  }
  host.jobs.delete(job.files.outputDir);
  job.feed.set(status);
  if (job.handle.gpus.length > 0) host.gpus.release(job.handle.gpus);
}
