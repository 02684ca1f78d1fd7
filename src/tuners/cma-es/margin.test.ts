import { expect, test } from "vitest";
import type { NumericDimension } from "../../model/index.ts";
import { flatten, normalCdf } from "../../space/index.ts";
import { createCoding } from "./coding.ts";
import { createGaussian } from "./gaussian.ts";
import { keepMargin } from "./margin.ts";

const coding = createCoding(flatten({ k: { _type: "randint", _value: [0, 5] } }));
const margin = 0.02;

/** The value's probabilities, below and above the mean's cell, after the margin was kept. */
function leaving(
  mean: number,
  sigma: number,
): { value: number; below: number; above: number; mean: number; scale: number } {
  const gaussian = createGaussian({ mean: Float64Array.of(mean), sigma });
  const scale = Float64Array.of(1);
  keepMargin(gaussian, scale, { grid: coding.grid, margin });
  const [lower, upper] = coding.grid[0]!.cellAt(gaussian.mean[0]!);
  const spread = sigma * scale[0]!;
  return {
    value: coding.numeric[0]!.toValue(gaussian.mean[0]!),
    below: normalCdf((lower - gaussian.mean[0]!) / spread),
    above: normalCdf((gaussian.mean[0]! - upper) / spread),
    mean: gaussian.mean[0]!,
    scale: scale[0]!,
  };
}

test.each([0.41, 0.5, 0.57])(
  "a narrow distribution in the middle cell, at %d, can leave it to both sides",
  (mean) => {
    const { value, below, above } = leaving(mean, 1e-6);
    expect(value).toBe(2);
    expect(below).toBeGreaterThan(margin / 2 - 1e-9);
    expect(above).toBeGreaterThan(margin / 2 - 1e-9);
    expect(below + above).toBeLessThan(1.2 * margin);
  },
);

test("one that can leave to one side only can leave to the other too, and keeps its cell", () => {
  const { value, below, above } = leaving(0.59, 0.02);
  expect(value).toBe(2);
  expect(below).toBeGreaterThan(margin / 2 - 1e-9);
  expect(above).toBeGreaterThan(0.25);
});

test.each([
  [0.05, "above", 0],
  [-3, "above", 0],
  [0.95, "below", 4],
] as const)(
  "at the end of the grid, at %d, the mean comes near enough to the border",
  (mean, side, expected) => {
    const after = leaving(mean, 1e-3);
    expect(after.value).toBe(expected);
    expect(after[side]).toBeCloseTo(margin, 9);
  },
);

test("a wide one is left as it is", () => {
  expect(leaving(0.47, 0.3)).toMatchObject({ mean: 0.47, scale: 1 });
});

test("the cells are those of the values", () => {
  const { dimension } = coding.numeric[0]! as { dimension: NumericDimension };
  expect(dimension.levels).toBe(5);
  expect(coding.grid[0]!.cellAt(0.5)).toEqual([expect.closeTo(0.4, 12), expect.closeTo(0.6, 12)]);
  expect(coding.grid[0]!.cellAt(-1)).toEqual([-Infinity, expect.closeTo(0.2, 12)]);
});
