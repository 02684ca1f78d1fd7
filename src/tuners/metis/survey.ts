import type { GaussianProcess } from "../gp/model.ts";

/**
 * Mean and variance of a process at many points. What one row more would change is worked out with n multiplications for each
 * point, what another target for that row would, with one.
 */
export interface Survey {
  /** Of point i, for all i, as the process was. */
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** Means with the targets that the process has now; it has the same rows. */
  meansNow(): Float64Array;
  /** To be called when the process has one row more than it had. */
  rowAppended(): void;
  /** Means with that row; the other targets are as they were. */
  meansWithRow(): Float64Array;
}

/** A survey of `count` points, given as rows. */
export function createSurvey(process: GaussianProcess, points: Float64Array, count: number): Survey {
  const { size, scale } = process;
  const table = new Float64Array((size + 1) * count);
  table.set(process.whiten(points, count));
  const mean = meansNow();
  const variance = new Float64Array(count).fill(scale);
  for (let i = 0, at = 0; i < size; i++)
    for (let c = 0; c < count; c++, at++) variance[c]! -= table[at]! * table[at]!;
  return {
    mean,
    variance: variance.map((each) => Math.max(0, each)),
    meansNow,
    rowAppended: () => process.whitenNext(size, points, count, table),
    meansWithRow() {
      const means = mean.slice();
      addRow(size, means);
      return means;
    },
  };

  function meansNow(): Float64Array<ArrayBuffer> {
    const means = new Float64Array(count);
    for (let i = 0; i < size; i++) addRow(i, means);
    return means;
  }

  function addRow(index: number, to: Float64Array): void {
    const times = process.whitened[index]!;
    const at = index * count;
    for (let c = 0; c < count; c++) to[c]! += times * table[at + c]!;
  }
}
