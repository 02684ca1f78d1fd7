import { expect, test } from "vitest";
import { Halving } from "./halving.ts";

test("an evaluation belongs to the first bracket that has room at its budget", () => {
  const wide = [
    { count: 3, budget: 0 },
    { count: 1, budget: 1 },
  ];
  const narrow = [{ count: 2, budget: 1 }];
  const halving = new Halving([wide, narrow], () => false);
  const next = (): number => [...halving.tasks()][0]!.budget;
  const at = (x: number): Float64Array => Float64Array.of(x);
  halving.take(at(1), 0);
  halving.take(at(2), 1);
  halving.take(at(3), 0);
  expect(next()).toBe(0);
  halving.take(at(4), 0);
  expect(next()).toBe(1);
  for (const x of [1, 3, 4]) halving.finish(at(x), 0, x);
  expect([...halving.tasks()].map(({ budget, configuration }) => [budget, configuration?.[0]])).toEqual([
    [1, 1],
    [1, undefined],
    [0, undefined],
    [1, undefined],
  ]);
});
