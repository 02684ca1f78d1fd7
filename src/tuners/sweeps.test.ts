import { describe, expect, test } from "vitest";
import type { Json, JsonObject, PhaseOutcome, SearchSpace, Tuner } from "../model/index.ts";
import { createBuiltinTuner } from "./registry.ts";

/** GridSearch and BatchTuner: what they share, and what each does in its own way. */
function open(name: string, space: SearchSpace, classArgs: JsonObject = {}): Tuner {
  const tuner = createBuiltinTuner(name, { optimizeMode: "minimize", seed: 1, classArgs });
  void tuner.updateSearchSpace(space);
  return tuner;
}

function ask(tuner: Tuner, parameterId: number): Json {
  const proposal = tuner.generateParameters(parameterId, {
    trialJobId: "aaaaa",
    parameterIndex: parameterId,
  });
  return "parameters" in proposal ? proposal.parameters : (proposal as { kind: string }).kind;
}

const askMany = (tuner: Tuner, count: number): Json[] =>
  Array.from({ length: count }, (_, i) => ask(tuner, i));

function end(tuner: Tuner, parameterId: number, outcome: PhaseOutcome): void {
  const value = outcome === "succeeded" ? 1 : null;
  void tuner.receiveTrialResult({ parameterId, parameters: {}, value, outcome, trialJobId: "aaaaa" });
  void tuner.trialEnd?.({ parameterId, trialJobId: "aaaaa", outcome });
}

const twoKeys: SearchSpace = {
  a: { _type: "choice", _value: ["x", "y"] },
  b: { _type: "quniform", _value: [2, 10, 5] },
};
const list = [{ lr: 1 }, { lr: 2, deep: [1] }, { lr: 1 }];
const batch = (values: readonly Json[]): SearchSpace => ({
  combine_params: { _type: "choice", _value: values },
});

describe("GridSearch", () => {
  test("sweeps with the last key fastest", () => {
    expect(askMany(open("GridSearch", twoKeys), 6)).toEqual([
      { a: "x", b: 2 },
      { a: "x", b: 5 },
      { a: "x", b: 10 },
      { a: "y", b: 2 },
      { a: "y", b: 5 },
      { a: "y", b: 10 },
    ]);
  });

  test("starts at once on a grid of 10^12 points", () => {
    const space = Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [`x${i}`, { _type: "randint", _value: [0, 10] } as const]),
    );
    expect(ask(open("GridSearch", space), 0)).toMatchObject({ x0: 0, x11: 0 });
    const spread = open("GridSearch", space, { order: "spread" });
    const firsts = askMany(spread, 10).map((parameters) => (parameters as { x0: number }).x0);
    expect(new Set(firsts).size).toBeGreaterThanOrEqual(7);
  });

  test("in the spread order still comes to every point once", () => {
    const tuner = open("GridSearch", twoKeys, { order: "spread" });
    expect(new Set(askMany(tuner, 6).map((each) => JSON.stringify(each))).size).toBe(6);
  });

  test("refuses a continuous parameter by name unless told how many values to take", () => {
    const space: SearchSpace = { lr: { _type: "loguniform", _value: [0.01, 100] } };
    expect(() => open("GridSearch", space)).toThrow(
      expect.objectContaining({
        code: "search-space-unsupported",
        message: expect.stringContaining('"lr" is loguniform') as string,
      }),
    );
    const values = askMany(open("GridSearch", space, { grid_points: 3 }), 3);
    expect(values.map((each) => (each as { lr: number }).lr)).toEqual(
      [0.01, 1, 100].map((x) => expect.closeTo(x, 9)),
    );
  });

  test("takes quantiles of a normal parameter", () => {
    const tuner = open("GridSearch", { x: { _type: "normal", _value: [10, 2] } }, { grid_points: 3 });
    const values = askMany(tuner, 3).map((each) => (each as { x: number }).x);
    expect(values[1]).toBeCloseTo(10, 9);
    expect(values[2]! - 10).toBeCloseTo(10 - values[0]!, 9);
    expect(ask(tuner, 3)).toBe("wait");
  });
});

describe("BatchTuner", () => {
  test("hands out the elements themselves, in order, equal ones as often as listed", () => {
    expect(askMany(open("BatchTuner", batch(list)), 3)).toEqual(list);
  });

  test("skips what was imported, every time that it is listed", () => {
    const tuner = open("BatchTuner", batch(list));
    void tuner.importData?.([{ parameters: { lr: 1 }, value: 0 }]);
    expect(ask(tuner, 0)).toEqual({ lr: 2, deep: [1] });
    end(tuner, 0, "succeeded");
    expect(ask(tuner, 1)).toBe("no-more");
  });

  test("refuses a space that is no single choice", () => {
    expect(() => open("BatchTuner", twoKeys)).toThrow(
      expect.objectContaining({
        code: "search-space-unsupported",
        message: expect.stringContaining("came 2 parameters") as string,
      }),
    );
  });
});

describe.each<readonly [string, SearchSpace]>([
  ["GridSearch", { a: { _type: "choice", _value: [1, 2] } }],
  ["BatchTuner", batch([1, 2])],
])("%s", (name, space) => {
  test("hands a failed configuration out once more, at the end, but not a third time", () => {
    const tuner = open(name, space);
    const first = ask(tuner, 0);
    ask(tuner, 1);
    end(tuner, 0, "failed");
    end(tuner, 1, "succeeded");
    expect(ask(tuner, 2)).toEqual(first);
    end(tuner, 2, "failed");
    expect(ask(tuner, 3)).toBe("no-more");
  });

  test("answers wait while a configuration may still come back", () => {
    const tuner = open(name, space);
    askMany(tuner, 2);
    expect(ask(tuner, 2)).toBe("wait");
    end(tuner, 0, "succeeded");
    expect(ask(tuner, 2)).toBe("wait");
    end(tuner, 1, "succeeded");
    expect(ask(tuner, 2)).toBe("no-more");
  });
});
