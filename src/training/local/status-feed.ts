import type { TrialJobStatus } from "../../model/index.ts";

/** The status of one job and everybody who follows it. */
export interface StatusFeed {
  readonly current: TrialJobStatus;
  /** Does nothing once the status is final: a job that ended stays as it is. */
  set(status: TrialJobStatus): void;
  /** The present status, then every change; ends after a final status, or when the feed is closed. */
  watch(): AsyncIterable<TrialJobStatus>;
  /** Lets go of all followers. */
  close(): void;
}

export function isFinal(status: TrialJobStatus): boolean {
  return status.kind !== "waiting" && status.kind !== "running";
}

export function statusFeed(initial: TrialJobStatus): StatusFeed {
  const statuses: TrialJobStatus[] = [initial];
  let closed = false;
  let changed = signal();

  const current = (): TrialJobStatus => statuses.at(-1) as TrialJobStatus;
  const announce = (): void => {
    changed.resolve();
    changed = signal();
  };

  return {
    get current() {
      return current();
    },
    set(status) {
      if (isFinal(current())) return;
      statuses.push(status);
      announce();
    },
    async *watch() {
      let at = statuses.length - 1;
      while (true) {
        const status = statuses[at];
        if (status !== undefined) {
          at++;
          yield status;
          if (isFinal(status)) return;
        } else if (closed) return;
        else await changed.promise;
      }
    },
    close() {
      closed = true;
      announce();
    },
  };
}

function signal(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((fulfil) => (resolve = fulfil));
  return { promise, resolve };
}
