import type { FlatSpace, JsonObject, Point } from "../../model/index.ts";
import { seeded, seededFor } from "../../model/index.ts";
import { toParameters, toPoint } from "../../space/index.ts";
import { createSobol } from "../numeric/sobol.ts";
import { type RankedPoints, rankPoints } from "../ranked-points.ts";
import { priorPoint } from "../prior-point.ts";
import { type Visits, createVisits, drawUntilNew } from "../visits.ts";
import type { Utility } from "./acquisition.ts";
import { createEncoding } from "./encoding.ts";
import type { Smoothness } from "./matern.ts";
import { createProposer } from "./proposer.ts";
import { createSurrogate } from "./surrogate.ts";

export interface Settings {
  readonly utility: Utility;
  readonly nu: Smoothness;
  /** The least variance of a result about the function, as a part of the variance of all results. */
  readonly alpha: number;
  /** Results to wait for before the model is used. */
  readonly coldStart: number;
  readonly warmUp: number;
  readonly startingPoints: number;
}

export function settingsOf(classArgs: JsonObject): Settings {
  return {
    utility: {
      kind: classArgs["utility"] as Utility["kind"],
      kappa: classArgs["kappa"] as number,
      xi: classArgs["xi"] as number,
    },
    nu: classArgs["nu"] as Smoothness,
    alpha: classArgs["alpha"] as number,
    coldStart: classArgs["cold_start_num"] as number,
    warmUp: classArgs["selection_num_warm_up"] as number,
    startingPoints: classArgs["selection_num_starting_points"] as number,
  };
}

/** A point that was evaluated; the loss is undefined where the result is not usable. */
export interface Row {
  readonly point: Point;
  readonly loss: number | undefined;
}

/** Everything that belongs to one search space. */
export interface Field {
  readonly flat: FlatSpace;
  /** Undefined in infinite spaces. */
  readonly visits: Visits | undefined;
  /** What was evaluated, in the order in which it was learnt. */
  readonly rows: readonly Row[];
  readonly running: Map<number, Point>;
  learn(row: Row): void;
  /** In finite spaces a new point; there must be one left. */
  suggest(parameterId: number): Point;
}

/** The survey's Sobol' points begin here; those before are for the cold start. */
const firstSurveyed = 2 ** 22;
/** So many coordinates are surveyed: among many dimensions what is far from all results tells little. */
const mostSurveyed = 2048 * 25;

export function createField(flat: FlatSpace, settings: Settings, seed: number): Field {
  const ranked = rankPoints(flat);
  const visits = ranked && createVisits(ranked);
  const encoding = createEncoding(flat);
  const sobol = createSobol(flat.dimensions.length, seeded(seed));
  const sobolPoint = (number: number): Point => priorPoint(flat, sobol(number % 2 ** 32));
  const rows: Row[] = [];
  const running = new Map<number, Point>();
  const surrogate = createSurrogate({
    encoding,
    nu: settings.nu,
    leastNoise: settings.alpha,
    surveyPoints: (number) => {
      const count = Math.min(settings.warmUp, Math.ceil(mostSurveyed / flat.dimensions.length));
      if (ranked !== undefined && ranked.size <= settings.warmUp) return allPoints(ranked);
      const first = firstSurveyed + number * settings.warmUp;
      return Array.from({ length: count }, (_, i) => sobolPoint(first + i));
    },
  });
  const proposer = createProposer({ flat, encoding, ...settings });
  return {
    flat,
    visits,
    rows,
    running,
    learn(row) {
      rows.push(row);
      visits?.learn(row.point);
      if (row.loss === undefined || row.loss === Infinity) surrogate.avoid(row.point);
      else surrogate.learn(row.point, row.loss);
    },
    suggest(parameterId) {
      const random = seededFor(seed, parameterId);
      const begin = (): Point => drawUntilNew(visits, random, spread(parameterId));
      if (surrogate.size < Math.max(1, settings.coldStart)) return begin();
      return proposer(surrogate.view(running.values()), random, isTaken) ?? begin();
    },
  };

  /** The Sobol' point of the parameter id first, then ones from elsewhere in the sequence. */
  function spread(parameterId: number): () => Point {
    let draws = 0;
    return () => sobolPoint(parameterId + 2 ** 20 * draws++);
  }

  function isTaken(point: Point): boolean {
    if (visits !== undefined) return visits.has(point);
    return (
      rows.some((row) => isSame(row.point, point)) ||
      [...running.values()].some((each) => isSame(each, point))
    );
  }
}

function allPoints(ranked: RankedPoints): Point[] {
  return Array.from({ length: ranked.size }, (_, rank) => ranked.pointAt(rank));
}

function isSame(one: Point, other: Point): boolean {
  return one.every((each, i) => Object.is(each, other[i]));
}

/** Carries over what is still inside: results, and phases that run. */
export function moveTo(next: Field, before: Field): Field {
  const moved = (point: Point): Point | undefined => toPoint(next.flat, toParameters(before.flat, point));
  for (const row of before.rows) {
    const point = moved(row.point);
    if (point !== undefined) next.learn({ ...row, point });
  }
  for (const [parameterId, old] of before.running) {
    const point = moved(old);
    if (point === undefined) continue;
    next.visits?.learn(point);
    next.running.set(parameterId, point);
  }
  return next;
}
