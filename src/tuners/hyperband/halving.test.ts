import { describe, expect, test } from "vitest";
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
  expect([...halving.tasks()].map(({ budget, goingOn }) => [budget, goingOn?.configuration[0]])).toEqual([
    [1, 1],
    [1, undefined],
    [0, undefined],
    [1, undefined],
  ]);
});

describe("one configuration that goes on in two brackets", () => {
  const short = [
    { count: 1, budget: 1 },
    { count: 1, budget: 2 },
  ];
  const long = [
    { count: 2, budget: 0 },
    { count: 1, budget: 1 },
    { count: 1, budget: 2 },
  ];
  const [it, other] = [Float64Array.of(1), Float64Array.of(2)];

  /** It was evaluated with budget 1 for the short bracket, which the long one looks up: both go on with it to budget 2. */
  function both(): Halving {
    const halving = new Halving([long, short], () => false);
    for (const each of [it, other]) halving.take(each, 0);
    halving.take(it, 1);
    halving.finish(it, 1, 1);
    halving.finish(it, 0, 1);
    halving.finish(other, 0, 2);
    return halving;
  }
  const goingOn = (halving: Halving): number[][] =>
    [...halving.tasks()]
      .filter((task) => task.goingOn !== undefined)
      .map(({ budget, goingOn }) => [budget, goingOn!.configuration[0]!]);

  test("is handed out once for both", () => {
    const halving = both();
    expect(goingOn(halving)).toEqual([
      [2, 1],
      [2, 1],
    ]);
    halving.take(it, 2);
    expect(goingOn(halving)).toEqual([]);
    halving.finish(it, 2, 1);
    // Both brackets are closed.
    expect([...halving.tasks()].every(({ bracket }) => typeof bracket === "number")).toBe(true);
  });

  test("waits for no result that has come from elsewhere", () => {
    const halving = both();
    halving.finish(it, 2, 1);
    expect(goingOn(halving)).toEqual([]);
  });

  test("is not handed out while it is being evaluated for neither", () => {
    const halving = new Halving([long], () => false);
    halving.watch(it, 1);
    for (const each of [it, other]) halving.take(each, 0);
    for (const each of [it, other]) halving.finish(each, 0, each[0]!);
    expect(goingOn(halving)).toEqual([]);
    halving.giveBack(it, 1);
    expect(goingOn(halving)).toEqual([[1, 1]]);
  });

  test("has failed for both when it came back twice without a result, also for one that comes to it later", () => {
    const halving = new Halving([long, long], () => false);
    for (let bracket = 0; bracket < 2; bracket++) {
      for (const each of [it, other]) halving.take(each, 0);
      for (const each of [it, other]) halving.finish(each, 0, each[0]!);
      if (bracket > 0) break;
      for (let attempt = 0; attempt < 2; attempt++) {
        expect(goingOn(halving)).toEqual([[1, 1]]);
        halving.take(it, 1);
        halving.giveBack(it, 1);
      }
    }
    expect(goingOn(halving)).toEqual([]);
  });
});
