import { expect, test } from "vitest";
import { type Json, type SearchSpace, unspell } from "../model/index.ts";
import { spellParameters } from "./spell-parameters.ts";

test.each<[type: string, values: readonly Json[], whole: string]>([
  ["uniform", [0, 2], "1.0"],
  ["loguniform", [1, 2], "1.0"],
  ["normal", [0, 1], "1.0"],
  ["lognormal", [0, 1], "1.0"],
  ["quniform", [0.5, 2, 0.5], "1.0"],
  ["quniform", [0.5, 2, 1], "1.0"],
  ["quniform", [0, 2, 1], "1"],
  ["qloguniform", [1, 2, 0.1], "1.0"],
  ["qloguniform", [1, 2, 1], "1"],
  ["qnormal", [0.5, 1, 0.25], "1.0"],
  ["qnormal", [0.5, 1, 1], "1"],
  ["qlognormal", [0, 1, 0.1], "1.0"],
  ["randint", [0, 2], "1"],
  ["choice", [0.5, 1], "1.0"],
  ["choice", [1, 2, "all"], "1"],
  ["layer_choice", ["a"], "1"],
  ["of one's own", [0.5], "1"],
])("a whole number of %s %j is %s", (_type, _value, whole) => {
  expect(spellParameters({ x: { _type, _value } } as unknown as SearchSpace, { x: 1 })).toBe(
    `{"x":${whole}}`,
  );
});

test("numbers are what they were, whatever they are", () => {
  const space: SearchSpace = { x: { _type: "normal", _value: [0, 1] } };
  for (const x of [0, -0, -3, 0.25, 1e20, 1e21, 2 ** 60, -1e-7, NaN, Infinity, null, "1", [1], { a: 1 }])
    expect(unspell(spellParameters(space, { x }))).toEqual({ x: Object.is(x, -0) ? 0 : x });
  expect(spellParameters(space, { x: -3 })).toBe('{"x":-3.0}');
  expect(spellParameters(space, { x: 1e21 })).toBe('{"x":1e+21}');
});

test("parameters of a nested option have its types; those that the space does not know are left alone", () => {
  const space: SearchSpace = {
    model: {
      _type: "choice",
      _value: [
        {
          _name: "mlp",
          rate: { _type: "uniform", _value: [0, 1] },
          size: { _type: "randint", _value: [1, 9] },
        },
        { _name: "tree", rate: { _type: "choice", _value: [1, 2] } },
        0.5,
      ],
    },
  };
  const spelled = (parameters: Json): string => spellParameters(space, parameters);
  expect(spelled({ model: { _name: "mlp", rate: 1, size: 2 }, toString: 1 })).toBe(
    '{"model":{"_name":"mlp","rate":1.0,"size":2},"toString":1}',
  );
  expect(spelled({ model: { _name: "tree", rate: 1 } })).toBe('{"model":{"_name":"tree","rate":1}}');
  expect(spelled({ model: 1 })).toBe('{"model":1.0}');
  expect(spelled({ model: { _name: "none", rate: 1 } })).toBe('{"model":{"_name":"none","rate":1}}');
  expect(spelled([1, { model: 1 }])).toBe('[1,{"model":1}]');
});
