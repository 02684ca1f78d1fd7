/** Beyond so many results every one is a reason to fit anew; then a twentieth more, but not more than `longestStep`. */
const everyResult = 40;
const longestStep = 25;

/** The size of the history at which hyperparameters were last to be fitted, when there are `count` results. */
export function lastFit(count: number): number {
  let size = Math.min(count, everyResult);
  for (;;) {
    const next = size + Math.min(longestStep, Math.max(1, Math.floor(size / 20)));
    if (next > count) return size;
    size = next;
  }
}

/**
 * The fit that the one at `size` results begins from: at the largest power of two below. So a tuner that hears a long history
 * at once makes few fits, and comes to the same as one that lived through it. Undefined for the first ones.
 */
export function fitBefore(size: number): number | undefined {
  const power = 2 ** Math.floor(Math.log2(size - 1));
  return power >= 8 ? power : undefined;
}

/** Other points are surveyed when there are a tenth more results. */
export function surveyNumber(size: number): number {
  return Math.floor(8 * Math.log2(size));
}

/** How many of the best, and as many of the newest, stand for a longer history. */
const mostOfEach = 250;

/**
 * Which of `losses` to learn from, in their order: all, or the best half and the newest half of `most`, when there are more.
 * The cost of a model grows with the cube of its rows.
 */
export function chosenRows(losses: readonly number[], most: number = 2 * mostOfEach): number[] {
  const all = losses.map((_, i) => i);
  if (all.length <= most) return all;
  const half = Math.floor(most / 2);
  const chosen = new Set(all.slice(-half));
  const ranked = all.toSorted((i, j) => losses[i]! - losses[j]! || i - j);
  for (const i of ranked) {
    if (chosen.size === most) break;
    chosen.add(i);
  }
  return all.filter((i) => chosen.has(i));
}
