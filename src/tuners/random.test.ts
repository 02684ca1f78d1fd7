import { expect, test } from "vitest";
import type { JsonObject, SearchSpace, Tuner } from "../model/index.ts";
import { createBuiltinTuner } from "./registry.ts";

function draw(space: SearchSpace, count: number): JsonObject[] {
  const tuner: Tuner = createBuiltinTuner("Random", { optimizeMode: "minimize", seed: 5, classArgs: {} });
  void tuner.updateSearchSpace(space);
  return Array.from({ length: count }, (_, i) => {
    const proposal = tuner.generateParameters(i, { trialJobId: "aaaaa", parameterIndex: i });
    return (proposal as { parameters: JsonObject }).parameters;
  });
}

test("draws follow the prior", () => {
  const draws = draw(
    { lr: { _type: "loguniform", _value: [1e-4, 1] }, act: { _type: "choice", _value: ["a", "b", "c"] } },
    3000,
  );
  const share = (test: (parameters: JsonObject) => boolean): number =>
    draws.filter(test).length / draws.length;
  expect(share(({ lr }) => (lr as number) < 1e-2)).toBeCloseTo(0.5, 1);
  for (const name of ["a", "b", "c"]) expect(share(({ act }) => act === name)).toBeCloseTo(1 / 3, 1);
});

test("a large finite space is drawn from without repeats and without being listed", () => {
  const space: SearchSpace = {
    x: { _type: "randint", _value: [0, 1_000_000_000] },
    y: { _type: "quniform", _value: [0, 1, 0.001] },
  };
  const texts = draw(space, 2000).map((parameters) => JSON.stringify(parameters));
  expect(new Set(texts).size).toBe(2000);
});

test("every point of a small space comes, also those that the prior seldom gives", () => {
  const space: SearchSpace = { x: { _type: "qloguniform", _value: [1, 1000, 10] } };
  const values = draw(space, 101).map(({ x }) => x as number);
  expect(values.toSorted((one, other) => one - other)).toEqual([
    1,
    ...Array.from({ length: 100 }, (_, i) => 10 * (i + 1)),
  ]);
});
