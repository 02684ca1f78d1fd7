import type { Json, OptimizeMode } from "../../model/index.ts";
import { gainOf } from "../gain.ts";
import type { CurveData } from "./fit-linear.ts";

/** Longer curves are thinned out to so many numbers at most, so that a look costs the same. */
export const mostNumbers = 100;

/** The finite gains of a curve and their steps, thinned out evenly; the newest one stays. */
export function numbersOf(curve: readonly Json[], mode: OptimizeMode): CurveData {
  const numbers = curve.flatMap((result, i) => {
    const gain = gainOf(result, mode);
    return gain === undefined ? [] : [{ step: i + 1, gain }];
  });
  const stride = Math.ceil(numbers.length / mostNumbers);
  const kept = numbers.filter((_, i) => (numbers.length - 1 - i) % stride === 0);
  return { x: Float64Array.from(kept, ({ step }) => step), y: Float64Array.from(kept, ({ gain }) => gain) };
}
