import type { JsonObject } from "./json.ts";

/** What a training service needs to start one trial job. Plain JSON. */
export interface TrialJobSpec {
  readonly trialJobId: string;
  /** 0, 1, 2 ... in the experiment. */
  readonly number: number;
  /** 0 for the first start, one more for each retry. */
  readonly attempt: number;
  readonly command: string;
  readonly codeDir: string;
  readonly copyCodeDir: boolean;
  /** Directory for this attempt's output, made by the service: `stdout`, `stderr` and whatever the service keeps. */
  readonly outputDir: string;
  /** Complete set of variables to add to the service's own environment. Holds the job's token: never logged. */
  readonly env: { readonly [name: string]: string };
  readonly gpuNum: number | null;
}

/** Whatever the service needs to find the job again from a new process. Plain JSON, kept in the journal. */
export type JobHandle = JsonObject;

/**
 * waiting ──▶ running ──exit 0──▶ succeeded       A job that ended stays as it is.
 *    │           ├─────exit ≠ 0──▶ failed          `cancelled` wins over a later exit code.
 *    └──cancel───┴──────cancel───▶ cancelled
 */
export type TrialJobStatus =
  | { readonly kind: "waiting"; readonly reason?: string }
  | { readonly kind: "running" }
  | { readonly kind: "succeeded" }
  | {
      readonly kind: "failed";
      /** For people: "exit code 3", "killed by SIGKILL", with the last line of stderr where there is one. */
      readonly reason: string;
      readonly exitCode: number | null;
    }
  | { readonly kind: "cancelled" };

/** Why a job is cancelled; services may show it, the status does not depend on it. */
export type CancelReason = "user" | "assessor" | "limit" | "timeout" | "experiment-stopped";

export interface CancelOptions {
  readonly force?: boolean;
}

/** Starts, watches and cancels trial jobs somewhere. */
export interface TrainingService {
  /** Starts the job and resolves once its handle exists; the same id and attempt twice gives one job. */
  submit(job: TrialJobSpec): Promise<JobHandle>;
  /**
   * Every change of status from now on, starting with the present one; ends after a final status. Works for handles from
   * another process too: that is how a restarted manager attaches again.
   */
  watch(handle: JobHandle): AsyncIterable<TrialJobStatus>;
  /**
   * Asks the job to end (SIGTERM), by force after the grace period, with all its descendants. Resolves when it has ended;
   * rejects where that will not be known, because the service was closed before. With `force` there is no grace, also for a
   * job that is being cancelled already.
   */
  cancel(handle: JobHandle, reason: CancelReason, options?: CancelOptions): Promise<void>;
  /** The text written so far to `stdout` or `stderr`. */
  readLog?(handle: JobHandle, stream: "stdout" | "stderr"): AsyncIterable<string>;
  /** Frees what the service holds; running jobs go on. May be called twice. */
  close?(): Promise<void>;
}
