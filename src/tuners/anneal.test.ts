import { describe, expect, test } from "vitest";
import type { Json, ParameterSpec, SearchSpace, Tuner } from "../model/index.ts";
import { seeded } from "../model/index.ts";
import { contains, flatten } from "../space/index.ts";
import { drawNear } from "./anneal.ts";
import { createBuiltinTuner } from "./registry.ts";

/** A thousand draws near a value, ascending. */
function draws(spec: ParameterSpec, centre: number, shrink: number): number[] {
  const [dimension] = flatten({ x: spec }).dimensions;
  const random = seeded(3);
  const values = Array.from({ length: 1000 }, () => drawNear(dimension!, centre, shrink, random));
  return values.sort((one, other) => one - other);
}

describe("the neighbourhood", () => {
  test.each<[string, ParameterSpec, { centre: number; shrink: number }, [number, number]]>([
    [
      "half the range after 10 results",
      { _type: "uniform", _value: [0, 1] },
      { centre: 0.5, shrink: 1 / 2 },
      [0.25, 0.75],
    ],
    ["a tenth after 90", { _type: "uniform", _value: [0, 1] }, { centre: 0.5, shrink: 1 / 10 }, [0.45, 0.55]],
    [
      "moved inside the bounds",
      { _type: "uniform", _value: [0, 1] },
      { centre: 0.99, shrink: 1 / 10 },
      [0.9, 1],
    ],
    [
      "taken in the logarithm",
      { _type: "loguniform", _value: [1e-4, 1] },
      { centre: 1e-2, shrink: 1 / 2 },
      [1e-3, 1e-1],
    ],
    ["ordered for randint", { _type: "randint", _value: [0, 100] }, { centre: 50, shrink: 1 / 10 }, [45, 55]],
    ["on the grid", { _type: "quniform", _value: [0, 100, 5] }, { centre: 50, shrink: 1 / 5 }, [40, 60]],
  ])("is %s", (_label, spec, { centre, shrink }, [from, to]) => {
    const values = draws(spec, centre, shrink);
    expect(values.every((x) => x >= from && x <= to)).toBe(true);
    expect(values[0]! / from).toBeCloseTo(1, 1);
    expect(values.at(-1)! / to).toBeCloseTo(1, 1);
  });

  test("of the normal types has a shrunken sigma", () => {
    // 84 % of the draws lie below one sigma.
    expect(draws({ _type: "normal", _value: [0, 10] }, 7, 0.1)[841]!).toBeCloseTo(8, 0);
    expect(Math.log(draws({ _type: "lognormal", _value: [0, 10] }, Math.E, 0.1)[841]!)).toBeCloseTo(2, 0);
  });

  test("of a choice is its model, and any option with the probability of the shrinkage", () => {
    const values = draws({ _type: "choice", _value: ["a", "b", "c", "d"] }, 2, 0.2);
    expect(values.filter((option) => option === 2).length / 1000).toBeCloseTo(0.8 + 0.2 / 4, 1);
    expect(new Set(values).size).toBe(4);
  });

  test.each<[ParameterSpec, number, number[]]>([
    [{ _type: "randint", _value: [0, 5] }, 2, [1, 2, 3]],
    [{ _type: "quniform", _value: [1, 10, 4] }, 8, [4, 8]],
    [{ _type: "qloguniform", _value: [8, 512, 8] }, 16, [8, 16, 24]],
    [{ _type: "qnormal", _value: [0, 1, 1] }, 0, [-1, 0, 1]],
    [{ _type: "qlognormal", _value: [0, 1, 1] }, 0, [0, 1]],
  ])("of %j never freezes to a single value", (spec, centre, expected) => {
    const values = draws(spec, centre, 0.05);
    expect([...new Set(values)]).toEqual(expected);
    expect(values.filter((value) => value !== centre).length).toBeLessThan(80);
  });
});

function open(space: SearchSpace, seed = 1): Tuner {
  const tuner = createBuiltinTuner("Anneal", { optimizeMode: "minimize", seed, classArgs: {} });
  void tuner.updateSearchSpace(space);
  return tuner;
}

function ask(tuner: Tuner, parameterId: number): Json {
  const proposal = tuner.generateParameters(parameterId, { trialJobId: "aaaaa", parameterIndex: 0 });
  return (proposal as { parameters: Json }).parameters;
}

test("the best is the model of half of the proposals, the second of a quarter, the third of an eighth", () => {
  const tuner = open({ x: { _type: "uniform", _value: [0, 1] } });
  // 300 results: the neighbourhood is 1/31 wide, narrower than the distance of the best points.
  const rows = Array.from({ length: 300 }, (_, i) => ({ parameters: { x: i < 8 ? i / 8 : 1 }, value: i }));
  void tuner.importData?.(rows);
  const asked = Array.from({ length: 4000 }, (_, id) => (ask(tuner, id) as { x: number }).x);
  const share = (centre: number): number =>
    asked.filter((x) => Math.abs(x - centre) < 1 / 16).length / asked.length;
  [1 / 2, 1 / 4, 1 / 8, 1 / 16].forEach((part, place) => expect(share(place / 8)).toBeCloseTo(part, 1));
});

test("all parameters of a proposal follow the same phase", () => {
  const tuner = open({
    x: { _type: "uniform", _value: [0, 1] },
    y: { _type: "uniform", _value: [0, 1] },
  });
  const corners = [0.1, 0.9].map((x, value) => ({ parameters: { x, y: x }, value }));
  void tuner.importData?.(Array.from({ length: 200 }, () => corners).flat());
  for (let id = 0; id < 100; id++) {
    const { x, y } = ask(tuner, id) as { x: number; y: number };
    expect(Math.abs(x - y)).toBeLessThan(0.1);
  }
});

test("what was never active is drawn from the prior; what was, keeps its own count", () => {
  const width: ParameterSpec = { _type: "uniform", _value: [0, 1] };
  const space: SearchSpace = {
    layer: {
      _type: "choice",
      _value: [
        { _name: "a", width },
        { _name: "b", width },
      ],
    },
  };
  const tuner = open(space);
  const rows = Array.from({ length: 9 }, () => ({
    parameters: { layer: { _name: "a", width: 0 } },
    value: 0,
  }));
  void tuner.importData?.(rows);
  const widths = (name: string): number[] =>
    Array.from({ length: 400 }, (_, id) => ask(tuner, id) as { layer: { _name: string; width: number } })
      .filter(({ layer }) => layer._name === name)
      .map(({ layer }) => layer.width);
  expect(Math.max(...widths("b"))).toBeGreaterThan(0.9);
  expect(Math.max(...widths("a"))).toBeLessThanOrEqual(1 / 1.9);
  expect(contains(flatten(space), ask(tuner, 999))).toBe(true);
});
