import { describe, expect, test } from "vitest";
import { type Random, seeded } from "../../model/index.ts";
import { type ForestColumn, type ForestRows, type ForestSettings, growForest } from "./forest.ts";

const ordered: ForestColumn = { kind: "ordered" };
/** Trees that fit every row exactly. */
const exact: ForestSettings = {
  trees: 1,
  columnShare: 1,
  leastToSplit: 2,
  leastInLeaf: 1,
  deepest: 64,
  draws: undefined,
};
/** SMAC's forest in NNI. */
const smac: ForestSettings = {
  trees: 10,
  columnShare: 5 / 6,
  leastToSplit: 3,
  leastInLeaf: 3,
  deepest: 20,
  draws: 200,
};

function table(
  columns: readonly ForestColumn[],
  rows: readonly (readonly number[])[],
  targets: readonly number[],
): ForestRows {
  const cells = Float64Array.from(rows.flat());
  return { columns, cells, targets: Float64Array.from(targets), count: rows.length };
}

function predict(
  rows: ForestRows,
  settings: ForestSettings,
  at: readonly (readonly number[])[],
  random: Random = seeded(1),
): { mean: Float64Array; variance: Float64Array } {
  const mean = new Float64Array(at.length);
  const variance = new Float64Array(at.length);
  growForest(rows, settings, random).predict(Float64Array.from(at.flat()), at.length, mean, variance);
  return { mean, variance };
}

function uniformRows(count: number, width: number, seed: number): number[][] {
  const random = seeded(seed);
  return Array.from({ length: count }, () => Array.from({ length: width }, () => random.next()));
}

test("equal targets are predicted everywhere, with the least variance", () => {
  const rows = table([ordered, ordered], uniformRows(50, 2, 3), new Array<number>(50).fill(7.25));
  const { mean, variance } = predict(rows, { ...smac, draws: 50 }, uniformRows(20, 2, 4));
  expect(new Set(mean)).toEqual(new Set([7.25]));
  expect(new Set(variance)).toEqual(new Set([1e-10]));
});

test("a step in one of five columns is found: R^2 above 0.95 out of sample", () => {
  const step = ([, , x]: readonly number[]): number => (x! > 0.4 ? 3 : -1);
  const known = uniformRows(200, 5, 5);
  const others = uniformRows(500, 5, 6);
  const { mean } = predict(
    table(new Array<ForestColumn>(5).fill(ordered), known, known.map(step)),
    smac,
    others,
  );
  const truth = others.map(step);
  const middle = truth.reduce((sum, y) => sum + y, 0) / truth.length;
  const left = truth.reduce((sum, y, i) => sum + (y - mean[i]!) ** 2, 0);
  const whole = truth.reduce((sum, y) => sum + (y - middle) ** 2, 0);
  expect(1 - left / whole).toBeGreaterThan(0.95);
});

test("deep trees without draws give every row its own target back", () => {
  const known = uniformRows(300, 3, 7);
  const targets = known.map((_, i) => 1e9 + Math.sin(12.9 * i));
  const { mean } = predict(table([ordered, ordered, ordered], known, targets), { ...exact, trees: 5 }, known);
  for (const [i, target] of targets.entries()) expect(mean[i]).toBeCloseTo(target, 5);
});

test("thresholds lie at random places of their gaps: between two rows the mean of many trees is a line", () => {
  const rows = table([ordered], [[0], [1]], [0, 1]);
  const { mean, variance } = predict(rows, { ...exact, trees: 2000 }, [[0], [0.25], [0.5], [0.9], [1]]);
  for (const [i, x] of [0, 0.25, 0.5, 0.9, 1].entries()) expect(Math.abs(mean[i]! - x)).toBeLessThan(0.04);
  // A share p of the trees says 1: the variance is p (1 - p), and none where all agree.
  expect(variance[2]).toBeCloseTo(0.25, 2);
  expect(variance[0]).toBe(1e-10);
});

describe("the variance", () => {
  const targets = [1, 2, 4, 9];
  const rows = table([ordered], [[0], [1], [2], [3]], targets);

  test("of a single leaf is that of its rows", () => {
    const { mean, variance } = predict(rows, { ...exact, deepest: 0 }, [[1.5]]);
    expect(mean[0]).toBe(4);
    expect(variance[0]).toBeCloseTo((9 + 4 + 0 + 25) / 4, 12);
  });

  test("adds what the trees disagree on: together that of all drawn rows", () => {
    // Stumps of four draws each: E[variance] + Var[mean] is the variance of the targets.
    const { variance } = predict(rows, { ...exact, deepest: 0, trees: 4000, draws: 4 }, [[0]]);
    expect(variance[0]).toBeCloseTo(9.5, 0);
  });
});

describe("leaves", () => {
  const rows = table([ordered], [[0], [1], [2], [3], [4]], [0, 0, 0, 0, 50]);

  test("weigh no less than the least: the split moves to where both sides are heavy enough", () => {
    const { mean } = predict(rows, { ...exact, leastInLeaf: 2 }, [[0], [4]]);
    expect([...mean]).toEqual([0, 25]);
  });

  test("stay whole below the least weight to split", () => {
    const { mean } = predict(rows, { ...exact, leastToSplit: 6 }, [[0], [4]]);
    expect([...mean]).toEqual([10, 10]);
  });
});

describe("options", () => {
  const size = 70;
  const options: ForestColumn = { kind: "unordered", size };
  const isHigh = (option: number): boolean => (option * 37) % 11 < 4;

  test("are parted by one subset, however they are numbered", () => {
    const all = Array.from({ length: size }, (_, option) => [option]);
    const targets = all.map(([option]) => (isHigh(option!) ? 5 : 2));
    const { mean } = predict(table([options], all, targets), { ...exact, deepest: 1 }, all);
    expect([...mean]).toEqual(targets);
  });

  test("that were not seen are less sure than those that were", () => {
    const seen = Array.from({ length: 200 }, (_, i) => [i % 60]);
    const targets = seen.map(([option], i) => (isHigh(option!) ? 5 : 2) + Math.sin(i) / 100);
    const all = Array.from({ length: size }, (_, option) => [option]);
    const { mean, variance } = predict(table([options], seen, targets), { ...exact, trees: 50 }, all);
    expect(mean[8]).toBeCloseTo(isHigh(8) ? 5 : 2, 1);
    expect(Math.min(...variance.slice(60))).toBeGreaterThan(100 * Math.max(...variance.slice(0, 60)));
  });
});

test("where the drawn columns part nothing, a further one is asked", () => {
  const known = Array.from({ length: 20 }, (_, i) => [0, 0, 0, i]);
  const targets = known.map(([, , , x]) => x!);
  const columns = [ordered, ordered, ordered, ordered];
  const { mean } = predict(table(columns, known, targets), { ...exact, columnShare: 0.25 }, known);
  expect([...mean]).toEqual(targets);
});

test("the same chance grows the same forest, other chance another", () => {
  const known = uniformRows(60, 4, 8);
  const rows = table(
    [ordered, ordered, ordered, ordered],
    known,
    known.map(([x, y]) => x! * y!),
  );
  const at = uniformRows(30, 4, 9);
  const grown = (seed: number) => predict(rows, { ...smac, draws: 60 }, at, seeded(seed));
  expect(grown(1)).toEqual(grown(1));
  expect(grown(1)).not.toEqual(grown(2));
});

test("a single row, and rows without a column, are no trouble", () => {
  expect(predict(table([ordered], [[3]], [8]), exact, [[3], [9]]).mean).toEqual(Float64Array.of(8, 8));
  expect(predict(table([], [[], []], [8, 10]), exact, [[]]).mean).toEqual(Float64Array.of(9));
});
