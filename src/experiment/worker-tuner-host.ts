import { Worker } from "node:worker_threads";
import { messageOf, PolyphaseError } from "../model/index.ts";
import type { JsonObject, ParameterRequest, Proposal } from "../model/index.ts";
import type { TunerHost, TunerMessage } from "./tuner-host.ts";

/** What crosses to the thread, and back. Structured clones, so NaN and infinities come through. */
export type ToTunerThread =
  | { readonly kind: "tell"; readonly messages: readonly TunerMessage[] }
  | { readonly kind: "ask"; readonly id: number; readonly requests: readonly ParameterRequest[] };

export type FromTunerThread =
  | { readonly kind: "proposals"; readonly id: number; readonly proposals: readonly Proposal[] }
  | { readonly kind: "failed"; readonly message: string; readonly hint: string | undefined };

/**
 * Runs a tuner in a worker thread. `entry` is the thread's module: it makes the tuner from `workerData` and hands it to
 * `serveTunerThread`.
 */
export function workerTunerHost(entry: URL, workerData: JsonObject): TunerHost {
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
    resolveFailed(error);
    for (const { reject } of open.values()) reject(error);
    open.clear();
  };
  worker.on("message", (message: FromTunerThread) => {
    if (message.kind === "failed")
      return fail(
        new PolyphaseError("tuner-failed", message.message, message.hint ? { hint: message.hint } : {}),
      );
    open.get(message.id)?.resolve(message.proposals);
    open.delete(message.id);
  });
  worker.on("error", (error) =>
    fail(
      new PolyphaseError("tuner-failed", `the tuner's thread failed: ${messageOf(error)}`, { cause: error }),
    ),
  );
  worker.on("exit", (code) =>
    fail(new PolyphaseError("tuner-failed", `the tuner's thread ended (code ${code})`)),
  );

  return {
    failed,
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
      await worker.terminate();
    },
  };
}
