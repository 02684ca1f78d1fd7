import assert from "node:assert/strict";
import type { Json, OptimizeMode, PhaseOutcome, Proposal, SearchSpace, Tuner } from "../model/index.ts";

/** Makes tuners. The tuner has already heard `updateSearchSpace(space)`; `optimizeMode` is "minimize" where left out. */
export interface TunerHarness {
  create(space: SearchSpace, seed: number, optimizeMode?: OptimizeMode): Tuner | Promise<Tuner>;
}

/** The manager's side of a tuner: numbers phases, remembers what is open, ends phases in the documented order. */
export interface Desk {
  request(): Promise<Proposal>;
  ask(): Promise<{ parameterId: number; parameters: Json }>;
  tell(parameterId: number, value: Json, outcome?: PhaseOutcome): Promise<void>;
  lastId(): number;
  readonly open: ReadonlyMap<number, Json>;
}

export function openDesk(
  tuner: Tuner,
  pass: <T>(argument: T) => T = (argument) => argument,
  firstId = 0,
): Desk {
  let next = firstId;
  const given = new Map<number, Json>();
  const open = new Map<number, Json>();
  const request = async (): Promise<Proposal> => {
    const parameterId = next;
    const proposal = await tuner.generateParameters(
      parameterId,
      pass({ trialJobId: `job${parameterId % 3}`, parameterIndex: parameterId }),
    );
    if (proposal.kind !== "parameters") return proposal;
    next += 1;
    const parameters: Json = structuredClone(proposal.parameters);
    given.set(parameterId, parameters);
    open.set(parameterId, parameters);
    return proposal;
  };
  return {
    request,
    open,
    lastId: () => next - 1,
    async ask() {
      const proposal = await request();
      assert.equal(proposal.kind, "parameters");
      return { parameterId: next - 1, parameters: given.get(next - 1)! };
    },
    async tell(parameterId, value, outcome = "succeeded") {
      open.delete(parameterId);
      const trialJobId = `job${parameterId % 3}`;
      const parameters = given.get(parameterId)!;
      await tuner.receiveTrialResult(pass({ parameterId, parameters, value, outcome, trialJobId }));
      await tuner.trialEnd?.(pass({ parameterId, trialJobId, outcome }));
    },
  };
}
