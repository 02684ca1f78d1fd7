/** The manager's time; an argument, so that tests run on virtual time. */
export interface Clock {
  /** Milliseconds since the epoch, never going back. */
  now(): number;
  /** Calls once, when `now()` has reached `at` or soon after. Returns the way to take it back. */
  alarm(at: number, ring: () => void): () => void;
}

/** The machine's clock: steps of the wall clock while the process runs do not count. */
export function systemClock(): Clock {
  const origin = performance.timeOrigin;
  const now = (): number => Math.round(origin + performance.now());
  return {
    now,
    alarm(at, ring) {
      // setTimeout counts in 32 bits: a far alarm is set again on the way.
      const longestMs = 2 ** 31 - 1;
      let timer = setTimeout(
        function ringOrGoOn() {
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
