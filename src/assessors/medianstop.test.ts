import { describe, expect, test } from "vitest";
import type { Assessor, Json, JsonObject, OptimizeMode, PhaseOutcome } from "../model/index.ts";
import { createBuiltinAssessor } from "./registry.ts";

const phase = { parameterId: 99, trialJobId: "job", parameterIndex: 99 };

function medianstop(classArgs: JsonObject = {}, optimizeMode: OptimizeMode = "maximize"): Assessor {
  return createBuiltinAssessor("Medianstop", { seed: 1, optimizeMode, classArgs });
}

function hear(
  assessor: Assessor,
  curves: readonly (readonly Json[])[],
  outcome: PhaseOutcome = "succeeded",
): void {
  curves.forEach(
    (curve, parameterId) => void assessor.phaseEnd?.({ ...phase, parameterId, outcome, value: 0 }, curve),
  );
}

const three = [
  [0.1, 0.2, 0.3],
  [0.2, 0.3, 0.4],
  [0.3, 0.4, 0.5],
];

test("a phase is stopped when its best is below the median of the running means, not when it is at it", () => {
  const assessor = medianstop();
  hear(assessor, three);
  expect(assessor.assessPhase(phase, [0.1, 0.24])).toBe(false);
  expect(assessor.assessPhase(phase, [0.24, 0.1])).toBe(false);
  expect(assessor.assessPhase(phase, [0.1, 0.25])).toBe(true);
  expect(assessor.assessPhase(phase, [0.25, 0.1])).toBe(true);
});

test("to minimize, the same with all signs turned", () => {
  const assessor = medianstop({}, "minimize");
  hear(
    assessor,
    three.map((curve) => curve.map((value) => -value)),
  );
  expect(assessor.assessPhase(phase, [-0.1, -0.24])).toBe(false);
  expect(assessor.assessPhase(phase, [-0.1, -0.25])).toBe(true);
});

test("between two means the worse one counts", () => {
  const curves = [[0.2], [0.4], [0.6], [0.8]];
  const [most, least] = [medianstop(), medianstop({}, "minimize")];
  hear(most, curves);
  hear(least, curves);
  expect([0.39, 0.4].map((value) => most.assessPhase(phase, [value]))).toEqual([false, true]);
  expect([0.61, 0.6].map((value) => least.assessPhase(phase, [value]))).toEqual([false, true]);
});

test("only phases that came as far are compared", () => {
  const assessor = medianstop();
  hear(assessor, [[0.1], [0.1], [0.8, 0.8]]);
  expect(assessor.assessPhase(phase, [0.3])).toBe(true);
  expect(assessor.assessPhase(phase, [0.3, 0.3])).toBe(false);
  expect(assessor.assessPhase(phase, [0.3, 0.3, 0.3])).toBe(true);
});

test("start_step and min_completed_trials put the first verdict off", () => {
  const late = medianstop({ start_step: 3 });
  hear(late, three);
  const verdicts = [1, 2, 3].map((n) => late.assessPhase(phase, [0, 0, 0].slice(0, n)));
  expect(verdicts).toEqual([true, true, false]);
  const several = medianstop({ min_completed_trials: 3 });
  hear(several, three.slice(0, 2));
  expect(several.assessPhase(phase, [0])).toBe(true);
  hear(several, three.slice(2));
  expect(several.assessPhase(phase, [0])).toBe(false);
});

describe("what is no finite number", () => {
  test("takes up a step, and nothing else", () => {
    const assessor = medianstop();
    hear(assessor, [[NaN, 0.4, "?", 0.6, Infinity]]);
    expect(assessor.assessPhase(phase, [0])).toBe(true);
    expect(assessor.assessPhase(phase, [0, 0.39])).toBe(false);
    expect(assessor.assessPhase(phase, [NaN, null, 0.4])).toBe(true);
    expect(assessor.assessPhase(phase, [0.49, -Infinity, {}, [1], "0.9"])).toBe(false);
    expect(assessor.assessPhase(phase, [0.49, Infinity, {}, [1], "0.9"])).toBe(false);
    expect(assessor.assessPhase(phase, [0.5, -Infinity, {}, [1], "0.9"])).toBe(true);
  });

  test("alone is no reason to stop", () => {
    const assessor = medianstop();
    hear(assessor, three);
    expect(assessor.assessPhase(phase, [NaN, NaN])).toBe(true);
  });
});

test.each([0.1, -0.7, 1e300, 5e-324])("a constant of %d is not worse than itself", (value) => {
  const curve = Array<number>(50).fill(value);
  const assessor = medianstop();
  hear(assessor, [curve]);
  for (let n = 1; n <= 50; n++) expect(assessor.assessPhase(phase, curve.slice(0, n))).toBe(true);
});

test("means of huge numbers of both signs are reckoned", () => {
  const assessor = medianstop();
  hear(assessor, [[1.7e308, -1.7e308, 1.7e308]]);
  expect(assessor.assessPhase(phase, [-1, -1])).toBe(false);
  expect(assessor.assessPhase(phase, [1, 1])).toBe(true);
});

test("the reason is logged", () => {
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const options = { seed: 1, optimizeMode: "minimize" as const, classArgs: {}, log };
  const assessor = createBuiltinAssessor("Medianstop", options);
  hear(assessor, three);
  void assessor.assessPhase(phase, [0.5, 0.4]);
  expect(lines).toEqual([
    "Medianstop stops phase 99 after 2 results: its best is 0.4, the median of 3 phases 0.25.",
  ]);
});
