import type { Point } from "../../model/index.ts";
import { type Encoding, rowsOf } from "../gp/encoding.ts";
import type { FitData } from "../gp/fit.ts";
import { createFits } from "../gp/fits.ts";
import { leastPlaces } from "../gp/least-places.ts";
import { type GaussianProcess, createGaussianProcess } from "../gp/model.ts";
import { chosenRows, lastFit } from "../gp/schedule.ts";
import { standardize } from "../gp/standardize.ts";
import { type Sample, type Samples, median } from "./samples.ts";
import { type Suspect, suspectsAmong } from "./suspects.ts";

/** What is believed of the loss as a function of the point, for one proposal. */
export interface Belief {
  /** Rows of points with results, then of points whose result is imagined. */
  readonly process: GaussianProcess;
  /** By row; in standard deviations of the results about their mean. */
  readonly targets: Float64Array;
  /** Variance of a result about the function, in the same unit. */
  readonly noise: number;
  /** The points with the least losses, noise taken off; best first. */
  readonly incumbents: readonly Point[];
  /** The points whose results the others speak against; empty where they are not looked for. */
  readonly suspects: readonly Suspect[];
}

export interface Beliefs {
  /**
   * There must be a result. A point that is `running` is imagined to have the loss that is expected there (the believer of
   * Ginsbourger, Le Riche and Carraro, "Kriging Is Well-Suited to Parallelize Optimization", 2010); a failed one at least an
   * average loss.
   */
  now(running: readonly Point[], findSuspects: boolean): Belief;
}

const nu = 2.5;
/** The least variance of a result about the function: deterministic objectives come near it. */
const leastNoise = 1e-6;
/** Predictions learn from so many points at most, the best half and the newest half; fits from fewer. */
const mostRows = 300;
const mostFitted = 200;
/** The losses of so many of the first points are a measure for those of all: the search had not narrowed yet. */
const mostFirst = 20;
/** So many of the newest failed points are imagined. */
const mostFailed = 50;
/** How many of the best points are of interest. */
const mostIncumbents = 8;

export function createBeliefs(encoding: Encoding, samples: Samples): Beliefs {
  const fitAt = createFits(fitDataOf);
  return {
    now(running, findSuspects) {
      const all = samples.first(samples.results);
      const chosen = chosenRows(all.map(lossOf), mostRows).map((i) => all[i]!);
      const hyperparameters = fitAt(lastFit(samples.results));
      const process = createGaussianProcess({
        layout: encoding.layout,
        nu,
        hyperparameters,
        rows: encoded(chosen),
        count: chosen.length,
      });
      const { targets, targetOf } = standardize(chosen.map(lossOf), all.slice(0, mostFirst).map(lossOf));
      process.setTargets(targets);
      const incumbents = leastPlaces(process.fitted(), mostIncumbents).map((place) => chosen[place]!.point);
      const suspects = findSuspects ? suspectsAmong(chosen, targets, targetOf, process.leaveOneOut()) : [];
      const imagined = imagine(process, running);
      const believed = Float64Array.from([...targets, ...imagined]);
      process.setTargets(believed);
      return { process, targets: believed, noise: hyperparameters.noise, incumbents, suspects };
    },
  };

  /** What the fit at that many results learns from. */
  function fitDataOf(results: number): FitData {
    const all = samples.first(results);
    const chosen = chosenRows(all.map(lossOf), mostFitted).map((i) => all[i]!);
    const { targets } = standardize(chosen.map(lossOf), all.slice(0, mostFirst).map(lossOf));
    return { layout: encoding.layout, nu, rows: encoded(chosen), targets, leastNoise };
  }

  /** Appends what is imagined; returns the targets of the rows that were taken. */
  function imagine(process: GaussianProcess, running: readonly Point[]): number[] {
    const points = [...running, ...samples.failed().slice(-mostFailed)];
    const rows = rowsOf(encoding, points);
    const mean = new Float64Array(points.length);
    process.means(rows, points.length, mean);
    const targets: number[] = [];
    for (let i = 0; i < points.length; i++) {
      const row = rows.subarray(i * encoding.width, (i + 1) * encoding.width);
      if (process.append(row)) targets.push(i < running.length ? mean[i]! : Math.max(0, mean[i]!));
    }
    return targets;
  }

  function encoded(chosen: readonly Sample[]): Float64Array {
    return rowsOf(
      encoding,
      chosen.map(({ point }) => point),
    );
  }
}

function lossOf({ losses }: Sample): number {
  return median(losses);
}
