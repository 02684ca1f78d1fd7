import type { ImportAnswer } from "../model/http.ts";
import type { ExperimentConfig, ObservedPoint } from "../model/index.ts";
import { lossesOf, lossOf, namedObjectives } from "../model/index.ts";
import { insideOf } from "./inside-space.ts";

/** Those of the rows that the tuner is told, and how many it is not. A tuner of the user's own is told everything. */
export function usableRows(
  config: ExperimentConfig,
  all: readonly ObservedPoint[],
): Omit<ImportAnswer, "taken"> & { readonly rows: readonly ObservedPoint[] } {
  const { tuner, optimizeMode } = config;
  const isInside = insideOf(config);
  const inside = all.filter(({ parameters }) => isInside(parameters) !== false);
  const outside = all.length - inside.length;
  if (tuner.kind === "custom") return { rows: all, outside, withoutObjective: 0 };
  const objectives = namedObjectives(tuner.classArgs);
  const rows = inside.filter(
    ({ value }) => (objectives ? lossesOf(value, objectives) : lossOf(value, optimizeMode)) !== undefined,
  );
  return { rows, outside, withoutObjective: inside.length - rows.length };
}
