import type { ChildProcess } from "node:child_process";
import { resolve } from "node:path";
import type { TrialJobSpec, TrialJobStatus } from "../../model/index.ts";
import type { GpuQueue, GpuRequest } from "./gpu-queue.ts";
import { jobFiles, type JobFiles } from "./job-files.ts";
import type { LocalHandle } from "./handle.ts";
import type { Process } from "./processes.ts";
import type { Settings } from "./settings.ts";
import { statusFeed, type StatusFeed } from "./status-feed.ts";
import type { Timers } from "./timers.ts";

/** What all jobs of one service share. */
export interface Host {
  readonly settings: Settings;
  readonly timers: Timers;
  readonly gpus: GpuQueue;
  /** Jobs that have not ended, by output directory. */
  readonly jobs: Map<string, Promise<Job>>;
  closed: boolean;
}

/**
 * One job as this service sees it: in the waiting line (`request`), our own child (`child`), or started by an earlier
 * manager and followed by its files (`stopFollowing`).
 */
export interface Job {
  readonly files: JobFiles;
  readonly feed: StatusFeed;
  handle: LocalHandle;
  /** True from the moment that somebody wants the job to end. */
  cancelled: boolean;
  /** What belonged to the job when it was cancelled. */
  known: readonly Process[];
  /** True once its process is gone and what it left behind is being ended. */
  ending: boolean;
  spec: TrialJobSpec | undefined;
  request: GpuRequest | undefined;
  child: ChildProcess | undefined;
  stopFollowing: () => void;
}

export function newJob(handle: LocalHandle, status: TrialJobStatus): Job {
  const files = jobFiles(resolve(handle.outputDir));
  return {
    files,
    handle,
    feed: statusFeed(status),
    cancelled: files.isCancelled(),
    known: [],
    ending: false,
    spec: undefined,
    request: undefined,
    child: undefined,
    stopFollowing: () => {},
  };
}
