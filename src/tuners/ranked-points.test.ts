import { expect, test } from "vitest";
import type { SearchSpace } from "../model/index.ts";
import { cardinality, flatten, toParameters } from "../space/index.ts";
import { rankPoints } from "./ranked-points.ts";

const nested: SearchSpace = {
  width: { _type: "randint", _value: [2, 4] },
  layer: {
    _type: "choice",
    _value: [
      { _name: "none" },
      {
        _name: "conv",
        kernel: { _type: "choice", _value: [1, 3] },
        pool: {
          _type: "choice",
          _value: [{ _name: "off" }, { _name: "max", size: { _type: "randint", _value: [2, 5] } }],
        },
      },
    ],
  },
  rate: { _type: "quniform", _value: [0.1, 0.3, 0.1] },
};

test("every rank is another point, and each point gives its rank back", () => {
  const flat = flatten(nested);
  const ranked = rankPoints(flat)!;
  expect(ranked.size).toBe(2 * (1 + 2 * (1 + 3)) * 3);
  expect(ranked.size).toBe(cardinality(flat));
  const texts = new Set<string>();
  for (let rank = 0; rank < ranked.size; rank++) {
    const point = ranked.pointAt(rank);
    expect(ranked.rankOf(point)).toBe(rank);
    texts.add(JSON.stringify(toParameters(flat, point)));
  }
  expect(texts.size).toBe(ranked.size);
});

test("values are free of binary dust, and the last key changes first", () => {
  const flat = flatten(nested);
  const ranked = rankPoints(flat)!;
  const first = [0, 1, 2, 3].map((rank) => toParameters(flat, ranked.pointAt(rank)));
  expect(first).toEqual([
    { width: 2, layer: { _name: "none" }, rate: 0.1 },
    { width: 2, layer: { _name: "none" }, rate: 0.2 },
    { width: 2, layer: { _name: "none" }, rate: 0.3 },
    { width: 2, layer: { _name: "conv", kernel: 1, pool: { _name: "off" } }, rate: 0.1 },
  ]);
});

test("continuous spaces and those beyond 2^52 points have no ranks", () => {
  expect(rankPoints(flatten({ x: { _type: "uniform", _value: [0, 1] } }))).toBeUndefined();
  const wide = Object.fromEntries(
    Array.from({ length: 53 }, (_, i) => [`x${i}`, { _type: "randint", _value: [0, 2] } as const]),
  );
  expect(rankPoints(flatten(wide))).toBeUndefined();
});
