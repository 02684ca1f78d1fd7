import type { Json, PhaseOutcome, Tuner } from "../../src/model/index.ts";

export type Numbers = Record<string, number>;

/** The proposal for this parameter id; throws where there is none. */
export function ask<T = Numbers>(tuner: Tuner, parameterId: number): T {
  const proposal = tuner.generateParameters(parameterId, {
    trialJobId: "aaaaa",
    parameterIndex: parameterId,
  });
  if (!("parameters" in proposal)) throw new Error(JSON.stringify(proposal));
  return proposal.parameters as T;
}

/** Ends the phase as the manager does. */
export function tell(
  tuner: Tuner,
  parameterId: number,
  value: Json,
  outcome: PhaseOutcome = "succeeded",
): void {
  void tuner.receiveTrialResult({ parameterId, parameters: {}, value, outcome, trialJobId: "aaaaa" });
  void tuner.trialEnd?.({ parameterId, trialJobId: "aaaaa", outcome });
}

/** Runs phases one after the other; the parameters proposed. */
export function run<T = Numbers>(
  tuner: Tuner,
  count: number,
  evaluate: (parameters: T, id: number) => Json,
): T[] {
  return Array.from({ length: count }, (_, id) => {
    const parameters = ask<T>(tuner, id);
    tell(tuner, id, evaluate(parameters, id));
    return parameters;
  });
}
