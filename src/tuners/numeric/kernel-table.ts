/**
 * Observations as kernels: one row per observation, all rows in one block of numbers, and for each ordered axis the rows
 * in ascending order, brought up to date when it is next read: one new row is inserted, many are sorted and merged in, so that
 * a long history costs no more than sorting it once. Bandwidths live beside the
 * positions; they are set by `fitMixture` (kernel-mixture.ts) and stay in place as long as they do not change.
 */

import { enlarged } from "./enlarged.ts";

export type KernelAxis = OrderedAxis | UnorderedAxis;

/** Model coordinates: bounded axes run over [low, high], others over the whole line. */
export interface OrderedAxis {
  readonly kind: "ordered";
  readonly low: number;
  readonly high: number;
  /** The prior is one wide kernel here. Also the widest bandwidth; the narrowest is a hundredth of it. */
  readonly priorCentre: number;
  readonly priorSigma: number;
  /** True where only the cells of a grid occur: densities are then cell masses. */
  readonly grid: boolean;
}

export interface UnorderedAxis {
  readonly kind: "unordered";
  readonly size: number;
}

export interface KernelTable {
  /** In the table's own order: continuous, then grid, then unordered axes. */
  readonly axes: readonly KernelAxis[];
  /** Axes before this column are continuous; from it to `firstUnordered` grids. */
  readonly firstGrid: number;
  readonly firstUnordered: number;
  /** Rows in use. */
  size: number;
  /** Row-major, `axes.length` numbers a row: the coordinate, or the option's index. */
  at: Float64Array;
  sigma: Float64Array;
  /** 1 / sigma. */
  inverse: Float64Array;
  /** Log of the kernel's normaliser on this axis, without the exponent. */
  logNorm: Float64Array;
  /** For each ordered axis: row numbers by ascending coordinate, of the first `inOrder` rows. Read them with `orderOf`. */
  readonly orders: Int32Array[];
  readonly inOrder: number[];
  /** One byte per row for whoever needs to mark rows. */
  marks: Uint8Array;
}

const firstCapacity = 64;

/** `axes` must already be in the table's order, see {@link tableOrder}. */
export function createKernelTable(axes: readonly KernelAxis[]): KernelTable {
  const ordered = axes.filter((axis) => axis.kind === "ordered");
  const cells = firstCapacity * axes.length;
  return {
    axes,
    firstGrid: ordered.filter((axis) => !axis.grid).length,
    firstUnordered: ordered.length,
    size: 0,
    at: new Float64Array(cells),
    sigma: new Float64Array(cells).fill(NaN),
    inverse: new Float64Array(cells),
    logNorm: new Float64Array(cells),
    orders: ordered.map(() => new Int32Array(firstCapacity)),
    inOrder: ordered.map(() => 0),
    marks: new Uint8Array(firstCapacity),
  };
}

/** Positions of `axes` such that continuous ones come first, then grids, then unordered ones; stable. */
export function tableOrder(axes: readonly KernelAxis[]): number[] {
  const rank = (axis: KernelAxis): number => (axis.kind === "unordered" ? 2 : axis.grid ? 1 : 0);
  return axes.map((_, i) => i).sort((i, j) => rank(axes[i]!) - rank(axes[j]!) || i - j);
}

/** Adds a row at the end. */
export function appendRow(table: KernelTable, coordinates: ArrayLike<number>): void {
  if (table.size === table.marks.length) grow(table);
  const { at, axes, size } = table;
  const base = size * axes.length;
  for (let j = 0; j < axes.length; j++) at[base + j] = coordinates[j]!;
  table.sigma.fill(NaN, base, base + axes.length);
  table.size = size + 1;
}

/** All rows by ascending coordinate on axis `j`; equal ones by age. Valid until the table changes. */
export function orderOf(table: KernelTable, j: number): Int32Array {
  const missing = table.size - table.inOrder[j]!;
  if (missing === 1) insertLast(table, j);
  else if (missing > 1) mergeMissing(table, j);
  table.inOrder[j] = table.size;
  return table.orders[j]!;
}

/** Costs O(rows) moves, no comparison sort. */
function insertLast(table: KernelTable, j: number): void {
  const order = table.orders[j]!;
  const row = table.size - 1;
  const place = upperBound(table, j, table.at[row * table.axes.length + j]!);
  order.copyWithin(place + 1, place, row);
  order[place] = row;
}

/** Merges from the back, in place. */
function mergeMissing(table: KernelTable, j: number): void {
  const order = table.orders[j]!;
  const from = table.inOrder[j]!;
  const coordinate = (row: number): number => table.at[row * table.axes.length + j]!;
  const missing = Int32Array.from({ length: table.size - from }, (_, k) => from + k);
  missing.sort((one, other) => coordinate(one) - coordinate(other) || one - other);
  let old = from - 1;
  let write = table.size - 1;
  for (let k = missing.length - 1; k >= 0; write--) {
    const row = missing[k]!;
    const isOldLater = old >= 0 && coordinate(order[old]!) > coordinate(row);
    order[write] = isOldLater ? order[old--]! : row;
    if (!isOldLater) k--;
  }
}

/** Takes a row out; later rows move up by one. */
export function removeRow(table: KernelTable, row: number): void {
  const width = table.axes.length;
  for (let j = 0; j < table.firstUnordered; j++) orderOf(table, j); // while every row is in its place
  for (const column of [table.at, table.sigma, table.inverse, table.logNorm])
    column.copyWithin(row * width, (row + 1) * width, table.size * width);
  for (const [j, order] of table.orders.entries()) {
    let kept = 0;
    for (let k = 0; k < table.size; k++) {
      const other = order[k]!;
      if (other !== row) order[kept++] = other > row ? other - 1 : other;
    }
    table.inOrder[j] = kept;
  }
  table.size -= 1;
}

/** First place among the rows in order on axis `j` whose coordinate is beyond `coordinate`. */
function upperBound(table: KernelTable, j: number, coordinate: number): number {
  const order = table.orders[j]!;
  const width = table.axes.length;
  let low = 0;
  let high = table.inOrder[j]!;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (table.at[order[middle]! * width + j]! <= coordinate) low = middle + 1;
    else high = middle;
  }
  return low;
}

function grow(table: KernelTable): void {
  const capacity = 2 * table.marks.length;
  const cells = capacity * table.axes.length;
  table.at = enlarged(table.at, cells);
  table.sigma = enlarged(table.sigma, cells);
  table.inverse = enlarged(table.inverse, cells);
  table.logNorm = enlarged(table.logNorm, cells);
  table.marks = new Uint8Array(capacity);
  for (const [j, order] of table.orders.entries()) {
    const wider = new Int32Array(capacity);
    wider.set(order);
    table.orders[j] = wider;
  }
}
