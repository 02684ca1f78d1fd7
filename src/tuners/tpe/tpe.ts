import type { FlatSpace, Json, Point, Random, TrialResult, TunerFactory } from "../../model/index.ts";
import { lossOf, seeded } from "../../model/index.ts";
import { flatten, toParameters, toPoint } from "../../space/index.ts";
import { blocksOf } from "../blocks.ts";
import { rankPoints } from "../ranked-points.ts";
import { type Visits, createVisits, drawNew } from "../visits.ts";
import { type BlockModel, createBlockModel } from "./block-model.ts";
import { type History, type Row, createHistory } from "./history.ts";

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
  const candidates = classArgs["n_ei_candidates"] as number | undefined;
  const random = seeded(seed);
  let model: Model = createModel({ dimensions: [] }, candidates);
  let running = new Map<number, Row>();

  return {
    updateSearchSpace(space) {
      ({ model, running } = moveTo(createModel(flatten(space), candidates), model, running));
    },
    generateParameters(parameterId) {
      if (model.visits?.exhausted === true) return { kind: "no-more" };
      const point =
        model.history.usable < startupTrials
          ? drawNew(model.flat, model.visits, random)
          : model.suggest(random);
      model.visits?.propose(point);
      running.set(parameterId, model.add(point));
      return { kind: "parameters", parameters: toParameters(model.flat, point) };
    },
    receiveTrialResult(result) {
      const row = running.get(result.parameterId);
      if (row !== undefined) finish(result.parameterId, row, result);
      // Parameters that a person added by hand, or that were proposed before the space changed.
      else if (wasEvaluated(result)) observe(result.parameters, lossOf(result.value, optimizeMode));
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

  function finish(parameterId: number, row: Row, result: Pick<TrialResult, "outcome" | "value">): void {
    running.delete(parameterId);
    if (wasEvaluated(result)) model.history.finish(row, lossOf(result.value, optimizeMode) ?? Infinity);
    else model.forget(row);
  }

  function observe(parameters: Json, loss: number | undefined): void {
    const point = toPoint(model.flat, parameters);
    if (point === undefined) return;
    model.visits?.learn(point);
    model.history.finish(model.add(point), loss ?? Infinity);
  }
};

function wasEvaluated({ outcome }: Pick<TrialResult, "outcome">): boolean {
  return outcome !== "abandoned" && outcome !== "cancelled";
}

/** Everything that belongs to one search space. */
interface Model {
  readonly flat: FlatSpace;
  /** Undefined in infinite spaces. */
  readonly visits: Visits | undefined;
  readonly history: History;
  /** Adds a running row. */
  add(point: Point): Row;
  /** Forgets a running row; its point may come again. */
  forget(row: Row): void;
  /** The best candidate; in finite spaces a new one. There must be one left. */
  suggest(random: Random): Point;
}

function createModel(flat: FlatSpace, candidates: number | undefined): Model {
  const ranked = rankPoints(flat);
  const visits = ranked && createVisits(ranked);
  const history = createHistory();
  const blocks = blocksOf(flat).map((block) => createBlockModel(block, history, candidates));
  return {
    flat,
    visits,
    history,
    add(point) {
      const row = history.add(point);
      for (const block of blocks) block.add(row);
      return row;
    },
    forget(row) {
      for (const block of blocks) block.remove(row);
      history.remove(row);
      visits?.release(row.point);
    },
    suggest(random) {
      const point: Point = new Float64Array(flat.dimensions.length).fill(NaN);
      for (const block of blocks) if (block.isActive(point)) block.choose(point, random);
      if (visits === undefined || !visits.has(point)) return point;
      return chooseNew({ flat, visits, blocks }, random);
    },
  };
}

/** How many draws of each kind are compared when the best candidate is already known. */
const poolSize = 64;

/** The best new point among draws from the good density and free points of the space. */
function chooseNew(
  { flat, visits, blocks }: { flat: FlatSpace; visits: Visits; blocks: readonly BlockModel[] },
  random: Random,
): Point {
  const drawn = Array.from({ length: poolSize }, (): Point =>
    new Float64Array(flat.dimensions.length).fill(NaN),
  );
  for (const block of blocks)
    block.drawGood(
      drawn.filter((point) => block.isActive(point)),
      random,
    );
  const free = Array.from({ length: poolSize }, () => visits.free(random)!);
  const pool = [...drawn.filter((point) => !visits.has(point)), ...free];
  const scores = new Float64Array(pool.length);
  for (const block of blocks) {
    const active = pool.flatMap((point, i) => (block.isActive(point) ? [i] : []));
    const parts = block.scores(active.map((i) => pool[i]!));
    for (const [k, i] of active.entries()) scores[i]! += parts[k]!;
  }
  return pool[scores.reduce((best, score, i) => (score > scores[best]! ? i : best), 0)]!;
}

/** Carries rows that are still inside over to the model of a changed space, in their order. */
function moveTo(
  next: Model,
  before: Model,
  running: ReadonlyMap<number, Row>,
): { model: Model; running: Map<number, Row> } {
  const ids = new Map([...running].map(([parameterId, row]) => [row, parameterId]));
  const kept = new Map<number, Row>();
  const rows = [...before.history.ranking, ...before.history.running];
  for (const row of rows.sort((one, other) => one.number - other.number)) {
    const point = toPoint(next.flat, toParameters(before.flat, row.point));
    if (point === undefined) continue;
    next.visits?.learn(point);
    const moved = next.add(point);
    if (row.loss !== undefined) next.history.finish(moved, row.loss);
    const parameterId = ids.get(row);
    if (parameterId !== undefined) kept.set(parameterId, moved);
  }
  return { model: next, running: kept };
}
