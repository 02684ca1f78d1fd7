import { expect, test } from "vitest";
import { createSamples, median } from "./samples.ts";

const at = (...values: number[]): Float64Array => Float64Array.from(values);

test("results of the same point come together, the points in the order of their first ones", () => {
  const samples = createSamples();
  for (const [x, loss] of [[1, 5] as const, [2, 7] as const, [1, 6] as const])
    samples.learn(at(x, NaN), loss);
  expect(samples.first(3)).toEqual([
    { point: at(1, NaN), losses: [5, 6] },
    { point: at(2, NaN), losses: [7] },
  ]);
  expect(samples.first(2).map(({ losses }) => losses)).toEqual([[5], [7]]);
  expect([samples.results, samples.size]).toEqual([3, 2]);
});

test("a failure counts as an evaluation, and as failed until there is a result", () => {
  const samples = createSamples();
  samples.learnFailure(at(1));
  samples.learnFailure(at(2));
  samples.learn(at(1), 0);
  samples.learnFailure(at(1));
  expect(samples.failed()).toEqual([at(2)]);
  samples.takeBack(at(3));
  expect([1, 2, 3].map((x) => samples.attempts(at(x)))).toEqual([3, 1, 1]);
  expect([1, 2, 3].map((x) => samples.has(at(x)))).toEqual([true, true, false]);
});

test.each([
  [[3], 3],
  [[9, 1, 2], 2],
  [[4, 1], 2.5],
  [[1e308, 1.5e308], 1.25e308],
  [[-Infinity, -Infinity], -Infinity],
  [[-Infinity, 1], -Infinity],
])("the median of %j is %d", (values, middle) => {
  expect(median(values)).toBe(middle);
});
