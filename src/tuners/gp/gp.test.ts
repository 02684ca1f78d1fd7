import { describe, expect, test } from "vitest";
import {
  branin,
  braninLoss,
  nestedBowl,
  nestedBowlLoss,
  nestedGrid,
} from "../../../tests/support/landscapes.ts";
import type { Json, JsonObject, PhaseOutcome, SearchSpace, Tuner } from "../../model/index.ts";
import { contains, flatten } from "../../space/index.ts";
import { createBuiltinTuner } from "../registry.ts";

type Numbers = Readonly<Record<string, number>>;

function open(space: SearchSpace, seed = 1, classArgs: JsonObject = {}): Tuner {
  const tuner = createBuiltinTuner("GPTuner", { optimizeMode: "minimize", seed, classArgs });
  void tuner.updateSearchSpace(space);
  return tuner;
}

function ask<Parameters = Numbers>(tuner: Tuner, parameterId: number): Parameters {
  const proposal = tuner.generateParameters(parameterId, { trialJobId: "a", parameterIndex: parameterId });
  if (!("parameters" in proposal)) throw new Error(`no parameters: ${JSON.stringify(proposal)}`);
  return proposal.parameters as Parameters;
}

function tell(tuner: Tuner, parameterId: number, value: Json, outcome: PhaseOutcome = "succeeded"): void {
  void tuner.receiveTrialResult({ parameterId, parameters: {}, value, outcome, trialJobId: "a" });
  void tuner.trialEnd?.({ parameterId, trialJobId: "a", outcome });
}

/** Losses in the order of the phases; `jobs` phases run at once, the oldest ends first. */
function losses<Parameters = Numbers>(
  tuner: Tuner,
  phases: number,
  loss: (parameters: Parameters, id: number) => number,
  jobs = 1,
): number[] {
  const running: Parameters[] = [];
  const found: number[] = [];
  for (let id = 0; id < phases; id++) {
    running.push(ask<Parameters>(tuner, id));
    if (running.length < jobs) continue;
    const ended = id - jobs + 1;
    found.push(loss(running.shift()!, ended));
    tell(tuner, ended, found.at(-1)!);
  }
  return found;
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1]!;

const box = (size: number, low = -5, high = 5): SearchSpace =>
  Object.fromEntries(
    Array.from({ length: size }, (_, i) => [`x${i}`, { _type: "uniform", _value: [low, high] }] as const),
  );

describe("finds the minimum", () => {
  test("of Branin within 50 phases, to 0.4, for 4 seeds of 5", () => {
    const best = [1, 2, 3, 4, 5].map((seed) => Math.min(...losses(open(branin, seed), 50, braninLoss)));
    expect(best.filter((each) => each <= 0.4).length).toBeGreaterThanOrEqual(4);
  });

  test.each(["ucb", "poi"])("with %s as well", (utility) => {
    const args = { utility, kappa: 2, xi: 0.1 };
    expect(Math.min(...losses(open(branin, 2, args), 50, braninLoss))).toBeLessThan(0.55);
  });

  test.each([0.5, 1.5])("with nu %d as well", (nu) => {
    expect(Math.min(...losses(open(branin, 2, { nu }), 50, braninLoss))).toBeLessThan(0.55);
  });

  test("of integers and choices to the last", () => {
    const space: SearchSpace = {
      ...box(1),
      k: { _type: "randint", _value: [1, 101] },
      q: { _type: "quniform", _value: [0, 1, 0.125] },
      c: { _type: "choice", _value: ["a", "b", "c", "d"] },
    };
    type Parameters = { x0: number; k: number; q: number; c: string };
    const loss = ({ x0, k, q, c }: Parameters): number =>
      (x0 - 1) ** 2 + ((k - 37) / 20) ** 2 + 4 * (q - 0.625) ** 2 + "cadb".indexOf(c) / 2;
    const best = [1, 2, 3].map((seed) => Math.min(...losses(open(space, seed), 60, loss)));
    expect(median(best)).toBeLessThan(1e-3);
  });

  test("of the normal family, also far out", () => {
    const space: SearchSpace = {
      a: { _type: "normal", _value: [0, 1] },
      b: { _type: "lognormal", _value: [0, 1] },
      c: { _type: "qnormal", _value: [0, 10, 2] },
      d: { _type: "qlognormal", _value: [2, 1, 3] },
    };
    const loss = ({ a, b, c, d }: Numbers): number =>
      (a! - 3) ** 2 + (Math.log(b!) + 3) ** 2 + ((c! - 14) / 10) ** 2 + ((d! - 24) / 20) ** 2;
    const best = [1, 2, 3].map((seed) => Math.min(...losses(open(space, seed), 70, loss)));
    expect(median(best)).toBeLessThan(0.05);
  });

  test("inside the right option of a nested choice", () => {
    const best = [1, 2, 3].map((seed) => Math.min(...losses(open(nestedBowl, seed), 40, nestedBowlLoss)));
    expect(median(best)).toBeLessThan(1e-3);
  });

  test("at a corner, where proposals do not repeat", () => {
    const tuner = open(box(2));
    const seen = new Set<string>();
    losses(tuner, 40, (parameters) => {
      seen.add(JSON.stringify(parameters));
      return parameters["x0"]! + parameters["x1"]!;
    });
    expect(seen.size).toBe(40);
  });

  test("through noise", () => {
    const noise = (id: number): number => 0.3 * Math.sin(1e4 * id);
    const found: number[] = [];
    for (const seed of [1, 2, 3]) {
      const tuner = open(box(2), seed);
      losses(tuner, 60, ({ x0, x1 }, id) => (x0! - 1) ** 2 + (x1! + 2) ** 2 + noise(id));
      const { x0, x1 } = ask(tuner, 60);
      found.push((x0! - 1) ** 2 + (x1! + 2) ** 2);
    }
    expect(median(found)).toBeLessThan(0.5);
  });
});

describe("many jobs at once", () => {
  test.each([10, 20])("%i get points that are apart, and learn", (jobs) => {
    const tuner = open(branin, 3);
    const places: Numbers[] = [];
    const found = losses(
      tuner,
      80,
      (parameters) => {
        places.push(parameters);
        return braninLoss(parameters);
      },
      jobs,
    );
    expect(Math.min(...found)).toBeLessThan(0.6);
    // Of the first round with a model: nothing was known but the cold start.
    const round = places.slice(jobs, 2 * jobs);
    for (const [i, one] of round.entries())
      for (const other of round.slice(i + 1))
        expect(Math.hypot(one["x1"]! - other["x1"]!, one["x2"]! - other["x2"]!)).toBeGreaterThan(1e-3);
  });

  test("a finite space is covered once by 20 jobs, then no-more", () => {
    const tuner = open(nestedGrid);
    const seen = new Set<string>();
    for (let id = 0; id < 42; id++) {
      seen.add(JSON.stringify(ask<Json>(tuner, id)));
      if (id >= 20) tell(tuner, id - 20, (id * 7) % 11);
    }
    expect(seen.size).toBe(42);
    expect(tuner.generateParameters(42, { trialJobId: "a", parameterIndex: 42 })).toEqual({
      kind: "no-more",
    });
  });
});

describe("results that are none", () => {
  test("a region that fails is left alone after a few phases", () => {
    const tuner = open(box(2), 2);
    let failures = 0;
    for (let id = 0; id < 50; id++) {
      const { x0, x1 } = ask(tuner, id);
      // Everything grows better towards the region that fails.
      if (x0! > 3) tell(tuner, id, null, "failed");
      else tell(tuner, id, -x0! + 0.1 * x1! ** 2);
      if (x0! > 3 && id >= 25) failures += 1;
    }
    expect(failures).toBeLessThan(13);
  });

  test("infinities count as the extremes, NaN and failures as nothing", () => {
    const tuner = open(box(1), 2, { cold_start_num: 4 });
    for (const [id, value] of [3, -Infinity, Infinity, NaN, 2, 5, "odd"].entries()) {
      ask(tuner, id);
      tell(tuner, id, value);
    }
    expect(Math.abs(ask(tuner, 7)["x0"]!)).toBeLessThanOrEqual(5);
  });

  test("the same loss everywhere, and none but infinite ones", () => {
    for (const value of [1, -Infinity]) {
      const tuner = open(box(2), 2);
      losses(tuner, 20, () => value);
      expect(Math.abs(ask(tuner, 20)["x0"]!)).toBeLessThanOrEqual(5);
    }
  });

  test("numbers of any size", () => {
    for (const size of [1e-300, 1e300]) {
      const tuner = open(box(1), 1);
      losses(tuner, 25, ({ x0 }) => size * (x0! - 1) ** 2);
      expect(ask(tuner, 25)["x0"]!).toBeCloseTo(1, 0);
    }
  });
});

describe("spaces of any kind", () => {
  test.each<readonly [string, SearchSpace]>([
    [
      "nothing but one point",
      { a: { _type: "uniform", _value: [3, 3] }, b: { _type: "choice", _value: ["x"] } },
    ],
    [
      "tiny and huge ranges",
      {
        a: { _type: "uniform", _value: [1, 1 + 1e-12] },
        b: { _type: "loguniform", _value: [1e-300, 1e300] },
        c: { _type: "uniform", _value: [-1e300, 1e300] },
        d: { _type: "randint", _value: [0, 2 ** 40] },
      },
    ],
    ["200 dimensions", box(200)],
    [
      "choices of many options",
      {
        a: { _type: "choice", _value: Array.from({ length: 500 }, (_, i) => i) },
        b: { _type: "uniform", _value: [0, 1] },
      },
    ],
  ])("%s", (_name, space) => {
    const flat = flatten(space);
    const tuner = open(space, 1, { cold_start_num: 3 });
    for (let id = 0; id < 8; id++) {
      const proposal = tuner.generateParameters(id, { trialJobId: "a", parameterIndex: id });
      if (!("parameters" in proposal)) return expect(id).toBe(1);
      expect(contains(flat, proposal.parameters)).toBe(true);
      tell(tuner, id, Math.cos(id));
    }
  });
});

describe("what came before", () => {
  test("a tuner that is told of 60 phases goes on as the one that lived them, past several fits", () => {
    const [lived, told] = [open(branin, 4), open(branin, 4)];
    for (let id = 0; id < 60; id++) {
      const parameters = ask(lived, id);
      void told.recallParameters?.({ trialJobId: "a", parameterIndex: id, parameterId: id, parameters });
      if (id % 7 === 3) continue;
      for (const tuner of [lived, told]) tell(tuner, id, braninLoss(parameters));
    }
    for (const id of [60, 61, 62]) expect(ask(told, id)).toEqual(ask(lived, id));
  });

  test("imported results take the place of the cold start", async () => {
    const tuner = open(box(1), 1);
    const rows = Array.from({ length: 12 }, (_, i) => {
      const parameters = { x0: i * 0.8 - 5 };
      return { parameters, value: (parameters.x0 - 1) ** 2 };
    });
    await tuner.importData?.(rows);
    expect(ask(tuner, 0)["x0"]!).toBeCloseTo(1, 1);
  });

  test("after a change of the space what is still inside counts", () => {
    const tuner = open(box(1), 1);
    losses(tuner, 10, ({ x0 }) => (x0! - 1) ** 2);
    void tuner.updateSearchSpace(box(1, -6, 6));
    expect(Math.abs(ask(tuner, 10)["x0"]! - 1)).toBeLessThan(0.3);
  });

  test("a long history is thinned out: the best and the newest count", async () => {
    const tuner = open(box(2), 1);
    const rows = Array.from({ length: 1200 }, (_, i) => {
      const parameters = { x0: ((i * 0.618) % 1) * 10 - 5, x1: ((i * 0.755) % 1) * 10 - 5 };
      return { parameters, value: (parameters.x0 - 1) ** 2 + (parameters.x1 + 2) ** 2 };
    });
    await tuner.importData?.(rows);
    const { x0, x1 } = ask(tuner, 0);
    expect(Math.hypot(x0! - 1, x1! + 2)).toBeLessThan(0.3);
  });
});

test.each<readonly [JsonObject, RegExp]>([
  [{ utility: "pi" }, /"utility" expected one of ei, ucb, poi, came "pi"/],
  [{ nu: 2 }, /"nu" expected one of 0.5, 1.5, 2.5, came 2/],
  [{ cold_start_num: 0 }, /"cold_start_num" expected an integer of at least 1, came 0/],
])("refuses %j", (classArgs, message) => {
  expect(() => open(branin, 1, classArgs)).toThrow(
    expect.objectContaining({ code: "tuner-class-args", message: expect.stringMatching(message) as string }),
  );
});
