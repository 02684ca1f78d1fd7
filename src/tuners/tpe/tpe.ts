import type { Json, Point, TrialResult, TunerFactory } from "../../model/index.ts";
import { lossOf, seededFor } from "../../model/index.ts";
import { flatten, toParameters, toPoint } from "../../space/index.ts";
import { wasEvaluated } from "../outcome.ts";
import { drawNew } from "../visits.ts";
import type { Row } from "./history.ts";
import { type Model, createModel, moveTo } from "./model.ts";

/**
 * Tree-structured Parzen Estimator: the density l(x) of good rows against the density g(x) of all others; the candidate
 * with the largest l/g has the largest expected improvement.
 *
 * - Bergstra, Bardenet, Bengio, Kegl: "Algorithms for Hyper-Parameter Optimization", NIPS 2011
 * - joint kernels over all dimensions: Falkner, Klein, Hutter: "BOHB", ICML 2018
 * - what matters in practice: Watanabe, "Tree-Structured Parzen Estimator", arXiv 2304.11127
 *
 * A nested choice makes one joint model per block of dimensions that are active together. Phases that still run count as
 * not good. Failed phases and NaN count as the worst rows; stopped ones by the value they carry; abandoned and cancelled
 * ones are forgotten. In a finite space no point comes twice, and after the last one the answer is `no-more`.
 */
export const tpeTuner: TunerFactory = ({ optimizeMode, seed, classArgs }) => {
  const startupTrials = classArgs["n_startup_trials"] as number;
  const candidates = classArgs["n_ei_candidates"] as number;
  let model: Model = createModel({ dimensions: [] }, candidates);
  let running = new Map<number, Row>();
  /** Every parameter id that was proposed or reported: a result counts once. */
  const known = new Set<number>();

  return {
    updateSearchSpace(space) {
      ({ model, running } = moveTo(createModel(flatten(space), candidates), model, running));
    },
    generateParameters(parameterId) {
      if (model.visits?.exhausted === true) return { kind: "no-more" };
      const random = seededFor(seed, parameterId);
      const point =
        model.history.usable < startupTrials
          ? drawNew(model.flat, model.visits, random)
          : model.suggest(random);
      propose(parameterId, point);
      return { kind: "parameters", parameters: toParameters(model.flat, point) };
    },
    recallParameters({ parameterId, parameters }) {
      const point = toPoint(model.flat, parameters);
      if (point !== undefined) propose(parameterId, point);
    },
    receiveTrialResult(result) {
      const { parameterId, parameters, value } = result;
      const row = running.get(parameterId);
      if (row !== undefined) return finish(parameterId, row, result);
      if (known.has(parameterId) || !wasEvaluated(result.outcome)) return;
      // Parameters that a person added by hand.
      known.add(parameterId);
      observe(parameters, lossOf(value, optimizeMode));
    },
    trialEnd(end) {
      const row = running.get(end.parameterId);
      if (row !== undefined) finish(end.parameterId, row, { outcome: end.outcome, value: null });
    },
    importData(rows) {
      for (const { parameters, value } of rows) {
        const loss = lossOf(value, optimizeMode);
        if (loss !== undefined) observe(parameters, loss);
      }
    },
  };

  function propose(parameterId: number, point: Point): void {
    model.visits?.propose(point);
    known.add(parameterId);
    running.set(parameterId, model.add(point));
  }

  function finish(parameterId: number, row: Row, { outcome, value }: Ended): void {
    running.delete(parameterId);
    if (wasEvaluated(outcome)) model.history.finish(row, lossOf(value, optimizeMode) ?? Infinity);
    else model.forget(row);
  }

  function observe(parameters: Json, loss: number | undefined): void {
    const point = toPoint(model.flat, parameters);
    if (point === undefined) return;
    model.visits?.learn(point);
    model.history.finish(model.add(point), loss ?? Infinity);
  }
};

type Ended = Pick<TrialResult, "outcome" | "value">;
