import { describe, expect, test } from "vitest";
import type { FlatSpace, Json, Point, SearchSpace } from "../../model/index.ts";
import { seeded } from "../../model/index.ts";
import { contains, flatten, samplePoint, toParameters, toPoint } from "../../space/index.ts";
import { type BreedingSettings, createBreed } from "./breeding.ts";

const usual: BreedingSettings = {
  crossoverProb: 0.9,
  swappingProb: 0.5,
  crossover: "uniform",
  mutationProb: undefined,
  mutation: "polynomial",
};

interface Parameters {
  readonly x: number;
  readonly c: string;
  readonly layer: Json;
}

function children(
  space: SearchSpace,
  parents: readonly [object, object],
  settings: Partial<BreedingSettings> = {},
  count = 300,
): { flat: FlatSpace; points: Point[]; parameters: Parameters[] } {
  const flat = flatten(space);
  const [one, other] = parents.map((parent) => toPoint(flat, parent as never)!);
  const breed = createBreed(flat, { ...usual, ...settings });
  const random = seeded(1);
  const points = Array.from({ length: count }, () => breed(one!, other!, random));
  return {
    flat,
    points,
    parameters: points.map((point) => toParameters(flat, point) as unknown as Parameters),
  };
}

const square: SearchSpace = {
  x: { _type: "uniform", _value: [0, 1] },
  c: { _type: "choice", _value: ["a", "b", "c"] },
};
const [low, high] = [
  { x: 0.25, c: "a" },
  { x: 0.75, c: "b" },
];

describe("without mutation", () => {
  test("uniform crossover takes each parameter from one of the parents, as often as it is told", () => {
    const { parameters } = children(
      square,
      [low, high],
      { mutationProb: 0, swappingProb: 0.2, crossoverProb: 1 },
      2000,
    );
    const part = (test: (each: { x: number; c: string }) => boolean): number =>
      parameters.filter(test).length / 2000;
    expect(part(({ x }) => x === 0.25 || x === 0.75)).toBe(1);
    expect(part(({ x }) => x === 0.75)).toBeCloseTo(0.2, 1);
    expect(part(({ x, c }) => x === 0.75 && c === "a")).toBeCloseTo(0.16, 1);
  });

  test("without crossover the child is the first parent", () => {
    const { parameters } = children(square, [low, high], { mutationProb: 0, crossoverProb: 0 });
    for (const each of parameters) expect(each).toEqual(low);
  });

  test("sbx puts numbers near the parents, options still come from one of them", () => {
    const { parameters } = children(square, [low, high], { mutationProb: 0, crossover: "sbx" });
    const numbers = parameters.map(({ x }) => x);
    expect(new Set(numbers).size).toBeGreaterThan(50);
    for (const x of numbers) expect(Math.min(Math.abs(x - 0.25), Math.abs(x - 0.75))).toBeLessThan(0.25);
    for (const { c } of parameters) expect(["a", "b"]).toContain(c);
  });
});

describe("mutation", () => {
  test("changes one parameter of n on average", () => {
    const ten: SearchSpace = Object.fromEntries(
      Array.from({ length: 10 }, (_, i) => [`x${i}`, { _type: "uniform", _value: [0, 1] }] as const),
    );
    const parent = Object.fromEntries(Object.keys(ten).map((name) => [name, 0.5]));
    const { points } = children(ten, [parent, parent], {}, 2000);
    const changed = points.map((point) => point.filter((x) => x !== 0.5).length);
    expect(changed.reduce((sum, count) => sum + count, 0) / 2000).toBeCloseTo(1, 1);
  });

  test("of a number is mostly a small step, or a draw from the prior where that is asked for", () => {
    const spread = (mutation: "polynomial" | "redraw"): number => {
      const { parameters } = children(square, [low, low], { mutation, mutationProb: 1 }, 2000);
      return parameters.filter(({ x }) => Math.abs(x - 0.25) < 0.15).length / 2000;
    };
    expect(spread("polynomial")).toBeGreaterThan(0.5);
    expect(spread("redraw")).toBeCloseTo(0.3, 1);
  });

  test("of a choice is another option, also where only one is left", () => {
    const { parameters } = children(square, [low, low], { mutationProb: 1 });
    expect(new Set(parameters.map(({ c }) => c))).toEqual(new Set(["b", "c"]));
    const only: SearchSpace = { c: { _type: "choice", _value: ["a"] } };
    expect(children(only, [{ c: "a" }, { c: "a" }], { mutationProb: 1 }).parameters[0]).toEqual({ c: "a" });
  });

  test.each<[string, SearchSpace[string], number]>([
    ["randint", { _type: "randint", _value: [0, 5] }, 4],
    ["a grid of wide cells", { _type: "quniform", _value: [1, 10, 4] }, 8],
    ["qloguniform", { _type: "qloguniform", _value: [8, 512, 8] }, 512],
    ["qnormal", { _type: "qnormal", _value: [0, 5, 2] }, 4],
    ["qlognormal", { _type: "qlognormal", _value: [2, 1, 3] }, 0],
  ])("on %s always leads to another value of the grid", (_name, spec, at) => {
    const space = { x: spec };
    const { flat, parameters } = children(space, [{ x: at }, { x: at }], { mutationProb: 1 });
    for (const each of parameters) {
      expect(contains(flat, { x: each.x })).toBe(true);
      expect(each.x).not.toBe(at);
    }
  });

  test("carries normal numbers out of the bulk of their prior, a step at a time", () => {
    const flat = flatten({ x: { _type: "normal", _value: [10, 2] } });
    const breed = createBreed(flat, { ...usual, mutationProb: 1 });
    const random = seeded(2);
    let point: Point = Float64Array.of(10);
    for (let i = 0; i < 400; i++) {
      const child = breed(point, point, random);
      if (child[0]! > point[0]!) point = child;
    }
    expect(point[0]).toBeGreaterThan(10 + 12 * 2);
  });
});

describe("nested choices", () => {
  const space: SearchSpace = {
    layer: {
      _type: "choice",
      _value: [
        "none",
        { _name: "dense", units: { _type: "uniform", _value: [0, 1] } },
        {
          _name: "conv",
          size: { _type: "randint", _value: [1, 9] },
          pad: { _type: "choice", _value: [0, 1] },
        },
      ],
    },
    lr: { _type: "loguniform", _value: [1e-4, 1] },
  };

  test("make complete children of any two parents", () => {
    const flat = flatten(space);
    const random = seeded(3);
    for (const crossover of ["uniform", "sbx"] as const) {
      const breed = createBreed(flat, { ...usual, crossover, mutationProb: 0.3 });
      for (let i = 0; i < 400; i++) {
        const child = breed(samplePoint(flat, random), samplePoint(flat, random), random);
        expect(contains(flat, toParameters(flat, child))).toBe(true);
      }
    }
  });

  test("what an option brings comes from the parent that has taken it", () => {
    const parents: [object, object] = [
      { layer: { _name: "dense", units: 0.125 }, lr: 0.01 },
      { layer: { _name: "conv", size: 7, pad: 1 }, lr: 0.01 },
    ];
    const { parameters } = children(space, parents, { mutationProb: 0 });
    const texts = new Set(parameters.map(({ layer }) => JSON.stringify(layer)));
    expect(texts).toEqual(new Set(['{"_name":"dense","units":0.125}', '{"_name":"conv","size":7,"pad":1}']));
  });
});
