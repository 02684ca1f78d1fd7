import { solveLower } from "../numeric/cholesky.ts";
import type { FactoredRows } from "./factored-rows.ts";
import type { Rows } from "./layout.ts";

// What a process has to do with many points at once: a line for each of its rows, with a number for each point.

export function crossCovariances({ kernel, size, row }: FactoredRows, points: Rows): Float64Array {
  const { count } = points;
  const table = new Float64Array(size * count);
  for (let i = 0; i < size; i++)
    kernel.covariances(points, row(i), table.subarray(i * count, (i + 1) * count));
  return table;
}

/** L^-1 k. */
export function whitenedTable(known: FactoredRows, points: Rows): Float64Array {
  const table = crossCovariances(known, points);
  solveLower(known.factor, known.size, known.stride, table, points.count);
  return table;
}

/** Line `index` of the same, where `table` holds those before it and has room for it. */
export function whitenLine(known: FactoredRows, index: number, points: Rows, table: Float64Array): void {
  const { kernel, factor, stride } = known;
  const { count } = points;
  const to = table.subarray(index * count, (index + 1) * count);
  kernel.covariances(points, known.row(index), to);
  const at = index * stride;
  for (let k = 0; k < index; k++) {
    const times = factor[at + k]!;
    const from = k * count;
    for (let c = 0; c < count; c++) to[c]! -= times * table[from + c]!;
  }
  const pivot = 1 / factor[at + index]!;
  for (let c = 0; c < count; c++) to[c]! *= pivot;
}
