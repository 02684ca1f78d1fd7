import type { AlgorithmMethod } from "./served.ts";

/*
 * How the manager sees that an algorithm's thread has hung, though it does not answer: the thread writes down in memory that
 * both share which method it is in, and how many calls it has begun.
 */

const methods: readonly AlgorithmMethod[] = [
  "constructor",
  "updateSearchSpace",
  "generateParameters",
  "generateMultipleParameters",
  "recallParameters",
  "receiveTrialResult",
  "receiveCustomizedTrialResult",
  "trialEnd",
  "importData",
  "assessPhase",
  "recallAssessment",
  "phaseEnd",
  "trialJobEnd",
];

/** Place in the shared memory. */
const calls = 0;
const method = 1;

/** As it is when the thread begins to make its algorithm. */
export function watchMemory(): Int32Array {
  const memory = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  memory[method] = codeOf("constructor");
  return memory;
}

/** 0: no method is at work. */
function codeOf(name: AlgorithmMethod | undefined): number {
  return name === undefined ? 0 : methods.indexOf(name) + 1;
}

/** The thread's side. */
export function noteCalls(memory: Int32Array): (at: AlgorithmMethod | undefined) => void {
  return (at) => {
    Atomics.store(memory, method, codeOf(at));
    Atomics.add(memory, calls, 1);
  };
}

/** How often the watchdog looks within one `timeoutMs`. A stopped process that wakes up has missed its looks: they do not count. */
export const looks = 10;

/**
 * Calls `bark` with the method that has not come back for `timeoutMs`, once. Returns the way to stop watching.
 */
export function watchdog(
  memory: Int32Array,
  timeoutMs: number,
  bark: (stuckIn: AlgorithmMethod) => void,
): () => void {
  let seen = Atomics.load(memory, calls);
  let still = 0;
  const timer = setInterval(() => {
    const now = Atomics.load(memory, calls);
    const at = methods[Atomics.load(memory, method) - 1];
    still = now === seen && at !== undefined ? still + 1 : 0;
    seen = now;
    if (still < looks || at === undefined) return;
    clearInterval(timer);
    bark(at);
  }, timeoutMs / looks);
  timer.unref();
  return () => clearInterval(timer);
}
