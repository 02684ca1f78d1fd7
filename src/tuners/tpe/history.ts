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
  /** Rows with a result, best first; equal losses by age. */
  readonly ranking: readonly Row[];
  /** Rows with a finite result or -Infinity. */
  readonly usable: number;
  readonly running: ReadonlySet<Row>;
  add(point: Point): Row;
  finish(row: Row, loss: number): void;
  remove(row: Row): void;
}

export function createHistory(): History {
  const ranking: Row[] = [];
  const running = new Set<Row>();
  let next = 0;
  let usable = 0;
  return {
    ranking,
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
      ranking.splice(placeOf(ranking, row), 0, row);
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

function isBefore(one: Row, other: Row): boolean {
  return one.loss! < other.loss! || (one.loss === other.loss && one.number < other.number);
}
