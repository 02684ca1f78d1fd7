import type { ClassArg } from "../../model/class-args.ts";

/** What NSGA2 takes besides `optimize_mode` and `seed`. */
export const nsga2ClassArgs: readonly ClassArg[] = [
  {
    name: "objectives",
    type: { kind: "objectives" },
    default: undefined,
    summary:
      "Numbers of the result by name, each maximize or minimize; left out, the one objective and optimize_mode.",
  },
  {
    name: "population_size",
    type: { kind: "integer", least: 2 },
    default: 50,
    summary: "Individuals that parents are chosen from; so many draws from the prior come first.",
  },
  {
    name: "crossover",
    type: { kind: "one-of", values: ["uniform", "sbx"] },
    default: "uniform",
    summary:
      "How numbers of two parents are joined: one or the other, or near one of them (simulated binary crossover).",
  },
  {
    name: "crossover_prob",
    type: { kind: "number", least: 0, most: 1 },
    default: 0.9,
    summary: "Probability that a child has two parents.",
  },
  {
    name: "swapping_prob",
    type: { kind: "number", least: 0, most: 1 },
    default: 0.5,
    summary: "Uniform crossover: probability that a parameter comes from the second parent.",
  },
  {
    name: "mutation",
    type: { kind: "one-of", values: ["polynomial", "redraw"] },
    default: "polynomial",
    summary: "How numbers change: by a mostly small step, or to a draw from the prior.",
  },
  {
    name: "mutation_prob",
    type: { kind: "number", least: 0, most: 1 },
    default: undefined,
    summary: "Probability that a parameter of a child changes; left out, 1 / the number of parameters.",
  },
];
