import type { AssessedPhase, Assessor, AssessorOptions, OptimizeMode } from "../../model/index.ts";
import { bestGain, gainOf, shownGain } from "../gain.ts";
import { numbersOf } from "./curve-numbers.ts";
import { forecast } from "./forecast.ts";

/** A phase that is less likely than this to become good enough is stopped; as in the paper below. */
const leastHope = 0.05;

/**
 * Stops a phase whose curve, going on as learning curves do, will hardly come near the best succeeded phase: Domhan, Springenberg and
 * Hutter, "Speeding up automatic hyperparameter optimization of deep neural networks by extrapolation of learning curves", IJCAI 2015.
 * Their families and their rule, P(y at the last step is good enough) < 0.05; in place of their Monte Carlo chains, least squares,
 * weights by BIC and Student distributions, so that a look takes milliseconds and no chance.
 *
 * Steps are counted in the phase. Results without a finite number take up a step and say nothing.
 */
export function curvefittingAssessor({ optimizeMode, classArgs, log }: AssessorOptions): Assessor {
  const steps = classArgs["epoch_num"] as number;
  const startStep = classArgs["start_step"] as number;
  const threshold = classArgs["threshold"] as number;
  const gap = classArgs["gap"] as number;
  /** The best last result of a succeeded phase, as a gain. */
  let best: number | undefined;
  /** How many results the longest succeeded phase had. */
  let longest = 0;
  /** At how many results each running phase was looked at last. */
  const looks = new Map<number, number>();

  /** Whether the phase is due to be looked at; remembers that it was. The same curve may be looked at again. */
  const isDue = ({ parameterId }: AssessedPhase, length: number): boolean => {
    if (best === undefined || length < startStep) return false;
    const last = looks.get(parameterId);
    if (last !== undefined && length !== last && length - last < gap) return false;
    looks.set(parameterId, length);
    return true;
  };
  return {
    assessPhase(phase, curve) {
      if (!isDue(phase, curve.length)) return true;
      const bar = barOf(best!, threshold, optimizeMode);
      if ((bestGain(curve, optimizeMode) ?? -Infinity) >= bar) return true;
      const step = Math.max(steps, longest, curve.length);
      const ahead = forecast(numbersOf(curve, optimizeMode), step);
      if (ahead === undefined || 1 - ahead.atMost(bar) >= leastHope) return true;
      const [foreseen, needed] = [ahead.mean, bar].map((gain) => shownGain(gain, optimizeMode));
      log?.(
        `Curvefitting stops phase ${phase.parameterId} after ${curve.length} results: ${foreseen} is foreseen at step ${step}, ${needed} would be good enough.`,
      );
      return false;
    },
    recallAssessment(phase, curve) {
      isDue(phase, curve.length);
    },
    phaseEnd({ parameterId, outcome }, curve) {
      looks.delete(parameterId);
      const gain = outcome === "succeeded" ? gainOf(curve.at(-1), optimizeMode) : undefined;
      if (gain === undefined) return;
      best = Math.max(best ?? gain, gain);
      longest = Math.max(longest, curve.length);
    },
  };
}

/**
 * The gain that is good enough. 0.95 allows for 5 % of the best result's size, whatever its sign; above 1, more than the best is asked
 * for, but where less is better: there 1.05 is how NNI's users have to say 0.95.
 */
function barOf(best: number, threshold: number, mode: OptimizeMode): number {
  const allowance = mode === "minimize" ? Math.abs(1 - threshold) : 1 - threshold;
  return best - allowance * Math.abs(best);
}
