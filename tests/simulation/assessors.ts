import assert from "node:assert/strict";
import type { Assessor, Json } from "../../src/model/index.ts";
import type { Ground } from "./ground.ts";
import type { RunRule } from "./run-rule.ts";
import { recordsOf } from "./witness.ts";

/** Whether the strict assessor lets a phase with this curve go on. Depends on nothing else. */
export function isPromising(curve: readonly Json[]): boolean {
  const newest = curve.at(-1);
  return typeof newest !== "number" || Number.isNaN(newest) || newest > 0.12;
}

/**
 * Thinks about results where the scenario is slow: for longer than a report waits for it, but not where the outcome is compared
 * with an undisturbed run's. Throws now and then.
 */
export function strictAssessor({ dice, schedule, scenario }: Ground, number: number): Assessor {
  const { trouble, steady } = scenario;
  const thinkingMs = steady ? 700 : 2_000;
  return {
    async assessPhase({ parameterId }, curve) {
      if (dice("assess", parameterId, curve.length) < trouble.slow / 3) await schedule.pause(thinkingMs);
      if (dice("assessor throws", parameterId, number) < trouble.fail) throw new Error("crooked");
      return isPromising(curve);
    },
    recallAssessment() {}, // nothing is remembered of other phases
  };
}

export const assessorHeeded: RunRule = {
  id: "assessor-heeded",
  promise: "a phase that the assessor thinks badly of comes to nothing, and it stops no other",
  check(run) {
    const { assessor, trouble } = run.scenario;
    const neverClosed = !recordsOf(run, "experiment-status").some(
      ({ status }) => status === "ERROR" || status === "STOPPING",
    );
    for (const { parameterId, outcome, stoppedBy, intermediateResults } of run.folded.phases.values()) {
      const attempts = new Map<number, Json[]>();
      for (const { attempt, value } of intermediateResults)
        attempts.set(attempt, [...(attempts.get(attempt) ?? []), value]);
      const bad = [...attempts.values()].some((curve) =>
        curve.some((_, place) => !isPromising(curve.slice(0, place + 1))),
      );
      if (stoppedBy === "assessor") assert.ok(assessor && bad, `phase ${parameterId} was stopped`);
      // One that fails, or takes its time, may be too late; an experiment that is closed asks nobody any more.
      const inTime = assessor && trouble.fail === 0 && trouble.slow === 0 && neverClosed;
      if (inTime && bad) assert.notEqual(outcome, "succeeded", `phase ${parameterId} went on`);
    }
  },
};
