import type { FlatSpace, Json, SearchSpace, Tuner, TunerOptions } from "../../model/index.ts";
import { isObject, lossOf } from "../../model/index.ts";
import { budgetName } from "../../model/trial-budgets.ts";
import { tunerOf } from "../searcher.ts";
import type { HyperbandPlan } from "./brackets.ts";
import { type ConfigurationSource, halvingSearcher } from "./searcher.ts";

/** A tuner whose parameters say the budget too. Results that come without one, from people and other experiments, count as full evaluations. */
export function budgetedTuner(
  { optimizeMode, seed }: TunerOptions,
  plan: HyperbandPlan,
  createSource: (configurations: FlatSpace) => ConfigurationSource,
): Tuner {
  const tuner = tunerOf<number>(
    {
      createSearcher: (space) => halvingSearcher(space, plan, createSource),
      lossOf: (value) => lossOf(value, optimizeMode),
      teaches: (loss) => loss < Infinity,
    },
    seed,
  );
  const full = plan.budgets.at(-1)!;
  return {
    ...tuner,
    updateSearchSpace: (space) => tuner.updateSearchSpace(withBudgets(space, plan.budgets)),
    receiveTrialResult: (result) =>
      tuner.receiveTrialResult({ ...result, parameters: withBudget(result.parameters, full) }),
    importData: (rows) =>
      tuner.importData?.(rows.map((row) => ({ ...row, parameters: withBudget(row.parameters, full) }))),
  };
}

/** The budget comes last; a parameter of the user's own with this name is replaced. */
function withBudgets({ [budgetName]: _own, ...space }: SearchSpace, budgets: readonly number[]): SearchSpace {
  return { ...space, [budgetName]: { _type: "choice", _value: budgets } };
}

function withBudget(parameters: Json, full: number): Json {
  if (!isObject(parameters) || Object.hasOwn(parameters, budgetName)) return parameters;
  return { ...parameters, [budgetName]: full };
}
