import { describe, expect, test } from "vitest";
import type { Json, JsonObject, PhaseOutcome, SearchSpace, Tuner } from "../../model/index.ts";
import { randomInteger, seeded } from "../../model/index.ts";
import { contains, flatten } from "../../space/index.ts";
import { ask, run, tell } from "../../../tests/support/ask-tell.ts";
import { nestedBowl, nestedBowlLoss, nestedGrid } from "../../../tests/support/landscapes.ts";
import type { Numbers } from "../../../tests/support/ask-tell.ts";
import { createBuiltinTuner } from "../registry.ts";

function open(space: SearchSpace, seed = 1, classArgs: JsonObject = {}): Tuner {
  const tuner = createBuiltinTuner("CmaEs", { optimizeMode: "minimize", seed, classArgs });
  void tuner.updateSearchSpace(space);
  return tuner;
}

function box(n: number, low = -5, high = 5): SearchSpace {
  return Object.fromEntries(
    Array.from({ length: n }, (_, i) => [`x${i}`, { _type: "uniform", _value: [low, high] }] as const),
  );
}

const sphere = (parameters: Numbers): number =>
  Object.values(parameters).reduce((sum, x) => sum + (x - 1.3) ** 2, 0);

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1]!;
}

const seeds = [1, 2, 3, 4, 5];

describe("finds the minimum", () => {
  test("of a narrow valley that lies across the axes", () => {
    const valley = ({ x0, x1, x2 }: Numbers): number =>
      1000 * (x0! - x1!) ** 2 + 1000 * (x1! - x2!) ** 2 + (x0! - 2) ** 2;
    expect(
      median(seeds.map((seed) => Math.min(...run(open(box(3), seed), 800, valley).map(valley)))),
    ).toBeLessThan(1e-5);
  });

  test("at a bound", () => {
    const corner = ({ x0, x1 }: Numbers): number => 5 - x0! + (5 - x1!);
    expect(
      median(seeds.map((seed) => Math.min(...run(open(box(2), seed), 400, corner).map(corner)))),
    ).toBeLessThan(1e-3);
  });

  test("of one parameter", () => {
    expect(
      median(seeds.map((seed) => Math.min(...run(open(box(1), seed), 100, sphere).map(sphere)))),
    ).toBeLessThan(1e-5);
  });

  test("in 200 parameters it goes down", () => {
    const values = run(open(box(200)), 500, sphere).map(sphere);
    expect(Math.min(...values.slice(-50))).toBeLessThan(0.85 * Math.min(...values.slice(0, 50)));
  });

  test("far outside the bulk of a normal prior", () => {
    const space: SearchSpace = {
      a: { _type: "normal", _value: [0, 1] },
      b: { _type: "lognormal", _value: [0, 1] },
    };
    const loss = ({ a, b }: Numbers): number => (a! - 4) ** 2 + (Math.log(b!) + 4) ** 2;
    expect(
      median(seeds.map((seed) => Math.min(...run(open(space, seed), 250, loss).map(loss)))),
    ).toBeLessThan(1e-4);
  });

  test("of integers on a plateau, thanks to the margin", () => {
    const space: SearchSpace = {
      ...box(3),
      ...Object.fromEntries(
        ["a", "b", "c", "d"].map((name) => [name, { _type: "randint", _value: [0, 10] }] as const),
      ),
    };
    const loss = ({ x0, x1, x2, a, b, c, d }: Numbers): number =>
      (x0! - 1) ** 2 +
      (x1! - 1) ** 2 +
      (x2! - 1) ** 2 +
      Math.abs(a! - 9) +
      Math.abs(b! - 1) +
      Math.abs(c! - 4) +
      Math.abs(d! - 7);
    const best = (with_margin: boolean): number[] =>
      seeds.map((seed) => Math.min(...run(open(space, seed, { with_margin }), 700, loss).map(loss)));
    expect(Math.max(...best(true))).toBeLessThan(1e-3);
  });

  test("inside a nested choice", () => {
    const best = seeds.map((seed) =>
      Math.min(...run(open(nestedBowl, seed), 200, nestedBowlLoss).map(nestedBowlLoss)),
    );
    expect(median(best)).toBeLessThan(1e-3);
  });
});

describe("degenerate spaces and functions", () => {
  test("one-point ranges beside others", () => {
    const space: SearchSpace = {
      ...box(2),
      fixed: { _type: "uniform", _value: [3, 3] },
      only: { _type: "choice", _value: ["a"] },
      one: { _type: "randint", _value: [4, 5] },
    };
    const tried = run<Json>(open(space), 100, (parameters) => (parameters as Numbers)["x0"]!);
    for (const parameters of tried) expect(parameters).toMatchObject({ fixed: 3, only: "a", one: 4 });
  });

  test("nothing but one-point ranges is one point", () => {
    const tuner = open({ fixed: { _type: "uniform", _value: [3, 3] } });
    expect(ask(tuner, 0)).toEqual({ fixed: 3 });
    expect(tuner.generateParameters(1, { trialJobId: "a", parameterIndex: 1 })).toEqual({ kind: "no-more" });
  });

  test.each(["none", "ipop", "bipop"])("a flat function: restart strategy %s", (restart_strategy) => {
    const tried = run(open(box(2), 3, { restart_strategy }), 1500, () => 1);
    for (const { x0, x1 } of tried) expect(Math.abs(x0!) <= 5 && Math.abs(x1!) <= 5).toBe(true);
    expect(new Set(tried.map(({ x0 }) => x0)).size).toBe(1500);
  });

  test.each(["NaN", "failed", "-Infinity"])("nothing but %s", (what) => {
    const tuner = open(box(3), 3);
    for (let id = 0; id < 300; id++) {
      expect(contains(flatten(box(3)), ask<Json>(tuner, id))).toBe(true);
      tell(tuner, id, what === "failed" ? null : Number(what), what === "failed" ? "failed" : "succeeded");
    }
  });

  test("huge, tiny and awkward ranges stay inside through 600 phases and restarts", () => {
    const space: SearchSpace = {
      a: { _type: "uniform", _value: [-1e300, 1e300] },
      b: { _type: "uniform", _value: [1, 1 + 1e-15] },
      c: { _type: "loguniform", _value: [1e-300, 1e300] },
      d: { _type: "randint", _value: [-(2 ** 50), 2 ** 50] },
      e: { _type: "quniform", _value: [2.5, 20, 5] },
      f: { _type: "qloguniform", _value: [1, 1e6, 7] },
      g: { _type: "qnormal", _value: [0, 1e6, 1e-3] },
      h: { _type: "lognormal", _value: [0, 20] },
      i: { _type: "qlognormal", _value: [-3, 2, 0.5] },
      j: { _type: "normal", _value: [1e9, 1e-3] },
    };
    const flat = flatten(space);
    for (const sigma0 of [1e-6, 1 / 6, 50]) {
      const tuner = open(space, 5, { sigma0, popsize: 4 });
      for (const parameters of run<Json>(tuner, 600, (_each, id) => Math.sin(id)))
        expect(contains(flat, parameters), JSON.stringify(parameters)).toBe(true);
    }
  });
});

describe("many jobs at once", () => {
  /** Phases end in random order; the best loss. */
  function crowd(
    seed: number,
    concurrency: number,
    count: number,
    end: (id: number) => PhaseOutcome,
  ): number {
    const random = seeded(seed);
    const tuner = open(box(4), seed);
    const running = new Map<number, Numbers>();
    let best = Infinity;
    for (let id = 0; id < count; id++) {
      running.set(id, ask(tuner, id));
      if (running.size < concurrency) continue;
      const ending = [...running.keys()][randomInteger(random, running.size)]!;
      const value = sphere(running.get(ending)!);
      running.delete(ending);
      const outcome = end(ending);
      if (outcome === "succeeded") best = Math.min(best, value);
      tell(tuner, ending, outcome === "succeeded" ? value : null, outcome);
    }
    return best;
  }

  test("20 at once, any order: it still converges", () => {
    expect(median(seeds.map((seed) => crowd(seed, 20, 800, () => "succeeded")))).toBeLessThan(0.01);
  });

  test("also where every third phase fails, or is abandoned", () => {
    for (const outcome of ["failed", "abandoned"] as const)
      expect(
        median(seeds.map((seed) => crowd(seed, 20, 1000, (id) => (id % 3 === 0 ? outcome : "succeeded")))),
      ).toBeLessThan(0.05);
  });
});

describe("results", () => {
  const after = (worst: readonly (readonly [Json, PhaseOutcome])[]): Numbers => {
    const tuner = open(box(2), 4, { popsize: 6 });
    for (let id = 0; id < 12; id++) {
      ask(tuner, id);
      const [value, outcome] = worst[id % 6] ?? [id, "succeeded"];
      tell(tuner, id, value, outcome);
    }
    return ask(tuner, 500);
  };

  test("NaN, failures and infinities rank the same: worst", () => {
    const [nan, failed, infinite] = [
      after([[NaN, "succeeded"]]),
      after([[null, "failed"]]),
      after([[Infinity, "succeeded"]]),
    ];
    expect(nan).toEqual(failed);
    expect(infinite).toEqual(failed);
    expect(after([[-1, "succeeded"]])).not.toEqual(failed);
  });

  test("stopped phases count by their value", () => {
    expect(after([[-1, "stopped"]])).toEqual(after([[-1, "succeeded"]]));
  });

  test("abandoned ones are not waited for and teach nothing", () => {
    const tuner = open(box(2), 4, { popsize: 6, n_startup_trials: 0 });
    for (let id = 0; id < 5; id++) {
      ask(tuner, id);
      tell(tuner, id, id);
    }
    const same = ask(tuner, 100);
    tell(tuner, 100, null, "abandoned");
    expect(ask(tuner, 100)).toEqual(same);
    tell(tuner, 100, 3);
    expect(ask(tuner, 100)).not.toEqual(same);
  });

  test("one told by hand counts", () => {
    const proposal = (byHand: boolean): Numbers => {
      const tuner = open(box(2), 4, { popsize: 4, n_startup_trials: 0 });
      run(tuner, 3, (_each, id) => id);
      const parameters = { x0: 4, x1: 4 };
      if (byHand)
        void tuner.receiveTrialResult({
          parameterId: 70,
          parameters,
          value: -5,
          outcome: "succeeded",
          trialJobId: "b",
        });
      return ask(tuner, 500);
    };
    expect(proposal(true)["x0"]).toBeGreaterThan(proposal(false)["x0"]!);
  });
});

describe("where it begins", () => {
  const meanOf = (tuner: Tuner): Numbers => {
    const drawn = Array.from({ length: 200 }, (_, id) => ask(tuner, 1000 + id));
    const mean = (name: string): number => drawn.reduce((sum, each) => sum + each[name]!, 0) / drawn.length;
    const spread = Math.sqrt(
      drawn.reduce((sum, each) => sum + (each["x0"]! - mean("x0")) ** 2, 0) / drawn.length,
    );
    return { x0: mean("x0"), x1: mean("x1"), spread };
  };

  test("in the middle, with a sixth of the range", () => {
    const { x0, x1, spread } = meanOf(open(box(2)));
    expect(Math.abs(x0!)).toBeLessThan(0.4);
    expect(Math.abs(x1!)).toBeLessThan(0.4);
    expect(Math.abs(spread! - 10 / 6)).toBeLessThan(0.25);
  });

  test("at x0, with sigma0", () => {
    const { x0, x1, spread } = meanOf(open(box(2), 1, { x0: { x0: 3 }, sigma0: 0.01, n_startup_trials: 0 }));
    expect(x0).toBeCloseTo(3, 1);
    expect(Math.abs(x1!)).toBeLessThan(0.05);
    expect(spread).toBeLessThan(0.12);
  });

  test("in the best tenth of imported rows", async () => {
    const tuner = open(box(2), 1, { n_startup_trials: 0 });
    const random = seeded(8);
    const rows = Array.from({ length: 100 }, () => {
      const parameters = { x0: random.next() * 10 - 5, x1: random.next() * 10 - 5 };
      return { parameters, value: (parameters.x0 + 3) ** 2 + (parameters.x1 - 3) ** 2 };
    });
    await tuner.importData?.(rows);
    const { x0, x1, spread } = meanOf(tuner);
    expect(Math.abs(x0! + 3)).toBeLessThan(0.6);
    expect(Math.abs(x1! - 3)).toBeLessThan(0.6);
    expect(spread).toBeLessThan(1.6);
  });

  test.each<readonly [JsonObject, RegExp]>([
    [{ y: 1 }, /"x0", y: expected one of the numbers x0, x1/],
    [{ x0: "left" }, /"x0", x0: expected a number, came "left"/],
  ])("refuses x0 %j", (x0, message) => {
    expect(() => open(box(2), 1, { x0 })).toThrow(
      expect.objectContaining({
        code: "tuner-class-args",
        message: expect.stringMatching(message) as string,
      }),
    );
  });
});

describe("restarts", () => {
  /** Two basins: one at -2 with the loss 1, and a better one at 3 with the loss 0. */
  const basins = ({ x0, x1 }: Numbers): number =>
    Math.min(1 + 0.1 * ((x0! + 2) ** 2 + (x1! + 2) ** 2), 0.3 * ((x0! - 3) ** 2 + (x1! - 3) ** 2));

  test.each(["ipop", "bipop"])("%s looks elsewhere once a run has converged", (restart_strategy) => {
    const found = seeds.map((seed) => {
      const args = { restart_strategy, x0: { x0: -2, x1: -2 }, sigma0: 0.05 };
      return Math.min(...run(open(box(2), seed, args), 3000, basins).map(basins));
    });
    expect(median(found)).toBeLessThan(1e-3);
  });

  test("none stays", () => {
    const args = { restart_strategy: "none", x0: { x0: -2, x1: -2 }, sigma0: 0.02, n_startup_trials: 0 };
    expect(Math.min(...run(open(box(2), 1, args), 1500, basins).map(basins))).toBeCloseTo(1, 6);
  });
});

test("asked and told again, it makes the same proposals: also past a restart and a change of the space", () => {
  const life = (): Json[] => {
    const tuner = open(box(2), 6, { restart_strategy: "bipop" });
    const proposals: Json[] = run(tuner, 900, sphere);
    void tuner.updateSearchSpace(box(2, -5, 9));
    for (let id = 900; id < 930; id++) {
      proposals.push(ask<Json>(tuner, id));
      if (id % 3 > 0) tell(tuner, id, id % 7);
    }
    return proposals;
  };
  expect(life()).toEqual(life());
});

test("the same space again changes nothing; another one begins where results were good", () => {
  const [told, untold] = [open(box(2), 2), open(box(2), 2)];
  for (const tuner of [told, untold]) run(tuner, 45, sphere);
  void told.updateSearchSpace(box(2));
  expect(ask(told, 100)).toEqual(ask(untold, 100));
  void told.updateSearchSpace(box(2, -20, 20));
  const drawn = Array.from({ length: 50 }, (_, id) => ask(told, 200 + id)["x0"]!);
  const mean = drawn.reduce((sum, x) => sum + x, 0) / 50;
  expect(Math.abs(mean - 1.3)).toBeLessThan(2);
});

test("a finite space is covered once by 20 jobs, then no-more", () => {
  const tuner = open(nestedGrid);
  const seen = new Set<string>();
  for (let id = 0; id < 42; id++) {
    seen.add(JSON.stringify(ask<Json>(tuner, id)));
    if (id >= 20) tell(tuner, id - 20, (id * 7) % 11);
  }
  expect(seen.size).toBe(42);
  expect(tuner.generateParameters(42, { trialJobId: "a", parameterIndex: 42 })).toEqual({ kind: "no-more" });
});
