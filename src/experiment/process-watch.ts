import type { AlgorithmRole } from "./algorithm-channel.ts";
import { hung } from "./algorithm-errors.ts";
import { looks } from "./algorithm-watch.ts";

/** Where a process says it is: how many calls it has begun, and the method that is at work (null: none is). */
export interface Whereabouts {
  readonly call: number;
  readonly method: string | null;
}

export interface ProcessWatch {
  /** The answer to `where`. */
  at(where: Whereabouts): void;
  stop(): void;
}

/**
 * Asks the process again and again where it is. `hung` is called, once, when it has been in the same call for `timeoutMs`, or has
 * not answered for that long (null: however long).
 */
export function watchProcess({
  role,
  timeoutMs,
  where,
  hung: bark,
}: {
  readonly role: AlgorithmRole;
  readonly timeoutMs: number | null;
  where(): void;
  hung(error: Error): void;
}): ProcessWatch {
  if (timeoutMs === null) return { at: () => {}, stop: () => {} };
  let seen: Whereabouts = { call: -1, method: null };
  let still = 0;
  const timer = setInterval(() => {
    still += 1;
    if (still <= looks) return where();
    clearInterval(timer);
    bark(hung(role, seen.method ?? "starting", timeoutMs));
  }, timeoutMs / looks);
  timer.unref();
  return {
    at(now) {
      if (now.method === null || now.call !== seen.call || now.method !== seen.method) still = 0;
      seen = now;
    },
    stop: () => clearInterval(timer),
  };
}
