import { budgetsBetween, roundingError } from "../../model/trial-budgets.ts";

/** One stage of a bracket: so many configurations are evaluated with the same budget, and the best of them go on to the next stage. */
export interface Rung {
  readonly count: number;
  /** Place in {@link HyperbandPlan.budgets}. */
  readonly budget: number;
}

/** How the budgets are shared out. */
export interface HyperbandPlan {
  /** Ascending, in the user's unit (epochs, say). */
  readonly budgets: readonly number[];
  /** In the order in which they are opened, again and again: from the one with the most configurations to that with full budgets only. */
  readonly brackets: readonly (readonly Rung[])[];
}

/**
 * The brackets of Hyperband: Li et al., "Hyperband", JMLR 2018 (arXiv 1603.06560), algorithm 1. Bracket s begins with
 * ceil((sMax + 1) / (s + 1) eta^s) configurations at most / eta^s, and each rung keeps one in `eta` for a budget `eta` times as large.
 *
 * @param least the smallest budget, above 0
 * @param most the budget of a full evaluation, at least `least` and at most 2^53 times that
 * @param eta whole, at least 2
 */
export function hyperbandPlan(least: number, most: number, eta: number): HyperbandPlan {
  const budgets = budgetsBetween(least, most, eta).values;
  const sMax = budgets.length - 1;
  const brackets = Array.from({ length: sMax + 1 }, (_, place) => bracket(sMax - place, sMax, eta));
  return { budgets, brackets };
}

function bracket(s: number, sMax: number, eta: number): readonly Rung[] {
  const first = Math.ceil(((sMax + 1) * eta ** s) / (s + 1) - roundingError);
  return Array.from({ length: s + 1 }, (_, stage) => ({
    count: Math.floor(first / eta ** stage + roundingError),
    budget: sMax - s + stage,
  }));
}
