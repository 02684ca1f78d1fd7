import { describe, expect, test } from "vitest";
import {
  type Dimension,
  type NumericDimension,
  type ParameterSpec,
  type Random,
  seeded,
} from "../model/index.ts";
import { cell, decode, encode, flatten, levels, normalQuantile, sampleDimension, snap } from "./index.ts";
import { priorFit } from "../../tests/support/prior-fit.ts";

function dimensionOf(spec: ParameterSpec): Dimension {
  return flatten({ x: spec }).dimensions[0]!;
}

function numeric(_type: NumericDimension["type"], ..._value: number[]): NumericDimension {
  return dimensionOf({ _type, _value } as unknown as ParameterSpec) as NumericDimension;
}

/** The definition of each type: what a uniform number `u` of [0, 1) becomes. Written out anew, as numpy would do it. */
type Definition = (u: number) => number;
const rint = (x: number): number => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x));
const clip = (x: number, low: number, high: number): number => Math.min(high, Math.max(low, x));
const between = (low: number, high: number, u: number): number => low + u * (high - low);
const logBetween = (low: number, high: number, u: number): number =>
  Math.exp(between(Math.log(low), Math.log(high), u));

const cases: readonly [NumericDimension, Definition][] = [
  [numeric("randint", -3, 7), (u) => -3 + Math.floor(10 * u)],
  [numeric("randint", 0, 1_000_000), (u) => Math.floor(1_000_000 * u)],
  [numeric("uniform", -2, 5), (u) => between(-2, 5, u)],
  [numeric("quniform", 2, 10, 5), (u) => clip(rint(between(2, 10, u) / 5) * 5, 2, 10)],
  [numeric("quniform", 1, 10, 4), (u) => clip(rint(between(1, 10, u) / 4) * 4, 1, 10)],
  [numeric("quniform", 16, 256, 16), (u) => clip(rint(between(16, 256, u) / 16) * 16, 16, 256)],
  [numeric("loguniform", 1e-5, 1), (u) => logBetween(1e-5, 1, u)],
  [numeric("qloguniform", 1, 100, 3), (u) => clip(rint(logBetween(1, 100, u) / 3) * 3, 1, 100)],
  [numeric("normal", 3, 2), (u) => 3 + 2 * normalQuantile(u)],
  [numeric("qnormal", 3, 2, 0.5), (u) => rint((3 + 2 * normalQuantile(u)) / 0.5) * 0.5],
  [numeric("lognormal", 1, 0.5), (u) => Math.exp(1 + 0.5 * normalQuantile(u))],
  [numeric("qlognormal", 1, 0.5, 1), (u) => rint(Math.exp(1 + 0.5 * normalQuantile(u)))],
];
const named = cases.map(([dimension, definition]) => [label(dimension), dimension, definition] as const);

function label({ type, low, high, mu, sigma, q }: NumericDimension): string {
  const numbers = Number.isFinite(high) ? [low, high] : [mu, sigma];
  return `${type} [${[...numbers, ...(q === undefined ? [] : [q])].join(", ")}]`;
}

function draw(count: number, one: (random: Random) => number): number[] {
  const random = seeded(20);
  return Array.from({ length: count }, () => one(random));
}

describe("10,000 draws fit the prior", () => {
  test.each(named)("%s", (_label, dimension) => {
    const draws = draw(10_000, (random) => sampleDimension(dimension, random));
    expect(priorFit(dimension, draws).pValue).toBeGreaterThan(0.001);
  });

  test("choice", () => {
    const dimension = dimensionOf({ _type: "choice", _value: ["a", "b", "c"] });
    const draws = draw(10_000, (random) => sampleDimension(dimension, random));
    expect(priorFit(dimension, draws).pValue).toBeGreaterThan(0.001);
    expect(new Set(draws)).toEqual(new Set([0, 1, 2]));
  });
});

describe("the prior is what the type's definition says", () => {
  test.each(named)("%s: uniform numbers decode to it", (_label, dimension, definition) => {
    for (let i = 0; i < 1000; i++) {
      const u = (i + 0.5) / 1000;
      expect(decode(dimension, u)).toBeCloseTo(definition(u), 9);
    }
  });

  test.each(named)("%s: its draws fit", (_label, dimension, definition) => {
    const draws = draw(10_000, (random) => definition(random.next()));
    expect(priorFit(dimension, draws).pValue).toBeGreaterThan(0.001);
  });
});

describe("draws from something else do not fit", () => {
  const wrong: readonly [string, Dimension, Definition][] = [
    ["all values of a grid alike", numeric("quniform", 16, 256, 16), (u) => 16 * (1 + Math.floor(16 * u))],
    ["all options but one", dimensionOf({ _type: "choice", _value: [1, 2, 3] }), (u) => Math.floor(2 * u)],
    ["linear for log", numeric("loguniform", 1e-5, 1), (u) => between(1e-5, 1, u)],
    ["sigma 5 % too large", numeric("normal", 0, 1), (u) => 1.05 * normalQuantile(u)],
    ["a grid rounded down", numeric("qnormal", 0, 1, 0.5), (u) => Math.floor(normalQuantile(u) / 0.5) * 0.5],
    ["upper included", numeric("randint", 0, 10), (u) => Math.floor(11 * u)],
  ];
  test.each(wrong)("%s", (_label, dimension, definition) => {
    const draws = draw(10_000, (random) => definition(random.next()));
    expect(priorFit(dimension, draws).pValue).toBeLessThan(1e-3);
  });
});

test.each([
  [numeric("quniform", 2, 10, 5), [2, 5, 10]],
  [numeric("quniform", 1, 10, 4), [1, 4, 8]],
  [numeric("quniform", 0, 10, 2.5), [0, 2.5, 5, 7.5, 10]],
  [numeric("quniform", 0, 1, 0.1), [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]],
  [numeric("quniform", -0.2, 0.2, 0.1), [-0.2, -0.1, 0, 0.1, 0.2]],
  [numeric("quniform", 3, 3, 2), [3]],
  [numeric("qloguniform", 1, 10, 4), [1, 4, 8]],
  [numeric("randint", -1, 3), [-1, 0, 1, 2]],
  [numeric("uniform", 0.5, 0.5), [0.5]],
])("the values of a finite dimension are listed in order", (dimension, expected) => {
  expect(levels(dimension)).toEqual(expected);
  expect(dimension.levels).toBe(expected.length);
  for (const value of expected) expect(decode(dimension, encode(dimension, value))).toBe(value);
});

test("an endless dimension cannot be listed", () => {
  expect(() => levels(numeric("uniform", 0, 1))).toThrow(/x \(uniform\) has infinitely many values/);
  expect(() => levels(numeric("qnormal", 0, 1, 1))).toThrow(/infinitely many/);
});

test("halves snap to the even neighbour, and values keep to the bounds", () => {
  const grid = numeric("qnormal", 0, 10, 2);
  expect([-3, -1, 1, 3, 5].map((value) => snap(grid, value))).toEqual([-4, 0, 0, 4, 4]);
  expect(Object.is(snap(grid, -0.5), 0)).toBe(true);
  expect(snap(numeric("quniform", 2, 10, 5), 99)).toBe(10);
  expect(snap(numeric("uniform", 2, 10), 1)).toBe(2);
  expect(snap(numeric("randint", 0, 4), 9.2)).toBe(3);
});

test("grid values carry no dust, and large ones keep all their digits", () => {
  expect(snap(numeric("quniform", 0, 1, 0.1), 0.30000000000000004)).toBe(0.3);
  expect(snap(numeric("quniform", 0, 1e9, 0.1), 123456789.1)).toBe(123456789.1);
  expect(snap(numeric("quniform", 0, 1e15, 1), 1234567890123)).toBe(1234567890123);
  expect(snap(numeric("quniform", 0, 1e15, 0.5), 1234567890123.5)).toBe(1234567890123.5);
});

test("the cells of a grid are its probabilities and add up to one", () => {
  const dimension = numeric("quniform", 2, 10, 5);
  const cells = levels(dimension).map((value) => cell(dimension, value));
  expect(cells).toEqual([
    [0, 0.0625],
    [0.0625, 0.6875],
    [0.6875, 1],
  ]);
});

test("numbers outside the unit interval decode to the nearest end, and normals stay finite", () => {
  expect([-1, 2].map((u) => decode(numeric("uniform", 3, 4), u))).toEqual([3, 4]);
  expect([-1, 2].map((u) => decode(numeric("randint", 3, 6), u))).toEqual([3, 5]);
  const ends = [0, 1].map((u) => decode(numeric("normal", 0, 1), u));
  expect(ends[0]).toBeCloseTo(-8.21, 1);
  expect(ends[1]).toBeCloseTo(8.21, 1);
});

test("ranges from neighbouring numbers to the whole of floating point are encoded", () => {
  const narrow = numeric("loguniform", 1e-6, 1.0000000000000006e-6);
  expect([narrow.low, narrow.high].map((value) => encode(narrow, value))).toEqual([0, 1]);
  expect([0, 1].map((u) => decode(narrow, u))).toEqual([narrow.low, narrow.high]);
  const wide = numeric("loguniform", 1e-300, 1e300);
  expect(encode(wide, 1)).toBeCloseTo(0.5, 12);
  expect(decode(wide, 0.5)).toBeCloseTo(1, 9);
});

test("an option's index is its place, and NaN stays NaN", () => {
  const choice = dimensionOf({ _type: "choice", _value: ["a", "b", "c"] });
  expect([0, 1, 2].map((option) => encode(choice, option))).toEqual([0, 1, 2]);
  expect([0, 1, 2].map((option) => decode(choice, option))).toEqual([0, 1, 2]);
  for (const [dimension] of cases) expect(encode(dimension, NaN)).toBeNaN();
  expect(encode(choice, NaN)).toBeNaN();
});
