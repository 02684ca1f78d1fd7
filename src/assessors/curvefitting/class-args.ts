import type { ClassArg } from "../../model/class-args.ts";

/** What Curvefitting takes besides `optimize_mode` and `seed`. */
export const curvefittingClassArgs: readonly ClassArg[] = [
  {
    name: "epoch_num",
    type: { kind: "integer", least: 1 },
    default: 20,
    summary:
      "How many intermediate results a whole phase reports: the step that results are foreseen for; more once a longer phase has succeeded.",
  },
  {
    name: "start_step",
    type: { kind: "integer", least: 0 },
    default: 6,
    summary: "A phase is left alone until it has reported so many intermediate results.",
  },
  {
    name: "threshold",
    type: { kind: "number", least: 0 },
    default: 0.95,
    summary:
      "What part of the best completed result is good enough; to minimize, 1.05 means the same as 0.95.",
  },
  {
    name: "gap",
    type: { kind: "integer", least: 1 },
    default: 1,
    summary: "Every so many intermediate results a phase is looked at.",
  },
];
