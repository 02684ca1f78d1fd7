import type { Assessor, AssessorOptions, Json, OptimizeMode } from "../model/index.ts";
import type { ClassArg } from "../model/class-args.ts";
import { bestGain, gainOf, shownGain } from "./gain.ts";

/** What Medianstop takes besides `optimize_mode` and `seed`. */
export const medianstopClassArgs: readonly ClassArg[] = [
  {
    name: "start_step",
    type: { kind: "integer", least: 0 },
    default: 0,
    summary: "A phase is left alone until it has reported so many intermediate results.",
  },
  {
    name: "min_completed_trials",
    type: { kind: "integer", least: 1 },
    default: 1,
    summary: "Succeeded phases that came as far, before any phase is judged by them.",
  },
];

/**
 * The median stopping rule of Golovin et al., "Google Vizier: A Service for Black-Box Optimization", KDD 2017, section 3.2.2: a phase
 * is stopped at step s when its best result so far is worse than the median of the means that succeeded phases had over their first s
 * results. Where the median lies between two means, the worse one counts.
 *
 * Steps are counted in the phase. Results without a finite number take up a step and say nothing.
 */
export function medianstopAssessor({ optimizeMode, classArgs, log }: AssessorOptions): Assessor {
  const startStep = classArgs["start_step"] as number;
  const leastCompleted = classArgs["min_completed_trials"] as number;
  /** For each number of results, from 1: the means so far of the succeeded phases that came as far, in ascending order. */
  const meansAt: number[][] = [];
  return {
    assessPhase({ parameterId }, curve) {
      const means = meansAt[curve.length - 1] ?? [];
      if (curve.length < startStep || means.length < leastCompleted) return true;
      const best = bestGain(curve, optimizeMode);
      const median = lowerMedian(means);
      if (best === undefined || best >= median) return true;
      const [reached, needed] = [best, median].map((gain) => shownGain(gain, optimizeMode));
      log?.(
        `Medianstop stops phase ${parameterId} after ${curve.length} results: its best is ${reached}, the median of ${means.length} phases ${needed}.`,
      );
      return false;
    },
    // The phases that run leave no trace: nothing is to be recalled of them.
    recallAssessment() {},
    phaseEnd({ outcome }, curve) {
      if (outcome !== "succeeded") return;
      runningMeans(curve, optimizeMode).forEach((mean, step) => {
        if (mean !== undefined) insert((meansAt[step] ??= []), mean);
      });
    },
  };
}

/** The mean gain of the first 1, 2, 3 ... results; undefined as long as none has one. */
function runningMeans(curve: readonly Json[], mode: OptimizeMode): readonly (number | undefined)[] {
  let mean: number | undefined;
  let count = 0;
  return curve.map((result) => {
    const gain = gainOf(result, mode);
    if (gain === undefined) return mean;
    count += 1;
    // Exact for constants, which must not be worse than themselves; and without overflow.
    mean = mean === undefined ? gain : mean + (gain / count - mean / count);
    return mean;
  });
}

function insert(ascending: number[], value: number): void {
  let from = 0;
  let to = ascending.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (ascending[middle]! < value) from = middle + 1;
    else to = middle;
  }
  ascending.splice(from, 0, value);
}

function lowerMedian(ascending: readonly number[]): number {
  return ascending[(ascending.length - 1) >> 1] ?? -Infinity;
}
