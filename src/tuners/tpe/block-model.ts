import type { Point, Random } from "../../model/index.ts";
import { sampleDimension } from "../../space/index.ts";
import type { Block } from "../blocks.ts";
import { type Candidates, createCandidates, logDensities } from "../numeric/kernel-density.ts";
import { drawFromMixture } from "../numeric/kernel-draw.ts";
import { type KernelMixture, fitMixture } from "../numeric/kernel-mixture.ts";
import { appendRow, createKernelTable, removeRow, tableOrder } from "../numeric/kernel-table.ts";
import { ageWeights } from "./age-weights.ts";
import { type ModelAxis, modelAxis } from "../axis.ts";
import type { History, Row } from "./history.ts";
import { type Split, splitRows } from "./split.ts";

/** The joint model of the dimensions of one block, over the rows in which the block is active. */
export interface BlockModel {
  isActive(point: Point): boolean;
  add(row: Row): void;
  remove(row: Row): void;
  /** Writes the best of `candidates` draws from the density of good rows into `point`. */
  choose(point: Point, random: Random): void;
  /** Writes one draw from the density of good rows into each point. */
  drawGood(points: readonly Point[], random: Random): void;
  /** log l(x) - log g(x) of each point. */
  scores(points: readonly Point[]): Float64Array;
}

/** The prior counts as much as one row. */
const priorWeight = 1;

/**
 * The share of rows that count as good. Against the usual tenth, 15 % finds the optima of Branin and Hartmann6 with clearly
 * fewer evaluations (bench/quality.mjs). Where a choice opens other blocks a tenth is better: it must not be settled
 * before the parameters inside its options are.
 */
const goodShare = 0.15;
const goodShareAboveOthers = 0.1;

/** @param candidates how many draws are compared for a proposal */
export function createBlockModel(block: Block, history: History, candidates: number): BlockModel {
  const columns = columnsOf(block);
  const table = createKernelTable(columns.map(({ axis }) => axis.kernel));
  /** Row numbers by place in the table: ascending, because rows are added in the order of their numbers. */
  const numbers: number[] = [];
  const coordinates = new Float64Array(columns.length);
  const isActive = (point: Point): boolean =>
    block.condition === undefined || point[block.condition.parent] === block.condition.option;
  const split = (): Split =>
    splitRows(history, {
      isActive,
      numbers,
      goodShare: block.opensOthers ? goodShareAboveOthers : goodShare,
    });
  const fitGood = ({ good, goodWeights }: Split): KernelMixture =>
    fitMixture(table, good, goodWeights, priorWeight);
  const fitRest = ({ rest }: Split): KernelMixture =>
    fitMixture(table, rest, ageWeights(rest.length), priorWeight);

  return {
    isActive,
    add({ number, point }) {
      if (!isActive(point)) return;
      for (const [j, { axis, index }] of columns.entries()) coordinates[j] = axis.toModel(point[index]!);
      appendRow(table, coordinates);
      numbers.push(number);
    },
    remove({ number, point }) {
      if (!isActive(point)) return;
      const place = numbers.lastIndexOf(number);
      removeRow(table, place);
      numbers.splice(place, 1);
    },
    choose(point, random) {
      if (table.size === 0) return drawPrior(block, point, random);
      const points = Array.from({ length: candidates }, () => point.slice());
      const rows = split();
      draw(points, fitGood(rows), random);
      point.set(points[placeOfBest(score(points, rows))]!);
    },
    drawGood: (points, random) => draw(points, fitGood(split()), random),
    scores: (points) => score(points, split()),
  };

  function draw(points: readonly Point[], good: KernelMixture, random: Random): void {
    for (const point of points) {
      drawFromMixture(table, good, random, coordinates);
      for (const [j, { axis, index }] of columns.entries()) point[index] = axis.toValue(coordinates[j]!);
    }
  }

  function score(points: readonly Point[], rows: Split): Float64Array {
    const at = candidatesAt(columns, points);
    const scores = logDensities(table, fitGood(rows), at);
    const others = logDensities(table, fitRest(rows), at);
    return scores.map((each, i) => each - others[i]!);
  }
}

/** The first place of the highest score. */
export function placeOfBest(scores: Float64Array): number {
  return scores.reduce((best, score, i) => (score > scores[best]! ? i : best), 0);
}

/** A dimension of the block, in the table's order. */
interface Column {
  readonly axis: ModelAxis;
  /** Position in the point. */
  readonly index: number;
}

function columnsOf({ dimensions }: Block): readonly Column[] {
  const columns = dimensions.map((dimension) => ({ axis: modelAxis(dimension), index: dimension.index }));
  return tableOrder(columns.map(({ axis }) => axis.kernel)).map((i) => columns[i]!);
}

function drawPrior({ dimensions }: Block, point: Point, random: Random): void {
  for (const dimension of dimensions) point[dimension.index] = sampleDimension(dimension, random);
}

function candidatesAt(columns: readonly Column[], points: readonly Point[]): Candidates {
  const candidates = createCandidates(points.length, columns.length);
  for (const [c, point] of points.entries())
    for (const [j, { axis, index }] of columns.entries()) {
      const cell = c * columns.length + j;
      candidates.at[cell] = axis.toModel(point[index]!);
      if (axis.kernel.kind !== "ordered" || !axis.kernel.grid) continue;
      const [lower, upper] = axis.cell(point[index]!);
      candidates.lower[cell] = lower;
      candidates.upper[cell] = upper;
    }
  return candidates;
}
