import { describe, expect, test } from "vitest";
import { isPolyphaseError } from "../model/index.ts";
import { flatten, parseSearchSpace, searchSpaceIssues } from "./index.ts";

/** Each fault as "path: message". */
function faultsOf(json: unknown): string[] {
  return searchSpaceIssues(json).map(({ path, message }) => `${path.join(" ")}: ${message}`);
}

function spec(_type: unknown, _value?: unknown): Record<string, unknown> {
  return { x: { _type, _value } };
}

describe("numbers", () => {
  test.each([
    [spec("uniform", [1, 0]), "x _value: expected low <= high, got low 1, high 0"],
    [spec("quniform", [1, 0, 1]), "x _value: expected low <= high, got low 1, high 0"],
    [spec("loguniform", [0, 1]), "x _value 0: expected low > 0, because of the logarithm, got 0"],
    [spec("qloguniform", [-1, 1, 1]), "x _value 0: expected low > 0, because of the logarithm, got -1"],
    [spec("quniform", [0, 1, 0]), "x _value 2: expected q > 0, got 0"],
    [spec("qnormal", [0, 1, -1]), "x _value 2: expected q > 0, got -1"],
    [spec("normal", [0, 0]), "x _value 1: expected sigma > 0, got 0"],
    [spec("lognormal", [0, -1]), "x _value 1: expected sigma > 0, got -1"],
    [spec("randint", [0, 2.5]), "x _value 1: expected upper to be an integer, got 2.5"],
    [spec("randint", [3, 3]), "x _value: expected lower < upper (upper itself never comes), got [3, 3]"],
    [spec("randint", [10]), "x _value: expected 2 numbers [lower, upper], got [10]"],
    [spec("uniform", [0, "1"]), 'x _value 1: expected high to be a finite number, got "1"'],
    [spec("uniform", [NaN, 1]), "x _value 0: expected low to be a finite number, got NaN"],
    [spec("normal", [0, Infinity]), "x _value 1: expected sigma to be a finite number, got Infinity"],
    [spec("uniform", { low: 0 }), "x _value: expected [low, high], got an object"],
    [spec("uniform"), "x _value: expected [low, high], got nothing"],
    [
      spec("uniform", [-1.7e308, 1.7e308]),
      "x _value: expected high - low to be a finite number, got [-1.7e+308, 1.7e+308]",
    ],
    [
      spec("lognormal", [700, 10]),
      "x _value: expected mu and sigma of the logarithm, so that exp(mu + 9 sigma) is finite, got mu 700, sigma 10",
    ],
    [
      spec("quniform", [0, 1, 1e-300]),
      "x _value 2: expected q large enough to number the steps (up to 2^53), got 1e-300",
    ],
    [
      spec("randint", [-9e15, 9e15]),
      "x _value: expected at most 2^53 - 1 integers, got [-9000000000000000, 9000000000000000]",
    ],
  ])("%j", (space, expected) => {
    expect(faultsOf(space)).toEqual([expected]);
  });

  test("the rare far end of a lognormal does not forbid fine steps", () => {
    expect(faultsOf({ a: { _type: "qlognormal", _value: [-1.5, 5, 0.1] } })).toEqual([]);
    expect(faultsOf({ a: { _type: "qlognormal", _value: [-1.5, 5, 1e-6] } })).toHaveLength(1);
  });

  test("a range of one point is fine", () => {
    const space = { a: { _type: "uniform", _value: [2, 2] }, b: { _type: "quniform", _value: [1, 1, 3] } };
    expect(
      faultsOf({
        ...space,
        c: { _type: "loguniform", _value: [0.1, 0.1] },
        d: { _type: "randint", _value: [4, 5] },
      }),
    ).toEqual([]);
  });
});

describe("types and shapes", () => {
  test.each([
    ["unifrom", 'got "unifrom": did you mean "uniform"?'],
    ["Choice", 'got "Choice": did you mean "choice"?'],
    ["log_uniform", 'got "log_uniform": did you mean "loguniform"?'],
    ["zebra", 'got "zebra"'],
    [undefined, "got nothing"],
    [7, "got 7"],
  ])("an unknown type is named: %j", (type, ending) => {
    const [fault, ...more] = faultsOf(spec(type, [0, 1]));
    expect(fault).toMatch(/^x _type: expected one of choice, randint, uniform, /);
    expect(fault?.endsWith(ending)).toBe(true);
    expect(more).toEqual([]);
  });

  test.each([
    [{}, ": expected at least one parameter, got an empty search space"],
    ["", ': expected an object of parameters by name, got ""'],
    [null, ": expected an object of parameters by name, got null"],
    [[], ": expected an object of parameters by name, got an empty list"],
    [{ x: [0, 1] }, "x: expected { _type, _value }, got [0, 1]"],
    [
      { x: { _type: "uniform", _value: [0, 1], _vlaue: 3 } },
      'x _vlaue: expected only _type, _value, got "_vlaue": did you mean "_value"?',
    ],
    [
      JSON.parse('{"__proto__": {"_type": "uniform", "_value": [0, 1]}}'),
      '__proto__: expected a name that is not reserved, got "__proto__"',
    ],
    [
      { _name: { _type: "uniform", _value: [0, 1] } },
      '_name: expected a name that is not reserved, got "_name"',
    ],
    [{ "": { _type: "uniform", _value: [0, 1] } }, ": expected a name, got an empty one"],
    [
      { "a\0b": { _type: "uniform", _value: [0, 1] } },
      'a\0b: expected a name without NUL characters, got "a\\u0000b"',
    ],
  ])("%j", (space, expected) => {
    expect(faultsOf(space)).toEqual([expected]);
  });
});

test("what stands beside _type and _value is for people, or for a tuner that reads it", () => {
  const inner = { _type: "uniform", _value: [0, 1], _default: 0.5 };
  const space = {
    x: { _comment: { any: ["thing"] }, _type: "choice", _value: [1, { _name: "deep", y: inner }], max: 3 },
  };
  expect(parseSearchSpace(space)).toEqual(space);
  expect(flatten(parseSearchSpace(space)).dimensions).toHaveLength(2);
});

describe("for a tuner of the user's own", () => {
  const ownTypes = true;

  test("kinds of parameters that only it knows are taken as they are; those that we know are checked", () => {
    const space = {
      tiles: { _type: "factor", _value: [512, 3] },
      _: "Leave the rest to me",
      rows: [1, { 2: 3 }],
      x: { _type: "uniform", _value: [0, 1] },
    };
    expect(searchSpaceIssues(space, { ownTypes })).toEqual([]);
    expect(parseSearchSpace(space, { ownTypes })).toEqual(space);
    expect(() => flatten(parseSearchSpace(space, { ownTypes }))).toThrow("got something else at tiles");
    expect(faultsOf(space)).toHaveLength(3);
  });

  test.each([
    [spec("uniform", [1, 0]), "expected low <= high"],
    [spec("unifrom", [0, 1]), "did you mean"],
    [{ x: null }, "expected { _type, _value }, got null"],
    [{}, "at least one parameter"],
    [[], "expected an object"],
  ])("%j is a fault all the same", (space, text) => {
    expect(searchSpaceIssues(space, { ownTypes }).map(({ message }) => message)).toEqual([
      expect.stringContaining(text),
    ]);
  });
});

describe("choices", () => {
  const inner = { _type: "uniform", _value: [0, 1] };

  test.each([
    [[], "x _value: expected a list of at least one option, got an empty list"],
    ["ab", 'x _value: expected a list of at least one option, got "ab"'],
    [[{ k: inner }], "x _value 0: expected a nested option to have a _name, got an object"],
    [[inner], "x _value 0: expected a nested option to have a _name, got a parameter"],
    [[{ _name: 3 }], "x _value 0 _name: expected text, got 3"],
    [[{ _name: "" }], "x _value 0 _name: expected a name, got an empty one"],
    [
      [{ _name: "a" }, "b", { _name: "a" }],
      'x _value 2 _name: expected each _name once, got "a" again, as in option 0',
    ],
    [[{ _name: "a", k: 3 }], "x _value 0 k: expected { _type, _value }, got 3"],
    [
      [{ _name: "a", _value: inner }],
      'x _value 0 _value: expected a name that is not reserved, got "_value"',
    ],
    [
      [{ _name: "a", k: { _type: "uniform", _value: [1, 0] } }],
      "x _value 0 k _value: expected low <= high, got low 1, high 0",
    ],
    [[1, Infinity], "x _value 1: expected a finite number, got Infinity"],
    [[[1, [NaN]]], "x _value 0 1 0: expected a finite number, got NaN"],
    [[() => 1], "x _value 0: expected plain JSON, got a function"],
    [[new Date(0)], "x _value 0: expected plain JSON, got a Date"],
  ])("%j", (options, expected) => {
    expect(faultsOf(spec("choice", options))).toEqual([expected]);
  });

  test("options may be any plain JSON, also objects without a _name", () => {
    const options = [
      null,
      true,
      0,
      "",
      [1, [2]],
      { x: 1, y: { z: [] } },
      { _name: "nested" },
      Object.create(null),
    ];
    expect(faultsOf(spec("choice", options))).toEqual([]);
  });

  test("a value that contains itself, or is nested without end, is refused", () => {
    const loop: unknown[] = [];
    loop.push(loop);
    expect(faultsOf(spec("choice", loop))[0]).toContain("expected at most 200 levels of nesting");
    let deep: object = inner;
    for (let level = 0; level < 5000; level++) deep = { _type: "choice", _value: [{ _name: "in", deep }] };
    expect(faultsOf({ deep })[0]).toContain("expected at most 66 levels of nested choices");
  });
});

describe("architecture types", () => {
  const layer = { layer_choice: ["conv", "pool"], optional_inputs: ["a", "b"], optional_input_size: [0, 2] };

  test.each([
    [spec("layer_choice", []), "x _value: expected a list of at least one layer, got an empty list"],
    [spec("layer_choice", ["a", 1]), "x _value 1: expected text, got 1"],
    [spec("input_choice", ["a"]), 'x _value: expected { candidates, n_chosen }, got ["a"]'],
    [
      spec("input_choice", { candidates: [] }),
      "x _value candidates: expected a list of at least one input, got an empty list",
    ],
    [
      spec("input_choice", { candidates: ["a", "a"], n_chosen: 1 }),
      'x _value candidates 1: expected each input once, got "a" again',
    ],
    [
      spec("input_choice", { candidates: ["a"], n_chosen: 2 }),
      "x _value n_chosen: expected an integer from 0 to 1, the number of inputs, got 2",
    ],
    [
      spec("input_choice", { candidates: ["a"], n_chosen: [0, 1.5] }),
      "x _value n_chosen 1: expected an integer from 0 to 1, the number of inputs, got 1.5",
    ],
    [
      spec("input_choice", { candidates: ["a"], n_choosen: 1 }),
      'x _value n_choosen: expected only candidates, n_chosen, got "n_choosen": did you mean "n_chosen"?',
    ],
    [spec("mutable_layer", {}), "x _value: expected at least one layer by name, got an empty object"],
    [
      spec("mutable_layer", { one: { ...layer, layer_choice: "conv" } }),
      'x _value one layer_choice: expected a list of at least one layer, got "conv"',
    ],
    [
      spec("mutable_layer", { one: { ...layer, optional_input_size: 3 } }),
      "x _value one optional_input_size: expected an integer from 0 to 2, the number of inputs, got 3",
    ],
    [
      spec("mutable_layer", { one: { ...layer, optional_input_size: [2, 1] } }),
      "x _value one optional_input_size: expected least <= most, got [2, 1]",
    ],
  ])("%j", (space, expected) => {
    expect(faultsOf(space)).toEqual([expected]);
  });

  test("what is left out is filled in", () => {
    expect(parseSearchSpace(spec("input_choice", { candidates: ["a", "b"] }))["x"]?._value).toEqual({
      candidates: ["a", "b"],
      n_chosen: null,
    });
    expect(parseSearchSpace(spec("mutable_layer", { one: { layer_choice: ["conv"] } }))["x"]?._value).toEqual(
      {
        one: { layer_choice: ["conv"], optional_inputs: [], optional_input_size: 0 },
      },
    );
    expect(parseSearchSpace(spec("mutable_layer", { one: layer }))["x"]?._value).toEqual({ one: layer });
  });
});

test("all faults come at once, in the order of the space, and the error holds them", () => {
  const space = {
    lr: { _type: "loguniform", _value: [-1, -2] },
    "my net": {
      _type: "choice",
      _value: [{ _name: "conv", k: { _type: "randit", _value: [1, 2] } }, { _name: "conv" }, NaN],
    },
    q: { _type: "quniform", _value: ["0", 1, 0] },
  };
  const issues = searchSpaceIssues(space);
  expect(issues.map(({ path }) => path)).toEqual([
    ["lr", "_value", 0],
    ["lr", "_value"],
    ["my net", "_value", 0, "k", "_type"],
    ["my net", "_value", 1, "_name"],
    ["my net", "_value", 2],
    ["q", "_value", 0],
    ["q", "_value", 2],
  ]);
  const error = thrownBy(() => parseSearchSpace(space));
  expect(isPolyphaseError(error) && error.code).toBe("search-space-invalid");
  expect(error).toMatchObject({ issues });
  expect((error as Error).message).toContain(
    "the search space is not valid (7 faults):\n  lr._value[0]: expected low > 0",
  );
  expect((error as Error).message).toContain('["my net"]._value[0].k._type: expected one of');
});

test("the message of very many faults stays readable", () => {
  const faulty = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, i) => [`p${i}`, { _type: "uniform" }]),
  );
  const error = thrownBy(() => parseSearchSpace(faulty)) as Error & { issues: unknown[] };
  expect(error.issues).toHaveLength(10_000);
  expect(error.message.split("\n")).toHaveLength(27);
  expect(error.message).toMatch(/\.\.\. and 9975 more$/);
});

test("the parsed space is a copy", () => {
  const options = [[1, 2], [3]];
  const parsed = parseSearchSpace(spec("choice", options));
  options[0]?.push(9);
  expect(parsed["x"]?._value).toEqual([[1, 2], [3]]);
});

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error("expected an error, got none");
}
