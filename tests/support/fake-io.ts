import type { Io, Output } from "../../src/cli/io.ts";

/** The outer world of tests: output is kept, the clock goes on only during pauses. */
export interface FakeIo extends Io {
  /** Everything written so far. */
  readonly written: { readonly stdout: string; readonly stderr: string };
  /** As Ctrl-C does. */
  interrupt(): void;
}

export function fakeIo(terminal: Omit<Output, "write"> = {}): FakeIo {
  const written = { stdout: "", stderr: "" };
  const listeners = new Set<() => void>();
  let now = Date.UTC(2026, 0, 2, 3, 4, 5);
  return {
    written,
    stdout: { ...terminal, write: (text) => void (written.stdout += text) },
    stderr: { ...terminal, write: (text) => void (written.stderr += text) },
    now: () => now,
    pause: async (ms) => void (now += ms),
    onInterrupt(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    interrupt: () => {
      for (const listener of [...listeners]) listener();
    },
  };
}
