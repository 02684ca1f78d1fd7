import type { ExperimentConfig, ParameterSpec, SearchSpace } from "../model/index.ts";
import { budgetName, trialBudgets } from "../model/trial-budgets.ts";

const whole: ParameterSpec = { _type: "randint", _value: [0, 1] };
const fraction: ParameterSpec = { _type: "uniform", _value: [0, 1] };

/**
 * The search space with the types of what trials get. A budget that the tuner adds, in place of one of the user's, is a whole number,
 * or else a fraction throughout: the full budget of BOHB from 0.1 to 1 is `1.0`, all of the data, and not one row of it.
 */
export function deliveredSpace({
  searchSpace,
  tuner,
}: Pick<ExperimentConfig, "searchSpace" | "tuner">): SearchSpace {
  const space = searchSpace ?? {};
  const budgets = trialBudgets(tuner);
  return budgets === undefined ? space : { ...space, [budgetName]: budgets.areWhole ? whole : fraction };
}
