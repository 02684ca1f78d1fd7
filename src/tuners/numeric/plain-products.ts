// Products of blocks of matrices in plain JavaScript: what the factors, solves and inverses of plain-*.ts consist of.
//
// Every number of a result goes through the same operations in the same order, whatever the tiles and panels are: products are taken
// away from it one at a time, in the order of k. Tiles only choose what is worked on side by side. Any other path that keeps to the
// order (assembly/kernels.ts does) gives the same bits.

/** Rows and columns that are worked on together: a tile's sums stay in registers, ... */
export const TILE = 4;
/** ... a panel's numbers in the cache. A multiple of TILE. */
export const PANEL = 64;

/** Part of a matrix: its cell (i, j) is `cells[at + i * down + j * right]`. */
export interface Block {
  readonly cells: Float64Array;
  readonly at: number;
  readonly down: number;
  readonly right: number;
}

/** target -= left right, for two rows, four columns and `count` steps: where the time goes. */
export function subtractFromPair(target: Block, left: Block, right: Block, count: number): void {
  const { cells, at } = target;
  const below = at + target.down;
  let rest00 = cells[at]!;
  let rest01 = cells[at + 1]!;
  let rest02 = cells[at + 2]!;
  let rest03 = cells[at + 3]!;
  let rest10 = cells[below]!;
  let rest11 = cells[below + 1]!;
  let rest12 = cells[below + 2]!;
  let rest13 = cells[below + 3]!;
  const rows = left.cells;
  let row0 = left.at;
  let row1 = row0 + left.down;
  const columns = right.cells;
  let column0 = right.at;
  let column1 = column0 + right.right;
  let column2 = column1 + right.right;
  let column3 = column2 + right.right;
  for (let k = 0; k < count; k++) {
    const factor0 = rows[row0]!;
    const factor1 = rows[row1]!;
    const by0 = columns[column0]!;
    const by1 = columns[column1]!;
    const by2 = columns[column2]!;
    const by3 = columns[column3]!;
    rest00 -= factor0 * by0;
    rest01 -= factor0 * by1;
    rest02 -= factor0 * by2;
    rest03 -= factor0 * by3;
    rest10 -= factor1 * by0;
    rest11 -= factor1 * by1;
    rest12 -= factor1 * by2;
    rest13 -= factor1 * by3;
    row0 += left.right;
    row1 += left.right;
    column0 += right.down;
    column1 += right.down;
    column2 += right.down;
    column3 += right.down;
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

/** The same for one row, of which no more than `width` of the four columns are written. */
// eslint-disable-next-line max-params -- a product has three matrices and a length
export function subtractFromRow(
  target: Block,
  left: Block,
  right: Block,
  count: number,
  width: number = TILE,
): void {
  const { cells, at } = target;
  let rest0 = cells[at]!;
  let rest1 = cells[at + 1]!;
  let rest2 = cells[at + 2]!;
  let rest3 = cells[at + 3]!;
  const rows = left.cells;
  let row = left.at;
  const columns = right.cells;
  let column = right.at;
  const { right: across } = right;
  for (let k = 0; k < count; k++) {
    const factor = rows[row]!;
    rest0 -= factor * columns[column]!;
    rest1 -= factor * columns[column + across]!;
    rest2 -= factor * columns[column + 2 * across]!;
    rest3 -= factor * columns[column + 3 * across]!;
    row += left.right;
    column += right.down;
  }
  cells[at] = rest0;
  if (width > 1) cells[at + 1] = rest1;
  if (width > 2) cells[at + 2] = rest2;
  if (width > 3) cells[at + 3] = rest3;
}

/** A number of the target, from which `count` products of a row and a column are taken away. */
export function subtractFromCell(rest: number, row: Block, column: Block, count: number): number {
  for (let k = 0; k < count; k++)
    rest -= row.cells[row.at + k * row.right]! * column.cells[column.at + k * column.down]!;
  return rest;
}

/** The block that begins `rows` further down and `columns` further right. */
export function within({ cells, at, down, right }: Block, rows: number, columns: number): Block {
  return { cells, at: at + rows * down + columns * right, down, right };
}

export function transposed({ cells, at, down, right }: Block): Block {
  return { cells, at, down: right, right: down };
}
