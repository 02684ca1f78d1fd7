import { expect, test } from "vitest";
import { oneOfEachFamily } from "../../../tests/support/learning-curves.ts";
import type { Assessor, Json, JsonObject, OptimizeMode, PhaseOutcome } from "../../model/index.ts";
import { createBuiltinAssessor } from "../registry.ts";

const phase = { parameterId: 99, trialJobId: "job", parameterIndex: 99 };

function curvefitting(classArgs: JsonObject = {}, optimizeMode: OptimizeMode = "maximize"): Assessor {
  return createBuiltinAssessor("Curvefitting", { seed: 1, optimizeMode, classArgs });
}

function hear(
  assessor: Assessor,
  curve: readonly Json[],
  outcome: PhaseOutcome = "succeeded",
  parameterId = 1,
): void {
  void assessor.phaseEnd?.({ ...phase, parameterId, outcome, value: 0 }, curve);
}

/** Towards `top` at step 20, never quite level. */
const rising = (top: number, length = 20): number[] =>
  Array.from({ length }, (_, i) => top * (1 - Math.exp(-0.4 * (i + 1))));

function verdicts(assessor: Assessor, curve: readonly Json[]): (boolean | Promise<boolean>)[] {
  return curve.map((_, i) => assessor.assessPhase(phase, curve.slice(0, i + 1)));
}

test("nothing is stopped before a phase has succeeded with results", () => {
  const assessor = curvefitting();
  hear(assessor, rising(0.9), "failed");
  hear(assessor, []);
  hear(assessor, ["done"]);
  expect(verdicts(assessor, rising(0.2))).not.toContain(false);
});

test("from start_step on, every gap results", () => {
  const assessor = curvefitting({ start_step: 8, gap: 5 });
  hear(assessor, rising(0.9));
  const stopped = verdicts(assessor, rising(0.2)).flatMap((verdict, i) => (verdict === false ? [i + 1] : []));
  expect(stopped).toEqual([8, 13, 18]);
});

test("the gaps of one phase are not those of another", () => {
  const assessor = curvefitting({ gap: 10 });
  hear(assessor, rising(0.9));
  const curve = rising(0.2, 6);
  for (const parameterId of [5, 6])
    expect(assessor.assessPhase({ ...phase, parameterId }, curve)).toBe(false);
  expect(assessor.assessPhase({ ...phase, parameterId: 6 }, curve), "asked again").toBe(false);
});

test("what a running phase reports is no measure for others", () => {
  const assessor = curvefitting();
  hear(assessor, rising(0.5));
  void verdicts(assessor, rising(5));
  // The end of one phase while another, far better one was assessed last.
  hear(assessor, rising(0.4), "succeeded", 2);
  expect(verdicts(assessor, rising(0.52))).not.toContain(false);
});

test("threshold: how near to the best a phase must come", () => {
  for (const [threshold, stopped] of [
    [0.7, false],
    [0.95, true],
  ] as const) {
    const assessor = curvefitting({ threshold });
    hear(assessor, rising(0.9));
    expect(verdicts(assessor, rising(0.8)).includes(false)).toBe(stopped);
  }
});

test.each([0.95, 1.05])("to minimize, a threshold of %d allows for the same", (threshold) => {
  const losses = (top: number): number[] => rising(top).map((value) => 1.5 - value);
  const assessor = curvefitting({ threshold }, "minimize");
  hear(assessor, losses(0.5));
  expect(verdicts(assessor, losses(0.48))).not.toContain(false);
  expect(verdicts(assessor, losses(0.3))).toContain(false);
});

test("below zero a threshold allows for something too", () => {
  const assessor = curvefitting();
  const rewards = (top: number): number[] => rising(1).map((value) => top - 10 * (1 - value));
  hear(assessor, rewards(-10));
  expect(verdicts(assessor, rewards(-10.4))).not.toContain(false);
  expect(verdicts(assessor, rewards(-12))).toContain(false);
});

test("a curve that falls is stopped, and one that is level", () => {
  const assessor = curvefitting();
  hear(assessor, rising(0.9));
  expect(
    verdicts(
      assessor,
      rising(0.4).map((value) => 0.6 - value),
    ),
  ).toContain(false);
  expect(verdicts(assessor, Array<number>(20).fill(0.1))).toContain(false);
});

test("what goes up and down at random is left alone", () => {
  const assessor = curvefitting();
  hear(assessor, [1000]);
  expect(verdicts(assessor, [1, 199, 0, 199, 1, 209, 2])).not.toContain(false);
});

test("who has been good enough already is left alone, whatever follows", () => {
  const assessor = curvefitting();
  hear(assessor, rising(0.9));
  const risenAndFallen = Array.from({ length: 20 }, (_, i) => 0.9 - 0.04 * i);
  expect(verdicts(assessor, risenAndFallen)).not.toContain(false);
});

test("each family's own curves are kept against the same ones, and stopped against far better ones", () => {
  for (const [family, curve] of Object.entries(oneOfEachFamily)) {
    const whole = Array.from({ length: 20 }, (_, i) => curve(i + 1));
    const [same, better] = [curvefitting(), curvefitting()];
    hear(same, whole);
    hear(better, [2 * curve(20)]);
    expect(verdicts(same, whole), family).not.toContain(false);
    expect(verdicts(better, whole), family).toContain(false);
  }
});

test("where phases turn out longer than epoch_num, they are judged by their real length", () => {
  const assessor = curvefitting({ epoch_num: 5 });
  hear(assessor, rising(0.9, 30));
  expect(verdicts(assessor, rising(0.92, 30))).not.toContain(false);
  expect(verdicts(assessor, rising(0.3, 30))).toContain(false);
});

test("the reason is logged", () => {
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const options = { seed: 1, optimizeMode: "minimize" as const, classArgs: {}, log };
  const assessor = createBuiltinAssessor("Curvefitting", options);
  hear(assessor, [0.2]);
  void assessor.assessPhase(phase, [1, 0.9, 0.85, 0.82, 0.8, 0.79]);
  expect(lines).toEqual([
    expect.stringMatching(
      /^Curvefitting stops phase 99 after 6 results: 0\.7\d* is foreseen at step 20, 0\.21 would be good enough\.$/,
    ),
  ]);
});
