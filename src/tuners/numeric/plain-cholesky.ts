import {
  type Block,
  PANEL,
  TILE,
  subtractFromCell,
  subtractFromPair,
  subtractFromRow,
  transposed,
  within,
} from "./plain-products.ts";

/** Whether a number can stand under the root of a diagonal cell; where all can, everything left of them is finite too. */
const isPivot = (square: number): boolean => square > 0 && square < Infinity;

/** Cholesky's factor in A's place, with the lower triangle only read and written. */
export function factorizePlainly(a: Block, n: number): boolean {
  for (let from = 0; from < n; from += PANEL) {
    const to = Math.min(from + PANEL, n);
    for (let j = from; j < n; j += TILE) {
      subtractColumns(a, { from, to: Math.min(j, to) }, j, n);
      if (j < to && !finishColumns(a, j, n)) return false;
    }
  }
  return true;
}

/** Makes the n + 1st row the factor's, below n rows of the factor. */
export function appendRowPlainly(a: Block, n: number): boolean {
  const row = within(a, n, 0);
  let j = 0;
  for (; j + TILE <= n; j += TILE) {
    subtractFromRow(within(row, 0, j), row, transposed(within(a, j, 0)), j);
    finishRow(within(row, 0, j), within(a, j, j));
  }
  for (; j < n; j++) finishCell(a, n, { from: 0, to: j });
  return finishPivot(a, { from: 0, to: n });
}

/** Columns `from` up to, not including, `to`. */
interface Columns {
  readonly from: number;
  readonly to: number;
}

/** Takes the products of those columns away from the columns j .. j + 3, on and below the diagonal. */
function subtractColumns(a: Block, { from, to }: Columns, j: number, n: number): void {
  if (j + TILE > n) return subtractFromCorner(a, { from, to }, j, n);
  const columns = transposed(within(a, j, from));
  let i = j;
  for (; i < j + TILE; i++)
    subtractFromRow(within(a, i, j), within(a, i, from), columns, to - from, i - j + 1);
  for (; i + 2 <= n; i += 2) subtractFromPair(within(a, i, j), within(a, i, from), columns, to - from);
  if (i < n) subtractFromRow(within(a, i, j), within(a, i, from), columns, to - from);
}

/** The last rows and columns, fewer than a tile. */
function subtractFromCorner(a: Block, { from, to }: Columns, first: number, n: number): void {
  const { cells, at, down } = a;
  for (let i = first; i < n; i++)
    for (let j = first; j <= i; j++) {
      const cell = at + i * down + j;
      const column = transposed(within(a, j, from));
      cells[cell] = subtractFromCell(cells[cell]!, within(a, i, from), column, to - from);
    }
}

/** Turns the columns j .. j + 3 into the factor's, once everything left of them has been taken away. */
function finishColumns(a: Block, j: number, n: number): boolean {
  const to = Math.min(j + TILE, n);
  for (let i = j; i < to; i++) {
    for (let column = j; column < i; column++) finishCell(a, i, { from: j, to: column });
    if (!finishPivot(a, { from: j, to: i })) return false;
  }
  const corner = within(a, j, j);
  for (let i = to; i < n; i++) finishRow(within(a, i, j), corner);
  return true;
}

/** The cell (i, to), of which the products from `from` on have not been taken away yet. */
function finishCell(a: Block, i: number, { from, to }: Columns): void {
  const { cells, at, down } = a;
  const cell = at + i * down + to;
  const rest = subtractFromCell(cells[cell]!, within(a, i, from), transposed(within(a, to, from)), to - from);
  cells[cell] = rest / cells[at + to * (down + 1)]!;
}

/** The diagonal cell of the row `to`; false where the matrix is not positive definite. */
function finishPivot(a: Block, { from, to }: Columns): boolean {
  const { cells, at, down } = a;
  const row = within(a, to, from);
  const pivot = at + to * (down + 1);
  const square = subtractFromCell(cells[pivot]!, row, transposed(row), to - from);
  cells[pivot] = Math.sqrt(square);
  return isPivot(square);
}

/** Four cells of a row below the tile of the diagonal that begins at `corner`. */
function finishRow({ cells, at }: Block, { at: row0, down }: Block): void {
  const row1 = row0 + down;
  const row2 = row1 + down;
  const row3 = row2 + down;
  const x0 = cells[at]! / cells[row0]!;
  const x1 = (cells[at + 1]! - x0 * cells[row1]!) / cells[row1 + 1]!;
  const x2 = (cells[at + 2]! - x0 * cells[row2]! - x1 * cells[row2 + 1]!) / cells[row2 + 2]!;
  const rest = cells[at + 3]! - x0 * cells[row3]! - x1 * cells[row3 + 1]! - x2 * cells[row3 + 2]!;
  cells[at] = x0;
  cells[at + 1] = x1;
  cells[at + 2] = x2;
  cells[at + 3] = rest / cells[row3 + 3]!;
}
