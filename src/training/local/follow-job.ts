import { watch } from "node:fs";
import { endJob } from "./end-job.ts";
import type { Exit } from "./final-status.ts";
import type { Host, Job } from "./job.ts";
import { belongsTo, leaderLives } from "./job-processes.ts";
import { findProcess } from "./processes.ts";

/**
 * Follows a job that is not our child: its end is noticed when the exit file appears, or, where it was killed together
 * with its wrapper, by looking for its process now and then.
 */
export async function followJob(host: Host, job: Job): Promise<void> {
  const look = (): void => void endIfGone(host, job);
  const watching = new AbortController();
  job.stopFollowing = () => watching.abort();
  try {
    const watcher = watch(job.files.stateDir, { signal: watching.signal }, () => {
      if (job.files.readExitCode() !== undefined) look();
    });
    watcher.on("error", () => {}); // no more notices: looking now and then remains
  } catch {
    // The system has no watch to spare, or the directory is gone: looking now and then remains.
  }
  await endIfGone(host, job);
  void lookNowAndThen(host, job);
}

/** Takes over a job that `pid` started and nobody wrote down. */
export async function adopt(host: Host, job: Job, pid: number): Promise<void> {
  const found = belongsTo(job.handle, pid) ? await findProcess(pid) : undefined;
  job.handle = { ...job.handle, pid, processStart: found?.start ?? null };
  job.child = undefined;
  job.files.writeHandle(job.handle);
  job.feed.set({ kind: "running" });
  await followJob(host, job);
}

async function lookNowAndThen(host: Host, job: Job): Promise<void> {
  while (!job.ending && (await host.timers.pause(host.settings.livenessMs))) {
    await endIfGone(host, job);
  }
}

/** Does nothing while the job's process lives. */
export async function endIfGone(host: Host, job: Job): Promise<void> {
  const exit = await exitOf(job);
  if (exit !== undefined && !host.closed) await endJob(host, job, exit);
}

/** Undefined while the job runs. The process is looked for first: it writes its exit code before it goes. */
async function exitOf(job: Job): Promise<Exit | undefined> {
  const lives = await leaderLives(job.handle);
  const code = job.files.readExitCode();
  if (code !== undefined) return { kind: "code", code };
  return lives ? undefined : { kind: "unknown" };
}
