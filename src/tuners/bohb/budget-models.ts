import type { FlatSpace, Point, Random } from "../../model/index.ts";
import { seededFor } from "../../model/index.ts";
import { type BudgetRows, type SplitSettings, createBudgetRows } from "./budget-rows.ts";
import { type Columns, createColumns } from "./columns.ts";
import { withoutGaps } from "./gaps.ts";
import { type ProductKernels, fitKernels } from "./product-kernels.ts";
import { type Model, proposal } from "./proposal.ts";

export interface BudgetModelSettings {
  /** Rows that a model needs on either side; undefined: dimensions + 1, and never fewer than that. */
  readonly minPointsInModel: number | undefined;
  /** The share of rows that count as good. */
  readonly topNPercent: number;
  /** Draws that are compared for a suggestion. */
  readonly numSamples: number;
  /** Numbers are drawn so many times as widely as the densities' kernels are wide; above 0. */
  readonly bandwidthFactor: number;
  /** Of the kernels, in parts of a dimension's range; above 0. */
  readonly minBandwidth: number;
}

export interface BudgetModels {
  /** What came of a configuration with this budget (its place among the budgets, larger is more). loss Infinity: it failed. */
  add(budget: number, point: Point, loss: number): void;
  /**
   * A point with a high ratio of the densities of good and bad points at the largest budget that has a model; undefined: none
   * has one. Nothing changes by it: the next suggestion depends on the rows, the seed and its own chance alone.
   */
  suggest(random: Random): Point | undefined;
}

/**
 * The model of BOHB: Falkner, Klein, Hutter, ICML 2018 (arXiv 1807.01774), section 4.1. For each budget one density of the good
 * points and one of the bad ones, joint over all dimensions.
 */
export function createBudgetModels(
  flat: FlatSpace,
  settings: BudgetModelSettings,
  seed: number,
): BudgetModels {
  const columns = createColumns(flat);
  const dimensions = flat.dimensions.length;
  const split: SplitSettings = {
    dimensions,
    minPoints: Math.max(settings.minPointsInModel ?? 0, dimensions + 1),
    topNPercent: settings.topNPercent,
  };
  const budgets = new Map<number, Budget>();
  return {
    add(budget, point, loss) {
      const known = budgets.get(budget) ?? { rows: createBudgetRows(split), model: undefined };
      budgets.set(budget, known);
      known.rows.add(columns.encode(point), loss);
      known.model = undefined;
    },
    suggest(random) {
      const budget = largestThatSuffices(budgets);
      if (budget === undefined) return undefined;
      budget.model ??= fit(columns, budget.rows, { seed, minBandwidth: settings.minBandwidth });
      return proposal(columns, budget.model, settings, random);
    },
  };
}

interface Budget {
  readonly rows: BudgetRows;
  /** Of all its rows; undefined until it is asked for. */
  model: Model | undefined;
}

function largestThatSuffices(budgets: ReadonlyMap<number, Budget>): Budget | undefined {
  let largest = -Infinity;
  for (const [budget, { rows }] of budgets) if (rows.suffice) largest = Math.max(largest, budget);
  return budgets.get(largest);
}

function fit(
  columns: Columns,
  rows: BudgetRows,
  { seed, minBandwidth }: { readonly seed: number; readonly minBandwidth: number },
): Model {
  const { good, bad } = rows.split();
  // Below 0, where no parameter id is: the chance of proposals is another one.
  const random = seededFor(seed, -rows.count);
  const kernels = (side: readonly Float64Array[]): ProductKernels =>
    fitKernels(columns.dimensions, withoutGaps(columns, side, random), minBandwidth);
  return { good: kernels(good), bad: kernels(bad) };
}
