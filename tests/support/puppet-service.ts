import type { JobHandle, TrainingService, TrialJobStatus } from "../../src/model/index.ts";

/** A training service whose jobs do what the test says, and nothing by themselves. */
export interface PuppetService extends TrainingService {
  /** Every job and attempt (`job/attempt`) that was handed over, and that was asked to end. */
  readonly submitted: readonly string[];
  readonly cancelled: readonly string[];
  /** The newest submission of the job goes through, and its process runs. */
  start(trialJobId: string): void;
  /** The newest submission of the job does not. */
  refuse(trialJobId: string, error: Error): void;
  end(trialJobId: string, status: TrialJobStatus): void;
  /** Watching the job fails. */
  loseSight(trialJobId: string, error: Error): void;
}

export interface PuppetOptions {
  /** What becomes of a cancellation; resolves: the job has ended. */
  cancel?(): Promise<void>;
}

interface Puppet {
  readonly statuses: (TrialJobStatus | Error)[];
  wake(): void;
}

export function puppetService(options: PuppetOptions = {}): PuppetService {
  const submitted: string[] = [];
  const cancelled: string[] = [];
  const puppets = new Map<string, Puppet>();
  const submissions = new Map<string, { resolve(handle: JobHandle): void; reject(error: Error): void }>();

  const newest = (trialJobId: string): string =>
    [...submitted].reverse().find((key) => key.startsWith(`${trialJobId}/`)) ?? `${trialJobId}/0`;
  const puppet = (key: string): Puppet => {
    const made = puppets.get(key) ?? { statuses: [{ kind: "running" }], wake: () => {} };
    puppets.set(key, made);
    return made;
  };
  const say = (key: string, status: TrialJobStatus | Error): void => {
    puppet(key).statuses.push(status);
    puppet(key).wake();
  };

  return {
    submitted,
    cancelled,
    submit(job) {
      const key = `${job.trialJobId}/${job.attempt}`;
      submitted.push(key);
      return new Promise((resolve, reject) => submissions.set(key, { resolve, reject }));
    },
    async *watch(handle) {
      const watched = puppet(String(handle["key"]));
      for (let place = 0; ; place++) {
        while (place >= watched.statuses.length)
          await new Promise<void>((resolve) => (watched.wake = resolve));
        const status = watched.statuses[place] as TrialJobStatus | Error;
        if (status instanceof Error) throw status;
        yield status;
        if (status.kind !== "running" && status.kind !== "waiting") return;
      }
    },
    async cancel(handle) {
      const key = String(handle["key"]);
      cancelled.push(key);
      await options.cancel?.();
      say(key, { kind: "cancelled" });
    },
    start(trialJobId) {
      const key = newest(trialJobId);
      submissions.get(key)?.resolve({ key });
    },
    refuse: (trialJobId, error) => submissions.get(newest(trialJobId))?.reject(error),
    end: (trialJobId, status) => say(newest(trialJobId), status),
    loseSight: (trialJobId, error) => say(newest(trialJobId), error),
  };
}
