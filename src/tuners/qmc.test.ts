import { expect, test } from "vitest";
import type { JsonObject, SearchSpace, Tuner } from "../model/index.ts";
import { createBuiltinTuner } from "./registry.ts";

function open(name: string, space: SearchSpace, seed = 5, classArgs: JsonObject = {}): Tuner {
  const tuner = createBuiltinTuner(name, { optimizeMode: "minimize", seed, classArgs });
  void tuner.updateSearchSpace(space);
  return tuner;
}

function ask(tuner: Tuner, parameterId: number): JsonObject {
  const proposal = tuner.generateParameters(parameterId, { trialJobId: "aaaaa", parameterIndex: 0 });
  return (proposal as { parameters: JsonObject }).parameters;
}

const askMany = (tuner: Tuner, count: number): JsonObject[] =>
  Array.from({ length: count }, (_, id) => ask(tuner, id));

const cube = (dimensions: number): SearchSpace =>
  Object.fromEntries(
    Array.from({ length: dimensions }, (_, i) => [`x${i}`, { _type: "uniform", _value: [0, 1] } as const]),
  );

test("the prior is met exactly: a quarter of the points for each of four options, half below the median", () => {
  const points = askMany(
    open("QMC", {
      act: {
        _type: "choice",
        _value: ["a", "b", "c", { _name: "d", rate: { _type: "normal", _value: [3, 1] } }],
      },
      lr: { _type: "loguniform", _value: [1e-4, 1] },
      shift: { _type: "normal", _value: [10, 2] },
    }),
    256,
  );
  const count = (test: (parameters: JsonObject) => boolean): number => points.filter(test).length;
  for (const option of ["a", "b", "c"]) expect(count(({ act }) => act === option)).toBe(64);
  expect(count(({ lr }) => (lr as number) < 1e-2)).toBe(128);
  expect(count(({ shift }) => (shift as number) < 10)).toBe(128);
  expect(count(({ act, lr }) => act === "b" && (lr as number) < 1e-2)).toBe(32);
  const nested = points.flatMap(({ act }) => ((act as JsonObject)["rate"] as number | undefined) ?? []);
  expect(nested).toHaveLength(64);
  const below = nested.filter((rate) => rate < 3).length;
  expect(below).toBeGreaterThanOrEqual(28);
  expect(below).toBeLessThanOrEqual(36);
});

test.each([1, 2, 3, 4, 5])(
  "the mean of a smooth function comes out better than by Random, seed %i",
  (seed) => {
    // Both factors have mean 1 over [0, 1]: the mean over the cube is 1.
    const smooth = (parameters: JsonObject): number =>
      Object.values(parameters).reduce<number>(
        (product, x, i) => (product * (4 * (x as number) + i)) / (2 + i),
        1,
      );
    const error = (name: string): number => {
      const values = askMany(open(name, cube(5), seed), 1024).map(smooth);
      return Math.abs(values.reduce((sum, value) => sum + value, 0) / values.length - 1);
    };
    expect(error("QMC")).toBeLessThan(0.005);
    expect(error("QMC")).toBeLessThan(error("Random") / 2);
  },
);

test("the point belongs to the parameter id, whoever asks and whatever was asked before", () => {
  const all = askMany(open("QMC", cube(3)), 30);
  const late = open("QMC", cube(3));
  expect([29, 7, 12].map((id) => ask(late, id))).toEqual([all[29], all[7], all[12]]);
  expect(new Set(all.map(({ x1 }) => x1)).size).toBe(30);
});

test("another seed scrambles otherwise; unscrambled, all seeds have Sobol's own points after the origin", () => {
  expect(ask(open("QMC", cube(3), 1), 0)).not.toEqual(ask(open("QMC", cube(3), 2), 0));
  for (const seed of [1, 2])
    expect(askMany(open("QMC", cube(3), seed, { scramble: false }), 3)).toEqual([
      { x0: 0.5, x1: 0.5, x2: 0.5 },
      { x0: 0.75, x1: 0.25, x2: 0.25 },
      { x0: 0.25, x1: 0.75, x2: 0.75 },
    ]);
});

test.each([true, false])(
  "a finite space is gone through once, twenty jobs at a time; scramble: %s",
  (scramble) => {
    const space: SearchSpace = {
      a: { _type: "randint", _value: [0, 7] },
      b: { _type: "quniform", _value: [0, 1, 0.25] },
      c: { _type: "choice", _value: ["x", { _name: "y", d: { _type: "qloguniform", _value: [1, 30, 10] } }] },
    };
    const tuner = open("QMC", space, 3, { scramble });
    const size = 7 * 5 * (1 + 4);
    const seen = new Set<string>();
    for (let id = 0; id < size; id++) {
      const parameters = ask(tuner, id);
      seen.add(JSON.stringify(parameters));
      if (id < 20) continue;
      const end = { parameterId: id - 20, trialJobId: "aaaaa", outcome: "succeeded" } as const;
      void tuner.receiveTrialResult({ ...end, parameters: {}, value: 0 });
      void tuner.trialEnd?.(end);
    }
    expect(seen.size).toBe(size);
    expect(tuner.generateParameters(size, { trialJobId: "aaaaa", parameterIndex: 0 })).toEqual({
      kind: "no-more",
    });
  },
);

test("four hundred dimensions are balanced one by one, and ranges of any size are covered", () => {
  const points = askMany(open("QMC", cube(400)), 64);
  for (const name of Object.keys(points[0]!))
    expect(points.filter((point) => (point[name] as number) < 0.5)).toHaveLength(32);
  const wide = open("QMC", {
    n: { _type: "randint", _value: [0, 2 ** 53 - 1] },
    tiny: { _type: "uniform", _value: [1, 1 + 1e-12] },
    one: { _type: "uniform", _value: [0.3, 0.3] },
  });
  const draws = askMany(wide, 64);
  expect(draws.filter(({ n }) => (n as number) % 2 === 1).length).toBeGreaterThan(10);
  expect(new Set(draws.map(({ tiny }) => tiny)).size).toBeGreaterThan(60);
  expect(draws.every(({ one }) => one === 0.3)).toBe(true);
});
