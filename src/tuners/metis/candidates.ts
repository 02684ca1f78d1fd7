import type { FlatSpace, Point, Random } from "../../model/index.ts";
import { nameOf } from "../point-name.ts";
import { promising } from "./exploitation.ts";
import { gainOfAgain, gainOfNew } from "./gain.ts";
import type { Samples } from "./samples.ts";
import type { Suspect } from "./suspects.ts";
import type { View } from "./view.ts";

/** A point that may be evaluated next. */
export interface Option {
  readonly point: Point;
  /** By how much its result may change the least expected loss; 0 where that is next to nothing. */
  readonly gain: number;
}

export interface Circumstances {
  readonly flat: FlatSpace;
  readonly samples: Samples;
  readonly running: readonly Point[];
  readonly isTaken: (point: Point) => boolean;
  readonly random: Random;
}

/** Two densities need so many results, as in Metis. */
const leastToExploit = 12;
/** A gain below this part of the deviation of a result from the function is none. */
const leastGain = 0.01;

/**
 * The candidates by what they may gain, the most first; where none gains anything, the one that lies most clearly among good points first.
 *
 * @param least the least expected loss now
 */
export function candidates(view: View, least: number, circumstances: Circumstances): Option[] {
  const explored = view.leastKnown((point) => !circumstances.isTaken(point));
  const fresh = [...exploited(circumstances), ...(explored === undefined ? [] : [explored])];
  const floor = leastGain * Math.sqrt(view.belief.noise);
  const option = (point: Point, gain: number): Option => ({ point, gain: gain > floor ? gain : 0 });
  const options = [
    ...fresh.map((point) => option(point, gainOfNew(view, point, least))),
    ...suspects(view, circumstances).map((each) => option(each.point, gainOfAgain(view, each, least))),
  ];
  return options.sort((one, other) => other.gain - one.gain);
}

/** Metis has one of them. With eight, proposals find the optima of mixed spaces with far fewer phases. */
const mostExploited = 8;

/** The new points that lie most clearly among good ones. */
function exploited({ flat, samples, running, isTaken, random }: Circumstances): Point[] {
  if (samples.results < leastToExploit) return [];
  const points = promising(flat, samples, running, random);
  return points.filter((point) => !isTaken(point)).slice(0, mostExploited);
}

/** A point is handed out so often at most; as in Metis. */
const mostAttempts = 3;
/** So many of the most suspicious points are candidates. */
const mostSuspects = 5;

/** The most suspicious points that may be evaluated once more. */
function suspects({ belief }: View, { samples, running }: Circumstances): Suspect[] {
  const beside = running.map(nameOf);
  const times = (point: Point): number => {
    const name = nameOf(point);
    return samples.attempts(point) + beside.filter((each) => each === name).length;
  };
  return belief.suspects.filter(({ point }) => times(point) < mostAttempts).slice(0, mostSuspects);
}
