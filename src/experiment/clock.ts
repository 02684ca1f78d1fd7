/** The manager's time; an argument, so that tests run on virtual time. */
export interface Clock {
  /** Milliseconds since the epoch, never going back. */
  now(): number;
  /** Calls once, when `now()` has reached `at` or soon after. Returns the way to take it back. */
  alarm(at: number, ring: () => void): () => void;
  /**
   * When this process last woke up after it had been stopped for long (SIGSTOP, a suspended machine, a blocked event loop):
   * what others did meanwhile may not have been read yet. Absent, and 0: never.
   */
  awakeSince?(): number;
}

/** The process looks at its clock at least this often, in milliseconds, unless it is stopped. */
const lookEveryMs = 1_000;

/** Longer than this between two looks: it was stopped. */
const stoppedMs = 5_000;

/**
 * The machine's clock: steps of the wall clock while the process runs do not count. `notBefore`: a time that has been seen
 * already, in an earlier process; the wall clock may have been put back since.
 */
export function systemClock(notBefore = 0): Clock {
  const origin = Math.max(performance.timeOrigin, notBefore - performance.now());
  const now = (): number => Math.round(origin + performance.now());
  const sleep = (watch ??= watchForSleep());
  return {
    now,
    awakeSince: () => (sleep.wokeAt === undefined ? 0 : Math.round(origin + sleep.wokeAt)),
    alarm(at, ring) {
      // setTimeout counts in 32 bits: a far alarm is set again on the way.
      const longestMs = 2 ** 31 - 1;
      let timer = setTimeout(
        function ringOrGoOn() {
          sleep.look();
          const left = at - now();
          if (left <= 0) return ring();
          timer = setTimeout(ringOrGoOn, Math.min(left, longestMs));
        },
        Math.min(Math.max(at - now(), 0), longestMs),
      );
      return () => clearTimeout(timer);
    },
  };
}

/** One for the whole process, as it is stopped as a whole. */
let watch: SleepWatch | undefined;

interface SleepWatch {
  /** By `performance.now()`; undefined: it has not been stopped. */
  wokeAt: number | undefined;
  look(): void;
}

function watchForSleep(): SleepWatch {
  let seen = performance.now();
  const sleep: SleepWatch = {
    wokeAt: undefined,
    look() {
      const at = performance.now();
      if (at - seen > stoppedMs) sleep.wokeAt = at;
      seen = at;
    },
  };
  setInterval(sleep.look, lookEveryMs).unref();
  return sleep;
}
