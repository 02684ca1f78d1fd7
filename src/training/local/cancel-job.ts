import { PolyphaseError, type CancelOptions, type CancelReason } from "../../model/index.ts";
import { endProcesses, leaderLives, membersOf } from "./job-processes.ts";
import { finish } from "./end-job.ts";
import { endIfGone } from "./follow-job.ts";
import type { Host, Job } from "./job.ts";
import { send } from "./processes.ts";
import { isFinal } from "./status-feed.ts";

/**
 * Asks the job's process group to end (SIGTERM). After the grace period everything that the job started is killed, also
 * what left the group. Resolves when the job has ended; rejects with `training-service-closed` when the service is closed
 * before: the next manager finishes what was begun.
 */
export async function cancelJob(host: Host, job: Job, how: How): Promise<void> {
  if (isFinal(job.feed.current)) return;
  if (!job.ending) await begin(host, job, how.reason);
  const graceMs = how.force ? 0 : host.settings.gracePeriodMs;
  const forget = host.timers.after(graceMs, () => void force(host, job));
  for await (const _status of job.feed.watch());
  forget();
  if (isFinal(job.feed.current)) return;
  throw new PolyphaseError(
    "training-service-closed",
    "the service was closed before the trial job had ended",
  );
}

export interface How extends CancelOptions {
  readonly reason: CancelReason;
}

async function begin(host: Host, job: Job, reason: CancelReason): Promise<void> {
  job.cancelled = true;
  writeDown(job, reason);
  if (job.request !== undefined) {
    host.gpus.leave(job.request);
    finish(host, job, { kind: "cancelled" });
  } else if (job.handle.pid !== null && (await leaderLives(job.handle))) {
    job.known = await membersOf(job.handle);
    send(-job.handle.pid, "SIGTERM");
  }
}

/** For the next manager, should this one die before the job does. */
function writeDown(job: Job, reason: CancelReason): void {
  try {
    job.files.markCancelled(reason);
  } catch {
    // Disk full, or the output directory was removed: no reason to let the job run.
  }
}

/** The wrapper dies too, which ends the job as any other end would; one that is not our child has to be looked for. */
async function force(host: Host, job: Job): Promise<void> {
  if (job.handle.pid === null) return;
  await endProcesses(job.handle, { timers: host.timers, graceMs: 0, known: job.known });
  if (job.child === undefined) await endIfGone(host, job);
}
