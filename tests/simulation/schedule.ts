import type { Clock } from "../../src/experiment/index.ts";
import { seeded } from "../../src/model/index.ts";

/** Virtual time. Whatever happens is a task; tasks of one moment come in an order that the seed decides. */
export interface Schedule extends Clock {
  /** Calls `task` when `ms` have passed. Returns the way to take it back. */
  after(ms: number, task: () => void): () => void;
  pause(ms: number): Promise<void>;
  /** Does one task after the other until `over()`; false where no task is left, or time or patience is at its end. */
  run(over: () => boolean, bounds: Bounds): Promise<boolean>;
}

export interface Bounds {
  /** Virtual time that may pass. */
  readonly ms: number;
  /** Tasks that may be done in all. */
  readonly steps: number;
  /** Called before each task, with its number over all runs. */
  beforeStep?(step: number): void;
}

interface Task {
  readonly at: number;
  readonly lot: number;
  readonly call: () => void;
}

const start = 1_000_000;

export function schedule(seed: number): Schedule {
  const lots = seeded(seed);
  const tasks = new Set<Task>();
  let now = start;
  let step = 0;

  const alarm = (at: number, call: () => void): (() => void) => {
    const task = { at: Math.max(at, now), lot: lots.next(), call };
    tasks.add(task);
    return () => tasks.delete(task);
  };
  const after = (ms: number, call: () => void): (() => void) => alarm(now + ms, call);

  return {
    now: () => now,
    alarm,
    after,
    pause: (ms) => new Promise((resolve) => void after(ms, resolve)),
    async run(over, { ms, steps, beforeStep }) {
      const end = now + ms;
      for (;;) {
        if (over()) return true;
        beforeStep?.(step);
        const next = first(tasks);
        if (!next || next.at > end || step >= steps) return false;
        tasks.delete(next);
        now = next.at;
        step += 1;
        next.call();
        await promisesKept();
      }
    },
  };
}

function first(tasks: Iterable<Task>): Task | undefined {
  let best: Task | undefined;
  for (const task of tasks) {
    if (!best || task.at < best.at || (task.at === best.at && task.lot < best.lot)) best = task;
  }
  return best;
}

/**
 * One turn of the event loop: it comes when no promise is left that could go on by itself. As everything in a simulation
 * that takes its time is a task, nothing else can be under way.
 */
function promisesKept(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
