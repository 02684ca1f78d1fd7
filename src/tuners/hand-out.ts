import type { PhaseOutcome } from "../model/index.ts";

/** Hands the numbers 0 .. size-1 out, each once; one that failed or was not evaluated is handed out once more. */
export interface HandOut {
  /** `wait` while numbers are out that may still come back. */
  next(parameterId: number): number | "wait" | "no-more";
  ended(parameterId: number, outcome: PhaseOutcome): void;
  /** Never hand this one out: its result is known. */
  skip(item: number): void;
  has(item: number): boolean;
  /** Everything handed out or skipped, except what has come back. */
  taken(): readonly number[];
}

/** @param walk the item at each place of the order: a permutation of 0 .. size-1 */
export function createHandOut(size: number, walk: (place: number) => number): HandOut {
  const taken = new Set<number>();
  const out = new Map<number, { readonly item: number; readonly again: boolean }>();
  const returned: number[] = [];
  let place = 0;
  const give = (parameterId: number, item: number, again: boolean): number => {
    taken.add(item);
    out.set(parameterId, { item, again });
    return item;
  };
  return {
    next(parameterId) {
      while (place < size && taken.has(walk(place))) place++;
      if (place < size) return give(parameterId, walk(place), false);
      const item = returned.shift();
      if (item !== undefined) return give(parameterId, item, true);
      return [...out.values()].some(({ again }) => !again) ? "wait" : "no-more";
    },
    ended(parameterId, outcome) {
      const given = out.get(parameterId);
      if (given === undefined) return;
      out.delete(parameterId);
      const evaluated = outcome === "succeeded" || outcome === "stopped";
      if (!evaluated && !given.again) returned.push(given.item);
    },
    skip(item) {
      taken.add(item);
      const back = returned.indexOf(item);
      if (back >= 0) returned.splice(back, 1);
    },
    has: (item) => taken.has(item),
    taken: () => [...taken].filter((item) => !returned.includes(item)),
  };
}
