import type { ClassArg } from "../../model/class-args.ts";
import { hyperbandDefaults } from "../../model/trial-budgets.ts";

export function etaArg(byDefault: number): ClassArg {
  return {
    name: "eta",
    type: { kind: "integer", least: 2 },
    default: byDefault,
    summary: "One configuration in so many goes on, with a budget so many times as large.",
  };
}

/** What Hyperband takes besides `optimize_mode` and `seed`. */
export const hyperbandClassArgs: readonly ClassArg[] = [
  {
    name: "R",
    type: { kind: "integer", least: 1 },
    default: hyperbandDefaults.R,
    summary:
      "The largest budget of a configuration, in your unit (epochs, say): the most that `TRIAL_BUDGET` says.",
  },
  etaArg(hyperbandDefaults.eta),
];
