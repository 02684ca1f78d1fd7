import { describe, expect, test } from "vitest";
import { seeded } from "../../model/index.ts";
import { primitivePolynomials } from "./primitive-polynomials.ts";
import { type Sobol, createSobol } from "./sobol.ts";
import { directionNumbers } from "./sobol-directions.ts";

const numbers = (count: number, from = 0): number[] => Array.from({ length: count }, (_, i) => from + i);

test("the first points are those of Joe and Kuo's own program", () => {
  const sobol = createSobol(6);
  expect(numbers(8).map((number) => [...sobol(number)])).toEqual([
    [0, 0, 0, 0, 0, 0],
    [0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
    [0.75, 0.25, 0.25, 0.25, 0.75, 0.75],
    [0.25, 0.75, 0.75, 0.75, 0.25, 0.25],
    [0.375, 0.375, 0.625, 0.875, 0.375, 0.125],
    [0.875, 0.875, 0.125, 0.375, 0.875, 0.625],
    [0.625, 0.125, 0.875, 0.625, 0.625, 0.875],
    [0.125, 0.625, 0.375, 0.125, 0.125, 0.375],
  ]);
});

test("a point far along is SciPy's, in the first, a middle and the last published dimension", () => {
  const point = createSobol(337)(4001);
  const some = [0, 1, 2, 7, 13, 30, 63, 120, 199, 255, 300, 336].map((dimension) => point[dimension]);
  expect(some).toEqual([
    0.554931640625, 0.620849609375, 0.935791015625, 0.351806640625, 0.730712890625, 0.056884765625,
    0.217529296875, 0.743896484375, 0.947509765625, 0.886474609375, 0.930419921875, 0.780029296875,
  ]);
});

test("all direction numbers of the 337 published dimensions are SciPy's, by their checksum", () => {
  let sum = 0;
  for (let dimension = 0; dimension < 337; dimension++)
    for (const [k, direction] of directionNumbers(dimension).entries())
      sum = (sum + Math.imul(32 * dimension + k + 1, direction)) >>> 0;
  expect(sum).toBe(1_786_219_410);
});

test("the primitive polynomials are as many of each degree as there are: phi(2^s - 1) / s", () => {
  const polynomials = primitivePolynomials();
  const first = Array.from({ length: 8 }, () => polynomials.next().value);
  expect(first).toEqual([0b11, 0b111, 0b1011, 0b1101, 0b10011, 0b11001, 0b100101, 0b101001]);
  const counts: number[] = [];
  for (const polynomial of primitivePolynomials()) {
    const degree = 31 - Math.clz32(polynomial);
    if (degree > 13) break;
    counts[degree - 1] = (counts[degree - 1] ?? 0) + 1;
  }
  expect(counts).toEqual([1, 1, 2, 2, 6, 6, 18, 16, 48, 60, 176, 144, 630]);
});

/** [name, a sequence of so many dimensions] */
const kinds: readonly (readonly [string, (dimensions: number) => Sobol])[] = [
  ["plain", (dimensions) => createSobol(dimensions)],
  ["scrambled", (dimensions) => createSobol(dimensions, seeded(11))],
  ["otherwise scrambled", (dimensions) => createSobol(dimensions, seeded(2 ** 40 + 3))],
];

describe.each(kinds)("the %s sequence", (_name, sequence) => {
  test("has one of each 2^m points in each 1 / 2^m of every dimension, also of those beyond the published", () => {
    const sobol = sequence(1000);
    for (const from of [0, 128, 128 * 77_777]) {
      const points = numbers(128, from).map(sobol);
      for (let dimension = 0; dimension < 1000; dimension++)
        expect(new Set(points.map((point) => Math.floor(point[dimension]! * 128))).size).toBe(128);
    }
  });

  test("is a (0, m, 2)-net in its first two dimensions, a (1, m, 3)-net in three, a (3, m, 4)-net in four", () => {
    const points = numbers(512).map(sequence(4));
    for (const [dimensions, t] of [[[0, 1], 0] as const, [[0, 1, 2], 1] as const, [[0, 1, 2, 3], 3] as const])
      for (const bits of splits(9 - t, dimensions.length))
        expect(fullness(points, dimensions, bits)).toEqual([2 ** t]);
  });

  test("fills the boxes of two-dimensional projections evenly", () => {
    const points = numbers(4096).map(sequence(21));
    // A pair's t is at most the sum of both polynomials' degrees less 2: 5 + 5 - 2 for the first; 7 + 7 - 2 is all 12.
    for (const [one, other, t] of [[7, 12, 8] as const, [3, 6, 5] as const, [1, 20, 6] as const])
      for (const bits of splits(12 - t, 2)) expect(fullness(points, [one, other], bits)).toEqual([2 ** t]);
  });
});

/** All ways to write `sum` as so many whole numbers. */
function splits(sum: number, parts: number): number[][] {
  if (parts === 1) return [[sum]];
  return numbers(sum + 1).flatMap((first) => splits(sum - first, parts - 1).map((rest) => [first, ...rest]));
}

/** The different numbers of points in the boxes of 2^-bits; 0 among them where a box is empty. */
function fullness(
  points: readonly Float64Array[],
  dimensions: readonly number[],
  bits: readonly number[],
): number[] {
  const boxes = new Uint32Array(2 ** bits.reduce((sum, each) => sum + each, 0));
  for (const point of points) {
    const box = dimensions.reduce(
      (place, dimension, i) => place * 2 ** bits[i]! + Math.floor(point[dimension]! * 2 ** bits[i]!),
      0,
    );
    boxes[box]! += 1;
  }
  return [...new Set(boxes)];
}

describe("scrambling", () => {
  test("makes every point uniform over the seeds, and two coordinates of it independent", () => {
    for (const number of [0, 5]) {
      const points = numbers(4000).map((seed) => createSobol(2, seeded(seed))(number));
      const mean = (of: (x: number, y: number) => number): number =>
        points.reduce((sum, [x, y]) => sum + of(x!, y!), 0) / points.length;
      // Four standard errors: 0.018 of a mean, 0.0053 of a product.
      expect(Math.abs(mean((x) => x) - 1 / 2)).toBeLessThan(0.019);
      expect(Math.abs(mean((_x, y) => y * y) - 1 / 3)).toBeLessThan(0.019);
      expect(Math.abs(mean((x, y) => (x - 0.5) * (y - 0.5)))).toBeLessThan(0.0055);
    }
  });

  test("gives a dimension the same coordinates whatever dimensions come after it", () => {
    const few = createSobol(3, seeded(4))(1234);
    expect([...createSobol(300, seeded(4))(1234)].slice(0, 3)).toEqual([...few]);
  });

  test("uses all 53 digits and stays below 1", () => {
    const points = numbers(2000).map(createSobol(8, seeded(1)));
    const coordinates = points.flatMap((point) => [...point]);
    expect(Math.max(...coordinates)).toBeLessThan(1);
    const odd = coordinates.filter((x) => (x * 2 ** 53) % 2 === 1).length / coordinates.length;
    expect(odd).toBeGreaterThan(0.3);
    expect(odd).toBeLessThan(0.7);
  });

  test("goes up to the last of 2^32 points", () => {
    const sobol = createSobol(3, seeded(1));
    const last = [2 ** 32 - 1, 2 ** 32 - 2, 2 ** 31, 0].map((number) => sobol(number)[2]);
    expect(new Set(last).size).toBe(4);
  });
});
