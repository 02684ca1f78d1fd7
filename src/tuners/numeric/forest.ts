import type { Random } from "../../model/index.ts";
import { randomInteger } from "../../model/index.ts";
import { type Nodes, createNodes, goesLeft } from "./forest-nodes.ts";
import { growTree, layGround } from "./forest-tree.ts";
import type { ForestRows, ForestSettings } from "./forest-rows.ts";

export type { ForestColumn, ForestRows, ForestSettings } from "./forest-rows.ts";

/** A regression forest: what its trees say, and how far they agree. */
export interface Forest {
  /**
   * Writes mean and variance of the first `count` rows of `cells` into `mean` and `variance`: the mean over the trees of the
   * leaves' means; by the law of total variance the mean of the leaves' variances plus the variance of their means (Hutter,
   * Xu, Hoos, Leyton-Brown: "Algorithm Runtime Prediction", Artif. Intell. 206, 2014, section 4.3.2, eq. for sigma^2).
   */
  predict(cells: Float64Array, count: number, mean: Float64Array, variance: Float64Array): void;
}

/** No prediction is surer than this part of the targets' variance (SMAC's floor; theirs is of the raw variance). */
const leastVariance = 1e-10;

/**
 * Grows a random regression forest (Breiman, "Random Forests", Machine Learning 45, 2001): each tree from its own draws,
 * each split the best by squared error among some columns. Thresholds lie at a random place of their gap, so that the mean
 * over many trees is nearly linear between rows and the trees disagree there (Hutter et al. 2014, section 4.3.1).
 *
 * @param rows at least one
 */
export function growForest(rows: ForestRows, settings: ForestSettings, random: Random): Forest {
  const { trees, draws } = settings;
  const nodes = createNodes(rows, trees * 2 * Math.min(rows.count, draws ?? rows.count));
  const ground = layGround(rows, settings, nodes);
  const roots = Int32Array.from({ length: trees }, () => {
    if (draws !== undefined) drawWeights(ground.weights, draws, random);
    return growTree(ground, random);
  });
  return {
    predict(cells, count, mean, variance) {
      mean.fill(0, 0, count);
      variance.fill(0, 0, count);
      for (const root of roots) addTree(nodes, root, { cells, count, mean, variance });
      for (let i = 0; i < count; i++) {
        mean[i]! /= trees;
        variance[i] = Math.max(leastVariance, variance[i]! / trees - mean[i]! ** 2);
      }
      for (let i = 0; i < count; i++) mean[i]! += nodes.shift;
    },
  };
}

/** How often each row is drawn. */
function drawWeights(weights: Float64Array, draws: number, random: Random): void {
  weights.fill(0);
  for (let i = 0; i < draws; i++) weights[randomInteger(random, weights.length)]! += 1;
}

interface Sums {
  readonly cells: Float64Array;
  readonly count: number;
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** Adds one tree's mean, and its mean square, of each row. */
function addTree(nodes: Nodes, root: number, { cells, count, mean, variance }: Sums): void {
  const { column, left, mean: means, square } = nodes;
  const width = nodes.columns.length;
  for (let i = 0, row = 0; i < count; i++, row += width) {
    let node = root;
    for (let at = column[node]!; at >= 0; at = column[node]!)
      node = left[node]! + (goesLeft(nodes, node, cells[row + at]!) ? 0 : 1);
    mean[i]! += means[node]!;
    variance[i]! += square[node]!;
  }
}
