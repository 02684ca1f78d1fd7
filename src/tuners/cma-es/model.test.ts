import { expect, test } from "vitest";
import { seeded, seededFor } from "../../model/index.ts";
import { flatten } from "../../space/index.ts";
import { type Model, type Settings, createModel } from "./model.ts";

const line = flatten({ x: { _type: "uniform", _value: [0, 1] } });
const settings: Settings = {
  startupTrials: 0,
  sigma0: 1 / 6,
  x0: undefined,
  popsize: 4,
  restarts: "ipop",
  growth: 2,
  margin: true,
};
const create = (more: Partial<Settings> = {}): Model =>
  createModel(line, { ...settings, ...more }, seeded(1));

/** Where the next sample would be. */
const next = (model: Model): number => model.suggest(seededFor(9, 9)).sample.point[0]!;

function tellAt(model: Model, x: number, loss: number): void {
  model.finish(model.adopt(Float64Array.of(x)), loss);
}

test("results of a run that has ended teach the next one nothing", () => {
  const after = (late: boolean): number => {
    const model = create();
    const first = model.suggest(seeded(2));
    for (let i = 0; model.suggest(seeded(3)).run === 0 && i < 1000; i++)
      model.finish(model.suggest(seededFor(4, i)), 1);
    expect(model.suggest(seeded(3)).run).toBe(1);
    for (let i = 0; i < 7; i++) model.finish(model.suggest(seededFor(5, i)), i);
    if (late) model.finish(first, -5);
    return next(model);
  };
  expect(after(true)).toBe(after(false));
});

test("a result of an earlier generation counts in the present one", () => {
  const after = (late: boolean): number => {
    const model = create();
    const first = model.suggest(seeded(2));
    for (let i = 0; i < 7; i++) model.finish(model.suggest(seededFor(5, i)), i);
    if (late) model.finish(first, -5);
    return next(model);
  };
  expect(after(true)).not.toBe(after(false));
});

test("a point from elsewhere moves the mean by a usual step only, however far away it is", () => {
  const after = (x: number): number => {
    const model = create({ sigma0: 0.01 });
    tellAt(model, x, 0);
    for (let i = 1; i < 4; i++) tellAt(model, 0.5, i);
    return next(model);
  };
  expect(after(0.9)).toBeCloseTo(after(1), 12);
  expect(after(0.9)).toBeLessThan(0.6);
  expect(after(0.9)).toBeGreaterThan(after(0.1));
});

test("imported in mid-run, the best row counts where it is better than everything known", () => {
  const after = (loss: number): number => {
    const model = create();
    for (let i = 0; i < 3; i++) tellAt(model, 0.5, i);
    model.import([
      { point: Float64Array.of(0.9), loss: 50 },
      { point: Float64Array.of(0.8), loss },
    ]);
    return next(model);
  };
  const untouched = after(Infinity);
  expect(after(0)).toBe(untouched);
  expect(after(-1)).toBeGreaterThan(untouched);
});
