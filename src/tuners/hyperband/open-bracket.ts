import type { Point } from "../../model/index.ts";
import type { Rung } from "./brackets.ts";

/** A bracket that is under way. */
export interface OpenBracket {
  readonly rungs: readonly Rung[];
  /** Place of its rung; past the last one it is closed. */
  stage: number;
  /** New configurations that were handed out: those of the first rung. */
  begun: number;
  /** Configurations that go on, and have not been handed out, by name. */
  waiting: Map<string, Point>;
  running: number;
  done: { readonly name: string; readonly configuration: Point; readonly loss: number }[];
}

export function openBracket(rungs: readonly Rung[]): OpenBracket {
  return { rungs, stage: 0, begun: 0, waiting: new Map(), running: 0, done: [] };
}

export function isClosed({ stage, rungs }: OpenBracket): boolean {
  return stage === rungs.length;
}

/** Place of the budget of its rung. */
export function budgetOf({ rungs, stage }: OpenBracket): number {
  return rungs[stage]!.budget;
}

export function hasRoom({ stage, begun, rungs }: OpenBracket): boolean {
  return stage === 0 && begun < rungs[0]!.count;
}

/** To the next rung, with the best of this one; closed where there is no next one, or nothing to fill it with. */
export function goOn(bracket: OpenBracket): void {
  const successes = bracket.done.filter(({ loss }) => loss < Infinity);
  const next = bracket.rungs[bracket.stage + 1];
  if (next === undefined || successes.length === 0) {
    bracket.stage = bracket.rungs.length;
    return;
  }
  const best = successes.toSorted((one, other) => one.loss - other.loss).slice(0, next.count);
  bracket.waiting = new Map(best.map(({ name, configuration }) => [name, configuration]));
  bracket.done = [];
  bracket.stage += 1;
}
