import { describe, expect, test } from "vitest";
import { openDesk } from "../../conformance/tuner-desk.ts";
import type { JsonObject, SearchSpace } from "../../model/index.ts";
import { createBuiltinTuner, createRepeatingTuner } from "../registry.ts";

const plane: SearchSpace = {
  x: { _type: "uniform", _value: [0, 1] },
  y: { _type: "uniform", _value: [0, 1] },
};

interface Place {
  readonly x: number;
  readonly y: number;
}

const lossOf = ({ x, y }: Place): number => (x - 0.3) ** 2 + (y - 0.6) ** 2;

/** Evaluations of one job, each with the full budget. */
async function evaluate(count: number, classArgs: JsonObject, seed = 1): Promise<Place[]> {
  const tuner = createBuiltinTuner("BOHB", {
    optimizeMode: "minimize",
    seed,
    classArgs: { max_budget: 1, ...classArgs },
  });
  await tuner.updateSearchSpace(plane);
  const desk = openDesk(tuner);
  const all: Place[] = [];
  for (let i = 0; i < count; i++) {
    const { parameterId, parameters } = await desk.ask();
    const place = parameters as unknown as Place;
    all.push(place);
    await desk.tell(parameterId, lossOf(place));
  }
  return all;
}

test.each([
  { min_points_in_model: 20 },
  { top_n_percent: 60 },
  { num_samples: 2 },
  { bandwidth_factor: 1 },
  { min_bandwidth: 0.5 },
])("%j makes other proposals than the default, of the same chance", async (classArgs) => {
  expect(await evaluate(40, classArgs)).not.toEqual(await evaluate(40, {}));
});

describe("random_fraction", () => {
  /** How many of the last proposals of ten searches are as good as one draw in thirty is. */
  async function goodOnes(fraction: number): Promise<number> {
    let good = 0;
    for (let seed = 0; seed < 10; seed++)
      for (const place of (await evaluate(60, { random_fraction: fraction }, seed)).slice(-30))
        if (lossOf(place) < 1 / (30 * Math.PI)) good += 1;
    return good;
  }

  test("is the part of the configurations that is drawn from the prior, whatever was learned", async () => {
    const [none, half, all] = [await goodOnes(0), await goodOnes(0.5), await goodOnes(1)];
    expect(all).toBeGreaterThan(3); // ten of 300
    expect(all).toBeLessThan(18);
    expect(half).toBeGreaterThan(2 * all);
    expect(none).toBeGreaterThan(1.2 * half);
  });
});

describe("budgets", () => {
  const created = (min: number, max: number) => () =>
    createBuiltinTuner("BOHB", {
      optimizeMode: "minimize",
      seed: 1,
      classArgs: { min_budget: min, max_budget: max },
    });

  test("are above 0, and the largest is not below the smallest", () => {
    expect(created(0, 3)).toThrow(/expected 0 < min_budget <= max_budget, came 0 and 3/);
    expect(created(4, 3)).toThrow(/came 4 and 3/);
    expect(created(0.1, 0.1)).not.toThrow();
  });

  test("are exact where an end is no whole number", async () => {
    const tuner = created(0.5, 4.5)();
    await tuner.updateSearchSpace(plane);
    const { parameters } = await openDesk(tuner).ask();
    expect(parameters).toMatchObject({ TRIAL_BUDGET: 0.5 });
  });
});

test.each([
  ["Hyperband", { R: 3 }],
  ["BOHB", { max_budget: 3 }],
])(
  "%s ends the search where a finite space is done, also where others would repeat points",
  async (name, classArgs) => {
    const tuner = createRepeatingTuner(name, { optimizeMode: "minimize", seed: 1, classArgs });
    await tuner.updateSearchSpace({ x: { _type: "choice", _value: [1, 2] } });
    const desk = openDesk(tuner);
    for (let i = 0; i < 4; i++) await desk.tell((await desk.ask()).parameterId, i);
    expect(await desk.request()).toEqual({ kind: "no-more" });
  },
);
