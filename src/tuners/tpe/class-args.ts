import type { ClassArg } from "../../model/class-args.ts";

/** What TPE takes besides `optimize_mode` and `seed`. */
export const tpeClassArgs: readonly ClassArg[] = [
  {
    name: "n_startup_trials",
    type: { kind: "integer", least: 0 },
    default: 10,
    summary: "Results to wait for, with draws from the prior, before the model is used.",
  },
  {
    name: "n_ei_candidates",
    type: { kind: "integer", least: 1 },
    default: 24,
    summary: "Draws from the good density that are compared for each proposal.",
  },
  {
    name: "parallel_optimize",
    type: { kind: "boolean" },
    default: true,
    summary: "Accepted for NNI configurations: running phases are always taken into account.",
  },
  {
    name: "constant_liar_type",
    type: { kind: "one-of", values: ["min", "max", "mean"] },
    default: undefined,
    summary: "Accepted for NNI configurations: running phases count as not good, without a made-up value.",
  },
];
