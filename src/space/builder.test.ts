import { describe, expect, expectTypeOf, test } from "vitest";
import { type Json, type SearchSpace, seeded } from "../model/index.ts";
import {
  choice,
  flatten,
  inputChoice,
  layerChoice,
  loguniform,
  lognormal,
  mutableLayer,
  normal,
  option,
  type ParametersOf,
  qlognormal,
  qloguniform,
  qnormal,
  quniform,
  randint,
  samplePoint,
  space,
  toParameters,
  uniform,
} from "./index.ts";

test("the builder writes what one would write in JSON", () => {
  const built = space({
    lr: loguniform(1e-5, 1),
    momentum: uniform(0, 1),
    units: quniform(16, 256, 16),
    batch: qloguniform(1, 128, 1),
    shift: normal(0, 1),
    steps: qnormal(0, 10, 1),
    scale: lognormal(0, 1),
    width: qlognormal(0, 1, 1),
    optimizer: choice("adam", "sgd"),
    layer: choice(option("conv", { k: randint(1, 8) }), option("identity")),
  });
  expect(built).toEqual({
    lr: { _type: "loguniform", _value: [1e-5, 1] },
    momentum: { _type: "uniform", _value: [0, 1] },
    units: { _type: "quniform", _value: [16, 256, 16] },
    batch: { _type: "qloguniform", _value: [1, 128, 1] },
    shift: { _type: "normal", _value: [0, 1] },
    steps: { _type: "qnormal", _value: [0, 10, 1] },
    scale: { _type: "lognormal", _value: [0, 1] },
    width: { _type: "qlognormal", _value: [0, 1, 1] },
    optimizer: { _type: "choice", _value: ["adam", "sgd"] },
    layer: {
      _type: "choice",
      _value: [{ _name: "conv", k: { _type: "randint", _value: [1, 8] } }, { _name: "identity" }],
    },
  });
  expect(flatten(built).dimensions).toHaveLength(11);
});

test("a faulty space is refused when it is built", () => {
  expect(() => space({ lr: loguniform(0, 1) })).toThrow(/lr\._value\[0\]: expected low > 0.*got 0/);
});

/** Parameters as a trial receives them, with their type. */
function drawn<Space extends SearchSpace>(from: Space): ParametersOf<Space> {
  const flat = flatten(from);
  return toParameters(flat, samplePoint(flat, seeded(1))) as unknown as ParametersOf<Space>;
}

describe("the type of the parameters", () => {
  test("numbers are numbers and choices are unions of their literals", () => {
    const parameters = drawn(
      space({ lr: loguniform(1e-5, 1), opt: choice("adam", "sgd"), size: choice(1, 2, null, true) }),
    );
    expectTypeOf(parameters.lr).toEqualTypeOf<number>();
    expectTypeOf(parameters.opt).toEqualTypeOf<"adam" | "sgd">();
    expectTypeOf(parameters.size).toEqualTypeOf<1 | 2 | null | true>();
    expectTypeOf<keyof typeof parameters>().toEqualTypeOf<"lr" | "opt" | "size">();
    expect(parameters.lr).toBeTypeOf("number");
    expect(["adam", "sgd"]).toContain(parameters.opt);
  });

  test("nested options are told apart by _name, at any depth, whether built or written out", () => {
    const { layer } = drawn(
      space({
        layer: choice(
          option("conv", {
            k: randint(1, 8),
            pad: choice(option("same"), option("by", { width: uniform(0, 1) })),
          }),
          { _name: "pool", size: quniform(1, 3, 1) },
          option("identity"),
        ),
      }),
    );
    expectTypeOf(layer._name).toEqualTypeOf<"conv" | "pool" | "identity">();
    if (layer._name === "conv") {
      expectTypeOf(layer.k).toEqualTypeOf<number>();
      if (layer.pad._name === "by") expectTypeOf(layer.pad.width).toEqualTypeOf<number>();
      // @ts-expect-error an option has only its own parameters
      expect(layer.size).toBeUndefined();
    }
    if (layer._name === "pool") expectTypeOf(layer.size).toEqualTypeOf<number>();
    if (layer._name === "identity") expectTypeOf<keyof typeof layer>().toEqualTypeOf<"_name">();
    expect(["conv", "pool", "identity"]).toContain(layer._name);
  });

  test("JSON that is written out in TypeScript is typed too", () => {
    const parameters = drawn(
      space({ a: { _type: "choice", _value: ["x", "y"] }, b: { _type: "randint", _value: [0, 3] } }),
    );
    expectTypeOf(parameters).toEqualTypeOf<{ readonly a: "x" | "y"; readonly b: number }>();
    expect([0, 1, 2]).toContain(parameters.b);
  });

  test("architecture types have the shape that trials receive", () => {
    const parameters = drawn(
      space({ op: layerChoice("conv", "pool"), from: inputChoice(["a", "b"], 1), any: inputChoice(["a"]) }),
    );
    expectTypeOf(parameters.op).toEqualTypeOf<{ readonly _value: "conv" | "pool"; readonly _idx: number }>();
    expectTypeOf(parameters.from._value).toEqualTypeOf<readonly ("a" | "b")[]>();
    expect(parameters.from._value).toHaveLength(1);
    const built = space({
      block: mutableLayer({
        first: { layer_choice: ["conv"], optional_inputs: ["a", "b"], optional_input_size: 1 },
      }),
    });
    expectTypeOf<ParametersOf<typeof built>>().toEqualTypeOf<{
      readonly block: {
        readonly first: { readonly chosen_layer: "conv"; readonly chosen_inputs: readonly ("a" | "b")[] };
      };
    }>();
    expect(built.block._type).toBe("mutable_layer");
  });

  test("of a space read from a file nothing is known", () => {
    expectTypeOf<ParametersOf<SearchSpace>>().toEqualTypeOf<{ readonly [name: string]: Json }>();
  });

  test("what is no parameter does not compile", () => {
    // @ts-expect-error a bare list is no parameter
    expect(() => space({ lr: [0, 1] })).toThrow("expected { _type, _value }");
    // @ts-expect-error no such type
    expect(() => space({ lr: { _type: "unifrom", _value: [0, 1] } })).toThrow('did you mean "uniform"?');
  });
});
