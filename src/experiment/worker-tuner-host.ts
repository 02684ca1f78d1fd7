import { Worker } from "node:worker_threads";
import { messageOf, PolyphaseError } from "../model/index.ts";
import type { JsonObject, ParameterRequest, Proposal } from "../model/index.ts";
import type { TunerHost, TunerMessage } from "./tuner-host.ts";
import { watchdog, watchMemory } from "./tuner-watch.ts";

/** What crosses to the thread, and back. Structured clones, so NaN and infinities come through. */
export type ToTunerThread =
  | { readonly kind: "watch"; readonly memory: Int32Array }
  /** The thread reads the journal itself, up to this record: a long history need not be copied to it. */
  | { readonly kind: "history"; readonly upTo: number }
  | { readonly kind: "tell"; readonly messages: readonly TunerMessage[] }
  | { readonly kind: "ask"; readonly id: number; readonly requests: readonly ParameterRequest[] };

export type FromTunerThread =
  | { readonly kind: "proposals"; readonly id: number; readonly proposals: readonly Proposal[] }
  | { readonly kind: "log"; readonly message: string }
  | { readonly kind: "failed"; readonly message: string; readonly hint: string | undefined };

export interface WorkerTunerHost extends TunerHost {
  /** Lets the tuner hear what the journal holds up to that record; see `serveTunerThread`. */
  readHistory(upTo: number): void;
}

export interface WorkerTunerHostOptions {
  readonly timeoutMs?: number | null;
  readonly log?: (message: string) => void;
}

/**
 * Runs a tuner in a worker thread. `entry` is the thread's module: it makes the tuner from `workerData` and hands it to
 * `serveTunerThread`. A call that has not come back after `timeoutMs` (null: however long) counts as a failure, and the thread
 * is ended, whatever it is doing. `log` gets the lines that the tuner has for people.
 */
export function workerTunerHost(
  entry: URL,
  workerData: JsonObject,
  { timeoutMs = null, log = () => {} }: WorkerTunerHostOptions = {},
): WorkerTunerHost {
  const worker = new Worker(entry, { workerData, name: "polyphase-tuner" });
  const open = new Map<
    number,
    { resolve(proposals: readonly Proposal[]): void; reject(error: Error): void }
  >();
  let nextId = 0;
  let broken: Error | undefined;
  let closing = false;
  let resolveFailed: (error: Error) => void = () => {};
  const failed = new Promise<Error>((resolve) => (resolveFailed = resolve));

  const fail = (error: Error): void => {
    if (broken || closing) return;
    broken = error;
    stopWatching();
    void worker.terminate();
    resolveFailed(error);
    for (const { reject } of open.values()) reject(error);
    open.clear();
  };
  const memory = watchMemory();
  worker.postMessage({ kind: "watch", memory } satisfies ToTunerThread);
  const stopWatching =
    timeoutMs === null ? () => {} : watchdog(memory, timeoutMs, (method) => fail(hung(method, timeoutMs)));
  worker.on("message", (message: FromTunerThread) => {
    if (message.kind === "failed") return fail(asError(message));
    if (message.kind === "log") return log(message.message);
    open.get(message.id)?.resolve(message.proposals);
    open.delete(message.id);
  });
  worker.on("error", (error) => fail(threadFailed(`failed: ${messageOf(error)}`, error)));
  worker.on("exit", (code) => fail(threadFailed(`ended (code ${code})`)));

  return {
    failed,
    readHistory(upTo) {
      worker.postMessage({ kind: "history", upTo } satisfies ToTunerThread);
    },
    tell(messages) {
      worker.postMessage({ kind: "tell", messages } satisfies ToTunerThread);
    },
    ask(requests) {
      return new Promise((resolve, reject) => {
        if (broken) return reject(broken);
        const id = nextId++;
        open.set(id, { resolve, reject });
        worker.postMessage({ kind: "ask", id, requests } satisfies ToTunerThread);
      });
    },
    async close() {
      closing = true;
      stopWatching();
      await worker.terminate();
    },
  };
}

function asError({ message, hint }: Extract<FromTunerThread, { kind: "failed" }>): PolyphaseError {
  return new PolyphaseError("tuner-failed", message, hint ? { hint } : {});
}

function threadFailed(how: string, cause?: Error): PolyphaseError {
  return new PolyphaseError("tuner-failed", `the tuner's thread ${how}`, cause ? { cause } : {});
}

function hung(method: string, timeoutMs: number): PolyphaseError {
  return new PolyphaseError(
    "tuner-failed",
    `the tuner has not come back from ${method} for ${timeoutMs / 1_000} s (tunerTimeout)`,
    { hint: "mend the tuner, or give it more time with tunerTimeout; nothing is lost" },
  );
}
