import type { ExperimentConfig, ParameterSpec, SearchSpace } from "../model/index.ts";

const whole: ParameterSpec = { _type: "randint", _value: [0, 1] };
const fraction: ParameterSpec = { _type: "uniform", _value: [0, 1] };

/**
 * The search space with the types of what trials get, as far as it is known. Hyperband and BOHB add a budget to the parameters, in
 * place of one of the user's: a whole number where both ends are whole, and else a fraction throughout, so that the full budget of
 * BOHB from 0.1 to 1 is `1.0`, all of the data, and not one row of it.
 */
export function deliveredSpace({
  searchSpace,
  tuner,
}: Pick<ExperimentConfig, "searchSpace" | "tuner">): SearchSpace {
  const space = searchSpace ?? {};
  if (tuner.kind !== "builtin" || (tuner.name !== "Hyperband" && tuner.name !== "BOHB")) return space;
  const { R, min_budget: least, max_budget: most } = tuner.classArgs;
  const areWhole = [R, least, most].every(
    (end) => end === undefined || end === null || Number.isInteger(end),
  );
  return { ...space, TRIAL_BUDGET: areWhole ? whole : fraction };
}
