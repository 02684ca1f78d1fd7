import type { AlgorithmConfig } from "./config.ts";

/** The parameter that tells a trial how much it may spend on a configuration, as in NNI. */
export const budgetName = "TRIAL_BUDGET";

/** Built-in tuners that NNI calls advisors, and that go by both names here: those that give a budget. */
export const advisorNames: readonly string[] = ["Hyperband", "BOHB"];

export const hyperbandDefaults = { R: 60, eta: 3 } as const;
export const bohbDefaults = { min_budget: 1, max_budget: 3, eta: 3 } as const;

/** The budgets between two ends, ascending. */
export interface Budgets {
  readonly values: readonly number[];
  /** Both ends are whole, and so are all. */
  readonly areWhole: boolean;
}

/** Powers and logarithms miss whole numbers by less than this. */
export const roundingError = 1e-6;

/**
 * Each is `eta` times the one before; the last is `most`. They are rounded down to whole numbers where both ends are whole, and to
 * twelve digits else: 0.1, not 0.09999999999999999.
 */
export function budgetsBetween(least: number, most: number, eta: number): Budgets {
  const steps = Math.floor(Math.log(most / least) / Math.log(eta) + roundingError);
  const areWhole = Number.isInteger(least) && Number.isInteger(most);
  const values = Array.from({ length: steps + 1 }, (_, place) => {
    const budget = most / eta ** (steps - place);
    if (place === steps) return most;
    return areWhole ? Math.floor(budget + roundingError) : Number(budget.toPrecision(12));
  });
  return { values, areWhole };
}

/** What trials get as `TRIAL_BUDGET`; undefined of tuners that give none. Its class args are sound. */
export function trialBudgets(tuner: AlgorithmConfig): Budgets | undefined {
  if (tuner.kind !== "builtin") return undefined;
  const given = Object.fromEntries(Object.entries(tuner.classArgs).filter(([, value]) => value !== null));
  if (tuner.name === "Hyperband") {
    const { R, eta } = { ...hyperbandDefaults, ...(given as Partial<Record<string, number>>) };
    return budgetsBetween(1, R, eta);
  }
  if (tuner.name !== "BOHB") return undefined;
  const args = { ...bohbDefaults, ...(given as Partial<Record<string, number>>) };
  return budgetsBetween(args.min_budget, args.max_budget, args.eta);
}
