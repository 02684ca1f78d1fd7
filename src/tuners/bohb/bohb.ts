import type { TunerFactory } from "../../model/index.ts";
import { PolyphaseError } from "../../model/index.ts";
import { samplePoint } from "../../space/index.ts";
import { hyperbandPlan } from "../hyperband/brackets.ts";
import { budgetedTuner } from "../hyperband/budgeted-tuner.ts";
import { createBudgetModels } from "./budget-models.ts";

interface BohbArgs {
  readonly min_budget: number;
  readonly max_budget: number;
  readonly eta: number;
  readonly min_points_in_model?: number;
  readonly top_n_percent: number;
  readonly num_samples: number;
  readonly random_fraction: number;
  readonly bandwidth_factor: number;
  readonly min_bandwidth: number;
}

/**
 * BOHB: Hyperband whose new configurations come from densities of good and of other results, of the largest budget that has results
 * enough. Falkner, Klein and Hutter, "BOHB: Robust and Efficient Hyperparameter Optimization at Scale", ICML 2018
 * (arXiv 1807.01774). Each new configuration is drawn when it is asked for, with all results known by then.
 */
export const bohbTuner: TunerFactory = (options) => {
  const args = options.classArgs as unknown as BohbArgs;
  checkBudgets(args);
  const plan = hyperbandPlan(args.min_budget, args.max_budget, args.eta);
  const settings = {
    minPointsInModel: args.min_points_in_model,
    topNPercent: args.top_n_percent,
    numSamples: args.num_samples,
    bandwidthFactor: args.bandwidth_factor,
    minBandwidth: args.min_bandwidth,
  };
  return budgetedTuner(options, plan, (configurations) => {
    const models = createBudgetModels(configurations, settings, options.seed);
    return {
      draw(random) {
        const suggestion = random.next() < args.random_fraction ? undefined : models.suggest(random);
        return suggestion ?? samplePoint(configurations, random);
      },
      learn: (configuration, budget, loss) => models.add(budget, configuration, loss),
    };
  });
};

function checkBudgets({ min_budget: least, max_budget: most }: BohbArgs): void {
  const areOrdered = least > 0 && least <= most;
  if (areOrdered && most / least <= Number.MAX_SAFE_INTEGER) return;
  const wanted = areOrdered ? "max_budget <= 2^53 min_budget" : "0 < min_budget <= max_budget";
  throw new PolyphaseError(
    "tuner-class-args",
    `BOHB: class args "min_budget" and "max_budget" expected ${wanted}, came ${least} and ${most}.`,
    { hint: "They are the smallest and the largest budget of one configuration, in epochs for example." },
  );
}
