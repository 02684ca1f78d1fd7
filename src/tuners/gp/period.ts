import type { Point } from "../../model/index.ts";
import { type Encoding, rowsOf } from "./encoding.ts";
import type { Smoothness } from "./matern.ts";
import { type GaussianProcess, type Hyperparameters, createGaussianProcess } from "./model.ts";
import { chosenRows } from "./schedule.ts";
import { type Survey, createSurvey } from "./survey.ts";

/** What was heard. */
export interface History {
  readonly points: Point[];
  /** By point. */
  readonly losses: number[];
  /** Points without a usable result. */
  readonly avoided: Point[];
}

/** With what a period begins. */
export interface Beginning {
  /** How many results there are. */
  readonly size: number;
  readonly hyperparameters: Hyperparameters;
  readonly places: Places;
}

/** Points that are surveyed, also as rows. */
export interface Places {
  readonly number: number;
  readonly points: readonly Point[];
  readonly rows: Float64Array;
}

/** What lasts from one fit to the next. */
export interface Period {
  /** How many results there were at its beginning. */
  readonly size: number;
  readonly process: GaussianProcess;
  /** Which results the process's rows stand for. */
  readonly chosen: number[];
  /** How many results have been taken in. */
  heard: number;
  readonly surveyed: readonly Point[];
  readonly survey: Survey;
}

export function openPeriod(
  { encoding, nu }: { readonly encoding: Encoding; readonly nu: Smoothness },
  { points, losses }: History,
  { size, hyperparameters, places }: Beginning,
): Period {
  const chosen = chosenRows(losses.slice(0, size));
  const rows = rowsOf(encoding, picked(points, chosen));
  const { layout } = encoding;
  const process = createGaussianProcess({ layout, nu, hyperparameters, rows, count: chosen.length });
  const survey = createSurvey(process, places.rows, places.points.length);
  return { size, process, chosen, heard: size, surveyed: places.points, survey };
}

/** What has come since: a row for each result that is independent of those before it. */
export function catchUp(period: Period, { points, losses }: History, encoding: Encoding): void {
  for (; period.heard < losses.length; period.heard++)
    if (period.process.append(rowsOf(encoding, [points[period.heard]!]))) period.chosen.push(period.heard);
}

export function picked<Item>(list: readonly Item[], chosen: readonly number[]): Item[] {
  return chosen.map((i) => list[i]!);
}
