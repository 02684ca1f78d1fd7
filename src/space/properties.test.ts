import fc from "fast-check";
import * as z from "zod";
import { describe, expect, test } from "vitest";
import {
  type ChoiceOption,
  type FlatSpace,
  type NumericDimension,
  type ParameterSpec,
  type SearchSpace,
  seeded,
} from "../model/index.ts";
import {
  cardinality,
  cell,
  contains,
  decode,
  encode,
  flatten,
  parseSearchSpace,
  samplePoint,
  searchSpaceJsonSchema,
  snap,
  toParameters,
  toPoint,
} from "./index.ts";

const name = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9_/]{0,6}$/),
  fc.constantFrom("constructor", "toString", "a/b/c", "0", "10", "ключ", "with space", "hasOwnProperty"),
);
const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const positive = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
const step = fc.oneof(
  fc.constantFrom(0.1, 0.25, 1, 3, 1e-3),
  fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
);

function ordered(value: fc.Arbitrary<number>): fc.Arbitrary<readonly [number, number]> {
  return fc.tuple(value, value).map(([a, b]) => (a <= b ? [a, b] : [b, a]));
}
const range = ordered(number);
const positiveRange = ordered(positive);
const integers = fc
  .tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 1, max: 1e9 }))
  .map(([lower, width]): readonly [number, number] => [lower, lower + width]);
// A grid that is coarse beside sigma has values that no draw reaches: the interesting ones are in between.
const normal = fc.tuple(
  fc.double({ min: -100, max: 100, noNaN: true }),
  fc.double({ min: 0.01, max: 100, noNaN: true }),
);
const logNormal = fc.tuple(
  fc.double({ min: -5, max: 5, noNaN: true }),
  fc.double({ min: 0.01, max: 2, noNaN: true }),
);

const numericSpec: fc.Arbitrary<ParameterSpec> = fc.oneof(
  integers.map((_value) => ({ _type: "randint" as const, _value })),
  range.map((_value) => ({ _type: "uniform" as const, _value })),
  fc
    .tuple(range, step)
    .map(([[low, high], q]) => ({ _type: "quniform" as const, _value: [low, high, q] as const })),
  positiveRange.map((_value) => ({ _type: "loguniform" as const, _value })),
  fc
    .tuple(positiveRange, step)
    .map(([[low, high], q]) => ({ _type: "qloguniform" as const, _value: [low, high, q] as const })),
  normal.map((_value) => ({ _type: "normal" as const, _value })),
  fc
    .tuple(normal, step)
    .map(([[mu, sigma], q]) => ({ _type: "qnormal" as const, _value: [mu, sigma, q] as const })),
  logNormal.map((_value) => ({ _type: "lognormal" as const, _value })),
  fc
    .tuple(logNormal, step)
    .map(([[mu, sigma], q]) => ({ _type: "qlognormal" as const, _value: [mu, sigma, q] as const })),
);

const texts = fc.uniqueArray(name, { minLength: 1, maxLength: 4 });
const architectureSpec: fc.Arbitrary<ParameterSpec> = fc.oneof(
  texts.map((_value) => ({ _type: "layer_choice" as const, _value })),
  texts.chain((candidates) =>
    fc
      .oneof(
        fc.constant(null),
        fc.integer({ min: 0, max: candidates.length }),
        fc.uniqueArray(fc.integer({ min: 0, max: candidates.length }), { minLength: 1 }),
      )
      .map((n_chosen) => ({ _type: "input_choice" as const, _value: { candidates, n_chosen } })),
  ),
);

const plainOption: fc.Arbitrary<ChoiceOption> = fc.oneof(
  fc.boolean(),
  fc.constant(null),
  fc.integer(),
  fc.string(),
  fc.array(fc.integer(), { maxLength: 2 }),
  fc.dictionary(fc.constantFrom("x", "y"), fc.integer(), { maxKeys: 2 }),
);

function choiceSpec(inner: fc.Arbitrary<ParameterSpec>): fc.Arbitrary<ParameterSpec> {
  const plain = fc.uniqueArray(plainOption, {
    minLength: 1,
    maxLength: 4,
    selector: (option) => JSON.stringify(option),
  });
  const nested = fc
    .uniqueArray(fc.tuple(name, fc.dictionary(name, inner, { maxKeys: 3 })), {
      maxLength: 3,
      selector: ([label]) => label,
    })
    .map((options) => options.map(([label, parameters]): ChoiceOption => ({ _name: label, ...parameters })));
  return fc.tuple(plain, nested).map(([some, more]) => ({ _type: "choice", _value: [...more, ...some] }));
}

const mutableLayerSpec: fc.Arbitrary<ParameterSpec> = fc
  .dictionary(
    name,
    fc.tuple(texts, texts, fc.nat(), fc.boolean()).map(([layer_choice, optional_inputs, drawn, isRange]) => {
      const most = drawn % (optional_inputs.length + 1);
      const optional_input_size = isRange ? ([0, most] as const) : most;
      return { layer_choice, optional_inputs, optional_input_size };
    }),
    { minKeys: 1, maxKeys: 3 },
  )
  .map((_value) => ({ _type: "mutable_layer", _value }));

const { spec } = fc.letrec<{ spec: ParameterSpec }>((tie) => ({
  spec: fc.oneof(
    { maxDepth: 3, depthIdentifier: "nesting" },
    numericSpec,
    architectureSpec,
    choiceSpec(tie("spec")),
  ),
}));

const anySpace: fc.Arbitrary<SearchSpace> = fc.dictionary(name, spec, { minKeys: 1, maxKeys: 5 });

/** With architectures that only special tuners search. */
const anyWrittenSpace = fc.dictionary(name, fc.oneof(spec, mutableLayerSpec), { minKeys: 1, maxKeys: 5 });

describe("for any valid space", () => {
  const cases = fc.tuple(anySpace, fc.nat());

  function drawn(flat: FlatSpace, seed: number): Float64Array {
    return samplePoint(flat, seeded(seed));
  }

  test("parsing accepts it and changes nothing", () => {
    fc.assert(fc.property(anyWrittenSpace, (space) => void expect(parseSearchSpace(space)).toEqual(space)));
  });

  test("the JSON Schema accepts it", () => {
    const schema = z.fromJSONSchema(searchSpaceJsonSchema());
    fc.assert(
      fc.property(
        anyWrittenSpace,
        (space) => void expect(schema.safeParse(space)).toMatchObject({ success: true }),
      ),
    );
  });

  test("a drawn point comes back from its parameters, also through JSON text", () => {
    fc.assert(
      fc.property(cases, ([space, seed]) => {
        const flat = flatten(space);
        const point = drawn(flat, seed);
        const parameters = toParameters(flat, point);
        expect(toPoint(flat, parameters)).toEqual(point);
        expect(contains(flat, JSON.parse(JSON.stringify(parameters)))).toBe(true);
      }),
    );
  });

  test("decoding an encoded value gives the value", () => {
    fc.assert(
      fc.property(cases, ([space, seed]) => {
        const flat = flatten(space);
        const point = drawn(flat, seed);
        for (const dimension of flat.dimensions) {
          const value = point[dimension.index]!;
          if (Number.isNaN(value)) continue;
          const back = decode(dimension, encode(dimension, value));
          const isExact = dimension.kind === "categorical" || dimension.q !== undefined;
          if (isExact) expect(back).toBe(value);
          else expect(Math.abs(back - value)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(value)));
        }
      }),
    );
  });

  /** So narrow a range that neighbouring floating-point numbers stand visibly apart in it. */
  function hasFewDoubles({ low, high }: NumericDimension): boolean {
    return high - low < 1e-6 * Math.max(Math.abs(low), Math.abs(high));
  }

  test("a number that was decoded stays in its cell", () => {
    fc.assert(
      fc.property(anySpace, fc.double({ min: 0, max: 1, noNaN: true }), (space, u) => {
        for (const dimension of flatten(space).dimensions) {
          if (dimension.kind === "categorical") continue;
          const value = decode(dimension, u);
          expect(snap(dimension, value)).toBe(value);
          expect(encode(dimension, value)).toBeGreaterThanOrEqual(0);
          expect(encode(dimension, value)).toBeLessThanOrEqual(1);
          if (hasFewDoubles(dimension)) continue;
          const [from, to] = cell(dimension, value);
          expect(u).toBeGreaterThanOrEqual(from - 1e-9);
          expect(u).toBeLessThanOrEqual(to + 1e-9);
        }
      }),
    );
  });

  test("the number of points is the number of different points there are", () => {
    const few = fc.dictionary(
      name,
      choiceSpec(choiceSpec(fc.constant({ _type: "randint", _value: [0, 2] }))),
      {
        minKeys: 1,
        maxKeys: 1,
      },
    );
    fc.assert(
      fc.property(few, (space) => {
        const flat = flatten(space);
        const count = cardinality(flat);
        fc.pre(count <= 40);
        const random = seeded(3);
        const seen = new Set<string>();
        for (let i = 0; i < 300 * count; i++) seen.add(String(samplePoint(flat, random)));
        expect(seen.size).toBeLessThanOrEqual(count);
        const isLikelyComplete = flat.dimensions.length <= 3;
        if (isLikelyComplete) expect(seen.size).toBe(count);
      }),
      // Enough draws that even the rarest point is missed less than once in 10^15 times.
      { numRuns: 25 },
    );
  });
});

test.each([
  {},
  { x: { _type: "unifrom", _value: [0, 1] } },
  { x: { _type: "uniform", _value: [0] } },
  { x: { _type: "uniform", _value: [0, 1, 2] } },
  { x: { _type: "loguniform", _value: [0, 1] } },
  { x: { _type: "quniform", _value: [0, 1, 0] } },
  { x: { _type: "randint", _value: [0, 1.5] } },
  { x: { _type: "choice", _value: [] } },
  { x: { _type: "choice", _value: [{ _name: "a", k: 3 }] } },
  { x: { _type: "choice", _value: [{ _type: "uniform", _value: [0, 1] }] } },
  { _name: { _type: "uniform", _value: [0, 1] } },
])("the JSON Schema refuses %j", (faulty) => {
  const schema = z.fromJSONSchema(searchSpaceJsonSchema());
  expect(schema.safeParse(faulty).success).toBe(false);
});
