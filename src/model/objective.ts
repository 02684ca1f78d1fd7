import type { Json } from "./json.ts";
import type { OptimizeMode } from "./config.ts";

/**
 * The number that a result stands for: the number itself, or the numeric `default` of an object.
 * Undefined where there is none (a custom tuner may still read the result). NaN and infinities are returned as they are.
 */
export function objectiveOf(value: Json | undefined): number | undefined {
  if (typeof value === "number") return value;
  if (value !== null && typeof value === "object" && !Array.isArray(value)) {
    const fallback = (value as { readonly [key: string]: Json })["default"];
    if (typeof fallback === "number") return fallback;
  }
  return undefined;
}

/** The objective as something to minimise; undefined and NaN stay unusable (undefined). */
export function lossOf(value: Json | undefined, mode: OptimizeMode): number | undefined {
  const objective = objectiveOf(value);
  if (objective === undefined || Number.isNaN(objective)) return undefined;
  return mode === "maximize" ? -objective : objective;
}

/** Whether `candidate` is strictly better than `incumbent`. */
export function isBetter(candidate: number, incumbent: number, mode: OptimizeMode): boolean {
  return mode === "maximize" ? candidate > incumbent : candidate < incumbent;
}
