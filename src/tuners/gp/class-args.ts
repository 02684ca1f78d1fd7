import type { ClassArg } from "../../model/class-args.ts";

/** What GPTuner takes besides `optimize_mode` and `seed`. */
export const gpClassArgs: readonly ClassArg[] = [
  {
    name: "utility",
    type: { kind: "one-of", values: ["ei", "ucb", "poi"] },
    default: "ei",
    summary:
      "What a point is worth: expected improvement, upper confidence bound or probability of improvement.",
  },
  {
    name: "kappa",
    type: { kind: "number", least: 0 },
    default: 5,
    summary: "How many standard deviations count as gain, for ucb.",
  },
  {
    name: "xi",
    type: { kind: "number", least: 0 },
    default: 0,
    summary: "By how much the best result must be bettered, for ei and poi.",
  },
  {
    name: "nu",
    type: { kind: "one-of", values: [0.5, 1.5, 2.5] },
    default: 2.5,
    summary: "How smooth results are in the parameters: the Matern kernel's nu.",
  },
  {
    name: "alpha",
    type: { kind: "number", least: 0 },
    default: 0.000001,
    summary: "The least noise that is believed, as a part of the variance of all results.",
  },
  {
    name: "cold_start_num",
    type: { kind: "integer", least: 1 },
    default: 10,
    summary: "Results to wait for, with Sobol' points, before the model is used.",
  },
  {
    name: "selection_num_warm_up",
    type: { kind: "integer", least: 1 },
    default: 2048,
    summary: "Points all over the space that are compared for each proposal.",
  },
  {
    name: "selection_num_starting_points",
    type: { kind: "integer", least: 1 },
    default: 10,
    summary: "How many of them are improved by local search.",
  },
];
