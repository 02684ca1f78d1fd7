import type { ClassArg } from "../../model/class-args.ts";

/** What MetisTuner takes besides `optimize_mode` and `seed`. */
export const metisClassArgs: readonly ClassArg[] = [
  {
    name: "no_resampling",
    type: { kind: "boolean" },
    default: true,
    summary:
      "false: from 50 points on, one whose result the others speak against is evaluated again, thrice in all at most.",
  },
  {
    name: "no_candidates",
    type: { kind: "boolean" },
    default: false,
    summary: "true: nothing but the predicted optimum; a draw from the prior where that has been evaluated.",
  },
  {
    name: "selection_num_starting_points",
    type: { kind: "integer", least: 1 },
    default: 600,
    summary:
      "Points all over the space that are compared for each proposal; local searches begin at the best.",
  },
  {
    name: "cold_start_num",
    type: { kind: "integer", least: 1 },
    default: 10,
    summary: "Points to have results of, with Sobol' points, before the model is used.",
  },
  {
    name: "exploration_probability",
    type: { kind: "number", least: 0, most: 1 },
    default: 0.9,
    summary:
      "How often what may move the predicted optimum most is preferred to the predicted optimum itself: 0 never, 1 always.",
  },
];
