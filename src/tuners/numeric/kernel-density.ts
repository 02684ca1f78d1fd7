import type { KernelMixture } from "./kernel-mixture.ts";
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
 * Kernels are summed in blocks of one row. A row is left as soon as its logarithm falls `negligible` below the largest so
 * far, which begins with the prior's: in many dimensions most rows end after two or three axes.
 */
export function logDensities(
  table: KernelTable,
  mixture: KernelMixture,
  candidates: Candidates,
): Float64Array {
  const grids = gridTerms(table, mixture, candidates);
  const out = new Float64Array(candidates.count);
  for (let c = 0; c < candidates.count; c++) out[c] = logDensity(table, mixture, { candidates, c, grids });
  return out;
}

interface Query {
  readonly candidates: Candidates;
  readonly c: number;
  /** Sum of the grid axes' log masses, candidate-major; undefined without grid axes. */
  readonly grids: Float64Array | undefined;
}

function logDensity(table: KernelTable, mixture: KernelMixture, query: Query): number {
  const { at, inverse, firstGrid } = table;
  const { members, constants } = mixture;
  const width = table.axes.length;
  const count = members.length;
  const point = query.candidates.at.subarray(query.c * width, (query.c + 1) * width);
  const grids = query.grids?.subarray(query.c * count, (query.c + 1) * count);
  const unordered = width > table.firstUnordered;
  let largest = priorTerm(table, mixture, query);
  let sum = 1;
  let floor = largest - negligible;
  for (let i = 0; i < count; i++) {
    const base = members[i]! * width;
    let log = constants[i]!;
    if (grids !== undefined) log += grids[i]!;
    if (unordered) log += unorderedTerm(table, mixture, point, base);
    for (let j = 0; j < firstGrid && log >= floor; j++) {
      const z = (point[j]! - at[base + j]!) * inverse[base + j]!;
      log -= 0.5 * z * z;
    }
    if (log < floor) continue;
    if (log > largest) {
      sum = sum * Math.exp(largest - log) + 1;
      largest = log;
      floor = log - negligible;
    } else sum += Math.exp(log - largest);
  }
  return largest + Math.log(sum);
}

function unorderedTerm(
  table: KernelTable,
  mixture: KernelMixture,
  point: Float64Array,
  base: number,
): number {
  let log = 0;
  for (let j = table.firstUnordered; j < point.length; j++)
    log += point[j] === table.at[base + j] ? mixture.logHit[j]! : mixture.logMiss[j]!;
  return log;
}

function priorTerm(table: KernelTable, mixture: KernelMixture, query: Query): number {
  const { at, lower, upper } = query.candidates;
  const base = query.c * table.axes.length;
  let log = mixture.constants[mixture.members.length]!;
  for (let j = 0; j < table.firstUnordered; j++) {
    const { priorCentre, priorSigma, grid } = table.axes[j] as OrderedAxis;
    if (grid) {
      const left = (lower[base + j]! - priorCentre) / priorSigma;
      log += logNormalMass(left, (upper[base + j]! - priorCentre) / priorSigma);
    } else {
      const z = (at[base + j]! - priorCentre) / priorSigma;
      log -= 0.5 * z * z;
    }
  }
  return log;
}

/** Log masses of the candidates' cells under each member, summed over the grid axes. */
function gridTerms(
  table: KernelTable,
  mixture: KernelMixture,
  candidates: Candidates,
): Float64Array | undefined {
  if (table.firstGrid === table.firstUnordered) return undefined;
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
  const order = table.orders[j]!;
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
