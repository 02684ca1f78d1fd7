import { isDominatedIn, lexicographicOrder } from "../../model/index.ts";

/**
 * Fast non-dominated sorting: the front that each solution belongs to. Front 0 is dominated by none, front 1 only by solutions of
 * front 0, and so on (Deb et al. 2002, section III-A). Equal solutions share a front.
 *
 * Solutions are placed in lexicographic order, each into the first front none of whose members dominates it, found by
 * bisection: "efficient non-dominated sort" of Zhang, Tian, Cheng and Jin, IEEE Trans. Evol. Comput. 19, 2015. O(N log N) for one
 * and two objectives, where the newest member of a front stands for all of it; O(M N^2) at worst for more.
 *
 * @param losses N solutions of M numbers each, to be minimised; no NaN
 * @returns N numbers from 0
 */
export function frontNumbers(losses: readonly (readonly number[])[]): Int32Array {
  const numbers = new Int32Array(losses.length);
  const fronts: (readonly number[])[][] = [];
  for (const place of lexicographicOrder(losses)) {
    const candidate = losses[place]!;
    const number = firstFrontFor(candidate, fronts);
    (fronts[number] ??= []).push(candidate);
    numbers[place] = number;
  }
  return numbers;
}

/** Whoever is dominated in one front is dominated in all fronts before it. */
function firstFrontFor(
  candidate: readonly number[],
  fronts: readonly (readonly (readonly number[])[])[],
): number {
  let from = 0;
  let to = fronts.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (isDominatedIn(fronts[middle]!, candidate)) from = middle + 1;
    else to = middle;
  }
  return from;
}

/**
 * Crowding distances within each front: for each objective the gap between a solution's two neighbours, as a part of the front's
 * extent, summed up; infinite for the solutions at both ends (Deb et al. 2002, section III-B). Of equal solutions at an end one is
 * the end; an objective that is the same in a whole front adds nothing.
 *
 * @param losses N solutions of M finite numbers each
 * @param fronts the front of each, as {@link frontNumbers} gives them
 */
export function crowdingDistances(losses: readonly (readonly number[])[], fronts: Int32Array): Float64Array {
  const distances = new Float64Array(losses.length);
  const objectives = losses[0]?.length ?? 0;
  for (let objective = 0; objective < objectives; objective++) {
    // Halved, so that the extent of the largest numbers is a number too.
    const at = new Float64Array(losses.length);
    for (let place = 0; place < at.length; place++) at[place] = losses[place]![objective]! / 2;
    const order = Array.from(at, (_, place) => place).sort((one, other) => at[one]! - at[other]!);
    addGaps(distances, { order, at, fronts });
  }
  return distances;
}

interface Column {
  /** Places of solutions, ascending. */
  readonly order: readonly number[];
  /** Half the loss of each. */
  readonly at: Float64Array;
  readonly fronts: Int32Array;
}

function addGaps(distances: Float64Array, { order, at, fronts }: Column): void {
  const gaps = new Float64Array(order.length);
  // Of each front: its first solution, its newest, and the one before that.
  const first = new Int32Array(order.length).fill(-1);
  const newest = first.slice();
  const before = first.slice();
  for (const place of order) {
    const front = fronts[place]!;
    if (first[front] === -1) first[front] = place;
    if (before[front] !== -1) gaps[newest[front]!] = at[place]! - at[before[front]!]!;
    before[front] = newest[front]!;
    newest[front] = place;
  }
  for (const place of order) {
    const [from, to] = [first[fronts[place]!]!, newest[fronts[place]!]!];
    const extent = at[to]! - at[from]!;
    if (extent > 0) distances[place]! += place === from || place === to ? Infinity : gaps[place]! / extent;
  }
}
