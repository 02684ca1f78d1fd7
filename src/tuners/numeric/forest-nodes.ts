import type { ForestColumn, ForestRows } from "./forest-rows.ts";

/** The nodes of all trees of a forest, in flat arrays. The right child stands behind the left one. */
export interface Nodes {
  readonly columns: readonly ForestColumn[];
  /** The column that is asked; -1 in a leaf. */
  readonly column: Int32Array;
  /** Ordered columns: values up to this one go left. Unordered ones: where the node's subset begins in `subsets`. */
  readonly threshold: Float64Array;
  readonly isSubset: Uint8Array;
  readonly left: Int32Array;
  /** Of a leaf's rows, less `shift`. */
  readonly mean: Float64Array;
  /** Mean square of a leaf's rows, less `shift`: its variance plus the square of its mean. */
  readonly square: Float64Array;
  /** Bits of the options that go left, 32 to a word. */
  readonly subsets: number[];
  /** The mean of all targets: sums of squares about it keep their digits. */
  readonly shift: number;
  size: number;
}

/** @param capacity the most nodes there will be */
export function createNodes({ columns, targets, count }: ForestRows, capacity: number): Nodes {
  let sum = 0;
  for (let row = 0; row < count; row++) sum += targets[row]!;
  return {
    columns,
    column: new Int32Array(capacity),
    threshold: new Float64Array(capacity),
    isSubset: new Uint8Array(capacity),
    left: new Int32Array(capacity),
    mean: new Float64Array(capacity),
    square: new Float64Array(capacity),
    subsets: [],
    shift: sum / count,
    size: 0,
  };
}

/** Where a row with this value in the node's column goes. */
export function goesLeft({ isSubset, threshold, subsets }: Nodes, node: number, value: number): boolean {
  if (isSubset[node] === 0) return value <= threshold[node]!;
  return ((subsets[threshold[node]! + (value >>> 5)]! >>> (value & 31)) & 1) === 1;
}
