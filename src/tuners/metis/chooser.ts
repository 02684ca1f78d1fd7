import type { FlatSpace, Point, Random } from "../../model/index.ts";
import { createEncoding } from "../gp/encoding.ts";
import { variationOf } from "../gp/variation.ts";
import { rankPoints } from "../ranked-points.ts";
import { createBeliefs } from "./belief.ts";
import { candidates } from "./candidates.ts";
import type { Samples } from "./samples.ts";
import { createView } from "./view.ts";

export interface ChooserOptions {
  readonly flat: FlatSpace;
  readonly samples: Samples;
  sobolPoint(number: number): Point;
  /** Whether suspicious points are evaluated again. */
  readonly resampling: boolean;
  /** Without candidates only the predicted optimum is of interest. */
  readonly candidates: boolean;
  /** So many points all over the space are compared. */
  readonly startingPoints: number;
  /** How often the most gainful candidate is preferred to the predicted optimum. */
  readonly explorationProbability: number;
}

/** The next point; undefined where all that were looked at are taken. There must be a result. */
export type Chooser = (
  running: readonly Point[],
  isTaken: (point: Point) => boolean,
  random: Random,
) => Point | undefined;

/** Re-sampling begins when so many points have results; as in Metis. */
const leastPointsToResample = 50;

export function createChooser(options: ChooserOptions): Chooser {
  const { flat, samples } = options;
  const encoding = createEncoding(flat);
  const beliefs = createBeliefs(encoding, samples);
  const allOver = surveyOf(options);
  return (running, isTaken, random) => {
    const belief = beliefs.now(running, options.resampling && samples.size >= leastPointsToResample);
    const points = [...allOver(), ...near(flat, belief.incumbents, random)];
    const view = createView({ flat, encoding, belief, points });
    const { point, worth } = view.optimum;
    const optimum = isTaken(point) ? undefined : point;
    const isCurious = random.next() < options.explorationProbability;
    if (!options.candidates || (optimum !== undefined && !isCurious)) return optimum;
    const [best] = candidates(view, -worth, { flat, samples, running, isTaken, random });
    return best !== undefined && best.gain > 0 ? best.point : (optimum ?? best?.point);
  };
}

/** The points that are compared all over the space begin here in the sequence; those before are for the cold start. */
const firstSurveyed = 2 ** 22;
/** As often as so many results have come, other points are compared. */
const resultsPerSurvey = 8;

/** Points all over the space: of a small one all of them. */
function surveyOf({ flat, samples, startingPoints, sobolPoint }: ChooserOptions): () => readonly Point[] {
  const ranked = rankPoints(flat);
  if (ranked !== undefined && ranked.size <= startingPoints) {
    const all = Array.from({ length: ranked.size }, (_, rank) => ranked.pointAt(rank));
    return () => all;
  }
  let points: readonly Point[] = [];
  let begin = -1;
  return () => {
    const first = firstSurveyed + Math.floor(samples.results / resultsPerSurvey) * startingPoints;
    if (first !== begin) points = Array.from({ length: startingPoints }, (_, i) => sobolPoint(first + i));
    begin = first;
    return points;
  };
}

/** So many variations of the best points are compared with them. */
const variations = 128;

function near(flat: FlatSpace, incumbents: readonly Point[], random: Random): Point[] {
  const varied = Array.from({ length: variations }, (_, i) =>
    variationOf(flat, incumbents[i % incumbents.length]!, random),
  );
  return [...incumbents, ...varied];
}
