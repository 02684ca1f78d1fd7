import { expect, test } from "vitest";
import type { Json } from "../../model/index.ts";
import { flatten, toPoint } from "../../space/index.ts";
import { createEncoding, encodePoint } from "./encoding.ts";

const flat = flatten({
  model: {
    _type: "choice",
    _value: [
      { _name: "flat", act: { _type: "choice", _value: ["relu", "tanh"] } },
      { _name: "deep", rate: { _type: "loguniform", _value: [1e-4, 1] } },
    ],
  },
  fixed: { _type: "uniform", _value: [2, 2] },
  shift: { _type: "normal", _value: [10, 3] },
});
const encoding = createEncoding(flat);

function rowOf(parameters: Json): number[] {
  const cells = new Float64Array(encoding.columns.length);
  encodePoint(encoding, toPoint(flat, parameters)!, cells, 0);
  return [...cells];
}

test("what has one value has no column; a choice that may be inactive has an option for that", () => {
  expect(encoding.columns).toEqual([
    { kind: "unordered", size: 2 },
    { kind: "unordered", size: 3 },
    { kind: "ordered" },
    { kind: "ordered" },
  ]);
});

test("numbers stand at their place under the prior, what is not active beside all places", () => {
  const shift = 10;
  expect(rowOf({ model: { _name: "deep", rate: 0.01 }, fixed: 2, shift })).toEqual([
    1,
    2,
    expect.closeTo(0.5, 12),
    expect.closeTo(0.5, 12),
  ]);
  expect(rowOf({ model: { _name: "flat", act: "tanh" }, fixed: 2, shift: 13 })).toEqual([
    0,
    1,
    -1,
    expect.closeTo(0.841345, 6),
  ]);
});
