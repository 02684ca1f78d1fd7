import type { Io } from "../io.ts";
import { count } from "../terminal/words.ts";

/** Shows on stderr how far a long count has come. */
export interface Counter {
  update(done: number, total: number): void;
  /** Takes the line away. */
  end(): void;
}

const redrawMs = 100;
const lineMs = 10_000;

/** On terminals one line that is drawn again; elsewhere a line every ten seconds. `12,000/100,000 proposals`. */
export function createCounter({ stderr, now }: Io, what: string): Counter {
  const live = stderr.isTTY === true;
  let shownAt = now();
  let drawn = false;
  return {
    update(done, total) {
      if (now() - shownAt < (live ? redrawMs : lineMs)) return;
      shownAt = now();
      drawn = live;
      stderr.write(`${live ? "\r\x1b[K" : ""}${count(done)}/${count(total)} ${what}${live ? "" : "\n"}`);
    },
    end() {
      if (drawn) stderr.write("\r\x1b[K");
    },
  };
}
