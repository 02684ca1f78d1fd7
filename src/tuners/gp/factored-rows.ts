import { appendRow, factorize } from "../numeric/cholesky.ts";
import { enlarged } from "../numeric/enlarged.ts";
import type { Kernel } from "./kernel.ts";
import type { Rows } from "./layout.ts";

/** The rows of a process and L, the Cholesky factor of K + noise I. There is room for more of both. */
export interface FactoredRows {
  readonly kernel: Kernel;
  readonly size: number;
  /** Row-major; `size` rows count. */
  readonly rows: Float64Array;
  readonly factor: Float64Array;
  /** Numbers from one row of the factor to the next. */
  readonly stride: number;
  /** What was added to the noise so that the factor exists; 0 as a rule. */
  readonly jitter: number;
  row(index: number): Float64Array;
  /** False, and nothing changed, when the row is not independent of the others. */
  append(row: Float64Array): boolean;
  /** Forgets the rows from `size` on. */
  truncate(size: number): void;
}

/** Tried in turn on the diagonal, as parts of the scale, when the factor does not exist. */
const jitters = [0, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2];
/** Room for so many rows more, at first. */
const spareRows = 32;

/** Throws a RangeError where a row is not finite. */
export function factorRows(kernel: Kernel, noise: number, first: Rows): FactoredRows {
  const { scale, width } = kernel;
  let size = first.count;
  let stride = size + spareRows;
  let rows = enlarged(first.rows.subarray(0, size * width), stride * width);
  const begun = factorOf(kernel, noise, { rows, count: size }, stride);
  const { jitter } = begun;
  let { factor } = begun;

  function grow(): void {
    factor = widened(factor, size, stride);
    stride *= 2;
    rows = enlarged(rows, stride * width);
  }

  return {
    kernel,
    jitter,
    get size() {
      return size;
    },
    get rows() {
      return rows;
    },
    get factor() {
      return factor;
    },
    get stride() {
      return stride;
    },
    row: (index) => rows.subarray(index * width, (index + 1) * width),
    append(row) {
      if (size === stride) grow();
      rows.set(row, size * width);
      kernel.covariances({ rows, count: size }, row, factor.subarray(size * stride, (size + 1) * stride));
      factor[size * stride + size] = scale + noise + jitter;
      if (!appendRow(factor, size, stride)) return false;
      size += 1;
      return true;
    },
    truncate(length) {
      size = Math.min(size, length);
    },
  };
}

/** The factor of these rows, and the jitter that it took. */
function factorOf(
  kernel: Kernel,
  noise: number,
  { rows, count }: Rows,
  stride: number,
): { readonly factor: Float64Array; readonly jitter: number } {
  const { scale, width } = kernel;
  for (const part of jitters) {
    const factor = new Float64Array(stride * stride);
    for (let i = 0; i < count; i++) {
      const row = rows.subarray(i * width, (i + 1) * width);
      kernel.covariances({ rows, count: i }, row, factor.subarray(i * stride, (i + 1) * stride));
      factor[i * stride + i] = scale + noise + part * scale;
    }
    if (factorize(factor, count, stride)) return { factor, jitter: part * scale };
  }
  throw new RangeError("the covariance of these rows has no factor: a row is not finite");
}

/** The factor with twice the room. */
function widened(factor: Float64Array, size: number, stride: number): Float64Array {
  const wider = 2 * stride;
  const moved = new Float64Array(wider * wider);
  for (let i = 0; i < size; i++) moved.set(factor.subarray(i * stride, i * stride + i + 1), i * wider);
  return moved;
}
