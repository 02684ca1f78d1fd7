import { describe, expect, test } from "vitest";
import type { Json, OptimizeMode, PhaseOutcome, SearchSpace, Tuner } from "../model/index.ts";
import { seeded } from "../model/index.ts";
import { flatten, samplePoint, toParameters } from "../space/index.ts";
import { mutated } from "./evolution.ts";
import { createBuiltinTuner } from "./registry.ts";

const square: SearchSpace = {
  x: { _type: "uniform", _value: [0, 1] },
  y: { _type: "uniform", _value: [0, 1] },
};
type Square = { readonly x: number; readonly y: number };
const distance = ({ x, y }: Square): number => Math.hypot(x - 0.3, y - 0.7);

function open(size: number, options: { seed?: number; optimizeMode?: OptimizeMode } = {}): Tuner {
  const { seed = 1, optimizeMode = "minimize" } = options;
  const tuner = createBuiltinTuner("Evolution", { seed, optimizeMode, classArgs: { population_size: size } });
  void tuner.updateSearchSpace(square);
  return tuner;
}

function ask(tuner: Tuner, parameterId: number): Square {
  const proposal = tuner.generateParameters(parameterId, { trialJobId: "aaaaa", parameterIndex: 0 });
  if (proposal instanceof Promise || proposal.kind !== "parameters") throw new Error("no parameters");
  return proposal.parameters as Square;
}

function tell(tuner: Tuner, parameterId: number, value: Json, outcome: PhaseOutcome = "succeeded"): void {
  void tuner.receiveTrialResult({ parameterId, parameters: {}, value, outcome, trialJobId: "aaaaa" });
  void tuner.trialEnd?.({ parameterId, trialJobId: "aaaaa", outcome });
}

/** A child shares a parameter with its parent; two draws from the prior share none. */
const isRelative = (child: Square, others: readonly Square[]): boolean =>
  others.some(({ x, y }) => x === child.x || y === child.y);

test("the population is drawn first, then every proposal changes one parameter of one of them", () => {
  const tuner = open(6);
  const founders: Square[] = [];
  for (let id = 0; id < 6; id++) {
    const founder = ask(tuner, id);
    expect(isRelative(founder, founders)).toBe(false);
    founders.push(founder);
    tell(tuner, id, distance(founder));
  }
  for (let id = 6; id < 30; id++) {
    const child = ask(tuner, id);
    expect(isRelative(child, founders)).toBe(true);
  }
});

test.each<OptimizeMode>(["minimize", "maximize"])("learns to %s", (optimizeMode) => {
  const sign = optimizeMode === "minimize" ? 1 : -1;
  const late = [1, 2, 3, 4, 5].map((seed) => {
    const tuner = open(10, { seed, optimizeMode });
    const found = Array.from({ length: 150 }, (_, id) => {
      const value = distance(ask(tuner, id));
      tell(tuner, id, sign * value);
      return value;
    });
    return found.slice(100).toSorted((one, other) => one - other)[25]!;
  });
  // The median of draws from the prior is 0.42.
  expect(late.filter((median) => median < 0.25).length).toBeGreaterThanOrEqual(4);
});

test("more jobs at once than the population has members are no trouble", () => {
  const tuner = open(4);
  const open20 = Array.from({ length: 20 }, (_, id) => ask(tuner, id));
  expect(new Set(open20.map(({ x }) => x)).size).toBe(20);
  for (const [id, point] of open20.entries()) tell(tuner, id, distance(point));
  for (let id = 20; id < 40; id++) expect(isRelative(ask(tuner, id), open20)).toBe(true);
});

describe("failures", () => {
  test("of a quarter of all phases leave the search alive, a population of 4 too", () => {
    const tuner = open(4);
    let best = Infinity;
    for (let id = 0; id < 200; id++) {
      const value = distance(ask(tuner, id));
      if (id % 4 === 3) tell(tuner, id, null, "failed");
      else best = Math.min(best, value);
      if (id % 4 !== 3) tell(tuner, id, value);
    }
    expect(best).toBeLessThan(0.05);
  });

  test("among the founders are made up for by further draws", () => {
    const tuner = open(4);
    const drawn: Square[] = [];
    for (let id = 0; id < 7; id++) {
      const point = ask(tuner, id);
      expect(isRelative(point, drawn)).toBe(false);
      drawn.push(point);
      tell(tuner, id, id % 2 === 0 ? distance(point) : null, id % 2 === 0 ? "succeeded" : "failed");
    }
    const survivors = drawn.filter((_, id) => id % 2 === 0);
    for (let id = 7; id < 27; id++) expect(isRelative(ask(tuner, id), survivors)).toBe(true);
  });

  test.each<PhaseOutcome>(["failed", "abandoned", "cancelled"])(
    "of children change nothing: all %s, and the founders are still the parents",
    (outcome) => {
      const tuner = open(4);
      const founders = Array.from({ length: 4 }, (_, id) => ask(tuner, id));
      for (const [id, point] of founders.entries()) tell(tuner, id, distance(point));
      const parents = new Set<number>();
      for (let id = 4; id < 100; id++) {
        const child = ask(tuner, id);
        const parent = founders.findIndex(({ x, y }) => x === child.x || y === child.y);
        expect(parent).toBeGreaterThanOrEqual(0);
        parents.add(parent);
        tell(tuner, id, null, outcome);
      }
      // All but the worst, which loses every meeting.
      expect(parents.size).toBe(3);
    },
  );
});

test("the best is never lost to worse children", () => {
  const tuner = open(5);
  const founders = Array.from({ length: 5 }, (_, id) => ask(tuner, id));
  for (const id of founders.keys()) tell(tuner, id, id === 2 ? 0 : 1);
  for (let id = 5; id < 200; id++) {
    ask(tuner, id);
    tell(tuner, id, id);
  }
  const children = Array.from({ length: 100 }, (_, i) => ask(tuner, 200 + i));
  const ofTheBest = children.filter((child) => isRelative(child, [founders[2]!]));
  // It takes part in two meetings of five.
  expect(ofTheBest.length).toBeGreaterThan(25);
});

test("a mutation of a choice takes another option, with draws for all that it brings", () => {
  const flat = flatten({
    layer: {
      _type: "choice",
      _value: [
        "none",
        {
          _name: "dense",
          units: { _type: "randint", _value: [1, 9] },
          act: { _type: "choice", _value: ["a", "b"] },
        },
      ],
    },
    fixed: { _type: "uniform", _value: [2, 2] },
    only: { _type: "choice", _value: ["one"] },
  });
  const random = seeded(4);
  for (let i = 0; i < 200; i++) {
    const parent = samplePoint(flat, random);
    const child = mutated(flat, parent, random);
    expect(toParameters(flat, child)).not.toEqual(toParameters(flat, parent));
    const isDense = child[0] === 1;
    expect([...child].map(Number.isNaN)).toEqual([false, !isDense, !isDense, false, false]);
    const changed = flat.dimensions.filter(({ index }) => child[index] !== parent[index]);
    if (parent[0] === 1 && isDense) expect(changed.length).toBe(1);
  }
});

test("a space of a single point has no mutations, and is proposed once", () => {
  const tuner = open(2);
  void tuner.updateSearchSpace({ x: { _type: "uniform", _value: [2, 2] } });
  expect(ask(tuner, 0)).toEqual({ x: 2 });
  expect(tuner.generateParameters(1, { trialJobId: "aaaaa", parameterIndex: 1 })).toEqual({
    kind: "no-more",
  });
});
