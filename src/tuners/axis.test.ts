import { expect, test } from "vitest";
import type { NumericDimension, ParameterSpec } from "../model/index.ts";
import { flatten, levels } from "../space/index.ts";
import { modelAxis } from "./axis.ts";

const dimensionOf = (spec: ParameterSpec): NumericDimension =>
  flatten({ x: spec }).dimensions[0] as NumericDimension;

test.each<ParameterSpec>([
  { _type: "randint", _value: [0, 7] },
  { _type: "quniform", _value: [2, 10, 5] },
  { _type: "quniform", _value: [0.1, 0.9, 0.1] },
  { _type: "qloguniform", _value: [1, 100, 8] },
])("the cells of %j lie side by side and fill the axis, each with its value inside", (spec) => {
  const dimension = dimensionOf(spec);
  const axis = modelAxis(dimension);
  let edge = 0;
  for (const value of levels(dimension)) {
    const [lower, upper] = axis.cell(value);
    expect(lower).toBeCloseTo(edge, 12);
    expect(upper).toBeGreaterThan(lower);
    expect(axis.toModel(value)).toBeGreaterThanOrEqual(lower - 1e-12);
    expect(axis.toModel(value)).toBeLessThanOrEqual(upper + 1e-12);
    expect(axis.toValue((lower + upper) / 2)).toBe(value);
    edge = upper;
  }
  expect(edge).toBeCloseTo(1, 12);
});

test.each<readonly [ParameterSpec, readonly number[]]>([
  [{ _type: "uniform", _value: [-5, 10] }, [-5, 0, 3.3, 10]],
  [{ _type: "loguniform", _value: [1e-5, 1] }, [1e-5, 1e-3, 1]],
  [{ _type: "normal", _value: [10, 3] }, [10, 4.5, 22]],
  [{ _type: "lognormal", _value: [0, 1] }, [1, 0.01, 30]],
  [{ _type: "qlognormal", _value: [2, 1, 3] }, [0, 3, 30]],
  [{ _type: "qnormal", _value: [0, 5, 2] }, [-12, 0, 4]],
  [{ _type: "randint", _value: [0, 1_000_000] }, [0, 77, 999_999]],
])("%j comes back from the model as it went in", (spec, values) => {
  const axis = modelAxis(dimensionOf(spec));
  for (const value of values) expect(axis.toValue(axis.toModel(value))).toBeCloseTo(value, 9);
});

test("a very fine grid is modelled as continuous", () => {
  expect(modelAxis(dimensionOf({ _type: "randint", _value: [0, 1_000_000] })).kernel).toMatchObject({
    grid: false,
  });
  expect(modelAxis(dimensionOf({ _type: "randint", _value: [0, 100] })).kernel).toMatchObject({ grid: true });
});

test("a bound that the prior all but never rounds to has a tiny cell", () => {
  const axis = modelAxis(dimensionOf({ _type: "quniform", _value: [2.5, 20, 5] }));
  const [lower, upper] = axis.cell(2.5);
  expect(upper - lower).toBeGreaterThan(0);
  expect(upper - lower).toBeLessThan(1e-8);
});

test("a parameter with a single value stays at it", () => {
  const axis = modelAxis(dimensionOf({ _type: "randint", _value: [4, 5] }));
  expect(axis.toValue(0)).toBe(4);
  expect(axis.toValue(1)).toBe(4);
  expect(axis.cell(4)).toEqual([0, 1]);
});
