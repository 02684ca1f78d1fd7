import { expect, test } from "vitest";
import { seeded } from "../../model/index.ts";
import { createCategories } from "./categories.ts";
import { strategyFor } from "./strategy.ts";

const even = (size: number): Float64Array => new Float64Array(size).fill(1 / size);
const { weights } = strategyFor(2, 6);

test("learns which options are better, and keeps the others possible", () => {
  const categories = createCategories([even(3), even(4)], 0.1);
  const random = seeded(1);
  for (let generation = 0; generation < 60; generation++) {
    const samples = Array.from({ length: 6 }, () =>
      Float64Array.of(categories.draw(0, random), categories.draw(1, random)),
    );
    const loss = (options: Float64Array): number => Number(options[0] !== 2) + 2 * Number(options[1] !== 1);
    categories.learn(
      samples.toSorted((one, other) => loss(one) - loss(other)),
      weights,
    );
    for (const options of categories.probabilities) {
      expect(options.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 12);
      expect(Math.min(...options)).toBeGreaterThanOrEqual(0.1 / (options.length - 1) - 1e-12);
    }
  }
  expect(categories.probabilities[0]![2]).toBeGreaterThan(0.8);
  expect(categories.probabilities[1]![1]).toBeGreaterThan(0.8);
});

test("a choice that was not part of any sample keeps its probabilities", () => {
  const categories = createCategories([even(2), even(3)], 0);
  categories.learn(
    Array.from({ length: 6 }, () => Float64Array.of(1, NaN)),
    weights,
  );
  expect(categories.probabilities[0]![1]).toBeGreaterThan(0.5);
  for (const share of categories.probabilities[1]!) expect(share).toBeCloseTo(1 / 3, 12);
});

test("a choice that was not part of any sample does not shorten the steps of the others", () => {
  const [alone, beside] = [createCategories([even(2)], 0), createCategories([even(2), even(3)], 0)];
  const chosen = (...others: number[]): Float64Array[] =>
    Array.from({ length: 6 }, (_, k) => Float64Array.of(k % 2, ...others));
  alone.learn(chosen(), weights);
  beside.learn(chosen(NaN), weights);
  expect(beside.probabilities[0]).toEqual(alone.probabilities[0]);
});

test("without any choice there is nothing to learn", () => {
  const categories = createCategories([], 0);
  categories.learn([Float64Array.of(), Float64Array.of()], weights);
  expect(categories.probabilities).toEqual([]);
});

test("draws by the probabilities", () => {
  const categories = createCategories([Float64Array.of(0.2, 0.5, 0.3)], 0);
  const random = seeded(4);
  const counts = [0, 0, 0];
  for (let i = 0; i < 10_000; i++) counts[categories.draw(0, random)]! += 1;
  for (const [option, share] of [0.2, 0.5, 0.3].entries())
    expect(Math.abs(counts[option]! / 10_000 - share)).toBeLessThan(0.02);
});
