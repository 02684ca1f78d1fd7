import type { Point } from "../../model/index.ts";
import { type Encoding, rowsOf } from "./encoding.ts";
import type { FitData } from "./fit.ts";
import { createFits } from "./fits.ts";
import { leastPlaces } from "./least-places.ts";
import type { Smoothness } from "./matern.ts";
import type { GaussianProcess } from "./model.ts";
import { type History, type Period, type Places, catchUp, openPeriod, picked } from "./period.ts";
import { chosenRows, lastFit, surveyNumber } from "./schedule.ts";
import { standardize } from "./standardize.ts";
import type { Survey } from "./survey.ts";

export interface SurrogateOptions {
  readonly encoding: Encoding;
  readonly nu: Smoothness;
  readonly leastNoise: number;
  /** Points to compare all over the space: others for another number. */
  surveyPoints(number: number): readonly Point[];
}

/** What is known for one proposal; good until the next one. */
export interface View {
  readonly process: GaussianProcess;
  /** The least loss known, without its noise, in the units of the targets. */
  readonly best: number;
  /** What one unit of the targets is in losses. */
  readonly unit: number;
  /** The points with the least losses, best first. */
  readonly incumbents: readonly Point[];
  readonly surveyed: readonly Point[];
  readonly survey: Survey;
}

/** The loss as a function of the point: a Gaussian process whose hyperparameters follow the history. */
export interface Surrogate {
  /** How many results there are. */
  readonly size: number;
  /** @param loss finite or infinite */
  learn(point: Point, loss: number): void;
  /** A point without a usable result. */
  avoid(point: Point): void;
  /**
   * There must be a result. A point that is `running` is imagined to have the loss that is expected there (the believer of
   * Ginsbourger, Le Riche and Carraro, "Kriging Is Well-Suited to Parallelize Optimization", 2010); one to avoid at least an
   * average loss.
   */
  view(running: Iterable<Point>): View;
}

/** How many of the best points a proposal may begin from. */
const mostIncumbents = 8;
/** Fits learn from so many rows at most, predictions from more. */
const mostFitted = 200;
/** So many results show what losses were like before the search narrowed. */
const mostFirst = 20;
/** So many of the newest points to avoid are imagined. */
const mostAvoided = 50;

export function createSurrogate(options: SurrogateOptions): Surrogate {
  const history: History = { points: [], losses: [], avoided: [] };
  const { points, losses, avoided } = history;
  const fitAt = createFits((size) => fitDataOf(options, history, size));
  const placesAt = createPlaces(options);
  let period: Period | undefined;
  return {
    get size() {
      return losses.length;
    },
    learn(point, loss) {
      points.push(point);
      losses.push(loss);
    },
    avoid(point) {
      avoided.push(point);
    },
    view(running) {
      const size = lastFit(losses.length);
      if (period?.size !== size) {
        const beginning = { size, hyperparameters: fitAt(size), places: placesAt(size) };
        period = openPeriod(options, history, beginning);
      }
      return look(options.encoding, history, period, [...running]);
    },
  };
}

/** What the fit at `size` results learns from. */
function fitDataOf(
  { encoding, nu, leastNoise }: SurrogateOptions,
  { points, losses }: History,
  size: number,
): FitData {
  const chosen = chosenRows(losses.slice(0, size), mostFitted);
  const rows = rowsOf(encoding, picked(points, chosen));
  const { targets } = standardize(picked(losses, chosen), losses.slice(0, Math.min(size, mostFirst)));
  return { layout: encoding.layout, nu, rows, targets, leastNoise };
}

/** The points to survey at `size` results: others when it has grown by a tenth. */
function createPlaces({ encoding, surveyPoints }: SurrogateOptions): (size: number) => Places {
  let places: Places | undefined;
  return (size) => {
    const number = surveyNumber(size);
    if (places?.number !== number) {
      const points = surveyPoints(number);
      places = { number, points, rows: rowsOf(encoding, points) };
    }
    return places;
  };
}

function look(encoding: Encoding, history: History, period: Period, running: readonly Point[]): View {
  const { points, losses, avoided } = history;
  const { process, chosen, survey, surveyed } = period;
  process.truncate(chosen.length);
  catchUp(period, history, encoding);
  const settled = chosen.length;
  const { targets, unit } = standardize(picked(losses, chosen), losses.slice(0, mostFirst));
  process.setTargets(targets);
  const fitted = process.fitted();
  const imagined = imagine(process, encoding, running, avoided.slice(-mostAvoided));
  process.setTargets(Float64Array.from([...targets, ...imagined.targets]));
  survey.update(settled);
  return {
    process,
    best: Math.min(imagined.best, ...fitted),
    unit,
    incumbents: leastPlaces(fitted, mostIncumbents).map((place) => points[chosen[place]!]!),
    surveyed,
    survey,
  };
}

/** Appends what is imagined; `best` is the least loss that is expected at a running point. */
function imagine(
  process: GaussianProcess,
  encoding: Encoding,
  running: readonly Point[],
  failed: readonly Point[],
): { readonly targets: readonly number[]; readonly best: number } {
  const all = [...running, ...failed];
  const rows = rowsOf(encoding, all);
  const mean = new Float64Array(all.length);
  process.predict(rows, all.length, mean, new Float64Array(all.length));
  const targets: number[] = [];
  for (let i = 0; i < all.length; i++) {
    const row = rows.subarray(i * encoding.width, (i + 1) * encoding.width);
    if (process.append(row)) targets.push(i < running.length ? mean[i]! : Math.max(0, mean[i]!));
  }
  const best = mean.subarray(0, running.length).reduce((one, other) => Math.min(one, other), Infinity);
  return { targets, best };
}
