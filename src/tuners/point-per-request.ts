import type { FlatSpace, OptimizeMode, Point, Tuner } from "../model/index.ts";
import { lossOf } from "../model/index.ts";
import { flatten, toParameters, toPoint } from "../space/index.ts";
import { rankPoints } from "./ranked-points.ts";
import { type Visits, createVisits } from "./visits.ts";

/** Which point answers a request: in finite spaces one that is new. `visits`, undefined in others, is not exhausted. */
export type PointSource = (parameterId: number, visits: Visits | undefined) => Point;

/**
 * A tuner that does not learn: the parameter id names the point. In a finite space no point comes twice, and after the last
 * one the answer is `no-more`.
 */
export function pointPerRequest(
  optimizeMode: OptimizeMode,
  sourceFor: (flat: FlatSpace) => PointSource,
): Tuner {
  const pending = new Map<number, Point>();
  let flat: FlatSpace = { dimensions: [] };
  let source = sourceFor(flat);
  let visits: Visits | undefined;
  const ended = (parameterId: number, evaluated: boolean): void => {
    const point = pending.get(parameterId);
    pending.delete(parameterId);
    if (point !== undefined && !evaluated) visits?.release(point);
  };
  return {
    updateSearchSpace(space) {
      const before = flat;
      const known = visits?.points() ?? [];
      flat = flatten(space);
      source = sourceFor(flat);
      const ranked = rankPoints(flat);
      visits = ranked && createVisits(ranked);
      pending.clear();
      for (const point of known) {
        const kept = toPoint(flat, toParameters(before, point));
        if (kept !== undefined) visits?.learn(kept);
      }
    },
    generateParameters(parameterId) {
      if (visits?.exhausted === true) return { kind: "no-more" };
      const point = source(parameterId, visits);
      propose(parameterId, point);
      return { kind: "parameters", parameters: toParameters(flat, point) };
    },
    recallParameters({ parameterId, parameters }) {
      const point = visits && toPoint(flat, parameters);
      if (point !== undefined) propose(parameterId, point);
    },
    receiveTrialResult({ parameterId, parameters, outcome }) {
      const evaluated = outcome !== "abandoned" && outcome !== "cancelled";
      // A point that a person added by hand need not be drawn again.
      if (evaluated && !pending.has(parameterId)) learn(parameters);
      ended(parameterId, evaluated);
    },
    trialEnd: ({ parameterId }) => ended(parameterId, true),
    importData(rows) {
      for (const { parameters, value } of rows)
        if (lossOf(value, optimizeMode) !== undefined) learn(parameters);
    },
  };

  function propose(parameterId: number, point: Point): void {
    visits?.propose(point);
    if (visits !== undefined) pending.set(parameterId, point);
  }

  function learn(parameters: Parameters<typeof toPoint>[1]): void {
    const point = visits && toPoint(flat, parameters);
    if (point !== undefined) visits?.learn(point);
  }
}
