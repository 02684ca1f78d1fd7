import type { FlatSpace, Point, Random } from "../model/index.ts";
import { randomInteger } from "../model/index.ts";
import { samplePoint } from "../space/index.ts";
import type { RankedPoints } from "./ranked-points.ts";

/** Which points of a finite space have been handed out or are known. */
export interface Visits {
  readonly exhausted: boolean;
  has(point: Point): boolean;
  /** A point that was handed out. */
  propose(point: Point): void;
  /** A point whose result is known: from now on it is not released. */
  learn(point: Point): void;
  /** The point was not evaluated: it may be proposed once more, but not a third time. */
  release(point: Point): void;
  /** Some point that has not been visited: the first free one from a random place on. Undefined when exhausted. */
  free(random: Random): Point | undefined;
  /** Every visited point. */
  points(): Point[];
}

/** A job that keeps on giving a point back would otherwise get it for ever. */
const mostAttempts = 2;

export function createVisits(ranked: RankedPoints): Visits {
  const seen = new Set<number>();
  const attempts = new Map<number, number>();
  return {
    get exhausted() {
      return seen.size >= ranked.size;
    },
    has: (point) => seen.has(ranked.rankOf(point)),
    propose(point) {
      const rank = ranked.rankOf(point);
      seen.add(rank);
      attempts.set(rank, (attempts.get(rank) ?? 0) + 1);
    },
    learn(point) {
      const rank = ranked.rankOf(point);
      seen.add(rank);
      attempts.set(rank, mostAttempts);
    },
    release(point) {
      const rank = ranked.rankOf(point);
      if (attempts.get(rank)! < mostAttempts) seen.delete(rank);
    },
    free(random) {
      if (seen.size >= ranked.size) return undefined;
      let rank = randomInteger(random, ranked.size);
      while (seen.has(rank)) rank = (rank + 1) % ranked.size;
      return ranked.pointAt(rank);
    },
    points: () => [...seen].map((rank) => ranked.pointAt(rank)),
  };
}

/** How often a point is drawn before free ones are looked up. */
const tries = 32;

/** A draw from the prior, in finite spaces one that is new. `visits` must not be exhausted. */
export function drawNew(flat: FlatSpace, visits: Visits | undefined, random: Random): Point {
  return drawUntilNew(visits, random, () => samplePoint(flat, random));
}

/** What `draw` gives, in finite spaces a point that is new, be it some free one. `visits` must not be exhausted. */
export function drawUntilNew<Drawn extends Point | undefined>(
  visits: Pick<Visits, "has" | "free"> | undefined,
  random: Random,
  draw: () => Drawn,
): Drawn | Point {
  for (let attempt = 0; attempt < tries; attempt++) {
    const point = draw();
    if (visits === undefined || point === undefined || !visits.has(point)) return point;
  }
  return visits?.free(random) ?? draw();
}
