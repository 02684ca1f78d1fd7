import type { FlatSpace, Point, Random } from "../../model/index.ts";
import { nameOf } from "../smac/memory.ts";
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
 * The candidates by what they may gain, the most first; where none gains anything, the one that lies among good points.
 *
 * @param least the least expected loss now
 */
export function candidates(view: View, least: number, circumstances: Circumstances): Option[] {
  const fresh = [exploited(circumstances), view.leastKnown((point) => !circumstances.isTaken(point))];
  const floor = leastGain * Math.sqrt(view.belief.noise);
  const option = (point: Point, gain: number): Option => ({ point, gain: gain > floor ? gain : 0 });
  const options = [
    ...fresh.flatMap((point) => (point === undefined ? [] : option(point, gainOfNew(view, point, least)))),
    ...suspects(view, circumstances).map((each) => option(each.point, gainOfAgain(view, each, least))),
  ];
  return options.sort((one, other) => other.gain - one.gain);
}

/** The new point that lies most clearly among good ones. */
function exploited({ flat, samples, running, isTaken, random }: Circumstances): Point | undefined {
  if (samples.results < leastToExploit) return undefined;
  const points = promising(flat, samples, running, random);
  return points.find((point) => !isTaken(point));
}

/** A point is evaluated so often at most; as in Metis. */
const mostEvaluations = 3;
/** So many of the most suspicious points are candidates. */
const mostSuspects = 5;

/** The most suspicious points that may be evaluated once more. */
function suspects({ belief }: View, { samples, running }: Circumstances): Suspect[] {
  const beside = running.map(nameOf);
  const times = (point: Point): number => {
    const name = nameOf(point);
    return samples.evaluations(point) + beside.filter((each) => each === name).length;
  };
  return belief.suspects.filter(({ point }) => times(point) < mostEvaluations).slice(0, mostSuspects);
}
