import type { PhaseOutcome } from "../model/index.ts";

/** Whether the phase says something of its parameters: abandoned and cancelled ones do not, failed ones do. */
export function wasEvaluated(outcome: PhaseOutcome): boolean {
  return outcome !== "abandoned" && outcome !== "cancelled";
}
