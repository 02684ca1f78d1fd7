import type { Proposal, SearchSpace, Tuner, TunerFactory, TunerOptions } from "../../model/index.ts";
import { lossOf } from "../../model/index.ts";
import { flatten } from "../../space/index.ts";
import { type Member, type SpaceFacts, choose, factsOf } from "./choose.ts";
import { createCommittee } from "./committee.ts";

/** Makes a built-in tuner with its own defaults. */
export type MakeMember = (name: Member, options: TunerOptions) => Tuner;

/**
 * Chooses, phase by phase, the tuner that is likely to do best next: by the search space, how many results there are and how
 * many jobs ask at once. All members learn from all results, whoever proposed them. What was chosen, and why, is logged.
 *
 * @param makeMember is given no class args
 */
export function autoTuner(makeMember: MakeMember): TunerFactory {
  return (options) => {
    const { optimizeMode, log = () => {} } = options;
    const committee = createCommittee<Member>(
      (name) => makeMember(name, { ...options, classArgs: {} }),
      ["GPTuner", "SMAC", "TPE"],
    );
    let space: SpaceFacts = factsOf({ dimensions: [] });
    let results = 0;
    const running = new Set<number>();
    /** The reasons that were logged: each is told once. */
    const told = new Set<string>();

    function chosen(parameterId: number): Member {
      const { member, reason } = choose({ parameterId, space, results, running: running.size });
      if (!told.has(reason)) log(reason);
      told.add(reason);
      return member;
    }

    return {
      updateSearchSpace(next: SearchSpace) {
        space = factsOf(flatten(next));
        committee.updateSearchSpace(next);
      },
      generateParameters(parameterId, request): Proposal {
        const proposal = committee.propose(chosen(parameterId), { ...request, parameterId });
        if (proposal.kind === "parameters") running.add(parameterId);
        return proposal;
      },
      recallParameters(proposal) {
        committee.recall(chosen(proposal.parameterId), proposal);
        running.add(proposal.parameterId);
      },
      receiveTrialResult(result) {
        running.delete(result.parameterId);
        if (lossOf(result.value, optimizeMode) !== undefined) results += 1;
        committee.receiveTrialResult(result);
      },
      trialEnd(end) {
        running.delete(end.parameterId);
        committee.trialEnd(end);
      },
      importData(rows) {
        results += rows.filter(({ value }) => lossOf(value, optimizeMode) !== undefined).length;
        committee.importData(rows);
      },
    };
  };
}
