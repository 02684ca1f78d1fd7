import { describe, expect, test } from "vitest";
import { wideSpace } from "../../conformance/tuner.ts";
import type { FlatSpace, Point, Random, SearchSpace } from "../../model/index.ts";
import { seeded } from "../../model/index.ts";
import { contains, flatten, isActive, samplePoint, toParameters } from "../../space/index.ts";
import { type BudgetModelSettings, type BudgetModels, createBudgetModels } from "./budget-models.ts";

const settings: BudgetModelSettings = {
  minPointsInModel: undefined,
  topNPercent: 15,
  numSamples: 64,
  bandwidthFactor: 3,
  minBandwidth: 1e-3,
};

const line = flatten({ x: { _type: "uniform", _value: [0, 1] } });
const plane = flatten({
  x: { _type: "uniform", _value: [-5, 10] },
  y: { _type: "loguniform", _value: [1e-3, 10] },
});

const at = (...values: number[]): Point => Float64Array.from(values);

/** Results of `count` draws from the prior. */
function addDraws(
  models: BudgetModels,
  flat: FlatSpace,
  count: number,
  { budget = 0, seed = 1, loss = noLoss } = {},
): void {
  const random = seeded(seed);
  for (let i = 0; i < count; i++) {
    const point = samplePoint(flat, random);
    models.add(budget, point, loss(point, i));
  }
}

const noLoss = (_point: Point, i: number): number => Math.sin(i);

function suggestions(models: BudgetModels, count: number, random: Random = seeded(2)): Point[] {
  return Array.from({ length: count }, () => models.suggest(random)!);
}

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

describe("the budget", () => {
  test("has a model when both sides have more rows than there are dimensions", () => {
    const models = createBudgetModels(line, settings, 1);
    for (const loss of [1, 2, 3]) {
      models.add(0, at(0.5), loss);
      expect(models.suggest(seeded(1))).toBeUndefined();
    }
    models.add(0, at(0.5), 4);
    expect(models.suggest(seeded(1))).toBeDefined();
  });

  test("needs minPointsInModel rows on the good side, and never fewer than there are dimensions and one", () => {
    const patient = createBudgetModels(line, { ...settings, minPointsInModel: 6 }, 1);
    const hasty = createBudgetModels(line, { ...settings, minPointsInModel: 1 }, 1);
    for (const models of [patient, hasty]) addDraws(models, line, 3);
    expect(hasty.suggest(seeded(1))).toBeUndefined();
    for (const models of [patient, hasty]) addDraws(models, line, 4);
    expect(hasty.suggest(seeded(1))).toBeDefined();
    expect(patient.suggest(seeded(1))).toBeUndefined();
    addDraws(patient, line, 1);
    expect(patient.suggest(seeded(1))).toBeDefined();
  });

  test("is the largest one that has a model, whatever is known of the others", () => {
    const all = createBudgetModels(line, settings, 1);
    const alone = (budget: number, count: number): Point[] => {
      const models = createBudgetModels(line, settings, 1);
      addDraws(models, line, count, { budget, seed: budget });
      return suggestions(models, 5);
    };
    addDraws(all, line, 40, { budget: 2, seed: 2 });
    expect(suggestions(all, 5)).toEqual(alone(2, 40));
    // One row short of a model; and a smaller budget with more rows.
    addDraws(all, line, 3, { budget: 10, seed: 10 });
    addDraws(all, line, 90, { budget: 1 });
    expect(suggestions(all, 5)).toEqual(alone(2, 40));
    all.add(10, at(0.9), 5);
    const largest = suggestions(all, 5);
    expect(largest).not.toEqual(alone(2, 40));
    all.add(2, at(0.1), -5);
    expect(suggestions(all, 5)).toEqual(largest);
  });
});

describe("failures", () => {
  test("are no model, however many", () => {
    const models = createBudgetModels(line, settings, 1);
    addDraws(models, line, 50, { loss: () => Infinity });
    expect(models.suggest(seeded(1))).toBeUndefined();
    models.add(0, at(0.5), 1);
    expect(models.suggest(seeded(1))).toBeUndefined();
    models.add(0, at(0.5), -Infinity);
    expect(models.suggest(seeded(1))).toBeDefined();
  });

  test("keep suggestions away", () => {
    const models = createBudgetModels(line, settings, 1);
    addDraws(models, line, 60, { loss: ([x]) => (x! < 0.7 ? Infinity : 1) });
    expect(suggestions(models, 50).filter(([x]) => x! > 0.68).length).toBeGreaterThan(45);
  });
});

describe("suggestions", () => {
  const odd: SearchSpace = {
    option: { _type: "choice", _value: ["only"] },
    fixed: { _type: "uniform", _value: [3, 3] },
    power: { _type: "loguniform", _value: [0.01, 0.01] },
    whole: { _type: "randint", _value: [4, 5] },
    still: { _type: "qnormal", _value: [0, 1e-3, 5] },
  };
  const outer: SearchSpace = {
    line: { _type: "uniform", _value: [-1e300, 1e300] },
    power: { _type: "loguniform", _value: [1e-300, 1e300] },
    bell: { _type: "normal", _value: [0, 1e150] },
    skew: { _type: "lognormal", _value: [0, 50] },
    tiny: { _type: "uniform", _value: [1, 1 + 1e-12] },
  };

  test.each<[string, SearchSpace]>([
    ["every type and nested choices", wideSpace],
    ["dimensions of one value", odd],
    ["dimensions of one value beside others", { ...odd, x: { _type: "uniform", _value: [0, 1] } }],
    ["huge and tiny ranges", outer],
  ])("are points of the space: %s", (_label, space) => {
    const flat = flatten(space);
    const models = createBudgetModels(flat, settings, 1);
    addDraws(models, flat, 60);
    const points = suggestions(models, 60);
    for (const point of points) {
      const parameters = toParameters(flat, point);
      expect(contains(flat, parameters), JSON.stringify(parameters)).toBe(true);
    }
    // The parameters would not show a value too many.
    for (const point of points)
      for (const dimension of flat.dimensions)
        expect(Number.isNaN(point[dimension.index])).toBe(!isActive(flat, point, dimension));
  });

  test("are not drawn to where nothing is known: far from all bad points one place is as good as another", () => {
    const models = createBudgetModels(line, settings, 1);
    for (let i = 0; i < 6; i++) models.add(0, at(i < 5 ? 0.4 : 0.9), 0);
    for (let i = 0; i < 34; i++) models.add(0, at(0.05), 1);
    for (const [x] of suggestions(models, 20)) expect(x).toBeCloseTo(0.4, 1);
  });

  test("take different options of a nested choice", () => {
    const flat = flatten(wideSpace);
    const models = createBudgetModels(flat, settings, 1);
    addDraws(models, flat, 60);
    const model = flat.dimensions.findIndex(({ name }) => name === "model");
    expect(new Set(suggestions(models, 60).map((point) => point[model])).size).toBe(2);
  });

  test("take an option that no row on the good side has, with what it opens", () => {
    const flat = flatten({
      which: {
        _type: "choice",
        _value: [{ _name: "none" }, { _name: "deep", x: { _type: "uniform", _value: [0, 1] } }],
      },
    });
    const models = createBudgetModels(flat, { ...settings, numSamples: 1, minBandwidth: 0.5 }, 1);
    for (let i = 0; i < 20; i++) models.add(0, at(0, NaN), i);
    const deep = suggestions(models, 100).filter(([which]) => which === 1);
    expect(deep.length).toBeGreaterThan(10);
    expect(deep.length).toBeLessThan(40);
    expect(deep.every(([, x]) => x! >= 0 && x! <= 1)).toBe(true);
  });

  test.each([0, 1])("come close to the edge when the best is at %d", (edge) => {
    const models = createBudgetModels(line, settings, 1);
    for (let i = 0; i < 200; i++) models.add(0, at((i + 0.5) / 200), Math.abs((i + 0.5) / 200 - edge));
    const distances = suggestions(models, 200).map(([x]) => Math.abs(x! - edge));
    // With Gaussians that lose mass over the edge half of them would be farther than 0.013.
    expect(distances.filter((distance) => distance < 0.01).length).toBeGreaterThan(140);
    expect(Math.min(...distances)).toBeLessThan(0.002);
    // The edge itself is no more likely than its neighbourhood.
    expect(new Set(distances).size).toBe(200);
  });

  test("are spread as widely as bandwidthFactor says", () => {
    const spread = (bandwidthFactor: number): number => {
      const models = createBudgetModels(
        line,
        { ...settings, bandwidthFactor, numSamples: 1, minBandwidth: 0.01 },
        1,
      );
      for (let i = 0; i < 40; i++) models.add(0, at(i < 6 ? 0.5 : i / 40), i);
      return Math.sqrt(mean(suggestions(models, 2000).map(([x]) => (x! - 0.5) ** 2)));
    };
    expect(spread(1)).toBeCloseTo(0.01, 3);
    expect(spread(3)).toBeCloseTo(0.03, 3);
  });
});

describe("the same rows and chance", () => {
  const flat = flatten(wideSpace);
  const filled = (seed = 1): BudgetModels => {
    const models = createBudgetModels(flat, settings, seed);
    addDraws(models, flat, 50, { budget: 1 });
    addDraws(models, flat, 40, { budget: 2, seed: 2 });
    return models;
  };

  test("give the same suggestion, asked before and in between or not", () => {
    const asked = createBudgetModels(flat, settings, 1);
    const ask = (point: Point, i: number): number => {
      asked.suggest(seeded(i));
      return noLoss(point, i);
    };
    addDraws(asked, flat, 50, { budget: 1, loss: ask });
    addDraws(asked, flat, 40, { budget: 2, seed: 2, loss: ask });
    expect(suggestions(asked, 5)).toEqual(suggestions(filled(), 5));
    expect(suggestions(asked, 5)).toEqual(suggestions(asked, 5));
  });

  test("give another one with another chance, and with another seed what is imputed is another", () => {
    expect(suggestions(filled(), 5, seeded(3))).not.toEqual(suggestions(filled(), 5));
    expect(suggestions(filled(2), 20)).not.toEqual(suggestions(filled(), 20));
  });

  test("give the same suggestion, whatever becomes of the points that were told", () => {
    const [kept, changed] = [createBudgetModels(line, settings, 1), createBudgetModels(line, settings, 1)];
    for (let i = 0; i < 20; i++) {
      const point = at(i / 20);
      kept.add(0, at(i / 20), i);
      changed.add(0, point, i);
      point.fill(1);
    }
    expect(suggestions(changed, 3)).toEqual(suggestions(kept, 3));
  });
});

describe("learning", () => {
  const bowl = ([x, y]: Point): number => ((x! - 2) / 15) ** 2 + (Math.log10(y! / 0.05) / 4) ** 2;

  test("on a bowl, suggestions are five times as good as draws from the prior, for nine of ten seeds", () => {
    let better = 0;
    for (let seed = 0; seed < 10; seed++) {
      const models = createBudgetModels(plane, settings, seed);
      const random = seeded(seed);
      const prior: number[] = [];
      const suggested: number[] = [];
      for (let i = 0; i < 60; i++) {
        const point = i < 30 ? samplePoint(plane, random) : models.suggest(random)!;
        (i < 30 ? prior : suggested).push(bowl(point));
        models.add(0, point, bowl(point));
      }
      if (mean(suggested) < mean(prior) / 5) better += 1;
    }
    expect(better).toBeGreaterThanOrEqual(9);
  });

  test("which option, and what is best inside it", () => {
    const flat = flatten({
      layer: {
        _type: "choice",
        _value: [
          { _name: "none" },
          { _name: "dense", units: { _type: "randint", _value: [1, 65] } },
          { _name: "conv", kernel: { _type: "choice", _value: [1, 3, 5, 7] } },
        ],
      },
    });
    const loss = ([layer, units]: Point): number => (layer === 1 ? Math.abs(units! - 48) / 64 : 1);
    let near = 0;
    for (let seed = 0; seed < 10; seed++) {
      const models = createBudgetModels(flat, settings, seed);
      addDraws(models, flat, 60, { seed, loss });
      near += suggestions(models, 20).filter((point) => loss(point) < 0.27).length;
    }
    // Of draws from the prior every sixth is as good.
    expect(near).toBeGreaterThan(190);
  });
});
