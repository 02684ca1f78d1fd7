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
 * Crowding distances within one front: for each objective the gap between a solution's two neighbours, as a part of the front's
 * extent, summed up; infinite for the solutions at both ends (Deb et al. 2002, section III-B). Of equal solutions at an end one is
 * the end; an objective that is the same for all adds nothing.
 *
 * @param losses of the front's solutions: finite numbers
 */
export function crowdingDistances(losses: readonly (readonly number[])[]): Float64Array {
  const distances = new Float64Array(losses.length);
  const objectives = losses[0]?.length ?? 0;
  for (let objective = 0; objective < objectives; objective++) {
    const at = (place: number): number => losses[place]![objective]!;
    const order = Array.from(losses.keys()).sort((one, other) => at(one) - at(other));
    addGaps(distances, order, at);
  }
  return distances;
}

function addGaps(distances: Float64Array, order: readonly number[], at: (place: number) => number): void {
  const first = order[0]!;
  const last = order[order.length - 1]!;
  // Halved, so that the extent of the largest numbers is a number too.
  const extent = at(last) / 2 - at(first) / 2;
  if (extent === 0) return;
  for (let i = 1; i < order.length - 1; i++)
    distances[order[i]!]! += (at(order[i + 1]!) / 2 - at(order[i - 1]!) / 2) / extent;
  distances[first] = Infinity;
  distances[last] = Infinity;
}
