import type { Random } from "../../model/index.ts";
import type { ForestColumn } from "./forest.ts";

/** The rows of a node: places `from` .. `to`-1 of every column's list, and their sums. */
export interface NodeRows {
  readonly from: number;
  readonly to: number;
  /** By row. */
  readonly weights: Float64Array;
  readonly weight: number;
  /** Weighted sums of the targets and of their squares. */
  readonly sum: number;
  readonly squares: number;
}

export interface Split {
  readonly column: number;
  /** Ordered columns: up to here rows go left. */
  readonly threshold: number;
  /** Unordered ones: bits of the options that go left. */
  readonly subset: readonly number[] | undefined;
}

/** Looks for the split of a node after which the squared error is least, column by column. */
export interface Splitter {
  /** Of the columns that were looked at; undefined where none of them parts the rows. */
  readonly best: Split | undefined;
  begin(rows: NodeRows): void;
  /** @param list the node's rows at its places, ascending in the column where it is ordered */
  look(column: number, list: Int32Array): void;
}

export interface SplitterInput {
  readonly columns: readonly ForestColumn[];
  /** By column and row. */
  readonly values: readonly Float64Array[];
  /** By row. */
  readonly targets: Float64Array;
  readonly leastInLeaf: number;
  readonly random: Random;
}

/** A split must explain more than this part of the node's squares, so that rounding errors part nothing. */
const leastGain = 1e-12;

export function createSplitter({ columns, values, targets, leastInLeaf, random }: SplitterInput): Splitter {
  const options = columns.reduce((most, column) => Math.max(most, "size" in column ? column.size : 0), 0);
  const optionWeight = new Float64Array(options);
  const optionSum = new Float64Array(options);
  let rows!: NodeRows;
  let best: Split | undefined;
  let bestGain = 0;
  return {
    get best() {
      return best;
    },
    begin(next) {
      rows = next;
      best = undefined;
      bestGain = (next.sum * next.sum) / next.weight + leastGain * next.squares;
    },
    look(column, list) {
      const { kind } = columns[column]!;
      if (kind === "ordered") lookForThreshold(column, list);
      else lookForSubset(column, list);
    },
  };

  /**
   * What is left of the squares after a split is squares - gain; the whole node's own "gain" is sum^2 / weight.
   */
  function gainOf(weight: number, sum: number): number {
    const rest = rows.sum - sum;
    return (sum * sum) / weight + (rest * rest) / (rows.weight - weight);
  }

  function lookForThreshold(column: number, list: Int32Array): void {
    const { from, to, weights, weight: all } = rows;
    const value = values[column]!;
    let place = -1;
    let weight = 0;
    let sum = 0;
    let next = value[list[from]!]!;
    if (next === value[list[to - 1]!]!) return;
    for (let k = from; k < to - 1; k++) {
      const row = list[k]!;
      const here = next;
      next = value[list[k + 1]!]!;
      weight += weights[row]!;
      sum += weights[row]! * targets[row]!;
      if (next === here || weight < leastInLeaf) continue;
      if (all - weight < leastInLeaf) break;
      const gain = gainOf(weight, sum);
      if (gain <= bestGain) continue;
      bestGain = gain;
      place = k;
    }
    if (place < 0) return;
    best = { column, threshold: between(value[list[place]!]!, value[list[place + 1]!]!), subset: undefined };
  }

  /** A random place of the gap, at least `low` and below `high`. */
  function between(low: number, high: number): number {
    const threshold = low + random.next() * (high - low);
    return threshold < high ? threshold : low;
  }

  /** In the order of the options' means one of the cuts is the best subset (Breiman et al., CART, 1984, theorem 4.5). */
  function lookForSubset(column: number, list: Int32Array): void {
    const present = sumOptions(column, list);
    if (present.length < 2) return;
    present.sort((one, other) => meanOf(one) - meanOf(other) || one - other);
    let cut = 0;
    let weight = 0;
    let sum = 0;
    for (let k = 0; k < present.length - 1; k++) {
      weight += optionWeight[present[k]!]!;
      sum += optionSum[present[k]!]!;
      if (weight < leastInLeaf || rows.weight - weight < leastInLeaf) continue;
      const gain = gainOf(weight, sum);
      if (gain <= bestGain) continue;
      bestGain = gain;
      cut = k + 1;
    }
    if (cut > 0) best = { column, threshold: NaN, subset: subsetOf(column, present, cut) };
  }

  function sumOptions(column: number, list: Int32Array): number[] {
    const { from, to, weights } = rows;
    const value = values[column]!;
    optionWeight.fill(0);
    optionSum.fill(0);
    const present: number[] = [];
    for (let k = from; k < to; k++) {
      const row = list[k]!;
      const option = value[row]!;
      if (optionWeight[option] === 0) present.push(option);
      optionWeight[option]! += weights[row]!;
      optionSum[option]! += weights[row]! * targets[row]!;
    }
    return present;
  }

  function meanOf(option: number): number {
    return optionSum[option]! / optionWeight[option]!;
  }

  /** The first `cut` options go left; those that the node has not seen go either way, so that the trees disagree on them. */
  function subsetOf(column: number, present: readonly number[], cut: number): number[] {
    const { size } = columns[column] as ForestColumn & { kind: "unordered" };
    const words = Array.from({ length: Math.ceil(size / 32) }, () => Math.floor(random.next() * 2 ** 32));
    for (const [k, option] of present.entries()) {
      const bit = 1 << (option & 31);
      if (k < cut) words[option >>> 5]! |= bit;
      else words[option >>> 5]! &= ~bit;
    }
    return words;
  }
}
