import type { Tuner } from "../model/index.ts";
import { callsInOrder } from "./calls-in-order.ts";
import { ask, tell } from "./serve-tuner.ts";
import type { TunerHost } from "./tuner-host.ts";

/** Runs a tuner in the caller's own thread: for the library and for tests on virtual time. */
export function inlineTunerHost(tuner: Tuner): TunerHost {
  const { put, failed } = callsInOrder();
  const served = { algorithm: tuner };
  return {
    failed,
    tell(messages) {
      for (const message of messages) put(() => tell(served, message)).catch(() => {}); // `failed` says it
    },
    ask: (requests) => put(() => ask(served, requests)),
    async close() {},
  };
}
