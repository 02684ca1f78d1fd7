import { expect, test } from "vitest";
import { mostNumbers, numbersOf } from "./curve-numbers.ts";

test("what has no finite number leaves a gap in the steps", () => {
  const { x, y } = numbersOf([NaN, 0.5, "?", { default: 0.25 }, Infinity, null], "minimize");
  expect([...x]).toEqual([2, 4]);
  expect([...y]).toEqual([-0.5, -0.25]);
});

test.each([99, 100, 101, 199, 12_345])(
  "a curve of %d results is thinned out evenly, to the newest one",
  (length) => {
    const { x, y } = numbersOf(
      Array.from({ length }, (_, i) => i / 10),
      "maximize",
    );
    expect(x.length).toBeLessThanOrEqual(mostNumbers);
    expect(x.length).toBeGreaterThanOrEqual(Math.min(length, mostNumbers / 2));
    expect([x.at(-1), y.at(-1)]).toEqual([length, (length - 1) / 10]);
    const strides = new Set(Array.from(x.subarray(1), (step, i) => step - x[i]!));
    expect(strides.size).toBe(1);
  },
);
