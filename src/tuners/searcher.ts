import type {
  FlatSpace,
  Json,
  JsonObject,
  PhaseOutcome,
  Point,
  Random,
  Tuner,
  TunerFactory,
} from "../model/index.ts";
import { lossOf, seededFor } from "../model/index.ts";
import { flatten, toParameters, toPoint } from "../space/index.ts";
import { wasEvaluated } from "./outcome.ts";
import { nameOf } from "./point-name.ts";
import { rankPoints } from "./ranked-points.ts";
import { type Visits, createVisits, drawUntilNew } from "./visits.ts";

/** What a searcher may know beyond the results. */
export interface Surroundings {
  /** Whose parameters are asked for. */
  readonly parameterId: number;
  /** The points that are being evaluated. */
  readonly running: readonly Point[];
  /** Undefined in infinite spaces; never exhausted. */
  readonly visits: Pick<Visits, "has" | "free"> | undefined;
}

/** Whether a point was evaluated, or is being evaluated; or may not come again for another reason. */
export function takenBy(
  evaluated: { has(point: Point): boolean },
  { running, visits }: Surroundings,
): (point: Point) => boolean {
  if (visits !== undefined) return (point) => visits.has(point);
  const beside = new Set(running.map(nameOf));
  return (point) => evaluated.has(point) || beside.has(nameOf(point));
}

/**
 * A search algorithm bare of its surroundings: it sees points and losses, and no ids, outcomes or repeats.
 *
 * @typeParam Loss a number, or one for each objective; the less the better
 */
export interface Searcher<Loss = number> {
  /**
   * The next point, which need not be new: in a finite space it is asked for again, with the same `random`, until it is.
   * Undefined: there is none left. Changes nothing.
   */
  suggest(random: Random, surroundings: Surroundings): Point | undefined;
  /** A point is handed out: the one that it suggested last, or would suggest now. */
  propose?(point: Point): void;
  /** A point is being evaluated that it did not hand out: the space has changed meanwhile. */
  carryOn?(point: Point): void;
  /** It looks for new points itself, and may suggest a known one to have it evaluated again: nothing is asked for twice. */
  readonly findsNewOnes?: boolean;
  /**
   * The loss of an evaluated point: finite or -Infinity. Phases without a usable result do not come here.
   *
   * @param random for a point that was suggested, the same numbers again that `suggest` was given
   */
  learn(point: Point, loss: Loss, random: Random): void;
  /** A point whose evaluation gave no usable result: the phase failed, or its result was NaN, Infinity or no number. */
  learnFailure?(point: Point): void;
  /** A point that was suggested and not evaluated: the phase was abandoned or cancelled. */
  takeBack?(point: Point): void;
}

/** A search algorithm, and how it reads results. */
export interface Search<Loss> {
  createSearcher(flat: FlatSpace): Searcher<Loss>;
  /** Undefined where the result is not usable. */
  lossOf(value: Json): Loss | undefined;
  /** Whether the searcher learns from it; otherwise it counts as a failure. */
  teaches(loss: Loss): boolean;
}

/** {@link tunerOf} for searchers of one objective. */
export function tunerAround(
  createSearcher: (flat: FlatSpace, classArgs: JsonObject, seed: number) => Searcher,
): TunerFactory {
  return ({ optimizeMode, seed, classArgs }) => {
    const search: Search<number> = {
      createSearcher: (flat) => createSearcher(flat, classArgs, seed),
      lossOf: (value) => lossOf(value, optimizeMode),
      teaches: (loss) => loss < Infinity,
    };
    return tunerOf(search, seed);
  };
}

/**
 * The tuner around a searcher. Abandoned and cancelled phases are forgotten, failed ones and NaN teach nothing but what the
 * searcher makes of a failure. After a change of the space a fresh searcher learns, in the old order, what is still inside.
 */
export function tunerOf<Loss>(search: Search<Loss>, seed: number): Tuner {
  const openField = (flat: FlatSpace): Field<Loss> => createField(flat, search, seed);
  let field = openField({ dimensions: [] });
  /** Every parameter id that was proposed or reported: a result counts once. */
  const known = new Set<number>();
  let fromElsewhere = 0;
  const propose = (parameterId: number, point: Point): void => {
    known.add(parameterId);
    field.propose(parameterId, point);
  };
  const observe = (parameters: Json, loss: Loss | undefined): void => {
    const point = toPoint(field.flat, parameters);
    if (point !== undefined) field.add({ number: -++fromElsewhere, point, loss });
  };
  return {
    updateSearchSpace(space) {
      field = moveTo(openField(flatten(space)), field);
    },
    generateParameters(parameterId) {
      if (field.visits?.exhausted === true) return { kind: "no-more" };
      const point = field.suggest(parameterId);
      if (point === undefined) return { kind: "no-more" };
      propose(parameterId, point);
      return { kind: "parameters", parameters: toParameters(field.flat, point) };
    },
    recallParameters({ parameterId, parameters }) {
      const point = toPoint(field.flat, parameters);
      if (point !== undefined) propose(parameterId, point);
    },
    receiveTrialResult({ parameterId, parameters, value, outcome }) {
      const loss = wasEvaluated(outcome) ? search.lossOf(value) : undefined;
      field.finish(parameterId, outcome, loss);
      if (known.has(parameterId) || !wasEvaluated(outcome)) return;
      // Parameters that a person added by hand.
      known.add(parameterId);
      observe(parameters, loss);
    },
    trialEnd: ({ parameterId, outcome }) => field.finish(parameterId, outcome, undefined),
    importData(rows) {
      for (const { parameters, value } of rows) {
        const loss = search.lossOf(value);
        if (loss !== undefined) observe(parameters, loss);
      }
    },
  };
}

interface Row<Loss> {
  /** Names the row's chance: the parameter id; -1, -2 ... for results from elsewhere. */
  readonly number: number;
  readonly point: Point;
  /** Undefined where the result is not usable. */
  readonly loss: Loss | undefined;
}

/** Everything that belongs to one search space. */
interface Field<Loss> {
  readonly flat: FlatSpace;
  /** Undefined in infinite spaces. */
  readonly visits: Visits | undefined;
  /** What was evaluated, in the order in which it was learnt. */
  readonly rows: readonly Row<Loss>[];
  readonly running: ReadonlyMap<number, Point>;
  /** In a finite space a new point; there must be one left. Undefined where the searcher has none. */
  suggest(parameterId: number): Point | undefined;
  propose(parameterId: number, point: Point): void;
  /** A phase that runs on, although the space has changed. */
  carryOn(parameterId: number, point: Point): void;
  finish(parameterId: number, outcome: PhaseOutcome, loss: Loss | undefined): void;
  add(row: Row<Loss>): void;
}

function createField<Loss>(flat: FlatSpace, search: Search<Loss>, seed: number): Field<Loss> {
  const searcher = search.createSearcher(flat);
  const ranked = rankPoints(flat);
  const visits = ranked && createVisits(ranked);
  const rows: Row<Loss>[] = [];
  const running = new Map<number, Point>();
  const add = (row: Row<Loss>): void => {
    const { number, point, loss } = row;
    rows.push(row);
    visits?.learn(point);
    if (loss !== undefined && search.teaches(loss)) searcher.learn(point, loss, seededFor(seed, number));
    else searcher.learnFailure?.(point);
  };
  return {
    flat,
    visits,
    rows,
    running,
    suggest(parameterId) {
      const random = seededFor(seed, parameterId);
      const surroundings = { parameterId, running: [...running.values()], visits };
      const next = (): Point | undefined => searcher.suggest(random, surroundings);
      return searcher.findsNewOnes ? next() : drawUntilNew(visits, random, next);
    },
    propose(parameterId, point) {
      visits?.propose(point);
      searcher.propose?.(point);
      running.set(parameterId, point);
    },
    carryOn(parameterId, point) {
      visits?.learn(point);
      searcher.carryOn?.(point);
      running.set(parameterId, point);
    },
    finish(parameterId, outcome, loss) {
      const point = running.get(parameterId);
      if (point === undefined) return;
      running.delete(parameterId);
      if (wasEvaluated(outcome)) return add({ number: parameterId, point, loss });
      visits?.release(point);
      searcher.takeBack?.(point);
    },
    add,
  };
}

/** Carries over what is still inside: results, phases without one, and phases that run. */
function moveTo<Loss>(next: Field<Loss>, before: Field<Loss>): Field<Loss> {
  const moved = (point: Point): Point | undefined => toPoint(next.flat, toParameters(before.flat, point));
  for (const row of before.rows) {
    const point = moved(row.point);
    if (point !== undefined) next.add({ ...row, point });
  }
  for (const [parameterId, old] of before.running) {
    const point = moved(old);
    if (point !== undefined) next.carryOn(parameterId, point);
  }
  return next;
}
