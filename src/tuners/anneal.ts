import type { Dimension, FlatSpace, NumericDimension, Point, Random, TunerFactory } from "../model/index.ts";
import { randomNormal } from "../model/index.ts";
import { decode, encode, isActive, sampleDimension, snap } from "../space/index.ts";
import { type Searcher, tunerAround } from "./searcher.ts";

/** The place of the model phase among the best, counted from 1, on average: hyperopt's `avg_best_idx`. */
const averagePlace = 2;
/** How fast neighbourhoods shrink: hyperopt's `shrink_coef`. */
const shrinkRate = 0.1;
/** Deeper than this the 32 bits of a random number do not reach: {@link geometricPlace} is 32 at most. */
const deepest = 33;

/**
 * Annealing as in hyperopt's `anneal.suggest` (Bergstra), which NNI ships: a draw near one of the best points, from the prior
 * shrunk by 1 / (1 + 0.1 T) after T results. The best point is the model with probability 1/2, the second with 1/4 ...
 *
 * Unlike there, `randint` is ordered, and a grid does not freeze when the neighbourhood becomes narrower than its step.
 */
export const annealTuner: TunerFactory = tunerAround(annealing);

function annealing(flat: FlatSpace): Searcher {
  const records = flat.dimensions.map(() => ({ results: 0, best: [] as Evaluated[] }));
  return {
    suggest(random) {
      const point: Point = new Float64Array(flat.dimensions.length).fill(NaN);
      const models: Point[] = [];
      for (const dimension of flat.dimensions)
        if (isActive(flat, point, dimension)) point[dimension.index] = drawValue(dimension, models, random);
      return point;
    },
    learn(point, loss) {
      for (const [index, record] of records.entries()) {
        if (Number.isNaN(point[index])) continue;
        record.results += 1;
        insert(record.best, { point, loss });
      }
    },
  };

  /** All dimensions follow one model phase, unless it lacks a nested one: then a further phase is chosen that has it. */
  function drawValue(dimension: Dimension, models: Point[], random: Random): number {
    const { index } = dimension;
    const { results, best } = records[index]!;
    if (results === 0) return sampleDimension(dimension, random);
    let model = models.find((each) => !Number.isNaN(each[index]));
    if (model === undefined) {
      model = best[Math.min(best.length - 1, geometricPlace(random))]!.point;
      models.push(model);
    }
    return drawNear(dimension, model[index]!, 1 / (1 + shrinkRate * results), random);
  }
}

interface Evaluated {
  readonly point: Point;
  readonly loss: number;
}

/** Best first; of equal losses the older one. */
function insert(best: Evaluated[], row: Evaluated): void {
  const worse = best.findIndex(({ loss }) => loss > row.loss);
  best.splice(worse < 0 ? best.length : worse, 0, row);
  if (best.length > deepest) best.pop();
}

/** 0, 1, 2 ... with probabilities 1/2, 1/4, 1/8 ... */
function geometricPlace(random: Random): number {
  return Math.floor(Math.log(1 - random.next()) / Math.log(1 - 1 / averagePlace));
}

/** A draw from the prior shrunk about `centre`; `shrink` 1 is the whole prior. */
export function drawNear(dimension: Dimension, centre: number, shrink: number, random: Random): number {
  if (dimension.kind === "categorical")
    return random.next() < shrink ? sampleDimension(dimension, random) : centre;
  const value =
    dimension.prior === "normal"
      ? drawNormal(dimension, centre, shrink, random)
      : drawUniform(dimension, centre, shrink, random);
  // Where the neighbourhood lies inside one cell, a step is as likely as another option of a choice.
  const stays = dimension.q !== undefined && value === centre && random.next() < shrink;
  return stays ? neighbour(dimension, centre, random) : value;
}

/** Uniform in a window of the axis (logarithmic for the log types) that is moved inside the bounds. */
function drawUniform(dimension: NumericDimension, centre: number, width: number, random: Random): number {
  const middle = Math.min(1 - width / 2, Math.max(width / 2, encode(dimension, centre)));
  return decode(dimension, middle + width * (random.next() - 0.5));
}

/** What hyperopt adds to values of `qlognormal`, which may be 0, before it takes the logarithm. */
const aboveZero = 1e-16;

function drawNormal(dimension: NumericDimension, centre: number, shrink: number, random: Random): number {
  const { log, q, sigma } = dimension;
  const deviation = sigma * shrink * randomNormal(random);
  if (!log) return snap(dimension, centre + deviation);
  return snap(dimension, Math.exp(Math.log(q === undefined ? centre : aboveZero + centre) + deviation));
}

/** One step up or down; at an end of the grid it may be no step at all. */
function neighbour(dimension: NumericDimension, value: number, random: Random): number {
  const { q = 0, low, high } = dimension;
  const step = random.next() < 0.5 ? -q : q;
  // Inside the bounds before it is rounded: quniform [1, 10, 4] ends at 8.
  return snap(dimension, Math.min(high, Math.max(low, value + step)));
}
