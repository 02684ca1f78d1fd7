import { expect, test } from "vitest";
import { flatten } from "../../space/index.ts";
import { createColumns } from "./columns.ts";

const columns = createColumns(
  flatten({
    only: { _type: "choice", _value: ["one"] },
    x: { _type: "loguniform", _value: [0.01, 1] },
    whole: { _type: "randint", _value: [4, 5] },
    which: {
      _type: "choice",
      _value: [{ _name: "none" }, { _name: "deep", fixed: { _type: "uniform", _value: [3, 3] } }],
    },
    bell: { _type: "normal", _value: [10, 2] },
  }),
);

test("stand for the dimensions in which points can differ", () => {
  expect(columns.dimensions.map(({ name }) => name)).toEqual(["x", "which", "bell"]);
});

test("hold places under the prior, and options as their indices", () => {
  const codes = columns.encode(Float64Array.of(0, 0.1, 4, 1, 3, 10));
  expect([...codes]).toEqual([expect.closeTo(0.5, 12), 1, expect.closeTo(0.5, 12)]);
  expect(columns.encode(Float64Array.of(0, 1, 4, 0, NaN, Infinity))).toEqual(Float64Array.of(1, 0, 1));
});

test("become points with the only value of the other dimensions, where those are active", () => {
  const ends = [0, 1, 0.5];
  const point = columns.pointOf((column) => ends[column]!);
  expect([...point]).toEqual([0, 0.01, 4, 1, 3, expect.closeTo(10, 12)]);
  expect([...columns.pointOf(() => 0)].slice(0, 5)).toEqual([0, 0.01, 4, 0, NaN]);
});
