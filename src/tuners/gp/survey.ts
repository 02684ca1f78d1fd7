import { enlarged } from "../numeric/enlarged.ts";
import type { GaussianProcess } from "./model.ts";

/**
 * Mean and variance of a process at a fixed set of points. A row that the process has gained costs n multiplications for each
 * point here, instead of the n^2 of a prediction from nothing.
 */
export interface Survey {
  /** Brings mean and variance up to the process. Rows beyond `settled` may be taken back before the next call. */
  update(settled: number): void;
  /** Of point i, for all i. */
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** A survey of `count` points by a process that has no imagined rows yet. */
export function createSurvey(process: GaussianProcess, points: Float64Array, count: number): Survey {
  let table = process.whiten(points, count);
  let known = process.size;
  /** By the rows that are known to stay. */
  const explained = new Float64Array(count);
  for (let i = 0; i < known; i++) addSquares(explained, table, i * count);
  const mean = new Float64Array(count);
  const variance = new Float64Array(count);
  return {
    mean,
    variance,
    update(settled) {
      const { size, whitened, scale } = process;
      if (table.length < size * count) table = enlarged(table, (size + 32) * count);
      for (; known < settled; known++) {
        process.whitenNext(known, points, count, table);
        addSquares(explained, table, known * count);
      }
      const all = explained.slice();
      for (let i = settled; i < size; i++) {
        process.whitenNext(i, points, count, table);
        addSquares(all, table, i * count);
      }
      for (let c = 0; c < count; c++) variance[c] = Math.max(0, scale - all[c]!);
      mean.fill(0);
      for (let i = 0; i < size; i++) addTimes(mean, whitened[i]!, table, i * count);
    },
  };
}

function addSquares(to: Float64Array, table: Float64Array, at: number): void {
  for (let c = 0; c < to.length; c++) to[c]! += table[at + c]! * table[at + c]!;
}

function addTimes(to: Float64Array, times: number, table: Float64Array, at: number): void {
  for (let c = 0; c < to.length; c++) to[c]! += times * table[at + c]!;
}
