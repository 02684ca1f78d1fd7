import type { Json, SearchSpace, TunerFactory } from "../model/index.ts";
import { PolyphaseError, canonical, lossOf } from "../model/index.ts";
import { type HandOut, createHandOut } from "./hand-out.ts";

/**
 * Hands out the configurations of a list, in order. The search space is one `choice` (usually called `combine_params`);
 * the trial receives the element itself, not wrapped in the key. Equal elements are run as often as they are listed.
 */
export const batchTuner: TunerFactory = ({ optimizeMode }) => {
  let list: readonly Json[] = [];
  let handOut: HandOut = createHandOut(0, () => 0);
  return {
    updateSearchSpace(space) {
      const given = handOut.taken().map((item) => canonical(list[item]!));
      list = listOf(space);
      const texts = list.map(canonical);
      handOut = createHandOut(list.length, (place) => place);
      for (const text of given) {
        const item = texts.findIndex((other, i) => other === text && !handOut.has(i));
        if (item >= 0) handOut.skip(item);
      }
    },
    generateParameters(parameterId) {
      const item = handOut.next(parameterId);
      return typeof item === "string" ? { kind: item } : { kind: "parameters", parameters: list[item]! };
    },
    receiveTrialResult: ({ parameterId, outcome }) => handOut.ended(parameterId, outcome),
    trialEnd: ({ parameterId, outcome }) => handOut.ended(parameterId, outcome),
    importData(rows) {
      const known = rows.filter(({ value }) => lossOf(value, optimizeMode) !== undefined);
      const texts = new Set(known.map(({ parameters }) => canonical(parameters)));
      for (const [item, parameters] of list.entries())
        if (texts.has(canonical(parameters))) handOut.skip(item);
    },
  };
};

function listOf(space: SearchSpace): readonly Json[] {
  const specs = Object.entries(space);
  const [name, spec] = specs[0] ?? [];
  if (specs.length === 1 && spec?._type === "choice") return structuredClone(spec._value) as readonly Json[];
  const came = specs.length === 1 ? `"${name}" of type ${spec?._type}` : `${specs.length} parameters`;
  throw new PolyphaseError(
    "search-space-unsupported",
    `BatchTuner: expected one parameter of type choice that lists the configurations, came ${came}.`,
    { hint: 'Write { "combine_params": { "_type": "choice", "_value": [{...}, {...}] } }.' },
  );
}
