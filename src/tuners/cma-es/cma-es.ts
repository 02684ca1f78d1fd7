import type { Json, JsonObject, ObservedPoint, TrialResult, TunerFactory } from "../../model/index.ts";
import { canonical, lossOf, seeded, seededFor } from "../../model/index.ts";
import { flatten, toParameters, toPoint } from "../../space/index.ts";
import { wasEvaluated } from "../outcome.ts";
import { type Model, type Proposed, type Settings, checkStart, createModel, moveTo } from "./model.ts";
import type { RestartStrategy } from "./restarts.ts";
import type { KnownPoint } from "./start.ts";

/**
 * CMA-ES: samples from a normal distribution whose mean, step length and covariance follow the better half of each generation.
 *
 * - Hansen, "The CMA Evolution Strategy: A Tutorial", arXiv 1604.00772; equation numbers in this folder are the tutorial's
 * - grids: CMA-ES with Margin (margin.ts); choices: the categorical part of CatCMA (categories.ts)
 * - what comes from elsewhere: warm start (start.ts) and injection (search.ts)
 *
 * Whoever asks gets a further sample of the present generation; it ends when as many results as it needs are in, whichever
 * samples they belong to. Failed phases and NaN rank worst, stopped ones by the value they carry; abandoned and cancelled ones
 * are not waited for. Parameters inside options keep their coordinates while another option is taken; their mean stays then.
 * In a finite space no point comes twice, and after the last one the answer is `no-more`.
 */
export const cmaEsTuner: TunerFactory = ({ optimizeMode, seed, classArgs }) => {
  const settings = settingsOf(classArgs);
  const chance = seeded(seed);
  let model: Model = createModel({ dimensions: [] }, settings, chance);
  let spaceText: string | undefined;
  let running = new Map<number, Proposed>();
  /** Every parameter id that was proposed or reported: a result counts once. */
  const heard = new Set<number>();

  return {
    updateSearchSpace(space) {
      const flat = flatten(space);
      if (spaceText === undefined) checkStart(flat, settings.x0);
      const text = canonical(space as unknown as Json);
      if (text === spaceText) return;
      spaceText = text;
      const next = createModel(flat, settings, chance);
      running = moveTo(next, model, running);
      model = next;
    },
    generateParameters(parameterId) {
      if (model.visits?.exhausted === true) return { kind: "no-more" };
      const random = seededFor(seed, parameterId);
      const proposed = heard.size < settings.startupTrials ? model.begin(random) : model.suggest(random);
      model.visits?.propose(proposed.sample.point);
      heard.add(parameterId);
      running.set(parameterId, proposed);
      return { kind: "parameters", parameters: toParameters(model.flat, proposed.sample.point) };
    },
    receiveTrialResult(result) {
      const proposed = running.get(result.parameterId);
      if (proposed !== undefined) finish(result.parameterId, proposed, result);
      else if (!heard.has(result.parameterId) && wasEvaluated(result.outcome)) hear(result);
    },
    trialEnd({ parameterId, outcome }) {
      const proposed = running.get(parameterId);
      if (proposed !== undefined) finish(parameterId, proposed, { outcome, value: null });
    },
    importData: (rows) => model.import(rows.flatMap(knownPoint)),
  };

  function finish(
    parameterId: number,
    proposed: Proposed,
    result: Pick<TrialResult, "outcome" | "value">,
  ): void {
    running.delete(parameterId);
    if (wasEvaluated(result.outcome)) model.finish(proposed, lossOf(result.value, optimizeMode) ?? Infinity);
    else model.forget(proposed);
  }

  function knownPoint({ parameters, value }: ObservedPoint): KnownPoint[] {
    const loss = lossOf(value, optimizeMode);
    const point = toPoint(model.flat, parameters);
    return loss === undefined || point === undefined ? [] : [{ point, loss }];
  }

  /** Parameters that a person added by hand. */
  function hear({ parameterId, parameters, value }: TrialResult): void {
    heard.add(parameterId);
    const point = toPoint(model.flat, parameters);
    if (point === undefined) return;
    model.visits?.learn(point);
    model.finish(model.adopt(point), lossOf(value, optimizeMode) ?? Infinity);
  }
};

function settingsOf(classArgs: JsonObject): Settings {
  return {
    startupTrials: classArgs["n_startup_trials"] as number,
    sigma0: (classArgs["sigma0"] as number | undefined) ?? 1 / 6,
    x0: classArgs["x0"] as JsonObject | undefined,
    popsize: classArgs["popsize"] as number | undefined,
    restarts: classArgs["restart_strategy"] as RestartStrategy,
    growth: classArgs["inc_popsize"] as number,
    margin: classArgs["with_margin"] as boolean,
  };
}
