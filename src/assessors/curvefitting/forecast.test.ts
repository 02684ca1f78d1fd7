import { describe, expect, test } from "vitest";
import { drawnFrom, oneOfEachFamily, reported } from "../../../tests/support/learning-curves.ts";
import { seeded } from "../../model/index.ts";
import { curveFamilies } from "./families.ts";
import { type Forecast, forecast } from "./forecast.ts";

function ahead(values: readonly number[], step: number): Forecast | undefined {
  return forecast({ x: Float64Array.from(values, (_, i) => i + 1), y: Float64Array.from(values) }, step);
}

test("the twelve families of the paper are all there", () => {
  const names = curveFamilies.flatMap((family) => family.names);
  expect(names.toSorted()).toEqual(Object.keys(oneOfEachFamily).toSorted());
});

describe.each(Object.entries(oneOfEachFamily))("%s", (_family, curve) => {
  test.each([6, 8, 10])("is foreseen to 1 %% from %d results", (count) => {
    const { mean } = ahead(
      Array.from({ length: count }, (_, i) => curve(i + 1)),
      20,
    )!;
    expect(Math.abs(mean / curve(20) - 1)).toBeLessThan(0.01);
  });

  test.each([
    ["turned down", (y: number) => -y],
    ["in thousands", (y: number) => 1000 * y],
    ["in millionths", (y: number) => 1e-6 * y],
  ] as const)("is foreseen when it is %s", (_what, change) => {
    const { mean } = ahead(
      Array.from({ length: 10 }, (_, i) => change(curve(i + 1))),
      20,
    )!;
    expect(Math.abs(mean / change(curve(20)) - 1)).toBeLessThan(0.01);
  });
});

test("a curve that goes on to 0.894 is foreseen there, and not at 0.922", () => {
  const values = Array.from({ length: 10 }, (_, i) => 0.9 * (1 - Math.exp(-0.25 * (i + 1))));
  expect(ahead(values, 20)!.mean).toBeCloseTo(0.9 * (1 - Math.exp(-5)), 3);
});

test.each([[[1, 199, 0, 199, 1, 209, 2]], [[1.7e308, -1.7e308, 1.7e308, -1.7e308, 0, 0]], [[0.5]], [[]]])(
  "%j: there is no knowing",
  (values) => {
    expect(ahead(values, 20)).toBeUndefined();
  },
);

test("probabilities grow from 0 to 1", () => {
  const { atMost, mean } = ahead(
    reported(oneOfEachFamily["pow3"]!, { steps: 8, noise: 0.01 }, seeded(1)),
    20,
  )!;
  const at = [-100, mean - 0.05, mean, mean + 0.05, 100].map(atMost);
  expect(at).toEqual(at.toSorted((one, other) => one - other));
  expect(at[0]).toBeLessThan(0.01);
  expect(at[4]).toBeGreaterThan(0.99);
});

test("a curve without noise is still not believed to the last digit", () => {
  const curve = oneOfEachFamily["pow3"]!;
  const { atMost, mean } = ahead(
    Array.from({ length: 6 }, (_, i) => curve(i + 1)),
    20,
  )!;
  const onward = mean - curve(6);
  expect(atMost(mean + 0.05 * onward)).toBeLessThan(0.75);
  expect(atMost(mean - 0.05 * onward)).toBeGreaterThan(0.25);
  expect(atMost(mean + onward)).toBeGreaterThan(0.99);
});

test("of families that fit as well the simpler ones count more", () => {
  const random = seeded(4);
  const errors = Array.from({ length: 30 }, () => {
    const values = reported((x) => 0.2 + 0.03 * x, { steps: 10, noise: 0.01 }, random);
    return Math.abs(ahead(values, 20)!.mean - 0.8);
  });
  expect(errors.toSorted((one, other) => one - other)[15]).toBeLessThan(0.05);
});

test("three or four results are enough for the simplest families", () => {
  const values = [0.1, 0.22, 0.29, 0.41];
  expect(ahead(values, 20)!.mean).toBeGreaterThan(0.41);
  expect(ahead(values, 20)!.atMost(0.41)).toBeLessThan(0.5);
  expect(ahead(values.slice(0, 3), 20)!.atMost(0.29)).toBeLessThan(0.5);
});

test("what comes lies above the upper twentieth of the forecast about once in twenty, with noise and few results", () => {
  const random = seeded(7);
  const noise = 0.01;
  let above = 0;
  const count = 150;
  for (let i = 0; i < count; i++) {
    const curve = drawnFrom[["power law", "exponential", "mmf"][i % 3]!]!(random);
    const values = reported(curve, { steps: 8, noise }, random);
    if (1 - ahead(values, 30)!.atMost(curve(30)) < 0.05) above += 1;
  }
  expect(above / count).toBeLessThan(0.12);
});
