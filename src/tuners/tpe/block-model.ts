import type { Point, Random } from "../../model/index.ts";
import { sampleDimension } from "../../space/index.ts";
import type { Block } from "../blocks.ts";
import { type Candidates, createCandidates, logDensities } from "../numeric/kernel-density.ts";
import { drawFromMixture } from "../numeric/kernel-draw.ts";
import { type KernelMixture, fitMixture } from "../numeric/kernel-mixture.ts";
import { appendRow, createKernelTable, removeRow, tableOrder } from "../numeric/kernel-table.ts";
import { ageWeights, goodCount } from "./age-weights.ts";
import { modelAxis } from "./axis.ts";
import type { History, Row } from "./history.ts";

/** The joint model of the dimensions of one block, over the rows in which the block is active. */
export interface BlockModel {
  isActive(point: Point): boolean;
  add(row: Row): void;
  remove(row: Row): void;
  /** Writes the best of `candidates` draws from the density of good rows into `point`. */
  choose(point: Point, candidates: number, random: Random): void;
  /** Writes one draw from the density of good rows into each point. */
  drawGood(points: readonly Point[], random: Random): void;
  /** log l(x) - log g(x) of each point. */
  scores(points: readonly Point[]): Float64Array;
}

const priorWeight = 1;

export function createBlockModel(block: Block, history: History): BlockModel {
  const inOrder = block.dimensions.map(modelAxis);
  const places = tableOrder(inOrder.map(({ kernel }) => kernel));
  const axes = places.map((i) => inOrder[i]!);
  const dimensions = places.map((i) => block.dimensions[i]!);
  const table = createKernelTable(axes.map(({ kernel }) => kernel));
  /** Row numbers by place in the table: ascending, because rows are added in the order of their numbers. */
  const numbers: number[] = [];
  const coordinates = new Float64Array(axes.length);
  const isActive = (point: Point): boolean =>
    block.condition === undefined || point[block.condition.parent] === block.condition.option;

  const model: BlockModel = {
    isActive,
    add({ number, point }) {
      if (!isActive(point)) return;
      for (const [j, axis] of axes.entries()) coordinates[j] = axis.toModel(point[dimensions[j]!.index]!);
      appendRow(table, coordinates);
      numbers.push(number);
    },
    remove({ number, point }) {
      if (!isActive(point)) return;
      const place = placeOf(number);
      removeRow(table, place);
      numbers.splice(place, 1);
    },
    choose(point, count, random) {
      if (table.size === 0) return drawPrior(point, random);
      const points = Array.from({ length: count }, () => point.slice());
      model.drawGood(points, random);
      const scores = model.scores(points);
      const best = scores.reduce((leader, score, i) => (score > scores[leader]! ? i : leader), 0);
      point.set(points[best]!);
    },
    drawGood(points, random) {
      const good = fit(split().good);
      for (const point of points) {
        drawFromMixture(table, good, random, coordinates);
        for (const [j, axis] of axes.entries()) point[dimensions[j]!.index] = axis.toValue(coordinates[j]!);
      }
    },
    scores(points) {
      const { good, rest } = split();
      const candidates = candidatesAt(points);
      const scores = logDensities(table, fit(good), candidates);
      const others = logDensities(table, fit(rest), candidates);
      return scores.map((score, i) => score - others[i]!);
    },
  };
  return model;

  function drawPrior(point: Point, random: Random): void {
    for (const dimension of block.dimensions) point[dimension.index] = sampleDimension(dimension, random);
  }

  function fit(members: Int32Array): KernelMixture {
    return fitMixture(table, members, ageWeights(members.length), priorWeight);
  }

  /**
   * The best rows of this block, and all others: worse ones, those without a usable result, and those that still run.
   * A running phase counting as "not good" keeps other jobs away from it; no value is made up for it.
   */
  function split(): { good: Int32Array; rest: Int32Array } {
    let unusable = 0;
    for (const row of history.running) if (isActive(row.point)) unusable += 1;
    for (let i = history.usable; i < history.ranking.length; i++)
      if (isActive(history.ranking[i]!.point)) unusable += 1;
    const good = new Int32Array(goodCount(table.size - unusable));
    let found = 0;
    for (let i = 0; found < good.length; i++) {
      const row = history.ranking[i]!;
      if (isActive(row.point)) good[found++] = placeOf(row.number);
    }
    good.sort();
    const rest = new Int32Array(table.size - good.length);
    let kept = 0;
    let passed = 0;
    for (let place = 0; place < table.size; place++) {
      if (good[passed] === place) passed++;
      else rest[kept++] = place;
    }
    return { good, rest };
  }

  function placeOf(number: number): number {
    let low = 0;
    let high = numbers.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (numbers[middle]! < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function candidatesAt(points: readonly Point[]): Candidates {
    const candidates = createCandidates(points.length, axes.length);
    for (const [c, point] of points.entries())
      for (const [j, axis] of axes.entries()) {
        const value = point[dimensions[j]!.index]!;
        const cell = c * axes.length + j;
        candidates.at[cell] = axis.toModel(value);
        if (axis.kernel.kind !== "ordered" || !axis.kernel.grid) continue;
        const [lower, upper] = axis.cell(value);
        candidates.lower[cell] = lower;
        candidates.upper[cell] = upper;
      }
    return candidates;
  }
}
