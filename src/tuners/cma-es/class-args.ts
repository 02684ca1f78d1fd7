import type { ClassArg } from "../../model/class-args.ts";

/** What CmaEs takes besides `optimize_mode` and `seed`. */
export const cmaEsClassArgs: readonly ClassArg[] = [
  {
    name: "popsize",
    type: { kind: "integer", least: 2 },
    default: undefined,
    summary: "Results to a generation; left out, 4 + floor(3 ln n) for n parameters.",
  },
  {
    name: "x0",
    type: { kind: "object" },
    default: undefined,
    summary: "Where the numbers of the search space begin, by name; left out, in the middle.",
  },
  {
    name: "sigma0",
    type: { kind: "number", least: 1e-6 },
    default: undefined,
    summary: "The first step length, as a part of each range; left out, a sixth.",
  },
  {
    name: "n_startup_trials",
    type: { kind: "integer", least: 0 },
    default: 1,
    summary: "Draws from the prior before the first sample of the distribution.",
  },
  {
    name: "restart_strategy",
    type: { kind: "one-of", values: ["none", "ipop", "bipop"] },
    default: "ipop",
    summary: "What follows when a run has converged: nothing, ever larger generations, or large and small.",
  },
  {
    name: "inc_popsize",
    type: { kind: "integer", least: 2 },
    default: 2,
    summary: "What a restart multiplies the generation by.",
  },
  {
    name: "with_margin",
    type: { kind: "boolean" },
    default: true,
    summary: "Keeps parameters on a grid able to change.",
  },
];
