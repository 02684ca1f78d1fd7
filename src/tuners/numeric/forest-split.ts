import type { Random } from "../../model/index.ts";

/** The rows of a node: places `from` .. `to`-1 of every list, and their sums. */
export interface NodeRows {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
  /** Weighted sums of the targets and of their squares. */
  readonly sum: number;
  readonly squares: number;
}

export interface Split {
  readonly column: number;
  /** Ordered columns: up to here rows go left. */
  readonly threshold: number;
  /** Unordered ones: bits of the options that go left, 32 to a word. */
  readonly subset: readonly number[] | undefined;
}

/** The search for the split of a node after which the squared error is least, column by column. */
export interface SplitSearch {
  readonly rows: NodeRows;
  /** Undefined until a column parts the rows. */
  split: Split | undefined;
  /** Of the best split: sum^2 / weight of both sides together. The squared error is what it leaves of the squares. */
  gain: number;
}

/** A split must explain more than this part of the node's squares, so that rounding errors part nothing. */
const leastGain = 1e-12;

export function beginSearch(rows: NodeRows): SplitSearch {
  const { weight, sum, squares } = rows;
  return { rows, split: undefined, gain: (sum * sum) / weight + leastGain * squares };
}

/** One column of a node's rows. */
export interface SplitColumn {
  readonly column: number;
  /** The node's rows at its places; of an ordered column ascending. */
  readonly list: Int32Array;
  /** By row: the column's value, the target, the weight. */
  readonly values: Float64Array;
  readonly targets: Float64Array;
  readonly weights: Float64Array;
  /** The least weight of either side. */
  readonly leastInLeaf: number;
}

/** The best threshold of an ordered column, at a random place of its gap. */
export function lookForThreshold(search: SplitSearch, input: SplitColumn, random: Random): void {
  const { list, values, targets, weights, leastInLeaf } = input;
  const { from, to, weight: all, sum: total } = search.rows;
  let next = values[list[from]!]!;
  if (next === values[list[to - 1]!]!) return;
  let best = -1;
  let weight = 0;
  let sum = 0;
  for (let place = from; place < to - 1; place++) {
    const row = list[place]!;
    const here = next;
    next = values[list[place + 1]!]!;
    weight += weights[row]!;
    sum += weights[row]! * targets[row]!;
    if (next === here || weight < leastInLeaf) continue;
    if (all - weight < leastInLeaf) break;
    const gain = (sum * sum) / weight + (total - sum) ** 2 / (all - weight);
    if (gain <= search.gain) continue;
    search.gain = gain;
    best = place;
  }
  if (best < 0) return;
  const threshold = between(values[list[best]!]!, values[list[best + 1]!]!, random);
  search.split = { column: input.column, threshold, subset: undefined };
}

/** At least `low` and below `high`. */
function between(low: number, high: number, random: Random): number {
  const threshold = low + random.next() * (high - low);
  return threshold < high ? threshold : low;
}

/**
 * The best subset of an unordered column's options: in the order of their means it is one of the cuts (Breiman, Friedman,
 * Olshen, Stone: "Classification and Regression Trees", 1984, theorem 4.5).
 *
 * @param size how many options there are
 */
export function lookForSubset(search: SplitSearch, input: SplitColumn, size: number, random: Random): void {
  const { weights, sums, present } = sumOptions(search.rows, input, size);
  if (present.length < 2) return;
  const { weight: all, sum: total } = search.rows;
  const meanOf = (option: number): number => sums[option]! / weights[option]!;
  present.sort((one, other) => meanOf(one) - meanOf(other) || one - other);
  let cut = 0;
  let weight = 0;
  let sum = 0;
  for (let k = 0; k < present.length - 1; k++) {
    weight += weights[present[k]!]!;
    sum += sums[present[k]!]!;
    if (weight < input.leastInLeaf || all - weight < input.leastInLeaf) continue;
    const gain = (sum * sum) / weight + (total - sum) ** 2 / (all - weight);
    if (gain <= search.gain) continue;
    search.gain = gain;
    cut = k + 1;
  }
  if (cut === 0) return;
  const subset = subsetOf({ size, present, cut }, random);
  search.split = { column: input.column, threshold: NaN, subset };
}

interface OptionSums {
  /** By option. */
  readonly weights: Float64Array;
  readonly sums: Float64Array;
  /** The options that the node has seen. */
  readonly present: number[];
}

function sumOptions({ from, to }: NodeRows, input: SplitColumn, size: number): OptionSums {
  const weights = new Float64Array(size);
  const sums = new Float64Array(size);
  const present: number[] = [];
  for (let place = from; place < to; place++) {
    const row = input.list[place]!;
    const option = input.values[row]!;
    if (weights[option] === 0) present.push(option);
    weights[option]! += input.weights[row]!;
    sums[option]! += input.weights[row]! * input.targets[row]!;
  }
  return { weights, sums, present };
}

interface Cut {
  readonly size: number;
  readonly present: readonly number[];
  readonly cut: number;
}

/** The first `cut` options go left; those that the node has not seen go either way, so that the trees disagree on them. */
function subsetOf({ size, present, cut }: Cut, random: Random): number[] {
  const words = Array.from({ length: Math.ceil(size / 32) }, () => Math.floor(random.next() * 2 ** 32));
  for (const [k, option] of present.entries()) {
    const bit = 1 << (option & 31);
    if (k < cut) words[option >>> 5]! |= bit;
    else words[option >>> 5]! &= ~bit;
  }
  return words;
}
