import type { Dimension } from "../model/index.ts";

/** How many values it has; Infinity for a continuous one. */
export function levelsOf(dimension: Dimension): number {
  return dimension.kind === "categorical" ? dimension.size : dimension.levels;
}
