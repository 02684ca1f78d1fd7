/*
 * Solutions of several objectives: M numbers each, to be minimised, none of them NaN.
 */
type Losses = readonly number[];

/** Whether `one` is nowhere worse than `other`, and somewhere better. */
export function dominates(one: Losses, other: Losses): boolean {
  let better = false;
  for (let objective = 0; objective < one.length; objective++) {
    if (one[objective]! > other[objective]!) return false;
    if (one[objective]! < other[objective]!) better = true;
  }
  return better;
}

/**
 * The places of the solutions, the best in the first objective first, among equal ones the best in the second, and so on: none is
 * dominated by a later one.
 */
export function lexicographicOrder(all: readonly Losses[]): number[] {
  return Array.from(all, (_, place) => place).sort((one, other) => lexicographic(all[one]!, all[other]!));
}

/** Below 0 where `one` is less in the first objective in which they differ, above 0 where it is more, 0 where they are equal. */
export function lexicographic(one: Losses, other: Losses): number {
  for (let objective = 0; objective < one.length; objective++)
    if (one[objective] !== other[objective]) return one[objective]! < other[objective]! ? -1 : 1;
  return 0;
}

/**
 * Whether a solution of the front dominates the candidate. The front must hold solutions that do not dominate each other, in
 * lexicographic order, and the candidate come after them. The newest is asked first, as the likeliest; with one or two
 * objectives it stands for all.
 */
export function isDominatedIn(front: readonly Losses[], candidate: Losses): boolean {
  const oldest = candidate.length <= 2 ? Math.max(0, front.length - 1) : 0;
  for (let place = front.length - 1; place >= oldest; place--)
    if (dominates(front[place]!, candidate)) return true;
  return false;
}

/** The Pareto front: the places of the solutions that none dominates, in lexicographic order. Equal ones are all in it. */
export function paretoFront(all: readonly Losses[]): number[] {
  const front: Losses[] = [];
  return lexicographicOrder(all).filter((place) => {
    if (isDominatedIn(front, all[place]!)) return false;
    front.push(all[place]!);
    return true;
  });
}
