import type { Point } from "../../model/index.ts";
import { nameOf } from "../point-name.ts";
import { type Candidates, addCandidate, createCandidates } from "./candidates.ts";
import type { Encoding } from "./encoding.ts";

/** Everything that was evaluated, in the order in which it was learnt. */
export interface Memory {
  readonly rows: Candidates;
  /** By row. Infinity where a phase gave no usable result. */
  readonly losses: readonly number[];
  /** Rows by their losses, the best first; equal ones by age. */
  readonly ranking: readonly number[];
  has(point: Point): boolean;
  learn(point: Point, loss: number): void;
}

export function createMemory(encoding: Encoding): Memory {
  const rows = createCandidates(encoding);
  const losses: number[] = [];
  const ranking: number[] = [];
  const seen = new Set<string>();
  return {
    rows,
    losses,
    ranking,
    has: (point) => seen.has(nameOf(point)),
    learn(point, loss) {
      ranking.splice(placeOf(loss), 0, losses.length);
      losses.push(loss);
      addCandidate(rows, point);
      seen.add(nameOf(point));
    },
  };

  /** Behind all that are as good, by bisection. */
  function placeOf(loss: number): number {
    let low = 0;
    let high = ranking.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (losses[ranking[middle]!]! <= loss) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
