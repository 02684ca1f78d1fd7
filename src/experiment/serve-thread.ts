import type { MessagePort } from "node:worker_threads";
import { isPolyphaseError, messageOf } from "../model/index.ts";
import { noteCalls } from "./algorithm-watch.ts";
import type { Served } from "./served.ts";
import type { FromThread, ToThread } from "./thread-channel.ts";
import type { FromAlgorithm } from "./algorithm-messages.ts";

/** What a thread has to be told of, in order. */
export type ThreadMessage = Exclude<ToThread, { kind: "watch" | "close" }>;

/**
 * The thread's side of `threadChannel`: serves the algorithm with one message after the other, until it fails. `serve` gives
 * the answer, where a message has one.
 */
export function serveThread<Algorithm>(
  port: MessagePort,
  make: (log: (message: string) => void) => Promise<Algorithm>,
  serve: (served: Served<Algorithm>, message: ThreadMessage) => Promise<FromAlgorithm | undefined>,
): void {
  const send = (message: FromThread): void => port.postMessage(message);
  const algorithm = make((message) => send({ kind: "log", message }));
  let queue: Promise<unknown> = algorithm.catch((error: unknown) => fail(error));
  let watch: Served<Algorithm>["watch"];
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

  port.on("message", (message: ToThread) => {
    if (message.kind === "close") process.exit(); // ends this thread only
    if (message.kind === "watch") {
      watch = noteCalls(message.memory);
      algorithm.then(
        () => watch?.(undefined),
        () => {},
      );
      return;
    }
    queue = queue.then(async () => {
      if (failed) return;
      try {
        const answer = await serve({ algorithm: await algorithm, ...(watch && { watch }) }, message);
        if (answer) send(answer);
      } catch (error) {
        fail(error);
      }
    });
  });
}
