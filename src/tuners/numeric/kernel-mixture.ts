import { orderOf } from "./kernel-table.ts";
import type { KernelTable, OrderedAxis } from "./kernel-table.ts";
import { logNormalMass } from "./normal.ts";

/**
 * A Parzen estimator over some rows of a table: each row is one product kernel over all axes together, and one wide prior
 * kernel comes last. Valid until the next `fitMixture` on the same table, which sets the bandwidths anew.
 */
export interface KernelMixture {
  /** Rows of the table, ascending. */
  readonly members: Int32Array;
  /** Normalised, one per member and one for the prior. */
  readonly weights: Float64Array;
  /** Per member: log weight plus the normalisers of all ordered axes. The prior's comes last. */
  readonly constants: Float64Array;
  /** Unordered axes, by column: probability of the kernel's own option and of each other one, and their logarithms. */
  readonly hit: Float64Array;
  readonly miss: Float64Array;
  readonly logHit: Float64Array;
  readonly logMiss: Float64Array;
}

/** log(sqrt(2 pi)) */
const logRootTwoPi = 0.5 * Math.log(2 * Math.PI);

/** A kernel is never narrower than the prior's width by this factor ("magic clip", Bergstra et al. 2011, 4.2). */
const narrowest = 100;

/**
 * Sets the bandwidths of `members` (ascending rows) and returns their mixture. `rowWeights` are by age, oldest first, the
 * prior weighs `priorWeight`; they are normalised here.
 *
 * Bandwidths follow Bergstra et al., "Algorithms for Hyper-Parameter Optimization" (NIPS 2011): the larger gap to the two
 * neighbours on the axis; the outermost rows use their single gap.
 */
export function fitMixture(
  table: KernelTable,
  members: Int32Array,
  rowWeights: Float64Array,
  priorWeight: number,
): KernelMixture {
  const orders = orderedMembers(table, members);
  for (let j = 0; j < table.firstUnordered; j++) fitAxis(table, j, orders(j));
  const weights = normalised(rowWeights, members.length === 0 ? 1 : priorWeight);
  return {
    members,
    weights,
    constants: constantsOf(table, members, weights),
    ...optionProbabilities(table, members.length, priorWeight),
  };
}

/** For each axis the members in ascending order; the array is reused. */
function orderedMembers(table: KernelTable, members: Int32Array): (j: number) => Int32Array {
  const order = new Int32Array(members.length);
  const width = table.axes.length;
  // A few members are sorted at once; many are picked out of the order that the table keeps.
  if (members.length * 8 < table.size) {
    return (j) => {
      order.set(members);
      return order.sort((one, other) => table.at[one * width + j]! - table.at[other * width + j]!);
    };
  }
  const { marks, size } = table;
  marks.fill(0, 0, size);
  for (const row of members) marks[row] = 1;
  return (j) => {
    const all = orderOf(table, j);
    for (let k = 0, found = 0; found < order.length; k++) {
      const row = all[k]!;
      order[found] = row;
      found += marks[row]!;
    }
    return order;
  };
}

/** Gives every row of `order` (ascending on axis `j`) its bandwidth. */
function fitAxis(table: KernelTable, j: number, order: Int32Array): void {
  const axis = table.axes[j] as OrderedAxis;
  const { at } = table;
  const width = table.axes.length;
  const count = order.length;
  const least = axis.priorSigma / Math.min(narrowest, 2 + count);
  // A lone row takes the larger distance to the ends of the axis; otherwise the ends count for nothing.
  let leftGap = count === 1 ? at[order[0]! * width + j]! - axis.low : least;
  for (let k = 0; k < count; k++) {
    const cell = order[k]! * width + j;
    const next = k + 1 < count ? at[order[k + 1]! * width + j]! : count === 1 ? axis.high : -Infinity;
    const rightGap = next - at[cell]!;
    setBandwidth(table, axis, cell, Math.max(least, leftGap, rightGap));
    leftGap = rightGap;
  }
}

/** Keeps what is cached where the bandwidth is the one of last time, as most are. */
function setBandwidth(table: KernelTable, axis: OrderedAxis, cell: number, gap: number): void {
  const sigma = Math.min(axis.priorSigma, gap);
  if (table.sigma[cell] === sigma) return;
  table.sigma[cell] = sigma;
  table.inverse[cell] = 1 / sigma;
  table.logNorm[cell] = logNormaliser(axis, table.at[cell]!, sigma);
}

/** Log of what the bare exponential is divided by; a grid's cells bring their own mass, so only the truncation counts. */
function logNormaliser(axis: OrderedAxis, centre: number, sigma: number): number {
  const inside = logNormalMass((axis.low - centre) / sigma, (axis.high - centre) / sigma);
  return axis.grid ? -inside : -inside - Math.log(sigma) - logRootTwoPi;
}

function normalised(rowWeights: Float64Array, priorWeight: number): Float64Array {
  const weights = new Float64Array(rowWeights.length + 1);
  weights.set(rowWeights);
  weights[rowWeights.length] = priorWeight;
  let sum = 0;
  for (const weight of weights) sum += weight;
  return weights.map((weight) => weight / sum);
}

function constantsOf(table: KernelTable, members: Int32Array, weights: Float64Array): Float64Array {
  const { logNorm, firstUnordered } = table;
  const width = table.axes.length;
  const constants = weights.map((weight) => Math.log(weight));
  for (let i = 0; i < members.length; i++) {
    const base = members[i]! * width;
    let sum = constants[i]!;
    for (let j = 0; j < firstUnordered; j++) sum += logNorm[base + j]!;
    constants[i] = sum;
  }
  let prior = constants[members.length]!;
  for (const axis of table.axes) {
    if (axis.kind === "ordered") prior += logNormaliser(axis, axis.priorCentre, axis.priorSigma);
    else prior -= Math.log(axis.size);
  }
  constants[members.length] = prior;
  return constants;
}

/** Each kernel counts its own option once and every option with an equal share of the prior's weight. */
function optionProbabilities(
  table: KernelTable,
  count: number,
  priorWeight: number,
): Pick<KernelMixture, "hit" | "miss" | "logHit" | "logMiss"> {
  const share = priorWeight / (count + 1);
  const sizes = Float64Array.from(table.axes, (axis) => (axis.kind === "unordered" ? axis.size : 1));
  const hit = sizes.map((size) => (1 + share) / (1 + size * share));
  const miss = sizes.map((size) => share / (1 + size * share));
  return { hit, miss, logHit: hit.map(Math.log), logMiss: miss.map(Math.log) };
}
