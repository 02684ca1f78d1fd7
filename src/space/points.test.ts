import { describe, expect, test } from "vitest";
import { isPolyphaseError, type Json, seeded } from "../model/index.ts";
import {
  cardinality,
  choice,
  contains,
  flatten,
  inputChoice,
  isActive,
  layerChoice,
  mutableLayer,
  option,
  parseSearchSpace,
  quniform,
  randint,
  samplePoint,
  space,
  toParameters,
  toPoint,
  uniform,
} from "./index.ts";

const nested = flatten(
  space({
    layer: choice(
      option("conv", {
        kernel: randint(1, 4),
        pad: choice(option("by", { width: quniform(0, 1, 0.1) }), "same"),
      }),
      option("identity"),
      "none",
    ),
    lr: uniform(0, 1),
  }),
);

describe("nested choices", () => {
  test("every parameter is a dimension, after its parent, with its condition", () => {
    expect(
      nested.dimensions.map(({ index, name, path, condition }) => ({ index, name, path, condition })),
    ).toEqual([
      { index: 0, name: "layer", path: ["layer"], condition: undefined },
      { index: 1, name: "layer/conv/kernel", path: ["layer", "kernel"], condition: { parent: 0, option: 0 } },
      { index: 2, name: "layer/conv/pad", path: ["layer", "pad"], condition: { parent: 0, option: 0 } },
      {
        index: 3,
        name: "layer/conv/pad/by/width",
        path: ["layer", "pad", "width"],
        condition: { parent: 2, option: 0 },
      },
      { index: 4, name: "lr", path: ["lr"], condition: undefined },
    ]);
  });

  const pairs: readonly (readonly [number[], Json])[] = [
    [[0, 2, 0, 0.3, 0.5], { layer: { _name: "conv", kernel: 2, pad: { _name: "by", width: 0.3 } }, lr: 0.5 }],
    [[0, 1, 1, NaN, 0], { layer: { _name: "conv", kernel: 1, pad: "same" }, lr: 0 }],
    [[1, NaN, NaN, NaN, 1], { layer: { _name: "identity" }, lr: 1 }],
    [[2, NaN, NaN, NaN, 1], { layer: "none", lr: 1 }],
  ];

  test.each(pairs)("the point %j and its parameters are each other's", (point, parameters) => {
    expect(toParameters(nested, Float64Array.from(point))).toEqual(parameters);
    expect(toPoint(nested, parameters)).toEqual(Float64Array.from(point));
  });

  test("a dimension is active only where all options above it are chosen", () => {
    const active = (point: number[]): boolean[] =>
      nested.dimensions.map((dimension) => isActive(nested, Float64Array.from(point), dimension));
    expect(active([0, 2, 0, 0.3, 0.5])).toEqual([true, true, true, true, true]);
    expect(active([0, 2, 1, NaN, 0.5])).toEqual([true, true, true, false, true]);
    // A stale option of an inactive choice activates nothing.
    expect(active([1, 2, 0, 0.3, 0.5])).toEqual([true, false, false, false, true]);
  });

  test("points count the options' own parameters only where they are chosen", () => {
    expect(cardinality(nested)).toBe(Infinity);
    const { layer } = space({
      layer: choice(option("conv", { k: randint(1, 4), pad: choice("a", "b") }), option("identity"), "none"),
    });
    expect(cardinality(flatten({ layer }))).toBe(3 * 2 + 1 + 1);
    expect(cardinality(flatten({ layer, steps: quniform(0, 10, 2.5), fixed: uniform(1, 1) }))).toBe(40);
  });
});

describe("what is not one complete point of the space", () => {
  const whole = { layer: { _name: "conv", kernel: 2, pad: "same" }, lr: 0.5 };

  test.each<[string, Json]>([
    ["a missing parameter", { lr: 0.5 }],
    ["a missing nested parameter", { ...whole, layer: { _name: "conv", pad: "same" } }],
    ["a parameter too many", { ...whole, momentum: 1 }],
    ["a nested parameter too many", { ...whole, layer: { ...whole.layer, stride: 1 } }],
    ["a parameter of another option", { ...whole, layer: { _name: "identity", kernel: 2 } }],
    ["a name alone for a nested option", { ...whole, layer: "identity" }],
    ["an option that is not there", { ...whole, layer: { _name: "dense" } }],
    ["a number outside its bounds", { ...whole, lr: 1.0000001 }],
    ["no number", { ...whole, lr: "0.5" }],
    ["NaN", { ...whole, lr: NaN }],
    ["a fraction for an integer", { ...whole, layer: { ...whole.layer, kernel: 1.5 } }],
    ["the exclusive upper bound", { ...whole, layer: { ...whole.layer, kernel: 4 } }],
    ["a number off its grid", { ...whole, layer: { ...whole.layer, pad: { _name: "by", width: 0.31 } } }],
    ["a list", [whole]],
    ["null", null],
    ["text", "conv"],
  ])("%s", (_label, parameters) => {
    expect(contains(nested, whole)).toBe(true);
    expect(contains(nested, parameters)).toBe(false);
    expect(toPoint(nested, parameters)).toBeUndefined();
  });

  test("dust on a grid's value is forgiven, and taken away", () => {
    const flat = flatten(space({ q: quniform(0, 1, 0.1) }));
    expect(toPoint(flat, { q: 0.1 + 0.2 })).toEqual(Float64Array.of(0.3));
    expect(toPoint(flat, { q: 1e-12 })).toEqual(Float64Array.of(0));
    expect(toPoint(flat, { q: 0.3000001 })).toBeUndefined();
  });
});

describe("names", () => {
  test("slashes in names stay where they are, and two places never share a name", () => {
    const flat = flatten(
      space({
        "net/conv/k": randint(0, 2),
        net: choice(option("conv", { k: randint(0, 3), "a/b": uniform(0, 1) })),
        "net/conv/k~2": randint(0, 9),
      }),
    );
    const names = flat.dimensions.map(({ name }) => name);
    expect(names).toEqual(["net/conv/k", "net", "net/conv/k~2", "net/conv/a/b", "net/conv/k~2~2"]);
    const parameters = { "net/conv/k": 1, net: { _name: "conv", k: 2, "a/b": 0.5 }, "net/conv/k~2": 8 };
    const point = toPoint(flat, parameters);
    expect(point).toEqual(Float64Array.of(1, 0, 2, 0.5, 8));
    expect(toParameters(flat, point!)).toEqual(parameters);
  });

  test("names that objects inherit are no parameters until they are given", () => {
    const flat = flatten(space({ constructor: uniform(0, 1), toString: choice("a") }));
    expect(contains(flat, {})).toBe(false);
    expect(contains(flat, { constructor: 0.5, toString: "a" })).toBe(true);
  });
});

describe("options that are lists or objects", () => {
  const flat = flatten(space({ shape: choice([1, 2], [2, 1], { a: 1, b: [null] }, true, 1, "1") }));

  test("are told apart by their content, whatever the order of keys", () => {
    const options: Json[] = [[1, 2], [2, 1], { b: [null], a: 1 }, true, 1, "1"];
    expect(options.map((shape) => toPoint(flat, { shape })?.[0])).toEqual([0, 1, 2, 3, 4, 5]);
    expect(contains(flat, { shape: [1, 2, 3] })).toBe(false);
    expect(contains(flat, { shape: { a: 1 } })).toBe(false);
    expect(contains(flat, { shape: false })).toBe(false);
  });

  test("are handed out as copies", () => {
    const first = toParameters(flat, Float64Array.of(0)) as { shape: number[] };
    first.shape.push(9);
    expect(toParameters(flat, Float64Array.of(0))).toEqual({ shape: [1, 2] });
  });
});

describe("architecture types", () => {
  test("a layer is delivered with its index", () => {
    const flat = flatten(space({ op: layerChoice("conv", "pool", "conv") }));
    expect(toParameters(flat, Float64Array.of(1))).toEqual({ op: { _value: "pool", _idx: 1 } });
    expect(toPoint(flat, { op: { _value: "conv", _idx: 2 } })).toEqual(Float64Array.of(2));
    expect(contains(flat, { op: { _value: "conv", _idx: 1 } })).toBe(false);
  });

  test.each([
    [1, [[0], [1], [2]]],
    [
      [2, 0],
      [[], [0, 1], [0, 2], [1, 2]],
    ],
    [null, [[], [0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]]],
    [3, [[0, 1, 2]]],
    [0, [[]]],
  ])("n_chosen %j allows the subsets %j", (chosen, subsets) => {
    const names = ["a", "b", "c"];
    const flat = flatten(space({ from: inputChoice(names, chosen) }));
    const expected = subsets.map((_idx) => ({ _value: _idx.map((index) => names[index]), _idx }));
    expect(flat.dimensions[0]).toMatchObject({
      kind: "categorical",
      size: subsets.length,
      options: expected,
    });
    for (const [index, from] of expected.entries()) {
      expect(toPoint(flat, { from } as Json)).toEqual(Float64Array.of(index));
    }
  });

  test("up to 4096 subsets are listed, more are refused", () => {
    const candidates = (count: number): string[] => Array.from({ length: count }, (_, i) => `in${i}`);
    expect(flatten(space({ from: inputChoice(candidates(12)) })).dimensions[0]).toMatchObject({ size: 4096 });
    const tooMany = space({ from: inputChoice(candidates(13)) });
    expect(() => flatten(tooMany)).toThrow(/at most 4096 subsets, got 8192 at from/);
    expect(() => flatten(space({ from: inputChoice(candidates(1000), 500) }))).toThrow(/4096/);
  });

  test("a mutable_layer needs a tuner for architectures", () => {
    const block = mutableLayer({ one: { layer_choice: ["a"], optional_inputs: [], optional_input_size: 0 } });
    try {
      flatten(space({ block }));
      expect.unreachable();
    } catch (error) {
      expect(isPolyphaseError(error) && error.code).toBe("search-space-unsupported");
      expect((error as Error).message).toContain("mutable_layer at block");
    }
  });
});

test("same seed, same points; another seed, other points", () => {
  const points = (seed: number): Float64Array[] => {
    const random = seeded(seed);
    return Array.from({ length: 20 }, () => samplePoint(nested, random));
  };
  expect(points(7)).toEqual(points(7));
  expect(points(7)).not.toEqual(points(8));
});

test("10,000 dimensions are parsed, flattened and sampled", () => {
  const wide: Record<string, unknown> = {};
  for (let i = 0; i < 2000; i++) {
    wide[`lr${i}`] = { _type: "loguniform", _value: [1e-5, 1] };
    wide[`layer${i}`] = {
      _type: "choice",
      _value: [option("a", { k: randint(0, 9), q: quniform(0, 1, 0.1) }), "b"],
    };
    wide[`act${i}`] = { _type: "choice", _value: ["relu", "tanh"] };
  }
  const flat = flatten(parseSearchSpace(wide));
  const point = samplePoint(flat, seeded(1));
  expect(toPoint(flat, toParameters(flat, point))).toEqual(point);
  expect(flat.dimensions).toHaveLength(10_000);
});
