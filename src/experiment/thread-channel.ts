import { Worker } from "node:worker_threads";
import { messageOf } from "../model/index.ts";
import type { JsonObject } from "../model/index.ts";
import { Failure } from "./algorithm-channel.ts";
import type { AlgorithmChannel, AlgorithmRole } from "./algorithm-channel.ts";
import { algorithmFailed, hung } from "./algorithm-errors.ts";
import { watchdog, watchMemory } from "./algorithm-watch.ts";
import type { FromAlgorithm, ToAlgorithm } from "./algorithm-messages.ts";

/** What crosses to the thread, and back. Structured clones, so NaN and infinities come through. */
export type ToThread =
  | { readonly kind: "watch"; readonly memory: Int32Array }
  /** The thread reads the journal itself, up to this record: a long history need not be copied to it. */
  | { readonly kind: "history"; readonly upTo: number }
  | { readonly kind: "close" }
  | ToAlgorithm;

export type FromThread =
  | { readonly kind: "log"; readonly message: string }
  | { readonly kind: "failed"; readonly message: string; readonly hint: string | undefined }
  | FromAlgorithm;

export interface ThreadChannel extends AlgorithmChannel {
  post(message: ToThread): void;
}

export interface ChannelOptions {
  readonly role?: AlgorithmRole;
  /** A call that has not come back after this long counts as a failure; null: however long. */
  readonly timeoutMs?: number | null;
  /** Gets the lines that the algorithm has for people. */
  readonly log?: (message: string) => void;
}

/**
 * How long a thread may take to end by itself. Ended from outside it may be in the midst of a native call, of which some bring
 * the whole process down then.
 */
const closeGraceMs = 2_000;

/**
 * The way to an algorithm in a worker thread. `entry` is the thread's module: it makes the algorithm from `workerData` and
 * serves it. The thread of one that has failed is ended, whatever it is doing.
 */
export function threadChannel(
  entry: URL,
  workerData: JsonObject,
  { role = "tuner", timeoutMs = null, log = () => {} }: ChannelOptions = {},
): ThreadChannel {
  const worker = new Worker(entry, { workerData, name: `polyphase-${role}` });
  const gone = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  const endGently = async (): Promise<void> => {
    worker.postMessage({ kind: "close" } satisfies ToThread);
    const late = setTimeout(() => void worker.terminate(), closeGraceMs);
    await gone;
    clearTimeout(late);
  };
  const failure = new Failure();
  let listener: (message: FromAlgorithm) => void = () => {};
  const fail = (error: Error, end: () => Promise<unknown> = endGently): void => {
    if (!failure.fail(error)) return;
    stopWatching();
    void end();
  };
  const ended = (how: string, cause?: Error): void =>
    fail(algorithmFailed(role, `the ${role}'s thread ${how}`, { cause }));
  const memory = watchMemory();
  worker.postMessage({ kind: "watch", memory } satisfies ToThread);
  const stopWatching =
    timeoutMs === null
      ? () => {}
      : watchdog(memory, timeoutMs, (method) =>
          fail(hung(role, method, timeoutMs), () => worker.terminate()),
        );
  worker.on("message", (message: FromThread) => {
    if (message.kind === "log") return log(message.message);
    if (message.kind !== "failed") return listener(message);
    fail(algorithmFailed(role, message.message, { hint: message.hint }));
  });
  worker.on("error", (error) => ended(`failed: ${messageOf(error)}`, error));
  worker.on("exit", (code) => ended(`ended (code ${code})`));

  return {
    failed: failure.failed,
    listen: (who) => void (listener = who),
    post: (message) => worker.postMessage(message),
    async close() {
      failure.close();
      stopWatching();
      await endGently();
    },
  };
}
