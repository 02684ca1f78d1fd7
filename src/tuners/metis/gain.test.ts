import { expect, test } from "vitest";
import { flatten } from "../../space/index.ts";
import { createEncoding } from "../gp/encoding.ts";
import { createGaussianProcess } from "../gp/model.ts";
import { gainOfAgain, gainOfNew } from "./gain.ts";
import { createView } from "./view.ts";

const flat = flatten({ x: { _type: "uniform", _value: [0, 1] } });
const encoding = createEncoding(flat);
const hyperparameters = { weights: Float64Array.of(20), scale: 1, noise: 0.01 };
const places = [0, 0.2, 0.45, 0.6, 1];
const targets = Float64Array.of(1, -0.2, -1, 0.9, 0.3);

const processOf = (xs: readonly number[]) =>
  createGaussianProcess({
    layout: encoding.layout,
    nu: 2.5,
    hyperparameters,
    rows: Float64Array.from(xs),
    count: xs.length,
  });

function open() {
  const process = processOf(places);
  process.setTargets(targets);
  const points = Array.from({ length: 21 }, (_, i) => Float64Array.of(i / 20));
  const belief = { process, targets, noise: 0.01, incumbents: [], suspects: [] };
  return createView({ flat, encoding, belief, points });
}

/** The least mean on a fine grid, of a process made anew. */
function leastOf(xs: readonly number[], ys: readonly number[]): number {
  const process = processOf(xs);
  process.setTargets(Float64Array.from(ys));
  const grid = Float64Array.from({ length: 10001 }, (_, i) => i / 10000);
  const mean = new Float64Array(grid.length);
  process.means(grid, grid.length, mean);
  return mean.reduce((one, other) => Math.min(one, other));
}

test.each([0.8, 0.4, 0.05])("a new point at %d gains what a process that knew its result would say", (x) => {
  const view = open();
  const least = -view.optimum.worth;
  expect(least).toBeCloseTo(leastOf(places, [...targets]), 6);
  const [mean, variance] = [new Float64Array(1), new Float64Array(1)];
  view.belief.process.predict(Float64Array.of(x), 1, mean, variance);
  const spread = 1.96 * Math.sqrt(variance[0]! + 0.01);
  const ends = [-spread, spread].map((off) => leastOf([...places, x], [...targets, mean[0]! + off]));
  const expected = Math.max(0, least - Math.min(...ends));
  expect(gainOfNew(view, Float64Array.of(x), least)).toBeCloseTo(expected, 4);
  // And leaves the process as it was.
  expect(view.leastNow()).toBeCloseTo(least, 9);
});

test("a suspect gains by how much the optimum falls or rises when its target changes", () => {
  const view = open();
  const least = -view.optimum.worth;
  const changed = [0.5, -0.9].map((target) => leastOf(places, [1, -0.2, target, 0.9, 0.3]));
  const expected = Math.max(...changed.map((each) => Math.abs(each - least)));
  const suspect = { point: Float64Array.of(0.45), row: 2, distance: 3, targets: [-0.9, 0.5] as const };
  expect(gainOfAgain(view, suspect, least)).toBeCloseTo(expected, 4);
  expect(view.leastNow()).toBeCloseTo(least, 9);
});
