import type {
  ObservedPoint,
  ParameterRequest,
  PhaseOutcome,
  Proposal,
  RecordedProposal,
  SearchSpace,
  TrialEnd,
  TrialResult,
  Tuner,
} from "../../model/index.ts";

/** Tuners that take turns on one search, and all know everything. `Name` names one of them. */
export interface Committee<Name extends string> {
  updateSearchSpace(space: SearchSpace): void;
  /** What that member proposes; the others hear of it. */
  propose(name: Name, request: ParameterRequest): Proposal;
  /** A proposal from before a restart, of which that member was the author. */
  recall(name: Name, proposal: RecordedProposal): void;
  receiveTrialResult(result: TrialResult): void;
  trialEnd(end: TrialEnd): void;
  importData(rows: readonly ObservedPoint[]): void;
}

/**
 * Members that are not there `fromTheBeginning` are made when they are first asked, and begin with all results so far as
 * imported ones. Every member answers without a promise.
 */
export function createCommittee<Name extends string>(
  make: (name: Name) => Tuner,
  fromTheBeginning: readonly Name[],
): Committee<Name> {
  const members = new Map<Name, Tuner>(fromTheBeginning.map((name) => [name, make(name)]));
  const results: ObservedPoint[] = [];
  let space: SearchSpace = {};

  const forEach = (call: (member: Tuner) => unknown): void => {
    for (const member of members.values()) void call(member);
  };

  function memberOf(name: Name): Tuner {
    const known = members.get(name);
    if (known !== undefined) return known;
    const latecomer = make(name);
    void latecomer.updateSearchSpace(space);
    void latecomer.importData?.(results);
    members.set(name, latecomer);
    return latecomer;
  }

  function tellOthers(author: Name, proposal: RecordedProposal): void {
    for (const [name, member] of members) if (name !== author) void member.recallParameters?.(proposal);
  }

  return {
    updateSearchSpace(next) {
      space = next;
      forEach((member) => member.updateSearchSpace(next));
    },
    propose(name, request) {
      const proposal = memberOf(name).generateParameters(request.parameterId, request) as Proposal;
      if (proposal.kind === "parameters") tellOthers(name, { ...request, parameters: proposal.parameters });
      return proposal;
    },
    recall(name, proposal) {
      const author = memberOf(name);
      if (author.recallParameters) void author.recallParameters(proposal);
      else void author.generateParameters(proposal.parameterId, proposal);
      tellOthers(name, proposal);
    },
    receiveTrialResult(result) {
      const { parameters, value, outcome } = result;
      if (hasValue(outcome)) results.push({ parameters, value });
      forEach((member) => member.receiveTrialResult(result));
    },
    trialEnd: (end) => forEach((member) => member.trialEnd?.(end)),
    importData(rows) {
      results.push(...rows);
      forEach((member) => member.importData?.(rows));
    },
  };
}

function hasValue(outcome: PhaseOutcome): boolean {
  return outcome === "succeeded" || outcome === "stopped";
}
