import { isPolyphaseError } from "../model/index.ts";
import type { Io } from "./io.ts";

/** A text that grows. */
export interface Growing {
  /** All of it so far. */
  read(): AsyncIterable<string>;
  /** False once nothing will be added; asked before each reading, which is therefore complete after the last time. */
  goesOn(): Promise<boolean>;
}

/** Time between two readings. */
const lookAgainMs = 500;

/**
 * Writes the text to stdout, and what is added to it until it no longer grows or somebody interrupts. `shown` may change
 * what is written, whole lines at a time.
 */
export async function follow(io: Io, text: Growing, shown?: (lines: string) => string): Promise<void> {
  const interrupted = new AbortController();
  const forget = io.onInterrupt(() => interrupted.abort());
  const write = shown === undefined ? (piece: string) => void io.stdout.write(piece) : byLine(io, shown);
  try {
    let written = 0;
    for (let more = true; more;) {
      more = await text.goesOn();
      written = await writeFrom(text, written, {
        write,
        interrupted: interrupted.signal,
        mayBeMissing: more,
      });
      if (more) await io.pause(lookAgainMs, interrupted.signal);
      if (interrupted.signal.aborted) return;
    }
    write("", true);
  } finally {
    forget();
  }
}

type Write = (piece: string, last?: boolean) => void;

interface Reading {
  readonly write: Write;
  readonly interrupted: AbortSignal;
  /** A log that does not exist yet is waited for. */
  readonly mayBeMissing: boolean;
}

/** Writes all but the first `skip` characters; returns how long the text is. */
async function writeFrom(
  text: Growing,
  skip: number,
  { write, interrupted, mayBeMissing }: Reading,
): Promise<number> {
  let length = 0;
  try {
    for await (const piece of text.read()) {
      if (interrupted.aborted) break;
      const fresh = piece.slice(Math.max(0, skip - length));
      length += piece.length;
      if (fresh !== "") write(fresh);
    }
  } catch (error) {
    if (!(mayBeMissing && isPolyphaseError(error) && error.code === "log-unavailable")) throw error;
  }
  return Math.max(skip, length);
}

/** Holds back the last line until it is complete. */
function byLine(io: Io, shown: (lines: string) => string): Write {
  let rest = "";
  return (piece, last) => {
    const text = rest + piece;
    const end = last === true ? text.length : text.lastIndexOf("\n") + 1;
    rest = text.slice(end);
    if (end > 0) io.stdout.write(shown(text.slice(0, end)));
  };
}
