import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ChoiceOption,
  type FlatSpace,
  type ParameterSpec,
  type SearchSpace,
  seeded,
} from "../model/index.ts";
import {
  contains,
  decode,
  encode,
  flatten,
  parseSearchSpace,
  samplePoint,
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

const { spec } = fc.letrec<{ spec: ParameterSpec }>((tie) => ({
  spec: fc.oneof(
    { maxDepth: 3, depthIdentifier: "nesting" },
    numericSpec,
    architectureSpec,
    choiceSpec(tie("spec")),
  ),
}));

const anySpace: fc.Arbitrary<SearchSpace> = fc.dictionary(name, spec, { minKeys: 1, maxKeys: 5 });

describe("for any valid space", () => {
  const cases = fc.tuple(anySpace, fc.nat());

  function drawn(flat: FlatSpace, seed: number): Float64Array {
    return samplePoint(flat, seeded(seed));
  }

  test("parsing accepts it and changes nothing", () => {
    fc.assert(fc.property(anySpace, (space) => void expect(parseSearchSpace(space)).toEqual(space)));
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
});
