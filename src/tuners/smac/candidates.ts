import type { Point } from "../../model/index.ts";
import { type Encoding, cellOf, encodePoint } from "./encoding.ts";

/** Points beside their rows, in order. */
export interface Candidates {
  readonly encoding: Encoding;
  readonly points: Point[];
  /** Row after row; room for at least as many as there are points. */
  cells: Float64Array;
}

export function createCandidates(encoding: Encoding): Candidates {
  return { encoding, points: [], cells: new Float64Array(64 * encoding.columns.length) };
}

export function addCandidate(candidates: Candidates, point: Point): void {
  const start = roomForRow(candidates);
  encodePoint(candidates.encoding, point, candidates.cells, start);
  candidates.points.push(point);
}

/** Adds the point and row at place `i` of others of the same encoding. */
export function copyCandidate(candidates: Candidates, from: Candidates, i: number): void {
  const width = candidates.encoding.columns.length;
  const start = roomForRow(candidates);
  candidates.cells.set(from.cells.subarray(i * width, (i + 1) * width), start);
  candidates.points.push(from.points[i]!);
}

/** Adds a point that differs from the one at place `i` of `from` in no column but this. */
export function addChanged(
  candidates: Candidates,
  point: Point,
  column: number,
  { from, i }: { readonly from: Candidates; readonly i: number },
): void {
  const dimension = candidates.encoding.open[column]!;
  copyCandidate(candidates, from, i);
  const last = candidates.points.length - 1;
  candidates.points[last] = point;
  const cell = last * candidates.encoding.columns.length + column;
  candidates.cells[cell] = cellOf(dimension, point[dimension.index]!);
}

/** Where the next row begins. */
function roomForRow(candidates: Candidates): number {
  const { points, encoding, cells } = candidates;
  const width = encoding.columns.length;
  const start = points.length * width;
  if (start + width > cells.length) {
    candidates.cells = new Float64Array(2 * (start + width));
    candidates.cells.set(cells);
  }
  return start;
}
