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

/** How many rows M and B have, and how many columns B has. */
export interface Size {
  readonly n: number;
  readonly columns: number;
}

/** Solves M X = B in B's place, for a lower triangular M. B's columns lie side by side. */
export function solvePlainly(m: Block, b: Block, { n, columns }: Size): void {
  const inStrips = columns - (columns % TILE);
  for (let from = 0; from < n && inStrips > 0; from += PANEL) {
    const rows = { from, to: Math.min(from + PANEL, n) };
    for (let c = 0; c < inStrips; c += TILE) solvePanel(m, within(b, 0, c), rows, n);
  }
  for (let c = inStrips; c < columns; c++) solveColumn(m, within(b, 0, c), n);
}

/** The lower triangle of (L L^T)^-1 = L^-T L^-1, in the lower triangle of `inverse`. */
export function invertPlainly(l: Block, inverse: Block, n: number): void {
  const triangle = inverseOfTriangle(l, n);
  const negative = matrixOf(n);
  for (let from = 0; from < n; from += PANEL) {
    const to = Math.min(from + PANEL, n);
    for (let i = 0; i < to; i += 2) {
      const first = Math.max(i - (i % TILE), from);
      const left = transposed(within(triangle, first, i));
      const subtract = i + 2 <= n ? subtractFromPair : subtractFromRow;
      for (let j = 0; j <= i + 1; j += TILE)
        subtract(within(negative, i, j), left, within(triangle, first, j), to - first);
    }
  }
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++)
      inverse.cells[inverse.at + i * inverse.down + j] = 0 - negative.cells[i * negative.down + j]!;
}

/** L^-1, with zeros above the diagonal in the tiles of the diagonal and nothing of use above those. */
function inverseOfTriangle(l: Block, n: number): Block {
  const inverse = matrixOf(n);
  for (let i = 0; i < n; i++) inverse.cells[i * (inverse.down + 1)] = 1;
  for (let c = 0; c < n; c += TILE)
    solvePlainly(within(l, c, c), within(inverse, c, c), { n: n - c, columns: TILE });
  return inverse;
}

/** n rows of zeros, each as long as whole tiles. */
function matrixOf(n: number): Block {
  const down = Math.ceil(n / TILE) * TILE;
  return { cells: new Float64Array(n * down), at: 0, down, right: 1 };
}

interface Rows {
  readonly from: number;
  readonly to: number;
}

/** Solves a panel's rows of four columns, and takes what they stand for away from the rows below. */
function solvePanel(m: Block, strip: Block, { from, to }: Rows, n: number): void {
  const solved = within(strip, from, 0);
  let i = from;
  for (; i + 2 <= n; i += 2) {
    subtractFromPair(within(strip, i, 0), within(m, i, from), solved, Math.min(i, to) - from);
    if (i >= to) continue;
    divideRow(within(strip, i, 0), within(m, i, i));
    subtractFromRow(within(strip, i + 1, 0), within(m, i + 1, i), within(strip, i, 0), 1);
    divideRow(within(strip, i + 1, 0), within(m, i + 1, i + 1));
  }
  if (i >= n) return;
  subtractFromRow(within(strip, i, 0), within(m, i, from), solved, Math.min(i, to) - from);
  if (i < to) divideRow(within(strip, i, 0), within(m, i, i));
}

function divideRow({ cells, at }: Block, pivot: Block): void {
  const by = pivot.cells[pivot.at]!;
  cells[at] = cells[at]! / by;
  cells[at + 1] = cells[at + 1]! / by;
  cells[at + 2] = cells[at + 2]! / by;
  cells[at + 3] = cells[at + 3]! / by;
}

/** One column, four rows at a time. */
function solveColumn(m: Block, column: Block, n: number): void {
  let i = 0;
  for (; i + TILE <= n; i += TILE) {
    subtractFromFour(within(m, i, 0), column, i);
    for (let row = i; row < i + TILE; row++) solveCell(m, column, { from: i, to: row });
  }
  for (; i < n; i++) solveCell(m, column, { from: 0, to: i });
}

/** Takes what the rows before i stand for away from the rows i .. i + 3 of a column; `rows` are M's from i on. */
function subtractFromFour({ cells: m, at: row, down, right }: Block, column: Block, i: number): void {
  const { cells: b, down: step } = column;
  const at = column.at + i * step;
  let rest0 = b[at]!;
  let rest1 = b[at + step]!;
  let rest2 = b[at + 2 * step]!;
  let rest3 = b[at + 3 * step]!;
  let cell = row;
  let by = column.at;
  for (let k = 0; k < i; k++) {
    const factor = b[by]!;
    rest0 -= m[cell]! * factor;
    rest1 -= m[cell + down]! * factor;
    rest2 -= m[cell + 2 * down]! * factor;
    rest3 -= m[cell + 3 * down]! * factor;
    cell += right;
    by += step;
  }
  b[at] = rest0;
  b[at + step] = rest1;
  b[at + 2 * step] = rest2;
  b[at + 3 * step] = rest3;
}

/** Row `to` of a column, of which the products from `from` on have not been taken away yet. */
function solveCell(m: Block, column: Block, { from, to }: Rows): void {
  const { cells, at, down } = column;
  const cell = at + to * down;
  const rest = subtractFromCell(cells[cell]!, within(m, to, from), within(column, from, 0), to - from);
  cells[cell] = rest / m.cells[m.at + to * (m.down + m.right)]!;
}
