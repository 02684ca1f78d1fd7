import type { ClassArg } from "../../model/class-args.ts";
import { bohbDefaults } from "../../model/trial-budgets.ts";
import { etaArg } from "../hyperband/class-args.ts";

/** What BOHB takes besides `optimize_mode` and `seed`; names and defaults are NNI's. */
export const bohbClassArgs: readonly ClassArg[] = [
  {
    name: "min_budget",
    type: { kind: "number", least: 0 },
    default: bohbDefaults.min_budget,
    summary: "The smallest budget of a configuration, above 0, in your unit (epochs, say).",
  },
  {
    name: "max_budget",
    type: { kind: "number", least: 0 },
    default: bohbDefaults.max_budget,
    summary:
      "The largest budget: a full evaluation. Where both are whole numbers, so is every `TRIAL_BUDGET` between.",
  },
  etaArg(bohbDefaults.eta),
  {
    name: "min_points_in_model",
    type: { kind: "integer", least: 0 },
    default: undefined,
    summary: "Good results that a model needs; without it, and at least, one more than there are parameters.",
  },
  {
    name: "top_n_percent",
    type: { kind: "number", least: 1, most: 99 },
    default: 15,
    summary: "Per cent of the results that count as good.",
  },
  {
    name: "num_samples",
    type: { kind: "integer", least: 1 },
    default: 64,
    summary: "Draws from the density of good results that are compared for each new configuration.",
  },
  {
    name: "random_fraction",
    type: { kind: "number", least: 0, most: 1 },
    default: 1 / 3,
    summary: "Part of the new configurations that is drawn from the prior, whatever the models say.",
  },
  {
    name: "bandwidth_factor",
    type: { kind: "number", least: 1e-6 },
    default: 3,
    summary: "Draws are so many times as wide as the density's kernels.",
  },
  {
    name: "min_bandwidth",
    type: { kind: "number", least: 1e-6 },
    default: 0.001,
    summary: "Least width of a kernel, as a part of the parameter's range.",
  },
];
