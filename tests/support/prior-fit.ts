import type { Dimension } from "../../src/model/index.ts";
import { cell, decode, normalCdf } from "../../src/space/index.ts";

export interface PriorFit {
  /** Pearson's chi-square over the bins that the prior reaches; Infinity where a draw lies outside them. */
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  /** How likely draws from the prior are to fit this badly or worse. */
  readonly pValue: number;
}

/**
 * Whether draws of a dimension follow its prior: counts them in bins of about equal probability, made of whole cells, and
 * compares with what the prior expects (Pearson 1900). 10,000 draws tell half a cell too much from none.
 */
export function priorFit(dimension: Dimension, draws: readonly number[], bins = 20): PriorFit {
  const edges = Array.from({ length: bins + 1 }, (_, bin) => edgeAt(dimension, bin / bins));
  const counts = new Float64Array(bins);
  for (const draw of draws) counts[binOf(middle(dimension, draw), bins)]! += 1;
  let statistic = 0;
  let reached = 0;
  for (const [bin, count] of counts.entries()) {
    const expected = ((edges[bin + 1] ?? 1) - (edges[bin] ?? 0)) * draws.length;
    if (expected > 0) reached += 1;
    if (expected > 0 || count > 0) statistic += (count - expected) ** 2 / expected;
  }
  return { statistic, degreesOfFreedom: reached - 1, pValue: tailOf(statistic, reached - 1) };
}

/** Where the bin that begins at about `u` begins: cells are not split but belong to the bin that has their middle. */
function edgeAt(dimension: Dimension, u: number): number {
  if (u === 0 || u === 1) return u;
  const value = dimension.kind === "categorical" ? Math.floor(u * dimension.size) : decode(dimension, u);
  const [from, to] = cell(dimension, value);
  if (from === to) return u;
  return from + (to - from) / 2 < u ? to : from;
}

function middle(dimension: Dimension, value: number): number {
  const [from, to] = cell(dimension, value);
  return from + (to - from) / 2;
}

function binOf(place: number, bins: number): number {
  return Math.min(bins - 1, Math.floor(place * bins));
}

/** P(chi-square > statistic), by the cube-root approximation of Wilson and Hilferty (1931): good to about 1e-3. */
function tailOf(statistic: number, degrees: number): number {
  if (degrees < 1) return statistic === 0 ? 1 : 0;
  const spread = 2 / (9 * degrees);
  return normalCdf(-(Math.cbrt(statistic / degrees) - (1 - spread)) / Math.sqrt(spread));
}
