import type { FlatSpace, JsonObject, Point, Random } from "../../model/index.ts";
import { samplePoint, toParameters, toPoint } from "../../space/index.ts";
import { rankPoints } from "../ranked-points.ts";
import { type Visits, createVisits } from "../visits.ts";
import { createCoding } from "./coding.ts";
import { type RestartStrategy, createRestarts } from "./restarts.ts";
import { type Sample, type Search, createSearch } from "./search.ts";
import { type KnownPoint, type Start, anyStart, checkStartNames, firstStart, warmStart } from "./start.ts";
import { defaultLambda } from "./strategy.ts";

export interface Settings {
  readonly startupTrials: number;
  readonly sigma0: number;
  readonly x0: JsonObject | undefined;
  /** Undefined: by the number of dimensions. */
  readonly popsize: number | undefined;
  readonly restarts: RestartStrategy;
  readonly growth: number;
  readonly margin: boolean;
}

/** Everything that belongs to one search space. */
export interface Model {
  readonly flat: FlatSpace;
  /** Undefined in infinite spaces. */
  readonly visits: Visits | undefined;
  /** What was evaluated, failures with the loss Infinity. */
  readonly known: readonly KnownPoint[];
  /** A draw from the prior. */
  begin(random: Random): Proposed;
  /** A draw from the present distribution; in finite spaces a new one. There must be one left. */
  suggest(random: Random): Proposed;
  /** A point that did not come from here. */
  adopt(point: Point): Proposed;
  /** The result of what was proposed. What belongs to a run that has ended teaches nothing more. */
  finish(proposed: Proposed, loss: number): void;
  /** The point was not evaluated: it may come once more. */
  forget(proposed: Proposed): void;
  /**
   * Rows from elsewhere. Before the first result they are where the search begins; later the best of them counts as a result,
   * where it is better than everything known.
   */
  import(rows: readonly KnownPoint[]): void;
}

export interface Proposed {
  readonly sample: Sample;
  /** Counts the restarts before it. */
  readonly run: number;
  readonly search: Search;
}

/** @param chance decides where restarts begin */
export function createModel(flat: FlatSpace, settings: Settings, chance: Random): Model {
  const coding = createCoding(flat);
  const ranked = rankPoints(flat);
  const visits = ranked && createVisits(ranked);
  const lambda = settings.popsize ?? defaultLambda(coding.numeric.length + coding.choices.length);
  const restarts = createRestarts(settings.restarts, lambda, settings.growth);
  const known: KnownPoint[] = [];
  const open = (start: Start, size = lambda): Search =>
    createSearch(start, { coding, lambda: size, margin: settings.margin });
  let search = open(firstStart(coding, settings.sigma0, settings.x0));
  let run = 0;
  const own = (sample: Sample): Proposed => ({ sample, run, search });
  const adopt = (point: Point): Proposed => own(search.sampleAt(point));
  const teach = (proposed: Proposed, loss: number): void => {
    if (proposed.run !== run) return;
    search.tell(proposed.search === search ? proposed.sample : search.sampleAt(proposed.sample.point), loss);
    const plan = search.spent ? restarts.next(search.told, chance) : undefined;
    if (plan === undefined) return;
    search = open(anyStart(coding, settings.sigma0 * plan.sigma, chance), plan.lambda);
    run += 1;
  };
  return {
    flat,
    visits,
    known,
    adopt,
    begin: (random) => adopt(drawFree(() => samplePoint(flat, random), visits) ?? visits!.free(random)!),
    suggest(random) {
      let sample = search.draw(random);
      for (let draw = 1; draw < mostDraws && visits?.has(sample.point) === true; draw++)
        sample = search.draw(random);
      return visits?.has(sample.point) === true ? adopt(nearestFree(search, visits, random)) : own(sample);
    },
    finish(proposed, loss) {
      known.push({ point: proposed.sample.point, loss });
      teach(proposed, loss);
    },
    forget: ({ sample }) => visits?.release(sample.point),
    import(rows) {
      const better = bestOf(rows, bestOf(known, Infinity)?.loss ?? Infinity);
      for (const row of rows) {
        visits?.learn(row.point);
        known.push(row);
      }
      const fresh = run === 0 && search.told === 0 && settings.x0 === undefined;
      const start = fresh ? warmStart(coding, known) : undefined;
      if (start !== undefined) search = open(start);
      else if (better !== undefined) teach(adopt(better.point), better.loss);
    },
  };
}

/** How often a distribution is asked for a new point before free ones are looked up. */
const mostDraws = 32;
/** How many free points are compared then. */
const comparedFree = 32;

function drawFree(draw: () => Point, visits: Visits | undefined): Point | undefined {
  for (let attempt = 0; attempt < mostDraws; attempt++) {
    const point = draw();
    if (visits?.has(point) !== true) return point;
  }
  return undefined;
}

/** Of some free points the one that the distribution would give most readily. */
function nearestFree(search: Search, visits: Visits, random: Random): Point {
  let nearest = visits.free(random)!;
  let least = search.distance(nearest);
  for (let i = 1; i < comparedFree; i++) {
    const point = visits.free(random)!;
    const distance = search.distance(point);
    if (distance < least) [nearest, least] = [point, distance];
  }
  return nearest;
}

function bestOf(rows: readonly KnownPoint[], bound: number): KnownPoint | undefined {
  let best: KnownPoint | undefined;
  for (const row of rows) if (row.loss < (best?.loss ?? bound)) best = row;
  return best;
}

/** Carries what is still inside over to the model of a changed space, where the search begins from it. */
export function moveTo(
  next: Model,
  before: Model,
  running: ReadonlyMap<number, Proposed>,
): Map<number, Proposed> {
  const moved = (point: Point): Point | undefined => toPoint(next.flat, toParameters(before.flat, point));
  for (const point of before.visits?.points() ?? []) {
    const kept = moved(point);
    if (kept !== undefined) next.visits?.learn(kept);
  }
  const rows = before.known.flatMap(({ point, loss }) => {
    const kept = moved(point);
    return kept === undefined ? [] : [{ point: kept, loss }];
  });
  next.import(rows);
  const kept = new Map<number, Proposed>();
  for (const [parameterId, { sample }] of running) {
    const point = moved(sample.point);
    if (point === undefined) continue;
    next.visits?.learn(point);
    kept.set(parameterId, next.adopt(point));
  }
  return kept;
}

/** Throws "tuner-class-args" where `x0` does not fit the space. */
export function checkStart(flat: FlatSpace, x0: JsonObject | undefined): void {
  const numbers = flat.dimensions.filter(({ kind }) => kind === "numeric").map(({ name }) => name);
  if (x0 !== undefined) checkStartNames(numbers, x0);
}
