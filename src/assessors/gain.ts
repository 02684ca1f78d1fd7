import type { Json, OptimizeMode } from "../model/index.ts";
import { objectiveOf } from "../model/index.ts";

/**
 * What an intermediate result is worth, the larger the better: its number (or its object's `default`), with the sign turned where
 * less is better. Undefined where there is none to reckon with: other JSON, NaN, the infinities.
 */
export function gainOf(result: Json | undefined, mode: OptimizeMode): number | undefined {
  const objective = objectiveOf(result);
  if (objective === undefined || !Number.isFinite(objective)) return undefined;
  return mode === "maximize" ? objective : -objective;
}

/** The largest gain of a curve; undefined where no result has one. */
export function bestGain(curve: readonly Json[], mode: OptimizeMode): number | undefined {
  let best: number | undefined;
  for (const result of curve) {
    const gain = gainOf(result, mode);
    if (gain !== undefined) best = Math.max(best ?? gain, gain);
  }
  return best;
}

/** A gain as the result that it stands for, to four digits. */
export function shownGain(gain: number, mode: OptimizeMode): string {
  return String(Number((mode === "maximize" ? gain : -gain).toPrecision(4)));
}
