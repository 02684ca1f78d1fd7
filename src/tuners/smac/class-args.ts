import type { ClassArg } from "../../model/class-args.ts";

/** What SMAC takes besides `optimize_mode` and `seed`. */
export const smacClassArgs: readonly ClassArg[] = [
  {
    name: "config_dedup",
    type: { kind: "boolean" },
    default: false,
    summary:
      "Never hand out a configuration twice, also where the search space is infinite and no new one is found: no-more then.",
  },
  {
    name: "n_startup_trials",
    type: { kind: "integer", least: 1 },
    default: undefined,
    summary: "Sobol' points that come first; left out, two for each parameter, at least 4 and at most 20.",
  },
  {
    name: "n_trees",
    type: { kind: "integer", least: 1 },
    default: 20,
    summary: "Trees of the forest.",
  },
  {
    name: "random_probability",
    type: { kind: "number", least: 0, most: 1 },
    default: 0.05,
    summary: "How often a proposal is a draw from the prior, whatever the forest says: 0 never, 1 always.",
  },
];
