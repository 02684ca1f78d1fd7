import { describe, expect, test } from "vitest";
import type { Json, JsonObject, SearchSpace, Tuner } from "../../model/index.ts";
import { ask, run, tell } from "../../../tests/support/ask-tell.ts";
import type { Numbers } from "../../../tests/support/ask-tell.ts";
import { wideSpace } from "../../conformance/tuner.ts";
import { createBuiltinTuner } from "../registry.ts";

function open(space: SearchSpace, classArgs: JsonObject = {}, seed = 1): Tuner {
  const tuner = createBuiltinTuner("NSGA2", { optimizeMode: "minimize", seed, classArgs });
  void tuner.updateSearchSpace(space);
  return tuner;
}

const unit = (n: number): SearchSpace =>
  Object.fromEntries(
    Array.from({ length: n }, (_, i) => [`x${i}`, { _type: "uniform", _value: [0, 1] }] as const),
  );

/** ZDT1 of Zitzler, Deb and Thiele, Evol. Comput. 8, 2000; the best are those with f2 = 1 - sqrt(f1). */
function zdt1(parameters: Numbers): { f1: number; f2: number } {
  const [f1, ...others] = Object.values(parameters) as [number, ...number[]];
  const g = 1 + (9 * others.reduce((sum, x) => sum + x, 0)) / others.length;
  return { f1, f2: g * (1 - Math.sqrt(f1 / g)) };
}

/** The area between the points' front and (1.1, 1.1), of 0.8767 at most for ZDT1. */
function hypervolume(values: readonly { f1: number; f2: number }[]): number {
  let area = 0;
  let height = 1.1;
  for (const { f1, f2 } of values.filter((each) => each.f1 < 1.1).sort((one, other) => one.f1 - other.f1)) {
    if (f2 >= height) continue;
    area += (1.1 - f1) * (height - f2);
    height = f2;
  }
  return area;
}

const two: JsonObject = { objectives: { f1: "minimize", f2: "minimize" } };

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1]!;
}

describe("two objectives", () => {
  test("reach more of ZDT1's front than Optuna's NSGA-II, whose medians are 0.13 and 0.42", () => {
    const runs = [1, 2, 3, 4, 5].map((seed) => run(open(unit(10), two, seed), 1000, zdt1).map(zdt1));
    expect(median(runs.map((values) => hypervolume(values.slice(0, 500))))).toBeGreaterThan(0.4);
    expect(median(runs.map(hypervolume))).toBeGreaterThan(0.7);
  });

  test("are sought to the end: the front is found, all along", () => {
    const values = run(open(unit(4), { ...two, population_size: 30 }), 1500, zdt1).map(zdt1);
    expect(hypervolume(values)).toBeGreaterThan(0.85);
    for (const from of [0, 0.25, 0.5, 0.75])
      expect(values.slice(-300).filter(({ f1 }) => f1 >= from && f1 <= from + 0.25).length).toBeGreaterThan(
        15,
      );
  });

  test("may go different ways, and their order means nothing", () => {
    const proposals = [
      { gain: "maximize", cost: "minimize" },
      { cost: "minimize", gain: "maximize" },
    ].map((objectives) =>
      run(open(unit(6), { objectives }), 300, (parameters) => {
        const { f1, f2 } = zdt1(parameters);
        return { cost: f1, gain: -f2, note: "beside" };
      }),
    );
    expect(proposals[0]).toEqual(proposals[1]);
    expect(hypervolume(proposals[0]!.map(zdt1))).toBeGreaterThan(0.3);
  });

  test("of which only one can be had: both ends are kept", () => {
    const values = run<{ x0: number }>(open(unit(1), { ...two, population_size: 10 }), 200, ({ x0 }) => ({
      f1: x0,
      f2: 1 - x0,
    })).map(({ x0 }) => x0);
    expect(Math.min(...values)).toBeLessThan(0.02);
    expect(Math.max(...values)).toBeGreaterThan(0.98);
  });
});

test("three objectives: proposals gather about the triangle where nothing can be improved for all", () => {
  const corners = [
    [0.2, 0.2],
    [0.8, 0.2],
    [0.5, 0.8],
  ];
  const space: SearchSpace = { ...unit(6) };
  const objectives = { a: "minimize", b: "minimize", c: "minimize" };
  const value = ({ x0, x1, ...others }: Numbers): Json => {
    const rest = Object.values(others).reduce((sum, x) => sum + (x - 0.4) ** 2, 0);
    const [a, b, c] = corners.map(([x, y]) => (x0! - x!) ** 2 + (x1! - y!) ** 2 + rest);
    return { a: a!, b: b!, c: c! };
  };
  const proposals = run(open(space, { objectives }), 600, value).slice(-100);
  const off = proposals.map(({ x2, x3, x4, x5 }) => Math.hypot(...[x2, x3, x4, x5].map((x) => x! - 0.4)));
  // Draws from the prior are 0.57 off.
  expect(median(off)).toBeLessThan(0.25);
});

describe("one objective", () => {
  const bowl = ({ x0, x1 }: Numbers): number => (x0! - 0.3) ** 2 + (x1! - 0.7) ** 2;

  test("without `objectives` it is the result and `optimize_mode`, as in a genetic algorithm", () => {
    const best = [1, 2, 3].map((seed) =>
      Math.min(...run(open(unit(2), { population_size: 20 }, seed), 300, bowl).map(bowl)),
    );
    expect(median(best)).toBeLessThan(1e-3);
  });

  test("one that is named by itself makes the same proposals", () => {
    const named = open(unit(2), { objectives: { loss: "minimize" } });
    const plain = open(unit(2));
    expect(run(named, 150, (each) => ({ loss: bowl(each) }))).toEqual(run(plain, 150, bowl));
  });

  test("called `default` it may be a number by itself", () => {
    const named = open(unit(2), { objectives: { default: "minimize" } });
    expect(run(named, 150, bowl)).toEqual(run(open(unit(2)), 150, bowl));
  });
});

describe("results that are not complete", () => {
  const after = (bad: Json): Numbers[] => {
    const tuner = open(unit(3), two);
    run(tuner, 120, (each, id) => (id % 3 === 0 ? bad : zdt1(each)));
    return Array.from({ length: 10 }, (_, i) => ask(tuner, 200 + i));
  };

  test.each<[string, Json]>([
    ["lacks an objective", { f1: -1 }],
    ["has NaN", { f1: -1, f2: NaN }],
    ["is infinitely bad in one", { f1: -1, f2: Infinity }],
    ["has text for a number", { f1: -1, f2: "-1" }],
    ["has only a default", { default: -1 }],
    ["is a number", -1],
  ])("one that %s teaches as little as a failed phase", (_what, bad) => {
    expect(after(bad)).toEqual(after(null));
  });

  test("one that is infinitely good in one teaches, and hurts no one", () => {
    const [some] = after({ f1: -Infinity, f2: 3 });
    expect(Object.values(some!).every(Number.isFinite)).toBe(true);
    expect(after({ f1: -Infinity, f2: 3 })).not.toEqual(after(null));
  });
});

describe("20 jobs at once", () => {
  test("never get the same configuration, even where most parameters are choices", () => {
    const space: SearchSpace = {
      ...Object.fromEntries(
        Array.from({ length: 6 }, (_, i) => [`c${i}`, { _type: "choice", _value: ["a", "b", "c"] }] as const),
      ),
      size: { _type: "qnormal", _value: [0, 2, 1] },
    };
    const tuner = open(space, { ...two, population_size: 20 });
    const seen: string[] = [];
    const running: number[] = [];
    for (let id = 0; id < 400; id++) {
      const parameters = ask<Record<string, string | number>>(tuner, id);
      seen.push(JSON.stringify(parameters));
      running.push(id);
      if (running.length < 20) continue;
      const [ended] = running.splice((7 * id) % 20, 1);
      if (ended! % 3 === 0) tell(tuner, ended!, null, "failed");
      else tell(tuner, ended!, { f1: (ended! * 7) % 11, f2: (ended! * 5) % 13 });
    }
    expect(new Set(seen).size).toBe(400);
  });

  test("learn, also with a population that is smaller", () => {
    const tuner = open(unit(6), { ...two, population_size: 8 });
    const values = [];
    const running: { id: number; parameters: Numbers }[] = [];
    for (let id = 0; id < 600; id++) {
      running.push({ id, parameters: ask(tuner, id) });
      if (running.length < 20) continue;
      const [ended] = running.splice((7 * id) % 20, 1);
      if (id % 10 === 9) tell(tuner, ended!.id, null, "failed");
      else tell(tuner, ended!.id, zdt1(ended!.parameters));
      values.push(zdt1(ended!.parameters));
    }
    expect(hypervolume(values)).toBeGreaterThan(0.5);
  });
});

test("imported results and those of parameters added by hand are parents", () => {
  const tuner = open(unit(2), { ...two, population_size: 10 });
  const near = (i: number): Numbers => ({ x0: 0.5 + i / 1000, x1: 0.25 });
  void tuner.importData?.(
    Array.from({ length: 5 }, (_, i) => ({ parameters: near(i), value: { f1: i, f2: 5 - i } })),
  );
  for (let i = 5; i < 10; i++) {
    const result = { parameterId: 100 + i, parameters: near(i), value: { f1: i, f2: 5 - i } };
    void tuner.receiveTrialResult({ ...result, outcome: "succeeded", trialJobId: "aaaaa" });
  }
  const proposals = Array.from({ length: 40 }, (_, id) => ask(tuner, id));
  const related = proposals.filter(({ x0, x1 }) => x1 === 0.25 || Math.abs(x0! - 0.5) < 0.011);
  // A child in four has both parameters mutated; of draws from the prior one in fifty would look so.
  expect(related.length).toBeGreaterThan(20);
});

test("every kind of parameter is varied, by every operator", () => {
  for (const crossover of ["uniform", "sbx"])
    for (const mutation of ["polynomial", "redraw"]) {
      const tuner = open(wideSpace, { ...two, population_size: 10, crossover, mutation });
      const tried = run<JsonObject>(tuner, 150, (_, id) => ({ f1: Math.sin(id), f2: Math.cos(3 * id) }));
      for (const name of Object.keys(wideSpace))
        expect(new Set(tried.slice(10).map((each) => JSON.stringify(each[name]))).size).toBeGreaterThan(1);
    }
});
