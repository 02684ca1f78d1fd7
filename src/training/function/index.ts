import { messageOf } from "../../model/index.ts";
import type { TrainingService, TrialJobSpec, TrialJobStatus } from "../../model/index.ts";

/** The body of a trial job. Resolves: succeeded; rejects: failed. `signal` aborts when the job is cancelled. */
export type TrialFunction = (job: TrialJobSpec, signal: AbortSignal) => Promise<void>;

interface RunningFunction {
  readonly controller: AbortController;
  readonly ended: Promise<TrialJobStatus>;
}

/** Runs trial jobs as asynchronous functions in this process: for the library, where there is nothing to launch. */
export function functionTrainingService(run: TrialFunction): TrainingService {
  const jobs = new Map<string, RunningFunction>();
  const gone: TrialJobStatus = {
    kind: "failed",
    reason: "the process that ran it has ended",
    exitCode: null,
  };

  return {
    async submit(job) {
      const key = `${job.trialJobId}/${job.attempt}`;
      if (!jobs.has(key)) jobs.set(key, start(run, job));
      return { key };
    },
    async *watch(handle) {
      const job = jobs.get(String(handle["key"]));
      if (!job) return yield gone;
      yield { kind: "running" };
      yield await job.ended;
    },
    async cancel(handle) {
      const job = jobs.get(String(handle["key"]));
      job?.controller.abort();
      await job?.ended;
    },
  };
}

function start(run: TrialFunction, job: TrialJobSpec): RunningFunction {
  const controller = new AbortController();
  const { signal } = controller;
  const cancelled = new Promise<TrialJobStatus>((resolve) => {
    signal.addEventListener("abort", () => resolve({ kind: "cancelled" }));
  });
  const body = run(job, signal).then(
    (): TrialJobStatus => (signal.aborted ? { kind: "cancelled" } : { kind: "succeeded" }),
    (error: unknown): TrialJobStatus =>
      signal.aborted ? { kind: "cancelled" } : { kind: "failed", reason: messageOf(error), exitCode: null },
  );
  // A function cannot be ended by force: a cancelled one is left alone with its signal.
  return { controller, ended: Promise.race([body, cancelled]) };
}
