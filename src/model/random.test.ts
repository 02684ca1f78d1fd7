import { expect, test } from "vitest";
import { seededFor } from "./random.ts";

const drawn = (seed: number, parameterId: number): number[] => {
  const random = seededFor(seed, parameterId);
  return Array.from({ length: 50 }, () => random.next());
};

test("every seed and parameter id has chance of its own, also where one is in the place of the other", () => {
  const numbers = [0, 1, 2, 3, 7, 100, 2 ** 31, 2 ** 32 + 1, 2 ** 47 - 1];
  const firsts = numbers.flatMap((seed) => [0, 1, 2, 3, 7, 100, 99_999].map((id) => drawn(seed, id)));
  for (const draws of firsts) expect(new Set(draws).size).toBe(50);
  expect(new Set(firsts.flat()).size).toBeGreaterThan(50 * firsts.length - 5);
});

test("the first draws of one seed's parameter ids are spread evenly", () => {
  const bins = new Array<number>(10).fill(0);
  for (let id = 0; id < 10_000; id++) bins[Math.floor(seededFor(5, id).next() * 10)]! += 1;
  for (const count of bins) expect(Math.abs(count - 1_000)).toBeLessThan(150);
});
