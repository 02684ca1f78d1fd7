import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PhaseView } from "../../model/http.ts";
import type { Json, SearchSpace } from "../../model/index.ts";
import { plain } from "../../model/index.ts";
import { flatten, parseSearchSpace, samplePoint, toParameters } from "../../space/index.ts";
import { seededFor } from "../../model/random.ts";
import { phasesCsv } from "../csv.ts";
import { csvTable } from "./csv-table.ts";
import { readRows } from "./read-rows.ts";

/** Every kind of parameter, with options that only the space tells apart. */
const space: SearchSpace = parseSearchSpace({
  lr: { _type: "loguniform", _value: [1e-5, 1] },
  bits: {
    _type: "choice",
    _value: ["16", 8, true, null, "a,b\n", ' "x" ', [1, "2"], { a: "1", b: { c: 2 } }],
  },
  outcome: { _type: "randint", _value: [0, 3] },
  "a/b": { _type: "quniform", _value: [0, 1, 0.25] },
  layer: {
    _type: "choice",
    _value: [
      {
        _name: "conv",
        size: { _type: "choice", _value: ["3", "x"] },
        deep: { _type: "normal", _value: [0, 1] },
      },
      { _name: "pool" },
    ],
  },
  inputs: { _type: "input_choice", _value: { candidates: ["p", "q"], n_chosen: null } },
});

function phase(parameters: Json, finalResult: Json, more: Partial<PhaseView> = {}): PhaseView {
  return {
    parameterId: 0,
    trialJobId: "AbcDe",
    parameterIndex: 0,
    parameters,
    origin: "tuner",
    outcome: "succeeded",
    finalResult: plain(finalResult),
    objective: null,
    reason: null,
    intermediateResults: [],
    startTime: 0,
    endTime: null,
    ...more,
  };
}

const csv = (phases: readonly PhaseView[]): string => [...phasesCsv(phases)].join("");
const json = (phases: readonly PhaseView[]): string =>
  JSON.stringify({ experiment: {}, trialJobs: [], phases });

describe("what export writes is read back as it was", () => {
  test("from CSV, for every point of a space", () => {
    const flat = flatten(space);
    const point = fc.nat().map((seed) => toParameters(flat, samplePoint(flat, seededFor(seed, 0))));
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 5 }), (points) => {
        const text = csv(points.map((parameters) => phase(parameters, 0.5)));
        const { rows } = readRows(text, "out.csv", space);
        expect(rows).toEqual(points.map((parameters) => ({ parameters, value: 0.5 })));
      }),
      { numRuns: 200 },
    );
  });

  test("a table with another parameter, or another option, is not taken for a point of the space", () => {
    const one = parseSearchSpace({ x: { _type: "choice", _value: ["1", "2"] } });
    const readAs = (cells: string): Json | undefined =>
      readRows(`x,y,objective\n${cells},1\n`, "a.csv", one).rows[0]?.parameters;
    expect(readAs("1,")).toEqual({ x: "1" });
    expect(readAs("1,5")).toEqual({ x: 1, y: 5 });
    expect(readAs("3,")).toEqual({ x: 3 });
  });

  test.each([
    ["JSON", json, "out.json"],
    ["CSV", csv, "out.CSV"],
  ])("from %s: values of all kinds; phases without a result are counted", (_format, write, file) => {
    const values: Json[] = [
      0,
      -1e-9,
      NaN,
      Infinity,
      { default: 0.5, loss: 2 },
      { default: NaN },
      { latency: Infinity, net: { w: 1 } },
    ];
    const ended = values.map((value) => phase({ x: 1 }, value));
    const stopped = phase({ x: 2 }, null, { outcome: "stopped", objective: 0.25 });
    const others = ["failed", "cancelled", "abandoned", "running"] as const;
    const without = [
      ...others.map((outcome) => phase({ x: 3 }, null, { outcome, objective: null })),
      phase({ x: 3 }, null, { outcome: "stopped" }),
    ];
    const { rows, withoutResult } = readRows(write([...ended, stopped, ...without]), file, null);
    expect(rows).toEqual([
      ...values.map((value) => ({ parameters: { x: 1 }, value })),
      { parameters: { x: 2 }, value: 0.25 },
    ]);
    expect(withoutResult).toBe(5);
  });

  test("without a space, CSV is read as it looks", () => {
    const parameters = { lr: 0.1, layer: { _name: "conv", size: 3 }, list: [1, "a"], outcome: "rain" };
    expect(readRows(csv([phase(parameters, 1)]), "a.csv", null).rows[0]?.parameters).toEqual(parameters);
    expect(readRows(csv([phase([8, 4], 1)]), "a.csv", null).rows[0]?.parameters).toEqual([8, 4]);
    expect(readRows(csv([phase({ "": 1, __proto: 2 }, 1)]), "a.csv", null).rows).toHaveLength(1);
  });
});

test("NNI's rows are read, and tables that somebody wrote", () => {
  const nni = [
    { parameter: { lr: 0.1 }, value: 0.5, id: "x" },
    { parameter: { lr: 0.2 }, value: "0.25" },
    { parameters: {}, value: { default: 1 } },
  ];
  expect(readRows(JSON.stringify(nni), "nni.json", null).rows).toEqual([
    { parameters: { lr: 0.1 }, value: 0.5 },
    { parameters: { lr: 0.2 }, value: 0.25 },
    { parameters: {}, value: { default: 1 } },
  ]);
  expect(readRows("lr,objective\n0.1,0.5\n\n0.2,\n", "mine.csv", null)).toEqual({
    rows: [{ parameters: { lr: 0.1 }, value: 0.5 }],
    withoutResult: 1,
  });
});

test.each([
  ["x.json", "{", /^x\.json: expected JSON: /],
  ["x.json", "{}", /^x\.json: expected a list of \{ parameters, value \}, or what polyphase export writes$/],
  [
    "x.json",
    '[{"parameters": {}, "value": 1}, 7]',
    /^x\.json: row 2: expected \{ parameters, value \}, got 7$/,
  ],
  ["x.json", '[{"value": 1}]', /row 1: expected parameters, got none/],
  ["x.json", '[{"parameters": {}}]', /row 1: expected a value, got none/],
  ["x.csv", "a,b\n1,2\n", /^x\.csv: expected a column finalResult or objective, got a, b$/],
  ["x.csv", "", /got nothing$/],
  ["x.csv", "a,objective\n1,2\n1,2,3\n", /^x\.csv: row 2: expected 2 cells, got 3$/],
])("%s with %j is refused with its place", (file, text, message) => {
  expect(() => readRows(text, file, null)).toThrow(message);
});

describe("a CSV table", () => {
  test.each([
    [
      "a,b\r\n1,2\r\n",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    ['"a ""x"", b\n",\n', [['a "x", b\n', ""]]],
    ["a,", [["a", ""]]],
    ["a\n\nb", [["a"], ["b"]]],
    ['"never closed, 1', [['"never closed', " 1"]]],
  ])("%j", (text, rows) => expect(csvTable(text)).toEqual(rows));

  test("a long cell costs no more than its length", () => {
    const long = 'x""'.repeat(400_000);
    expect(csvTable(`"${long}"`)[0]?.[0]).toHaveLength(800_000);
    expect(csvTable(`"${long}"y`)[0]?.length).toBe(1);
  });
});

test.each([
  ["0.5", 0.5],
  [0.5, 0.5],
  ['{"default": 0.5, "loss": 2}', { default: 0.5, loss: 2 }],
  ["NaN", NaN],
  [
    '{"default":0.5,"loss":-Infinity,"all":[NaN],"why":"\\"NaN"}',
    { default: 0.5, loss: -Infinity, all: [NaN], why: '"NaN' },
  ],
  ["{no JSON", "{no JSON"],
  ['"text"', '"text"'],
])("a value as NNI exports it: %j", (value, read) => {
  const { rows } = readRows(JSON.stringify([{ parameter: {}, value, id: "AbcDe" }]), "nni.json", null);
  expect(rows).toEqual([{ parameters: {}, value: read }]);
});
