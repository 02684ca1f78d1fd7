import type { Tuner } from "../model/index.ts";
import { ask, tell } from "./serve-tuner.ts";
import type { TunerHost } from "./tuner-host.ts";

/** Runs a tuner in the caller's own thread: for the library and for tests on virtual time. */
export function inlineTunerHost(tuner: Tuner): TunerHost {
  let fail: (error: Error) => void = () => {};
  const failed = new Promise<Error>((resolve) => (fail = resolve));
  let queue: Promise<unknown> = Promise.resolve();

  /** Queues a call; after a failure nothing is called any more. */
  const inOrder = <T>(call: () => Promise<T>): Promise<T> => {
    const result = queue.then(call);
    queue = result;
    result.catch((error: unknown) => fail(error as Error));
    return result;
  };

  return {
    failed,
    tell(messages) {
      for (const message of messages) inOrder(() => tell({ algorithm: tuner }, message)).catch(() => {});
    },
    ask: (requests) => inOrder(() => ask({ algorithm: tuner }, requests)),
    async close() {},
  };
}
