import { expect, test } from "vitest";
import { seeded } from "../../model/index.ts";
import { type Population, createPopulation } from "./population.ts";

function populationOf(most: number, losses: readonly (readonly number[])[]): Population {
  const population = createPopulation(most);
  for (const [place, each] of losses.entries())
    population.add({ point: Float64Array.of(place), losses: each });
  return population;
}

/** How often each individual is chosen in 4,000 tournaments. */
function chosen(population: Population): Map<number, number> {
  const random = seeded(5);
  const counts = new Map<number, number>();
  for (let i = 0; i < 4000; i++) {
    const place = population.parent(random).point[0]!;
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return counts;
}

test("an earlier front wins the tournament, in the same front the emptier place", () => {
  // 0 and 3 are the ends of the front, 1 is alone, 2 is close to the end, 4 is dominated by all.
  const counts = chosen(
    populationOf(5, [
      [0, 10],
      [4, 6],
      [9, 1],
      [10, 0],
      [11, 11],
    ]),
  );
  expect(counts.get(1)!).toBeGreaterThan(1.3 * counts.get(2)!);
  expect(counts.get(0)!).toBeGreaterThan(1.1 * counts.get(1)!);
  // It meets only itself without losing: 1 in 25.
  expect(counts.get(4)!).toBeGreaterThan(4000 / 25 / 2);
  expect(counts.get(4)!).toBeLessThan(2 * (4000 / 25));
});

test("one too many drives the last front out first, then the most crowded place", () => {
  const kept = (losses: readonly (readonly number[])[]): number[] =>
    [...chosen(populationOf(4, losses)).keys()].sort((one, other) => one - other);
  expect(
    kept([
      [0, 3],
      [4, 4],
      [1, 2],
      [2, 1],
      [3, 0],
    ]),
  ).toEqual([0, 2, 3, 4]);
  expect(
    kept([
      [0, 10],
      [4, 6],
      [5, 5],
      [5.2, 4.9],
      [10, 0],
    ]),
  ).toEqual([0, 1, 3, 4]);
});

test("of equal ones the oldest goes", () => {
  expect([...chosen(populationOf(2, [[1], [1], [1], [1]])).keys()].sort()).toEqual([2, 3]);
});

test("the best of each objective is never lost", () => {
  const random = seeded(6);
  const population = createPopulation(6);
  population.add({ point: Float64Array.of(-1), losses: [0, 1] });
  population.add({ point: Float64Array.of(-2), losses: [1, 0] });
  for (let i = 0; i < 300; i++)
    population.add({ point: Float64Array.of(i), losses: [0.01 + random.next(), 0.01 + random.next()] });
  expect(population.size).toBe(6);
  expect([...chosen(population).keys()]).toEqual(expect.arrayContaining([-1, -2]));
});
