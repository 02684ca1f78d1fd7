import type {
  FlatSpace,
  ParameterRequest,
  Proposal,
  SearchSpace,
  TrialResult,
  Tuner,
} from "../model/index.ts";
import { canonical, seededFor } from "../model/index.ts";
import { flatten, samplePoint, toParameters } from "../space/index.ts";

/**
 * The tuner, but where it has proposed every point of a finite space, points of the space are drawn again (uniformly, from the
 * seed and the parameter id), for ever: as NNI's tuners did. What comes of repeats the tuner is not told: it knows of all
 * points already.
 */
export function repeatingTuner(tuner: Tuner, seed: number): Tuner {
  let flat: FlatSpace | undefined;
  /** Parameter ids of repeats. */
  const repeats = new Set<number>();
  const seen = new Set<string>();

  const orRepeat = (parameterId: number, proposal: Proposal): Proposal => {
    if (proposal.kind === "parameters") seen.add(canonical(proposal.parameters));
    if (proposal.kind !== "no-more" || flat === undefined) return proposal;
    repeats.add(parameterId);
    return {
      kind: "parameters",
      parameters: toParameters(flat, samplePoint(flat, seededFor(seed, parameterId))),
    };
  };
  const unlessRepeat =
    (receive: ((result: TrialResult) => void | Promise<void>) | undefined) => (result: TrialResult) =>
      repeats.has(result.parameterId) ? undefined : receive?.call(tuner, result);
  const generateMultiple = tuner.generateMultipleParameters?.bind(tuner);
  const recall = tuner.recallParameters?.bind(tuner);

  const repeating: Tuner = {
    updateSearchSpace(space: SearchSpace) {
      flat = flatten(space);
      return tuner.updateSearchSpace(space);
    },
    generateParameters: async (parameterId, request) =>
      orRepeat(parameterId, await tuner.generateParameters(parameterId, request)),
    ...(generateMultiple && {
      async generateMultipleParameters(requests: readonly ParameterRequest[]) {
        const proposals = await generateMultiple(requests);
        return proposals.map((proposal, place) => orRepeat(requests[place]?.parameterId ?? -1, proposal));
      },
    }),
    ...(recall && {
      /** A point that was proposed before may be a repeat: only the tuner knows, so it is asked. */
      async recallParameters(proposal) {
        const { parameters, ...request } = proposal;
        if (seen.has(canonical(parameters)))
          return void (await repeating.generateParameters(request.parameterId, request));
        seen.add(canonical(parameters));
        return recall(proposal);
      },
    }),
    receiveTrialResult: unlessRepeat(tuner.receiveTrialResult),
    ...(tuner.receiveCustomizedTrialResult && {
      receiveCustomizedTrialResult: tuner.receiveCustomizedTrialResult.bind(tuner),
    }),
    trialEnd: (end) => (repeats.has(end.parameterId) ? undefined : tuner.trialEnd?.(end)),
    ...(tuner.importData && { importData: tuner.importData.bind(tuner) }),
  };
  return repeating;
}
