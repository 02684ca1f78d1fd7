import type { FlatSpace, Point, Random } from "../../model/index.ts";
import { toParameters, toPoint } from "../../space/index.ts";
import { blocksOf } from "../blocks.ts";
import { rankPoints } from "../ranked-points.ts";
import { type Visits, createVisits } from "../visits.ts";
import { type BlockModel, createBlockModel, placeOfBest } from "./block-model.ts";
import { type History, type Row, createHistory } from "./history.ts";

/** Everything that belongs to one search space. */
export interface Model {
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

export function createModel(flat: FlatSpace, candidates: number): Model {
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
  const drawn = drawGood(flat, blocks, poolSize, random);
  const free = Array.from({ length: poolSize }, () => visits.free(random)!);
  const pool = [...drawn.filter((point) => !visits.has(point)), ...free];
  return pool[placeOfBest(scoresOf(blocks, pool))]!;
}

/** Draws from the density of good rows. */
export function drawGood(
  flat: FlatSpace,
  blocks: readonly BlockModel[],
  count: number,
  random: Random,
): Point[] {
  const points = Array.from({ length: count }, (): Point =>
    new Float64Array(flat.dimensions.length).fill(NaN),
  );
  for (const block of blocks)
    block.drawGood(
      points.filter((point) => block.isActive(point)),
      random,
    );
  return points;
}

/** log l(x) - log g(x) of each point, over all blocks that are active in it. */
export function scoresOf(blocks: readonly BlockModel[], points: readonly Point[]): Float64Array {
  const scores = new Float64Array(points.length);
  for (const block of blocks) {
    const active = points.flatMap((point, i) => (block.isActive(point) ? [i] : []));
    const parts = block.scores(active.map((i) => points[i]!));
    for (const [k, i] of active.entries()) scores[i]! += parts[k]!;
  }
  return scores;
}

/** Carries rows that are still inside over to the model of a changed space, in their order. */
export function moveTo(
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
