import type { Point } from "../../model/index.ts";
import type { History, Row } from "./history.ts";

/** Places in a block's table, ascending. */
export interface Split {
  readonly good: Int32Array;
  /** Of the good rows, 1 on average. */
  readonly goodWeights: Float64Array;
  readonly rest: Int32Array;
}

/** What is asked of a block. */
export interface BlockRows {
  isActive(point: Point): boolean;
  /** Row numbers by place in the table, ascending. */
  readonly numbers: readonly number[];
  readonly goodShare: number;
}

/**
 * The best rows of a block, and all others: worse ones, those without a usable result, and those that still run.
 * A running phase counting as "not good" keeps other jobs away from it; no value is made up for it. The share of good rows
 * is taken of the rows in which the block is active, so that every option of a nested choice learns from its own best.
 */
export function splitRows(history: History, { isActive, numbers, goodShare }: BlockRows): Split {
  const ranking = rankingOf(history, isActive);
  const count = goodCount(ranking.length, goodShare);
  const best = ranking.slice(0, count).sort((one, other) => one.number - other.number);
  const good = Int32Array.from(best, (row) => placeOf(numbers, row.number));
  const rest = new Int32Array(numbers.length - good.length);
  for (let place = 0, passed = 0; place < numbers.length; place++) {
    if (good[passed] === place) passed++;
    else rest[place - passed] = place;
  }
  return { good, goodWeights: improvements(best, ranking[count]), rest };
}

/** How many of `count` results are good: a share of them, at most 25. */
export function goodCount(count: number, share: number): number {
  return Math.min(Math.ceil(share * count), 25);
}

/**
 * Weights of the good rows: how far each is below the best row that is not good (the "EI" weighting of Watanabe,
 * arXiv 2304.11127). -Infinity counts as the best finite loss; all weigh 1 where there is nothing to compare.
 */
export function improvements(good: readonly Row[], next: Row | undefined): Float64Array {
  const losses = good.map((row) => row.loss!);
  const floor = Math.min(...losses.filter(Number.isFinite));
  const gains = losses.map((loss) => (next?.loss ?? NaN) - Math.max(loss, floor));
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  return Float64Array.from(gains, (gain) => (mean > 0 && mean < Infinity ? Math.max(gain / mean, 1e-12) : 1));
}

/** The block's rows with a usable result, best first. */
function rankingOf({ ranking, usable }: History, isActive: (point: Point) => boolean): Row[] {
  return ranking.slice(0, usable).filter((row) => isActive(row.point));
}

/** By bisection; `number` is there. */
function placeOf(numbers: readonly number[], number: number): number {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
