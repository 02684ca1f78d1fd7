import type { Assessor, Json } from "../../src/model/index.ts";
import type { Ground } from "./ground.ts";

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
