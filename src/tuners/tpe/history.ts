import type { Point } from "../../model/index.ts";

/** One phase that the model learns from. */
export interface Row {
  /** 0, 1, 2 ... in the order of proposal; imported rows are numbered as they come. */
  readonly number: number;
  readonly point: Point;
  /** Infinity for a phase without a usable result (failed, NaN); undefined while it runs. */
  loss: number | undefined;
}

export interface History {
  /** Rows with a result, best first; equal losses by age. Brought up to date when it is read. */
  readonly ranking: readonly Row[];
  /** Rows with a finite result or -Infinity. */
  readonly usable: number;
  readonly running: ReadonlySet<Row>;
  add(point: Point): Row;
  finish(row: Row, loss: number): void;
  remove(row: Row): void;
}

export function createHistory(): History {
  let ranking: Row[] = [];
  /** Finished since the ranking was last read. */
  let finished: Row[] = [];
  const running = new Set<Row>();
  let next = 0;
  let usable = 0;
  return {
    get ranking() {
      const [first] = finished;
      if (first !== undefined && finished.length === 1) ranking.splice(placeOf(ranking, first), 0, first);
      else if (finished.length > 1) ranking = [...ranking, ...finished].sort(inRank);
      finished = [];
      return ranking;
    },
    running,
    get usable() {
      return usable;
    },
    add(point) {
      const row: Row = { number: next++, point, loss: undefined };
      running.add(row);
      return row;
    },
    finish(row, loss) {
      running.delete(row);
      row.loss = loss;
      finished.push(row);
      if (loss < Infinity) usable += 1;
    },
    remove(row) {
      running.delete(row);
    },
  };
}

/** Where a row belongs in the ranking, by bisection. */
function placeOf(ranking: readonly Row[], row: Row): number {
  let low = 0;
  let high = ranking.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(ranking[middle]!, row)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function inRank(one: Row, other: Row): number {
  return isBefore(one, other) ? -1 : 1;
}

function isBefore(one: Row, other: Row): boolean {
  return one.loss! < other.loss! || (one.loss === other.loss && one.number < other.number);
}
