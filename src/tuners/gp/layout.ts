/**
 * How the rows of a Gaussian process look: first columns of numbers, then columns of names (an integer for each; equal or not is
 * all that counts). Every column belongs to a term, which has one weight: the squared scaled distance of two rows is
 *
 *   r^2 = sum over number columns of weight (a - b)^2  +  sum over name columns of weight [a != b]
 */
export interface Layout {
  readonly numbers: number;
  readonly names: number;
  /** The term of each column. */
  readonly termOf: readonly number[];
  readonly terms: number;
}

/** Row-major, `count` rows at the beginning. */
export interface Rows {
  readonly rows: Float64Array;
  readonly count: number;
}

/** Numbers in a row. */
export function widthOf({ numbers, names }: Layout): number {
  return numbers + names;
}

/** Weights by column, from weights by term. */
export function columnWeights({ termOf }: Layout, weights: Float64Array): Float64Array {
  return Float64Array.from(termOf, (term) => weights[term]!);
}

/** Squared scaled distances of `count` rows from one row; `out[i]` belongs to row i. */
export function squaredDistances(
  layout: Layout,
  weights: Float64Array,
  { rows, count }: Rows,
  ...[row, out]: [Float64Array, Float64Array]
): void {
  const width = layout.numbers + layout.names;
  for (let i = 0, at = 0; i < count; i++, at += width) {
    let sum = 0;
    for (let c = 0; c < layout.numbers; c++) {
      const gap = rows[at + c]! - row[c]!;
      sum += weights[c]! * gap * gap;
    }
    for (let c = layout.numbers; c < width; c++) if (rows[at + c] !== row[c]) sum += weights[c]!;
    out[i] = sum;
  }
}
