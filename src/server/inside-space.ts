import type { ExperimentConfig, Json, SearchSpace } from "../model/index.ts";
import { canonical, isObject, isPolyphaseError } from "../model/index.ts";
import { budgetName, trialBudgets } from "../model/trial-budgets.ts";
import { contains, flatten } from "../space/index.ts";

type IsInside = (parameters: Json) => boolean | null;

/** Says of parameters whether they lie inside the experiment's space; null where that cannot be told. */
export function insideOf({ searchSpace, tuner }: Pick<ExperimentConfig, "searchSpace" | "tuner">): IsInside {
  const budgets = trialBudgets(tuner)?.values;
  if (!searchSpace || !budgets) return insideOfSpace(searchSpace);
  const { [budgetName]: _own, ...space } = searchSpace;
  const isInside = insideOfSpace(space);
  return (parameters) => {
    if (!isObject(parameters) || !Object.hasOwn(parameters, budgetName)) return isInside(parameters);
    const { [budgetName]: budget, ...configuration } = parameters;
    return budgets.includes(budget as number) ? isInside(configuration) : false;
  };
}

function insideOfSpace(space: SearchSpace | null): IsInside {
  const flat = space && flattened(space);
  if (!space || !flat) return () => null;
  const listed = configurationsIn(space);
  return (parameters) => contains(flat, parameters) || listed.has(canonical(parameters));
}

/** Null for a space of architectures, which only some tuners can read. */
function flattened(space: SearchSpace): ReturnType<typeof flatten> | null {
  try {
    return flatten(space);
  } catch (error) {
    if (isPolyphaseError(error) && error.code === "search-space-unsupported") return null;
    throw error;
  }
}

/** A single choice may also be a list of whole configurations: for BatchTuner it is. */
function configurationsIn(space: SearchSpace): ReadonlySet<string> {
  const [spec, second] = Object.values(space);
  const options = spec?._type === "choice" && second === undefined ? spec._value : [];
  return new Set(options.map((option) => canonical(option as Json)));
}
