import type { MessagePort } from "node:worker_threads";
import { isPolyphaseError, messageOf } from "../model/index.ts";
import type { Tuner } from "../model/index.ts";
import { ask, tell } from "./serve-tuner.ts";
import type { ServedTuner } from "./serve-tuner.ts";
import { noteCalls } from "./tuner-watch.ts";
import type { TunerMessage } from "./tuner-host.ts";
import type { FromTunerThread, ToTunerThread } from "./worker-tuner-host.ts";

/**
 * The thread's side of `workerTunerHost`: calls the tuner in the order of the messages, until it fails. `readHistory`: what the
 * tuner was told and asked up to a record of the journal.
 */
export function serveTunerThread(
  port: MessagePort,
  makeTuner: (log: (message: string) => void) => Promise<Tuner>,
  readHistory: (upTo: number) => readonly TunerMessage[] = () => [],
): void {
  const send = (message: FromTunerThread): void => port.postMessage(message);
  const tuner = makeTuner((message) => send({ kind: "log", message }));
  let queue: Promise<unknown> = tuner.catch((error: unknown) => fail(error));
  let watch: ServedTuner["watch"];
  let failed = false;

  function fail(error: unknown): void {
    if (failed) return;
    failed = true;
    send({
      kind: "failed",
      message: messageOf(error),
      hint: isPolyphaseError(error) ? error.hint : undefined,
    });
  }

  port.on("message", (message: ToTunerThread) => {
    if (message.kind === "watch") {
      watch = noteCalls(message.memory);
      tuner.then(
        () => watch?.(undefined),
        () => {},
      );
      return;
    }
    queue = queue.then(async () => {
      if (failed) return;
      try {
        const served: ServedTuner = { tuner: await tuner, ...(watch && { watch }) };
        if (message.kind === "ask")
          send({ kind: "proposals", id: message.id, proposals: await ask(served, message.requests) });
        else for (const each of toBeTold(message, readHistory)) await tell(served, each);
      } catch (error) {
        fail(error);
      }
    });
  });
}

function toBeTold(
  message: Extract<ToTunerThread, { kind: "tell" | "history" }>,
  readHistory: (upTo: number) => readonly TunerMessage[],
): readonly TunerMessage[] {
  return message.kind === "tell" ? message.messages : readHistory(message.upTo);
}
