import type { KernelMixture } from "./kernel-mixture.ts";
import { orderOf } from "./kernel-table.ts";
import type { KernelTable, OrderedAxis } from "./kernel-table.ts";
import { logNormalMass } from "./normal.ts";

/** Points to score, row-major in the table's axis order. */
export interface Candidates {
  readonly count: number;
  /** Coordinates, or the option's index. */
  readonly at: Float64Array;
  /** Edges of the candidate's cell; read on grid axes only. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Kernels whose logarithm is this much below the largest add nothing that a double could show beside it. */
const negligible = 40;

export function createCandidates(count: number, axes: number): Candidates {
  const cells = count * axes;
  return {
    count,
    at: new Float64Array(cells),
    lower: new Float64Array(cells),
    upper: new Float64Array(cells),
  };
}

/**
 * Log density of each candidate under the mixture; on grid axes the log mass of the candidate's cell.
 *
 * Kernels are the outer loop, so that a row is fetched once for all candidates. A kernel is left as soon as its logarithm
 * falls `negligible` below the candidate's largest so far, which begins with the prior's: in many dimensions most kernels
 * end after a few axes. The newest come first, because a search that converges has them near the candidates.
 */
export function logDensities(
  table: KernelTable,
  mixture: KernelMixture,
  candidates: Candidates,
): Float64Array {
  const { at, inverse, firstGrid, firstUnordered } = table;
  const { members, constants } = mixture;
  const width = table.axes.length;
  const hasGrids = firstGrid < firstUnordered;
  const grids = gridTerms(table, mixture, candidates);
  const points = candidates.at;
  const largest = priorTerms(table, mixture, candidates);
  // Of exp(kernel - largest), over the kernels so far.
  const sums = new Float64Array(candidates.count).fill(1);
  for (let i = members.length - 1; i >= 0; i--) {
    const base = members[i]! * width;
    const constant = constants[i]!;
    for (let c = 0; c < candidates.count; c++) {
      const point = c * width;
      const floor = largest[c]! - negligible;
      let log = constant;
      if (hasGrids) log += grids[c * members.length + i]!;
      for (let j = firstUnordered; j < width; j++)
        log += points[point + j] === at[base + j] ? mixture.logHit[j]! : mixture.logMiss[j]!;
      for (let j = 0; j < firstGrid && log >= floor; j++) {
        const z = (points[point + j]! - at[base + j]!) * inverse[base + j]!;
        log -= 0.5 * z * z;
      }
      if (log < floor) continue;
      if (log > largest[c]!) {
        sums[c] = sums[c]! * Math.exp(largest[c]! - log) + 1;
        largest[c] = log;
      } else sums[c]! += Math.exp(log - largest[c]!);
    }
  }
  return largest.map((log, c) => log + Math.log(sums[c]!));
}

/** The prior kernel's part of each candidate. */
function priorTerms(table: KernelTable, mixture: KernelMixture, candidates: Candidates): Float64Array {
  const terms = new Float64Array(candidates.count).fill(mixture.constants[mixture.members.length]!);
  for (let c = 0; c < candidates.count; c++)
    for (let j = 0; j < table.firstUnordered; j++)
      terms[c]! += priorTerm(table.axes[j] as OrderedAxis, candidates, c * table.axes.length + j);
  return terms;
}

function priorTerm(axis: OrderedAxis, { at, lower, upper }: Candidates, cell: number): number {
  const { priorCentre, priorSigma } = axis;
  const z = (at[cell]! - priorCentre) / priorSigma;
  if (!axis.grid) return -0.5 * z * z;
  return logNormalMass((lower[cell]! - priorCentre) / priorSigma, (upper[cell]! - priorCentre) / priorSigma);
}

/** Log masses of the candidates' cells under each member, summed over the grid axes. */
function gridTerms(table: KernelTable, mixture: KernelMixture, candidates: Candidates): Float64Array {
  if (table.firstGrid === table.firstUnordered) return new Float64Array(0);
  const place = new Int32Array(table.size).fill(-1);
  for (let i = 0; i < mixture.members.length; i++) place[mixture.members[i]!] = i;
  const terms = new Float64Array(candidates.count * mixture.members.length);
  for (let j = table.firstGrid; j < table.firstUnordered; j++)
    for (let c = 0; c < candidates.count; c++) addGridAxis(table, { candidates, c, j }, place, terms);
  return terms;
}

/** Along the sorted rows equal kernels stand side by side, so a mass is computed once per distinct kernel. */
function addGridAxis(
  table: KernelTable,
  { candidates, c, j }: { readonly candidates: Candidates; readonly c: number; readonly j: number },
  place: Int32Array,
  terms: Float64Array,
): void {
  const width = table.axes.length;
  const order = orderOf(table, j);
  const lower = candidates.lower[c * width + j]!;
  const upper = candidates.upper[c * width + j]!;
  const first = c * (terms.length / candidates.count);
  let centre = NaN;
  let inverse = NaN;
  let mass = 0;
  for (let k = 0; k < table.size; k++) {
    const member = place[order[k]!]!;
    if (member < 0) continue;
    const cell = order[k]! * width + j;
    if (table.at[cell] !== centre || table.inverse[cell] !== inverse) {
      centre = table.at[cell]!;
      inverse = table.inverse[cell]!;
      mass = logNormalMass((lower - centre) * inverse, (upper - centre) * inverse);
    }
    terms[first + member]! += mass;
  }
}
