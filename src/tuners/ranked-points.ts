import type { Dimension, FlatSpace, NumericDimension, Point } from "../model/index.ts";
import { halfToEven, snap } from "../space/index.ts";
import { type Block, blockKey, blocksOf } from "./blocks.ts";

/**
 * The points of a finite space by number, without listing them: mixed-radix digits, one per dimension, the last key
 * fastest; a choice with nested options counts the sum of its options' products.
 */
export interface RankedPoints {
  readonly size: number;
  pointAt(rank: number): Point;
  /** Inverse of `pointAt` for points of the space. */
  rankOf(point: Point): number;
}

/** The values that an ordered dimension is swept over. */
export interface Ladder {
  readonly count: number;
  valueAt(step: number): number;
  stepOf(value: number): number;
}

/** Above this a number no longer names a rank exactly. */
const mostPoints = 2 ** 52;

/** Undefined where the space has infinitely many points, or more than can be numbered. */
export function rankPoints(
  flat: FlatSpace,
  ladderOf: (dimension: NumericDimension) => Ladder = ownLadder,
): RankedPoints | undefined {
  const ranking = createRanking(flat, ladderOf);
  const size = ranking.sizeOf("root");
  if (!(size <= mostPoints)) return undefined;
  return {
    size,
    pointAt(rank) {
      const point = new Float64Array(flat.dimensions.length).fill(NaN);
      ranking.write("root", rank, point);
      return point;
    },
    rankOf: (point) => ranking.read("root", point),
  };
}

/** The grid of the dimension itself; a continuous one has infinitely many steps. */
export function ownLadder(dimension: NumericDimension): Ladder {
  const { low, q, levels } = dimension;
  if (!Number.isFinite(levels)) return { count: Infinity, valueAt: () => NaN, stepOf: () => NaN };
  if (q === undefined) return { count: 1, valueAt: () => low, stepOf: () => 0 };
  if (dimension.type === "randint")
    return { count: levels, valueAt: (step) => low + step, stepOf: (value) => value - low };
  const first = halfToEven(low / q);
  return {
    count: levels,
    valueAt: (step) => snap(dimension, (first + step) * q),
    stepOf: (value) => Math.min(levels - 1, Math.max(0, halfToEven(value / q) - first)),
  };
}

interface Ranking {
  sizeOf(key: string): number;
  write(key: string, rank: number, point: Point): void;
  read(key: string, point: Point): number;
}

function createRanking(flat: FlatSpace, ladderOf: (dimension: NumericDimension) => Ladder): Ranking {
  const blocks = new Map<string, Block>(blocksOf(flat).map((block) => [blockKey(block.condition), block]));
  const ladders = flat.dimensions.map((dimension) =>
    dimension.kind === "numeric" ? ladderOf(dimension) : undefined,
  );
  const dimensionsOf = (key: string): readonly Dimension[] => blocks.get(key)?.dimensions ?? [];
  const child = (dimension: Dimension, option: number): string =>
    blockKey({ parent: dimension.index, option });
  const sizes = new Map<string, number>();
  const sizeOf = (key: string): number => {
    const known = sizes.get(key);
    if (known !== undefined) return known;
    const size = dimensionsOf(key).reduce((product, dimension) => product * radix(dimension), 1);
    sizes.set(key, size);
    return size;
  };
  const radix = (dimension: Dimension): number => {
    if (dimension.kind === "numeric") return ladders[dimension.index]!.count;
    let sum = 0;
    for (let option = 0; option < dimension.size; option++) sum += sizeOf(child(dimension, option));
    return sum;
  };
  const writeDigit = (dimension: Dimension, digit: number, point: Point): void => {
    if (dimension.kind === "numeric") {
      point[dimension.index] = ladders[dimension.index]!.valueAt(digit);
      return;
    }
    let option = 0;
    for (let rest = digit; ; option++) {
      const size = sizeOf(child(dimension, option));
      if (rest < size) {
        point[dimension.index] = option;
        return write(child(dimension, option), rest, point);
      }
      rest -= size;
    }
  };
  const write = (key: string, rank: number, point: Point): void => {
    let rest = rank;
    for (const dimension of dimensionsOf(key).toReversed()) {
      const size = radix(dimension);
      writeDigit(dimension, rest % size, point);
      rest = Math.floor(rest / size);
    }
  };
  const readDigit = (dimension: Dimension, point: Point): number => {
    const value = point[dimension.index]!;
    if (dimension.kind === "numeric") return ladders[dimension.index]!.stepOf(value);
    let before = 0;
    for (let option = 0; option < value; option++) before += sizeOf(child(dimension, option));
    return before + read(child(dimension, value), point);
  };
  const read = (key: string, point: Point): number =>
    dimensionsOf(key).reduce((rank, dimension) => rank * radix(dimension) + readDigit(dimension, point), 0);
  return { sizeOf, write, read };
}
