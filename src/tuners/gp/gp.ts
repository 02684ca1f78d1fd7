import type { Json, Point, TrialResult, TunerFactory } from "../../model/index.ts";
import { lossOf } from "../../model/index.ts";
import { flatten, toParameters, toPoint } from "../../space/index.ts";
import { type Field, createField, moveTo, settingsOf } from "./field.ts";

/**
 * Bayesian optimisation with a Gaussian process: the next point is the one whose loss may be expected to better the best most.
 *
 * - Jones, Schonlau and Welch, "Efficient Global Optimization of Expensive Black-Box Functions", J. Global Optim. 13 (1998)
 * - Snoek, Larochelle and Adams, "Practical Bayesian Optimization of Machine Learning Algorithms", NIPS 2012
 * - logarithm of the expected improvement: Ament et al., NeurIPS 2023
 *
 * Phases that still run count as if they had the loss that is expected of them. Failed phases and NaN teach no number, but
 * their neighbourhood is avoided; stopped ones count by the value that they carry; abandoned and cancelled ones are
 * forgotten. In a finite space no point comes twice, and after the last one the answer is `no-more`.
 */
export const gpTuner: TunerFactory = ({ optimizeMode, seed, classArgs }) => {
  const settings = settingsOf(classArgs);
  let field: Field = createField({ dimensions: [] }, settings, seed);
  /** Every parameter id that was proposed or reported: a result counts once. */
  const known = new Set<number>();

  return {
    updateSearchSpace(space) {
      field = moveTo(createField(flatten(space), settings, seed), field);
    },
    generateParameters(parameterId) {
      if (field.visits?.exhausted === true) return { kind: "no-more" };
      const point = field.suggest(parameterId);
      propose(parameterId, point);
      return { kind: "parameters", parameters: toParameters(field.flat, point) };
    },
    recallParameters({ parameterId, parameters }) {
      const point = toPoint(field.flat, parameters);
      if (point !== undefined) propose(parameterId, point);
    },
    receiveTrialResult(result) {
      const { parameterId, parameters, value } = result;
      const point = field.running.get(parameterId);
      if (point !== undefined) return finish(parameterId, point, result);
      if (known.has(parameterId) || !wasEvaluated(result)) return;
      // Parameters that a person added by hand.
      known.add(parameterId);
      observe(parameters, lossOf(value, optimizeMode));
    },
    trialEnd({ parameterId, outcome }) {
      const point = field.running.get(parameterId);
      if (point !== undefined) finish(parameterId, point, { outcome, value: null });
    },
    importData(rows) {
      for (const { parameters, value } of rows) {
        const loss = lossOf(value, optimizeMode);
        if (loss !== undefined) observe(parameters, loss);
      }
    },
  };

  function propose(parameterId: number, point: Point): void {
    known.add(parameterId);
    field.visits?.propose(point);
    field.running.set(parameterId, point);
  }

  function finish(parameterId: number, point: Point, result: Pick<TrialResult, "outcome" | "value">): void {
    field.running.delete(parameterId);
    if (wasEvaluated(result)) field.learn({ point, loss: lossOf(result.value, optimizeMode) });
    else field.visits?.release(point);
  }

  function observe(parameters: Json, loss: number | undefined): void {
    const point = toPoint(field.flat, parameters);
    if (point !== undefined) field.learn({ point, loss });
  }
};

function wasEvaluated({ outcome }: Pick<TrialResult, "outcome">): boolean {
  return outcome !== "abandoned" && outcome !== "cancelled";
}
