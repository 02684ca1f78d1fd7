// The arithmetic of cholesky.ts in plain JavaScript.
//
// Every number of a result goes through the same operations in the same order, whatever the tiles and panels are: it starts as the
// given number, the products that belong to it are taken away one at a time in the order of k, and it is divided once. Tiles only
// choose what is worked on side by side, so any other path that keeps to the order gives the same bits.

/** Rows and columns that are worked on together: a tile's sums stay in registers, a panel's rows in the cache. */
const TILE = 4;
const PANEL = 64;

/** The lower triangle of a matrix, and the columns whose products are taken away: `from` up to, not including, `to`. */
interface Panel {
  readonly cells: Float64Array;
  readonly stride: number;
  readonly from: number;
  readonly to: number;
}

/** Whether a number can stand under the root of a diagonal cell; then everything left of it is finite too. */
const isPivot = (square: number): boolean => square > 0 && square < Infinity;

export function factorizePlainly(cells: Float64Array, n: number, stride: number): boolean {
  for (let from = 0; from < n; from += PANEL) {
    const to = Math.min(from + PANEL, n);
    for (let j = from; j < to; j += TILE) {
      subtractProducts({ cells, stride, from, to: j }, j, n);
      if (!finishColumns({ cells, stride, from: j, to: Math.min(j + TILE, n) }, n)) return false;
    }
    for (let j = to; j < n; j += TILE) subtractProducts({ cells, stride, from, to }, j, n);
  }
  return true;
}

export function appendRowPlainly(cells: Float64Array, n: number, stride: number): boolean {
  let j = 0;
  for (; j + TILE <= n; j += TILE) {
    subtractFromStrip({ cells, stride, from: 0, to: j }, n, j);
    finishStrip({ cells, stride, from: j, to: j + TILE }, n);
  }
  for (; j < n; j++) finishCell({ cells, stride, from: 0, to: j }, n);
  return finishPivot({ cells, stride, from: 0, to: n });
}

/** Takes the panel's products away from the columns j .. j + 3, on and below the diagonal. */
function subtractProducts(panel: Panel, j: number, n: number): void {
  if (j + TILE > n) return subtractFromCorner(panel, j, n);
  let i = j;
  for (; i < j + TILE; i++) subtractFromStrip(panel, i, j);
  for (; i + 2 <= n; i += 2) subtractFromPair(panel, i, j);
  if (i < n) subtractFromStrip(panel, i, j);
}

/** The last rows and columns, fewer than a tile. */
function subtractFromCorner({ cells, stride, from, to }: Panel, first: number, n: number): void {
  for (let i = first; i < n; i++)
    for (let j = first; j <= i; j++) {
      let rest = cells[i * stride + j]!;
      for (let k = from; k < to; k++) rest -= cells[i * stride + k]! * cells[j * stride + k]!;
      cells[i * stride + j] = rest;
    }
}

/** Columns j .. j + 3 of the row i. What lies above the diagonal is worked out with the rest, but not written. */
function subtractFromStrip({ cells, stride, from, to }: Panel, i: number, j: number): void {
  const at = i * stride + j;
  let rest0 = cells[at]!;
  let rest1 = cells[at + 1]!;
  let rest2 = cells[at + 2]!;
  let rest3 = cells[at + 3]!;
  let row = i * stride + from;
  let column0 = j * stride + from;
  let column1 = column0 + stride;
  let column2 = column1 + stride;
  let column3 = column2 + stride;
  for (let k = from; k < to; k++) {
    const cell = cells[row++]!;
    rest0 -= cell * cells[column0++]!;
    rest1 -= cell * cells[column1++]!;
    rest2 -= cell * cells[column2++]!;
    rest3 -= cell * cells[column3++]!;
  }
  cells[at] = rest0;
  if (i > j) cells[at + 1] = rest1;
  if (i > j + 1) cells[at + 2] = rest2;
  if (i > j + 2) cells[at + 3] = rest3;
}

/** Columns j .. j + 3 of the rows i and i + 1, below the diagonal: where the time goes. */
function subtractFromPair({ cells, stride, from, to }: Panel, i: number, j: number): void {
  const at = i * stride + j;
  const below = at + stride;
  let rest00 = cells[at]!;
  let rest01 = cells[at + 1]!;
  let rest02 = cells[at + 2]!;
  let rest03 = cells[at + 3]!;
  let rest10 = cells[below]!;
  let rest11 = cells[below + 1]!;
  let rest12 = cells[below + 2]!;
  let rest13 = cells[below + 3]!;
  let row0 = i * stride + from;
  let row1 = row0 + stride;
  let column0 = j * stride + from;
  let column1 = column0 + stride;
  let column2 = column1 + stride;
  let column3 = column2 + stride;
  for (let k = from; k < to; k++) {
    const cell0 = cells[row0++]!;
    const cell1 = cells[row1++]!;
    const by0 = cells[column0++]!;
    const by1 = cells[column1++]!;
    const by2 = cells[column2++]!;
    const by3 = cells[column3++]!;
    rest00 -= cell0 * by0;
    rest01 -= cell0 * by1;
    rest02 -= cell0 * by2;
    rest03 -= cell0 * by3;
    rest10 -= cell1 * by0;
    rest11 -= cell1 * by1;
    rest12 -= cell1 * by2;
    rest13 -= cell1 * by3;
  }
  cells[at] = rest00;
  cells[at + 1] = rest01;
  cells[at + 2] = rest02;
  cells[at + 3] = rest03;
  cells[below] = rest10;
  cells[below + 1] = rest11;
  cells[below + 2] = rest12;
  cells[below + 3] = rest13;
}

/** Turns the panel's columns into the factor's, once everything left of them has been taken away. */
function finishColumns(panel: Panel, n: number): boolean {
  const { cells, stride, from, to } = panel;
  for (let i = from; i < to; i++) {
    for (let j = from; j < i; j++) finishCell({ cells, stride, from, to: j }, i);
    if (!finishPivot({ cells, stride, from, to: i })) return false;
  }
  for (let i = to; i < n; i++) finishStrip(panel, i);
  return true;
}

/** The cell (i, `to`), of which the products from `from` on have not been taken away yet. */
function finishCell({ cells, stride, from, to }: Panel, i: number): void {
  let rest = cells[i * stride + to]!;
  for (let k = from; k < to; k++) rest -= cells[i * stride + k]! * cells[to * stride + k]!;
  cells[i * stride + to] = rest / cells[to * stride + to]!;
}

/** The diagonal cell of the row `to`; false where the matrix is not positive definite. */
function finishPivot({ cells, stride, from, to }: Panel): boolean {
  let square = cells[to * stride + to]!;
  for (let k = from; k < to; k++) square -= cells[to * stride + k]! * cells[to * stride + k]!;
  cells[to * stride + to] = Math.sqrt(square);
  return isPivot(square);
}

/** The four cells of row i in the columns from `from` on. */
function finishStrip({ cells, stride, from }: Panel, i: number): void {
  const at = i * stride + from;
  const row0 = from * stride + from;
  const row1 = row0 + stride;
  const row2 = row0 + 2 * stride;
  const row3 = row0 + 3 * stride;
  const x0 = cells[at]! / cells[row0]!;
  const x1 = (cells[at + 1]! - x0 * cells[row1]!) / cells[row1 + 1]!;
  const x2 = (cells[at + 2]! - x0 * cells[row2]! - x1 * cells[row2 + 1]!) / cells[row2 + 2]!;
  const rest = cells[at + 3]! - x0 * cells[row3]! - x1 * cells[row3 + 1]! - x2 * cells[row3 + 2]!;
  cells[at] = x0;
  cells[at + 1] = x1;
  cells[at + 2] = x2;
  cells[at + 3] = rest / cells[row3 + 3]!;
}
