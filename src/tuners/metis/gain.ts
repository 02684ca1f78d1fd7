import type { Point } from "../../model/index.ts";
import { rowsOf } from "../gp/encoding.ts";
import { type Suspect, reach } from "./suspects.ts";
import type { View } from "./view.ts";

// What evaluating a point may do to the predicted optimum: Li et al., section 4.3. Hyperparameters stay as they are.

/**
 * By how much the least expected loss may fall when a new point is evaluated: its result is imagined at either end of the
 * interval that holds 95 % of results, as one row more. 0 where it does not fall.
 *
 * @param least the least expected loss now
 */
export function gainOfNew(view: View, point: Point, least: number): number {
  const { process, targets, noise } = view.belief;
  const row = rowsOf(view.encoding, [point]);
  const [mean, variance] = [new Float64Array(1), new Float64Array(1)];
  process.predict(row, 1, mean, variance);
  const spread = reach * Math.sqrt(variance[0]! + noise);
  const settled = process.size;
  if (!process.append(row)) return 0;
  view.rowAppended();
  const reached = [mean[0]! - spread, mean[0]! + spread].map((imagined) => {
    process.setTargets(Float64Array.from([...targets, imagined]));
    return view.leastWithRow();
  });
  process.truncate(settled);
  process.setTargets(targets);
  return Math.max(0, least - Math.min(...reached));
}

/**
 * By how much the least expected loss may change when a suspect is evaluated once more, and its median with it: fall, where a
 * bad result hides a good point, or rise, where the optimum rests on a result that is too good.
 */
export function gainOfAgain(view: View, { row, targets: ends }: Suspect, least: number): number {
  const { process, targets } = view.belief;
  const changes = ends.map((target) => {
    const changed = targets.slice();
    changed[row] = target;
    process.setTargets(changed);
    return Math.abs(least - view.leastNow());
  });
  process.setTargets(targets);
  return Math.max(...changes);
}
