import { normalQuantile } from "../../space/index.ts";

/**
 * What the forest learns in place of losses: the normal scores of their ranks, Phi^-1((rank - 1/2) / n) (Salinas, Shen,
 * Perrone: "A Quantile-based Approach for Hyperparameter Transfer Learning", ICML 2020, section 4). Any rising function of the losses gives
 * the same, so that outliers, failures (the worst rank) and units do no harm; the best rows lie apart as they do under
 * SMAC's logarithm, which needs positive losses. Equal losses share the mean of their ranks.
 *
 * @param sorted losses, ascending; infinities are welcome
 */
export function normalScores(sorted: readonly number[]): Float64Array {
  const scores = new Float64Array(sorted.length);
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    while (to < sorted.length && sorted[to] === sorted[from]) to++;
    scores.fill(normalQuantile((from + to) / 2 / sorted.length), from, to);
  }
  return scores;
}
