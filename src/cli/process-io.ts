import { createInterface } from "node:readline/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { Io, Parent } from "./io.ts";

export interface Habits {
  /** Questions are answered by whatever stdin is, as in `echo y | nnictl`. Otherwise only people at a terminal are asked. */
  readonly asksPipes?: boolean;
}

/** The real world of this process. */
export function processIo(process: NodeJS.Process, { asksPipes = false }: Habits = {}): Io {
  const interrupts = new Set<() => void>();
  const interrupt = (exitCode: number): void => {
    if (interrupts.size === 0) process.exit(exitCode);
    for (const listener of [...interrupts]) listener();
  };
  process.on("SIGINT", () => interrupt(130));
  process.on("SIGTERM", () => interrupt(143));
  let bound = true;
  process.on("SIGHUP", () => void (bound && interrupt(129)));
  // `| head` has read enough: no error, but no reason to go on either. Each later write would say so again.
  let read = true;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" && read) interrupt(0);
    read = false;
  });
  process.stderr.on("error", () => undefined);
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    now: () => Date.now(),
    pause: (ms, signal) =>
      pause(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined),
    onInterrupt(listener) {
      interrupts.add(listener);
      return () => interrupts.delete(listener);
    },
    outliveTerminal: () => void (bound = false),
    ask:
      asksPipes || (process.stdin.isTTY && process.stderr.isTTY)
        ? (question) => asked(process, question)
        : undefined,
    parent: process.send === undefined ? undefined : parentOf(process),
  };
}

/** The answer; empty where the person ends the input instead. */
async function asked({ stdin, stderr }: NodeJS.Process, question: string): Promise<string> {
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    return await Promise.race([
      lines.question(question),
      new Promise<string>((resolve) => lines.once("close", () => resolve(""))),
    ]);
  } finally {
    lines.close();
  }
}

function parentOf(process: NodeJS.Process): Parent {
  return {
    receive: () =>
      new Promise((resolve) => {
        process.once("message", resolve);
        process.once("disconnect", () => resolve(undefined));
      }),
    answer: (message) =>
      new Promise((resolve) => {
        process.send?.(message, undefined, undefined, () => {
          if (process.connected) process.disconnect();
          resolve();
        });
      }),
  };
}
