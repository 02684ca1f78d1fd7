import type { MessagePort } from "node:worker_threads";
import type { Tuner } from "../model/index.ts";
import { ask, tell } from "./serve-tuner.ts";
import { serveThread } from "./serve-thread.ts";
import type { ThreadMessage } from "./serve-thread.ts";
import type { TunerMessage } from "./algorithm-messages.ts";

/**
 * The thread's side of `workerTunerHost`. `readHistory`: what the tuner was told and asked up to a record of the journal.
 */
export function serveTunerThread(
  port: MessagePort,
  makeTuner: (log: (message: string) => void) => Promise<Tuner>,
  readHistory: (upTo: number) => readonly TunerMessage[] = () => [],
): void {
  serveThread(port, makeTuner, async (served, message) => {
    if (message.kind === "ask") {
      const { id, requests } = message;
      return { kind: "proposals", id, proposals: await ask(served, requests) };
    }
    for (const each of toBeTold(message, readHistory)) await tell(served, each);
    return undefined;
  });
}

function toBeTold(
  message: ThreadMessage,
  readHistory: (upTo: number) => readonly TunerMessage[],
): readonly TunerMessage[] {
  if (message.kind === "history") return readHistory(message.upTo);
  return message.kind === "tell" ? message.messages : [];
}
