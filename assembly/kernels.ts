// AssemblyScript: `node scripts/generate.mjs` compiles it into src/tuners/numeric/wasm-bytes.ts.
//
// The SIMD twin of src/tuners/numeric/plain-*.ts. The lanes of a vector are columns, never steps of one sum, and there is no fused
// multiply-add: every number goes through the operations of the plain path in their order, and gets the same bits.
//
// Places are byte addresses, `down` and `right` the bytes to the next row and column of a matrix. A tile is 4 rows by 4 columns.

const TILE: isize = 4;
const PANEL: isize = 64;
const NUMBER: isize = 8;
/** The columns of a tile, side by side: PANEL rows of 4 numbers. Matrices begin behind it. */
const PACKED: isize = 0;
const PACKED_DOWN: isize = TILE * NUMBER;

/** The first address that is free for matrices; a multiple of 64. */
export function firstFree(): isize {
  return PACKED + PANEL * PACKED_DOWN;
}

/** target -= left right, for 4 rows, 4 columns and `count` steps. */
function subtractTile(
  target: isize,
  targetDown: isize,
  left: isize,
  leftDown: isize,
  leftRight: isize,
  right: isize,
  rightDown: isize,
  count: isize,
): void {
  const target1 = target + targetDown;
  const target2 = target1 + targetDown;
  const target3 = target2 + targetDown;
  let rest00 = v128.load(target);
  let rest01 = v128.load(target, 16);
  let rest10 = v128.load(target1);
  let rest11 = v128.load(target1, 16);
  let rest20 = v128.load(target2);
  let rest21 = v128.load(target2, 16);
  let rest30 = v128.load(target3);
  let rest31 = v128.load(target3, 16);
  let left1 = left + leftDown;
  let left2 = left1 + leftDown;
  let left3 = left2 + leftDown;
  for (; count > 0; count--) {
    const right0 = v128.load(right);
    const right1 = v128.load(right, 16);
    let factor = v128.load64_splat(left);
    rest00 = f64x2.sub(rest00, f64x2.mul(factor, right0));
    rest01 = f64x2.sub(rest01, f64x2.mul(factor, right1));
    factor = v128.load64_splat(left1);
    rest10 = f64x2.sub(rest10, f64x2.mul(factor, right0));
    rest11 = f64x2.sub(rest11, f64x2.mul(factor, right1));
    factor = v128.load64_splat(left2);
    rest20 = f64x2.sub(rest20, f64x2.mul(factor, right0));
    rest21 = f64x2.sub(rest21, f64x2.mul(factor, right1));
    factor = v128.load64_splat(left3);
    rest30 = f64x2.sub(rest30, f64x2.mul(factor, right0));
    rest31 = f64x2.sub(rest31, f64x2.mul(factor, right1));
    left += leftRight;
    left1 += leftRight;
    left2 += leftRight;
    left3 += leftRight;
    right += rightDown;
  }
  v128.store(target, rest00);
  v128.store(target, rest01, 16);
  v128.store(target1, rest10);
  v128.store(target1, rest11, 16);
  v128.store(target2, rest20);
  v128.store(target2, rest21, 16);
  v128.store(target3, rest30);
  v128.store(target3, rest31, 16);
}

/** The same for one row. */
function subtractRow(
  target: isize,
  left: isize,
  leftRight: isize,
  right: isize,
  rightDown: isize,
  count: isize,
): void {
  let rest0 = v128.load(target);
  let rest1 = v128.load(target, 16);
  for (; count > 0; count--) {
    const factor = v128.load64_splat(left);
    rest0 = f64x2.sub(rest0, f64x2.mul(factor, v128.load(right)));
    rest1 = f64x2.sub(rest1, f64x2.mul(factor, v128.load(right, 16)));
    left += leftRight;
    right += rightDown;
  }
  v128.store(target, rest0);
  v128.store(target, rest1, 16);
}

/** Divides the four numbers of a row by a pivot. */
function divideRow(target: isize, pivot: isize): void {
  const by = v128.load64_splat(pivot);
  v128.store(target, f64x2.div(v128.load(target), by));
  v128.store(target, f64x2.div(v128.load(target, 16), by), 16);
}

/**
 * Cholesky's factor in place of the n x n matrix at `a`, n a multiple of 4: whoever calls it ends a smaller matrix with rows of
 * the identity. The cells of the diagonal's tiles that lie above the diagonal are overwritten with anything.
 * @returns 0 when the matrix is not positive definite or not finite
 */
export function factorize(a: isize, n: isize, down: isize): i32 {
  for (let from: isize = 0; from < n; from += PANEL) {
    const to = min(from + PANEL, n);
    for (let j = from; j < n; j += TILE) {
      const count = min(j, to) - from;
      pack(a + j * down + from * NUMBER, down, count);
      for (let i = j; i < n; i += TILE) {
        const target = a + i * down + j * NUMBER;
        const left = a + i * down + from * NUMBER;
        subtractTile(target, down, left, down, NUMBER, PACKED, PACKED_DOWN, count);
      }
      if (j < to && !finishColumns(a + j * (down + NUMBER), down, n - j)) return 0;
    }
  }
  return 1;
}

/** Four rows, `count` numbers each, as `count` rows of four. */
function pack(rows: isize, down: isize, count: isize): void {
  const row1 = rows + down;
  const row2 = row1 + down;
  const row3 = row2 + down;
  let to = PACKED;
  for (let at: isize = 0; at < count * NUMBER; at += NUMBER) {
    store<f64>(to, load<f64>(rows + at));
    store<f64>(to, load<f64>(row1 + at), 8);
    store<f64>(to, load<f64>(row2 + at), 16);
    store<f64>(to, load<f64>(row3 + at), 24);
    to += PACKED_DOWN;
  }
}

/** Four columns from the diagonal cell `corner` down, `rows` of them: the factor's, once all to the left has been taken away. */
function finishColumns(corner: isize, down: isize, rows: isize): bool {
  for (let i: isize = 0; i < TILE; i++) {
    const row = corner + i * down;
    for (let j: isize = 0; j < i; j++) {
      const above = corner + j * down;
      let rest = load<f64>(row + j * NUMBER);
      for (let k: isize = 0; k < j; k++) rest -= load<f64>(row + k * NUMBER) * load<f64>(above + k * NUMBER);
      store<f64>(row + j * NUMBER, rest / load<f64>(above + j * NUMBER));
    }
    let square = load<f64>(row + i * NUMBER);
    for (let k: isize = 0; k < i; k++) square -= load<f64>(row + k * NUMBER) * load<f64>(row + k * NUMBER);
    if (!(square > 0 && square < Infinity)) return false;
    store<f64>(row + i * NUMBER, sqrt<f64>(square));
  }
  finishRows(corner, down, rows);
  return true;
}

/** The rows below the diagonal's tile, two at a time: here the lanes are rows. */
function finishRows(corner: isize, down: isize, rows: isize): void {
  const corner1 = corner + down;
  const corner2 = corner1 + down;
  const corner3 = corner2 + down;
  const cell00 = v128.load64_splat(corner);
  const cell10 = v128.load64_splat(corner1);
  const cell11 = v128.load64_splat(corner1, 8);
  const cell20 = v128.load64_splat(corner2);
  const cell21 = v128.load64_splat(corner2, 8);
  const cell22 = v128.load64_splat(corner2, 16);
  const cell30 = v128.load64_splat(corner3);
  const cell31 = v128.load64_splat(corner3, 8);
  const cell32 = v128.load64_splat(corner3, 16);
  const cell33 = v128.load64_splat(corner3, 24);
  const end = corner + rows * down;
  for (let row = corner + TILE * down; row < end; row += 2 * down) {
    const next = row + down;
    const upper0 = v128.load(row);
    const lower0 = v128.load(next);
    const upper1 = v128.load(row, 16);
    const lower1 = v128.load(next, 16);
    const x0 = f64x2.div(v128.shuffle<f64>(upper0, lower0, 0, 2), cell00);
    let rest = f64x2.sub(v128.shuffle<f64>(upper0, lower0, 1, 3), f64x2.mul(x0, cell10));
    const x1 = f64x2.div(rest, cell11);
    rest = f64x2.sub(v128.shuffle<f64>(upper1, lower1, 0, 2), f64x2.mul(x0, cell20));
    rest = f64x2.sub(rest, f64x2.mul(x1, cell21));
    const x2 = f64x2.div(rest, cell22);
    rest = f64x2.sub(v128.shuffle<f64>(upper1, lower1, 1, 3), f64x2.mul(x0, cell30));
    rest = f64x2.sub(rest, f64x2.mul(x1, cell31));
    rest = f64x2.sub(rest, f64x2.mul(x2, cell32));
    const x3 = f64x2.div(rest, cell33);
    v128.store(row, v128.shuffle<f64>(x0, x1, 0, 2));
    v128.store(next, v128.shuffle<f64>(x0, x1, 1, 3));
    v128.store(row, v128.shuffle<f64>(x2, x3, 0, 2), 16);
    v128.store(next, v128.shuffle<f64>(x2, x3, 1, 3), 16);
  }
}

/** M X = B in B's place for a lower triangular M of n rows; `columns` is a multiple of 4. Steps may be negative. */
export function solve(
  m: isize,
  down: isize,
  right: isize,
  b: isize,
  bDown: isize,
  n: isize,
  columns: isize,
): void {
  for (let from: isize = 0; from < n; from += PANEL) {
    const to = min(from + PANEL, n);
    const end = b + columns * NUMBER;
    for (let strip = b; strip < end; strip += TILE * NUMBER) {
      const solved = strip + from * bDown;
      let i = from;
      for (; i + TILE <= n; i += TILE) {
        const row = m + i * down;
        const target = strip + i * bDown;
        const left = row + from * right;
        subtractTile(target, bDown, left, down, right, solved, bDown, min(i, to) - from);
        if (i >= to) continue;
        for (let r: isize = 0; r < TILE; r++) {
          const cell = row + r * down + i * right;
          subtractRow(target + r * bDown, cell, right, target, bDown, r);
          divideRow(target + r * bDown, cell + r * right);
        }
      }
      for (; i < n; i++) {
        const row = m + i * down;
        const target = strip + i * bDown;
        subtractRow(target, row + from * right, right, solved, bDown, min(i, to) - from);
        if (i < to) divideRow(target, row + i * right);
      }
    }
  }
}

/**
 * The lower triangle of (L L^T)^-1 = L^-T L^-1 at `inverse`, from L's at `l` and with room for another matrix at `between`; all
 * n x n with the same `down`, n a multiple of 4. What lies above the diagonal is overwritten with anything.
 */
export function invert(l: isize, inverse: isize, between: isize, n: isize, down: isize): void {
  const diagonal = down + NUMBER;
  for (let j: isize = 0; j < n; j += TILE) {
    const corner = between + j * diagonal;
    for (let i: isize = 0; i < n - j; i++) clearRow(corner + i * down);
    for (let i: isize = 0; i < TILE; i++) store<f64>(corner + i * diagonal, 1);
    solve(l + j * diagonal, down, NUMBER, corner, down, n - j, TILE);
  }
  for (let i: isize = 0; i < n; i++)
    for (let j: isize = 0; j <= i; j += TILE) clearRow(inverse + i * down + j * NUMBER);
  for (let from: isize = 0; from < n; from += PANEL) {
    const to = min(from + PANEL, n);
    for (let i: isize = 0; i < to; i += TILE) {
      const first = max(i, from);
      const row = between + first * down;
      for (let j: isize = 0; j <= i; j += TILE) {
        const target = inverse + i * down + j * NUMBER;
        subtractTile(target, down, row + i * NUMBER, NUMBER, down, row + j * NUMBER, down, to - first);
      }
    }
  }
  const zero = f64x2.splat(0);
  for (let i: isize = 0; i < n; i++) {
    const row = inverse + i * down;
    for (let at: isize = 0; at <= i * NUMBER; at += 16)
      v128.store(row + at, f64x2.sub(zero, v128.load(row + at)));
  }
}

function clearRow(at: isize): void {
  const zero = f64x2.splat(0);
  v128.store(at, zero);
  v128.store(at, zero, 16);
}
