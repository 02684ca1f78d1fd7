/** The part of the manager's clock that this service needs. */
export interface LocalClock {
  /** Milliseconds since some origin, never going back. */
  now(): number;
  /** Calls `ring` once when `now()` has reached `at`. Returns the way to take it back. */
  alarm(at: number, ring: () => void): () => void;
}

export function systemClock(): LocalClock {
  return {
    now: () => performance.now(),
    alarm(at, ring) {
      const timer = setTimeout(ring, Math.max(0, at - performance.now()));
      return () => clearTimeout(timer);
    },
  };
}

/** The alarms of one service: none is left after `close`. */
export interface Timers {
  /** Calls once after `ms`. Returns the way to take it back. */
  after(ms: number, ring: () => void): () => void;
  /** Resolves to true after `ms`, to false when the service is closed before. */
  pause(ms: number): Promise<boolean>;
  close(): void;
}

export function openTimers(clock: LocalClock): Timers {
  /** Ways to take alarms back; the value is what to do instead of ringing when everything closes. */
  const pending = new Map<() => void, () => void>();
  let closed = false;

  function set(ms: number, ring: () => void, dropped: () => void): () => void {
    const takeBack = clock.alarm(clock.now() + ms, () => {
      pending.delete(takeBack);
      ring();
    });
    pending.set(takeBack, dropped);
    return () => {
      pending.delete(takeBack);
      takeBack();
    };
  }

  return {
    after: (ms, ring) => (closed ? () => {} : set(ms, ring, () => {})),
    pause: (ms) =>
      new Promise((resolve) => {
        if (closed) resolve(false);
        else
          set(
            ms,
            () => resolve(true),
            () => resolve(false),
          );
      }),
    close() {
      closed = true;
      for (const [takeBack, dropped] of pending) {
        takeBack();
        dropped();
      }
      pending.clear();
    },
  };
}
