import { describe, expect, test } from "vitest";
import type { SearchSpace } from "../../model/index.ts";
import { seeded } from "../../model/index.ts";
import { flatten } from "../../space/index.ts";
import { createColumns } from "./columns.ts";
import { withoutGaps } from "./gaps.ts";

/** Columns: which, a, b. */
const space: SearchSpace = {
  which: {
    _type: "choice",
    _value: [
      { _name: "none" },
      { _name: "pair", a: { _type: "uniform", _value: [0, 1] }, b: { _type: "randint", _value: [0, 4] } },
    ],
  },
};
const columns = createColumns(flatten(space));
const at = (...values: number[]): Float64Array => Float64Array.from(values);

describe("gaps", () => {
  test("are filled from one row that has the dimensions, and what is there stays", () => {
    const rows = [at(1, 0.1, 0.125), ...Array.from({ length: 40 }, () => at(0, NaN, NaN)), at(1, 0.9, 0.875)];
    const whole = withoutGaps(columns, rows, seeded(1));
    expect(whole.map((row) => row[0])).toEqual(rows.map((row) => row[0]));
    expect(new Set(whole.map((row) => `${row[1]} ${row[2]}`))).toEqual(new Set(["0.1 0.125", "0.9 0.875"]));
    expect(new Set(whole.slice(1, -1).map((row) => row[1])).size).toBe(2);
    expect(rows[1]).toEqual(at(0, NaN, NaN));
  });

  test("are draws from the prior where no row has the dimension", () => {
    const rows = Array.from({ length: 100 }, () => at(0, NaN, NaN));
    const whole = withoutGaps(columns, rows, seeded(1));
    expect(new Set(whole.map((row) => row[1])).size).toBe(100);
    // The middles of the cells of 0, 1, 2 and 3.
    expect([...new Set(whole.map((row) => row[2]))].sort()).toEqual([0.125, 0.375, 0.625, 0.875]);
  });
});
