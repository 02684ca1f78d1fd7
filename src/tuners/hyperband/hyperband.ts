import type { TunerFactory } from "../../model/index.ts";
import { samplePoint } from "../../space/index.ts";
import { hyperbandPlan } from "./brackets.ts";
import { budgetedTuner } from "./budgeted-tuner.ts";

/**
 * Hyperband: many draws from the prior with a small budget, of which the best go on to larger ones; hedged over brackets that begin
 * with more or less of it. Li et al., "Hyperband: A Novel Bandit-Based Approach to Hyperparameter Optimization", JMLR 2018
 * (arXiv 1603.06560). Parameters hold the budget as `TRIAL_BUDGET`; a configuration that goes on is trained from scratch.
 */
export const hyperbandTuner: TunerFactory = (options) => {
  const { R, eta } = options.classArgs as { R: number; eta: number };
  return budgetedTuner(options, hyperbandPlan(1, R, eta), (configurations) => ({
    draw: (random) => samplePoint(configurations, random),
  }));
};
