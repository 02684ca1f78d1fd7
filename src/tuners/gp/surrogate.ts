import type { Point } from "../../model/index.ts";
import type { Encoding } from "./encoding.ts";
import { fitHyperparameters, plainHyperparameters } from "./fit.ts";
import type { Smoothness } from "./matern.ts";
import { type GaussianProcess, type Hyperparameters, createGaussianProcess } from "./model.ts";
import { chosenRows, fitBefore, lastFit, surveyNumber } from "./schedule.ts";
import { standardize } from "./standardize.ts";
import { type Survey, createSurvey } from "./survey.ts";

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

/** The points that are surveyed, also as rows. */
interface Places {
  readonly number: number;
  readonly points: readonly Point[];
  readonly rows: Float64Array;
}

export function createSurrogate(options: SurrogateOptions): Surrogate {
  const { encoding, nu, leastNoise } = options;
  const points: Point[] = [];
  const losses: number[] = [];
  const avoided: Point[] = [];
  const fits = new Map<number, Hyperparameters>();
  let period: Period | undefined;
  let places: Places | undefined;
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
      if (period?.size !== size) period = open(size);
      return look(period, [...running]);
    },
  };

  /** What lasts from one fit to the next. */
  interface Period {
    readonly size: number;
    readonly process: GaussianProcess;
    /** Which results the process's rows stand for. */
    readonly chosen: number[];
    /** How many results have been taken in. */
    heard: number;
    readonly surveyed: readonly Point[];
    readonly survey: Survey;
  }

  function open(size: number): Period {
    const chosen = chosenRows(losses.slice(0, size));
    const rows = encoded(chosen.map((i) => points[i]!));
    const process = createGaussianProcess({
      layout: encoding.layout,
      nu,
      hyperparameters: fitAt(size),
      rows,
      count: chosen.length,
    });
    const number = surveyNumber(size);
    if (places?.number !== number) {
      const surveyed = options.surveyPoints(number);
      places = { number, points: surveyed, rows: encoded(surveyed) };
    }
    const survey = createSurvey(process, places.rows, places.points.length);
    return { size, process, chosen, heard: size, surveyed: places.points, survey };
  }

  function fitAt(size: number): Hyperparameters {
    const known = fits.get(size);
    if (known !== undefined) return known;
    const before = fitBefore(size);
    const plain = plainHyperparameters(encoding.layout, leastNoise);
    const starts = before === undefined ? [plain] : [fitAt(before), plain];
    const chosen = chosenRows(losses.slice(0, size), mostFitted);
    const data = {
      layout: encoding.layout,
      nu,
      rows: encoded(chosen.map((i) => points[i]!)),
      targets: standardize(
        chosen.map((i) => losses[i]!),
        losses.slice(0, Math.min(size, mostFirst)),
      ).targets,
      leastNoise,
    };
    const fit = fitHyperparameters(data, starts);
    fits.set(size, fit);
    return fit;
  }

  function look(current: Period, running: readonly Point[]): View {
    const { process, chosen, survey, surveyed } = current;
    process.truncate(chosen.length);
    for (; current.heard < losses.length; current.heard++)
      if (process.append(encoded([points[current.heard]!]))) chosen.push(current.heard);
    const settled = chosen.length;
    const { targets, unit } = standardize(
      chosen.map((i) => losses[i]!),
      losses.slice(0, mostFirst),
    );
    process.setTargets(targets);
    const fitted = process.fitted();
    const imagined = imagine(process, running, avoided.slice(-mostAvoided));
    process.setTargets(Float64Array.from([...targets, ...imagined.targets]));
    survey.update(settled);
    return {
      process,
      best: Math.min(imagined.best, ...fitted),
      unit,
      incumbents: bestPlaces(fitted).map((place) => points[chosen[place]!]!),
      surveyed,
      survey,
    };
  }

  /** Appends what is imagined; `best` is the least loss that is expected at a running point. */
  function imagine(
    process: GaussianProcess,
    running: readonly Point[],
    failed: readonly Point[],
  ): { targets: number[]; best: number } {
    const all = [...running, ...failed];
    const rows = encoded(all);
    const mean = new Float64Array(all.length);
    process.predict(rows, all.length, mean, new Float64Array(all.length));
    const targets: number[] = [];
    for (let i = 0; i < all.length; i++) {
      const row = rows.subarray(i * encoding.width, (i + 1) * encoding.width);
      if (process.append(row)) targets.push(i < running.length ? mean[i]! : Math.max(0, mean[i]!));
    }
    return {
      targets,
      best: mean.subarray(0, running.length).reduce((one, other) => Math.min(one, other), Infinity),
    };
  }

  function encoded(list: readonly Point[]): Float64Array {
    const rows = new Float64Array(list.length * encoding.width);
    for (const [index, point] of list.entries()) encoding.write(point, rows, index);
    return rows;
  }
}

function bestPlaces(values: Float64Array): number[] {
  const places = Array.from(values.keys()).sort((i, j) => values[i]! - values[j]! || i - j);
  return places.slice(0, mostIncumbents);
}
