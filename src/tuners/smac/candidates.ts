import type { Point } from "../../model/index.ts";
import { type Encoding, encodePoint } from "./encoding.ts";

/** Points and their rows, in order. */
export interface Candidates {
  readonly encoding: Encoding;
  /** A point, or how it differs from another: of thousands of candidates few are ever wanted as points. */
  readonly points: (Point | Change)[];
  /** Row after row; room for at least as many as there are points. */
  cells: Float64Array;
}

/** The place of a candidate. */
export interface Place {
  readonly from: Candidates;
  readonly i: number;
}

interface Change {
  readonly parent: Place;
  readonly column: number;
  readonly value: number;
}

export function createCandidates(encoding: Encoding): Candidates {
  return { encoding, points: [], cells: new Float64Array(64 * encoding.columns.length) };
}

export function addCandidate(candidates: Candidates, point: Point): void {
  const start = roomForRow(candidates);
  encodePoint(candidates.encoding, point, candidates.cells, start);
  candidates.points.push(point);
}

/** Adds one from elsewhere, of the same encoding. */
export function copyCandidate(candidates: Candidates, { from, i }: Place): void {
  copyRow(candidates, { from, i });
  candidates.points.push(from.points[i]!);
}

/**
 * Adds what differs from its parent in no column but this.
 *
 * @param value in the dimension's own units; `cell` is what the column holds for it
 */
export function addChanged(
  candidates: Candidates,
  parent: Place,
  column: number,
  { value, cell }: { readonly value: number; readonly cell: number },
): void {
  const start = copyRow(candidates, parent);
  candidates.cells[start + column] = cell;
  candidates.points.push({ parent, column, value });
}

export function pointAt({ from, i }: Place): Point {
  const entry = from.points[i]!;
  if (!("parent" in entry)) return entry;
  const point = pointAt(entry.parent).slice();
  point[from.encoding.open[entry.column]!.index] = entry.value;
  from.points[i] = point;
  return point;
}

/** Gives where the copy begins. Cell by cell: rows are short. */
function copyRow(candidates: Candidates, { from, i }: Place): number {
  const start = roomForRow(candidates);
  const { cells } = candidates;
  const width = candidates.encoding.columns.length;
  for (let column = 0; column < width; column++) cells[start + column] = from.cells[i * width + column]!;
  return start;
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
