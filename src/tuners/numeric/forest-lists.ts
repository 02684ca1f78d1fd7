import type { ForestRows } from "./forest-rows.ts";

/**
 * The rows of the tree that is being grown, each node's in a range of places of its own: once for each ordered column,
 * ascending in it, and once more in any order.
 */
export interface RowLists {
  /** A column's list; the one in any order where the column is unordered. */
  of(column: number): Int32Array;
  /** The list in any order. */
  readonly any: Int32Array;
  /** Begins a tree with the rows that have weight; gives their number. */
  take(weights: Float64Array): number;
  /** In every list moves the rows of places `from` .. `to`-1 that go left to the front; gives where the others begin. */
  part(from: number, to: number, isLeft: Uint8Array): number;
}

/** Each column is sorted once for the whole forest: `take` and `part` keep the order. */
export function createRowLists({ columns, count }: ForestRows, values: readonly Float64Array[]): RowLists {
  const whole: Int32Array[] = [Int32Array.from({ length: count }, (_, row) => row)];
  const placeOf = columns.map(({ kind }, column) => {
    if (kind === "unordered") return 0;
    return whole.push(rowsByValue(values[column]!)) - 1;
  });
  const lists = whole.map(() => new Int32Array(count));
  const [any, ...ordered] = lists as [Int32Array, ...Int32Array[]];
  const beside = new Int32Array(count);
  return {
    any,
    of: (column) => lists[placeOf[column]!]!,
    take(weights) {
      let taken = 0;
      for (const [i, list] of lists.entries()) {
        taken = 0;
        for (const row of whole[i]!) if (weights[row]! > 0) list[taken++] = row;
      }
      return taken;
    },
    part(from, to, isLeft) {
      // Single rows need no order, and half of all parts give two of them.
      if (to - from > 2) for (const list of ordered) partList({ list, from, to }, isLeft, beside);
      return partList({ list: any, from, to }, isLeft, beside);
    },
  };
}

function rowsByValue(values: Float64Array): Int32Array {
  return Int32Array.from(values, (_, row) => row).sort(
    (one, other) => values[one]! - values[other]! || one - other,
  );
}

interface Range {
  readonly list: Int32Array;
  readonly from: number;
  readonly to: number;
}

/** @param beside room for the rows that go right */
function partList({ list, from, to }: Range, isLeft: Uint8Array, beside: Int32Array): number {
  let front = from;
  let rest = 0;
  for (let place = from; place < to; place++) {
    const row = list[place]!;
    if (isLeft[row] === 1) list[front++] = row;
    else beside[rest++] = row;
  }
  for (let k = 0; k < rest; k++) list[front + k] = beside[k]!;
  return front;
}
