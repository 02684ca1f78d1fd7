// Triangular systems in plain JavaScript; the order of operations is fixed as in plain-cholesky.ts.

const TILE = 4;
const PANEL = 64;

/**
 * M X = B for a lower triangular M: M's cell (i, k) is `m[mStart + i * mDown + k * mRight]`, the cell (i, c) of B
 * `b[bStart + i * bDown + c]`. L itself is such an M, and so is L^T seen from its last cell backwards.
 */
export interface TriangularSystem {
  readonly m: Float64Array;
  readonly mStart: number;
  readonly mDown: number;
  readonly mRight: number;
  readonly b: Float64Array;
  readonly bStart: number;
  readonly bDown: number;
  readonly n: number;
  readonly columns: number;
}

/** Rows `from` up to, not including, `to`. */
interface Rows {
  readonly from: number;
  readonly to: number;
}

/** Puts X in B's place. */
export function solvePlainly(system: TriangularSystem): void {
  const { n, columns } = system;
  const inStrips = columns - (columns % TILE);
  for (let from = 0; from < n && inStrips > 0; from += PANEL) {
    const rows = { from, to: Math.min(from + PANEL, n) };
    for (let column = 0; column < inStrips; column += TILE) {
      for (let i = from; i < rows.to; i++) solveStrip(system, { from, to: i }, column);
      subtractPanel(system, rows, column);
    }
  }
  for (let column = inStrips; column < columns; column++) solveColumn(system, column);
}

/** Row `to` of four columns, of which the products from `from` on have not been taken away yet. */
function solveStrip(system: TriangularSystem, { from, to }: Rows, column: number): void {
  const { m, mRight, b, bDown } = system;
  const at = system.bStart + to * bDown + column;
  let rest0 = b[at]!;
  let rest1 = b[at + 1]!;
  let rest2 = b[at + 2]!;
  let rest3 = b[at + 3]!;
  let cell = system.mStart + to * system.mDown + from * mRight;
  let by = system.bStart + from * bDown + column;
  for (let k = from; k < to; k++) {
    const factor = m[cell]!;
    rest0 -= factor * b[by]!;
    rest1 -= factor * b[by + 1]!;
    rest2 -= factor * b[by + 2]!;
    rest3 -= factor * b[by + 3]!;
    cell += mRight;
    by += bDown;
  }
  const pivot = m[cell]!;
  b[at] = rest0 / pivot;
  b[at + 1] = rest1 / pivot;
  b[at + 2] = rest2 / pivot;
  b[at + 3] = rest3 / pivot;
}

/** Takes what the solved rows of the panel stand for away from the rows after it, in four columns. */
function subtractPanel(system: TriangularSystem, rows: Rows, column: number): void {
  let i = rows.to;
  for (; i + 2 <= system.n; i += 2) subtractFromPair(system, rows, i, column);
  if (i < system.n) subtractFromRow(system, rows, i, column);
}

function subtractFromRow(system: TriangularSystem, { from, to }: Rows, i: number, column: number): void {
  const { m, mRight, b, bDown } = system;
  const at = system.bStart + i * bDown + column;
  let rest0 = b[at]!;
  let rest1 = b[at + 1]!;
  let rest2 = b[at + 2]!;
  let rest3 = b[at + 3]!;
  let cell = system.mStart + i * system.mDown + from * mRight;
  let by = system.bStart + from * bDown + column;
  for (let k = from; k < to; k++) {
    const factor = m[cell]!;
    rest0 -= factor * b[by]!;
    rest1 -= factor * b[by + 1]!;
    rest2 -= factor * b[by + 2]!;
    rest3 -= factor * b[by + 3]!;
    cell += mRight;
    by += bDown;
  }
  b[at] = rest0;
  b[at + 1] = rest1;
  b[at + 2] = rest2;
  b[at + 3] = rest3;
}

/** Rows i and i + 1 of four columns: where the time goes. */
function subtractFromPair(system: TriangularSystem, { from, to }: Rows, i: number, column: number): void {
  const { m, mRight, b, bDown } = system;
  const at = system.bStart + i * bDown + column;
  const next = at + bDown;
  let rest00 = b[at]!;
  let rest01 = b[at + 1]!;
  let rest02 = b[at + 2]!;
  let rest03 = b[at + 3]!;
  let rest10 = b[next]!;
  let rest11 = b[next + 1]!;
  let rest12 = b[next + 2]!;
  let rest13 = b[next + 3]!;
  let cell = system.mStart + i * system.mDown + from * mRight;
  let by = system.bStart + from * bDown + column;
  for (let k = from; k < to; k++) {
    const factor0 = m[cell]!;
    const factor1 = m[cell + system.mDown]!;
    const by0 = b[by]!;
    const by1 = b[by + 1]!;
    const by2 = b[by + 2]!;
    const by3 = b[by + 3]!;
    rest00 -= factor0 * by0;
    rest01 -= factor0 * by1;
    rest02 -= factor0 * by2;
    rest03 -= factor0 * by3;
    rest10 -= factor1 * by0;
    rest11 -= factor1 * by1;
    rest12 -= factor1 * by2;
    rest13 -= factor1 * by3;
    cell += mRight;
    by += bDown;
  }
  b[at] = rest00;
  b[at + 1] = rest01;
  b[at + 2] = rest02;
  b[at + 3] = rest03;
  b[next] = rest10;
  b[next + 1] = rest11;
  b[next + 2] = rest12;
  b[next + 3] = rest13;
}

/** One column, four rows at a time. */
function solveColumn(system: TriangularSystem, column: number): void {
  let i = 0;
  for (; i + TILE <= system.n; i += TILE) {
    subtractFromFour(system, i, column);
    for (let row = i; row < i + TILE; row++) solveCell(system, { from: i, to: row }, column);
  }
  for (; i < system.n; i++) solveCell(system, { from: 0, to: i }, column);
}

/** Takes what the rows before i stand for away from the rows i .. i + 3. */
function subtractFromFour(system: TriangularSystem, i: number, column: number): void {
  const { m, mDown, mRight, b, bDown } = system;
  const at = system.bStart + i * bDown + column;
  let rest0 = b[at]!;
  let rest1 = b[at + bDown]!;
  let rest2 = b[at + 2 * bDown]!;
  let rest3 = b[at + 3 * bDown]!;
  let cell = system.mStart + i * mDown;
  let by = system.bStart + column;
  for (let k = 0; k < i; k++) {
    const factor = b[by]!;
    rest0 -= m[cell]! * factor;
    rest1 -= m[cell + mDown]! * factor;
    rest2 -= m[cell + 2 * mDown]! * factor;
    rest3 -= m[cell + 3 * mDown]! * factor;
    cell += mRight;
    by += bDown;
  }
  b[at] = rest0;
  b[at + bDown] = rest1;
  b[at + 2 * bDown] = rest2;
  b[at + 3 * bDown] = rest3;
}

/** Row `to` of one column, of which the products from `from` on have not been taken away yet. */
function solveCell(system: TriangularSystem, { from, to }: Rows, column: number): void {
  const { m, mRight, b, bDown } = system;
  const row = system.mStart + to * system.mDown;
  const at = system.bStart + to * bDown + column;
  let rest = b[at]!;
  for (let k = from; k < to; k++) rest -= m[row + k * mRight]! * b[system.bStart + k * bDown + column]!;
  b[at] = rest / m[row + to * mRight]!;
}
