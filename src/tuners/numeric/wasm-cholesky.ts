import { type Kernels, withKernels } from "./wasm-kernels.ts";

// The twins of plain-cholesky.ts and plain-triangular.ts in WebAssembly: they copy matrices into its memory and results out again.
// undefined says that nothing has been done, because this engine cannot.

const BYTES = Float64Array.BYTES_PER_ELEMENT;
const TILE = 4;
/** Rows up to this length are copied number by number: a view of a row costs more. */
const SHORT = 128;

const toTiles = (size: number): number => Math.ceil(size / TILE) * TILE;

/** A matrix with `stride` numbers from row to row. */
interface Matrix {
  readonly cells: Float64Array;
  readonly stride: number;
}

export function factorizeInWasm(a: Matrix, n: number): boolean | undefined {
  const size = toTiles(n);
  return withKernels(size * size, (kernels, cells) => {
    const inside = { cells, stride: size };
    copyTriangle(a, inside, n);
    endWithIdentity(inside, n);
    if (kernels.factorize(cells.byteOffset, size, size * BYTES) === 0) return false;
    copyTriangle(inside, a, n);
    return true;
  });
}

/** L X = B, or L^T X = B. */
export function solveInWasm(
  l: Matrix,
  b: Matrix,
  n: number,
  way: "forwards" | "backwards",
): true | undefined {
  const columns = b.stride;
  const [size, width] = [toTiles(n), toTiles(columns)];
  return withKernels(n * (size + width), (kernels, cells) => {
    copyTriangle(l, { cells, stride: size }, n);
    const sides = { cells: cells.subarray(n * size), stride: width };
    copySides(b, sides, n);
    solveInside(kernels, { m: cells, n, size, sides }, way);
    copyRows(sides, b, n, columns);
    return true;
  });
}

interface InsideSystem {
  readonly m: Float64Array;
  readonly n: number;
  readonly size: number;
  readonly sides: Matrix;
}

function solveInside(
  kernels: Kernels,
  { m, n, size, sides }: InsideSystem,
  way: "forwards" | "backwards",
): void {
  const [down, bDown] = [size * BYTES, sides.stride * BYTES];
  const [start, bStart] = [m.byteOffset, sides.cells.byteOffset];
  if (way === "forwards") kernels.solve(start, down, BYTES, bStart, bDown, n, sides.stride);
  else {
    // Seen from its last cell backwards, L^T is lower triangular.
    const [last, bLast] = [start + (n - 1) * (down + BYTES), bStart + (n - 1) * bDown];
    kernels.solve(last, -BYTES, -down, bLast, -bDown, n, sides.stride);
  }
}

export function invertInWasm(l: Matrix, inverse: Matrix, n: number): true | undefined {
  const size = toTiles(n);
  const room = size * size;
  return withKernels(3 * room, (kernels, cells) => {
    const inside = { cells, stride: size };
    copyTriangle(l, inside, n);
    endWithIdentity(inside, n);
    const [start, bytes] = [cells.byteOffset, room * BYTES];
    kernels.invert(start, start + bytes, start + 2 * bytes, size, size * BYTES);
    copyTriangle({ cells: cells.subarray(room), stride: size }, inverse, n);
    return true;
  });
}

/** Rows and columns of the identity after the first n, up to whole tiles. */
function endWithIdentity({ cells, stride }: Matrix, n: number): void {
  for (let i = n; i < stride; i++) {
    cells.fill(0, i * stride, (i + 1) * stride);
    cells[i * stride + i] = 1;
  }
}

function copyTriangle(from: Matrix, to: Matrix, n: number): void {
  for (let i = 0; i < n; i++) copyRow(from, to, i, i + 1);
}

/** Columns are filled up to whole tiles with zeros: what stood there before might be numbers that take long to work with. */
function copySides(from: Matrix, to: Matrix, n: number): void {
  if (from.stride < to.stride) to.cells.fill(0, 0, n * to.stride);
  copyRows(from, to, n, from.stride);
}

function copyRows(from: Matrix, to: Matrix, n: number, columns: number): void {
  if (from.stride === to.stride) to.cells.set(from.cells.subarray(0, n * columns));
  else for (let i = 0; i < n; i++) copyRow(from, to, i, columns);
}

function copyRow(from: Matrix, to: Matrix, row: number, length: number): void {
  const source = row * from.stride;
  const target = row * to.stride;
  if (length > SHORT) to.cells.set(from.cells.subarray(source, source + length), target);
  else for (let k = 0; k < length; k++) to.cells[target + k] = from.cells[source + k]!;
}
