import { expect, test } from "vitest";
import { oneOfEachFamily } from "../../../tests/support/learning-curves.ts";
import { curveFamilies } from "./families.ts";
import { fitFamily } from "./fit-family.ts";
import { toScale } from "./scale.ts";

const named = curveFamilies.flatMap((family) => family.names.map((name) => [name, family] as const));

test.each(named)("%s alone fits its own curve, wherever it lies if it can shift", (name, family) => {
  const x = Float64Array.from({ length: 15 }, (_, i) => i + 1);
  const curve = { x, y: x.map((step) => oneOfEachFamily[name]!(step)) };
  const data = toScale(curve, { middle: 5, range: 0.5 }, family.shifts);
  const { squaredError } = fitFamily(family, data)!;
  expect(Math.sqrt(squaredError / 15)).toBeLessThan(2e-4);
});

test.each(named)("%s is not fitted to as many numbers as it has", (_name, family) => {
  const x = Float64Array.from({ length: 2 + family.shape.length }, (_, i) => i + 1);
  const data = { x: x.subarray(family.shifts ? 0 : 1), y: x.subarray(family.shifts ? 0 : 1) };
  expect(fitFamily(family, data)).toBeUndefined();
});
