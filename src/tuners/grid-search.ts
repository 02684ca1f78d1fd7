import type { FlatSpace, NumericDimension, TunerFactory } from "../model/index.ts";
import { PolyphaseError, lossOf } from "../model/index.ts";
import { decode, encode, flatten, toParameters, toPoint } from "../space/index.ts";
import { type HandOut, createHandOut } from "./hand-out.ts";
import { type Ladder, type RankedPoints, ownLadder, rankPoints } from "./ranked-points.ts";

/**
 * Every point of the space once, the last key fastest. Continuous parameters need the class arg `grid_points`.
 * Nothing is listed in advance: a space of 10^12 points costs as much memory as the points handed out.
 */
export const gridSearchTuner: TunerFactory = ({ classArgs, optimizeMode }) => {
  const gridPoints = classArgs["grid_points"] as number | undefined;
  const spread = classArgs["order"] === "spread";
  let flat: FlatSpace = { dimensions: [] };
  let ranked: RankedPoints | undefined;
  let handOut: HandOut = createHandOut(0, () => 0);
  return {
    updateSearchSpace(space) {
      const taken = ranked === undefined ? [] : handOut.taken().map((rank) => ranked!.pointAt(rank));
      const known = taken.map((point) => toParameters(flat, point));
      flat = flatten(space);
      ranked = rankGrid(flat, gridPoints);
      handOut = createHandOut(ranked.size, spread ? spreadWalk(ranked.size) : (place) => place);
      for (const parameters of known) skip(parameters);
    },
    generateParameters(parameterId) {
      const rank = handOut.next(parameterId);
      if (typeof rank === "string") return { kind: rank };
      return { kind: "parameters", parameters: toParameters(flat, ranked!.pointAt(rank)) };
    },
    receiveTrialResult: ({ parameterId, outcome }) => handOut.ended(parameterId, outcome),
    trialEnd: ({ parameterId, outcome }) => handOut.ended(parameterId, outcome),
    importData(rows) {
      for (const { parameters, value } of rows)
        if (lossOf(value, optimizeMode) !== undefined) skip(parameters);
    },
  };

  function skip(parameters: Parameters<typeof toPoint>[1]): void {
    const point = toPoint(flat, parameters);
    if (point === undefined || ranked === undefined) return;
    const rank = ranked.rankOf(point);
    // With `grid_points` a point may lie between the steps: then it is none of ours.
    if (ranked.pointAt(rank).every((value, i) => Object.is(value, point[i]))) handOut.skip(rank);
  }
};

function rankGrid(flat: FlatSpace, gridPoints: number | undefined): RankedPoints {
  const ranked = rankPoints(flat, (dimension) => gridLadder(dimension, gridPoints));
  if (ranked !== undefined) return ranked;
  throw new PolyphaseError(
    "search-space-unsupported",
    "GridSearch: the grid has more than 2^52 points, which cannot be swept.",
    { hint: "Take fewer values, or use another tuner." },
  );
}

/** The dimension's own grid; else `gridPoints` values, evenly spread over the prior's quantiles. */
function gridLadder(dimension: NumericDimension, gridPoints: number | undefined): Ladder {
  if (Number.isFinite(dimension.levels)) return ownLadder(dimension);
  if (gridPoints === undefined)
    throw new PolyphaseError(
      "search-space-unsupported",
      `GridSearch: "${dimension.name}" is ${dimension.type}, which has no finite grid; expected choice, randint, quniform or qloguniform.`,
      { hint: "Give the class arg grid_points: 5 for five values of each such parameter, or use quniform." },
    );
  const bounded = dimension.prior === "uniform";
  const quantile = (step: number): number => {
    if (gridPoints === 1) return 0.5;
    return bounded ? step / (gridPoints - 1) : (step + 0.5) / gridPoints;
  };
  const values = Array.from({ length: gridPoints }, (_, step) => decode(dimension, quantile(step)));
  const distinct = [...new Set(values)];
  return {
    count: distinct.length,
    valueAt: (step) => distinct[step]!,
    stepOf: (value) =>
      nearest(distinct.map((other) => Math.abs(encode(dimension, other) - encode(dimension, value)))),
  };
}

function nearest(distances: readonly number[]): number {
  return distances.reduce((best, distance, i) => (distance < distances[best]! ? i : best), 0);
}

/** Steps of the golden section around the ring of points, so that an unfinished sweep has been everywhere. */
function spreadWalk(size: number): (place: number) => number {
  let stride = Math.max(1, Math.round(size * 0.6180339887498949));
  while (greatestDivisor(stride, size) !== 1) stride++;
  let at = 0;
  let rank = 0;
  return (place) => {
    for (; at < place; at++) rank = (rank + stride) % size;
    return rank;
  };
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
