/** What came of the configurations of one budget, best first. */
export interface BudgetRows {
  readonly count: number;
  /** Whether there are enough rows for a good and a bad side. */
  readonly suffice: boolean;
  /** @param loss Infinity: it failed */
  add(row: Float64Array, loss: number): void;
  /** Of rows that {@link suffice}. */
  split(): Split;
}

export interface Split {
  readonly good: readonly Float64Array[];
  readonly bad: readonly Float64Array[];
}

export interface SplitSettings {
  /** Either side has more rows than this. */
  readonly dimensions: number;
  readonly minPoints: number;
  readonly topNPercent: number;
}

export function createBudgetRows(settings: SplitSettings): BudgetRows {
  const ranking: Ranked[] = [];
  let succeeded = 0;
  return {
    get count() {
      return ranking.length;
    },
    get suffice() {
      return sides().bad > settings.dimensions && succeeded >= settings.minPoints;
    },
    add(row, loss) {
      ranking.splice(placeOf(loss, ranking), 0, { row, loss });
      if (loss < Infinity) succeeded += 1;
    },
    split() {
      const { good, bad } = sides();
      const rows = ranking.map(({ row }) => row);
      return { good: rows.slice(0, good), bad: rows.slice(good, good + bad) };
    },
  };

  /**
   * How many rows there are on either side, as HpBandSter counts them. No failed row is good: where failures are so many that
   * the share asks for more, all that succeeded are good.
   */
  function sides(): { good: number; bad: number } {
    const { minPoints, topNPercent } = settings;
    const count = ranking.length;
    const share = (percent: number): number => Math.max(minPoints, Math.floor((percent * count) / 100));
    const good = Math.min(share(topNPercent), succeeded);
    return { good, bad: Math.min(share(100 - topNPercent), count - good) };
  }
}

interface Ranked {
  readonly row: Float64Array;
  readonly loss: number;
}

/** Where it belongs in a ranking, best first: of equal losses the older one comes first. */
function placeOf(loss: number, ranking: readonly Ranked[]): number {
  let low = 0;
  let high = ranking.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranking[middle]!.loss > loss) high = middle;
    else low = middle + 1;
  }
  return low;
}
