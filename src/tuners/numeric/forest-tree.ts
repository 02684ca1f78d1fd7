import type { Random } from "../../model/index.ts";
import { randomInteger } from "../../model/index.ts";
import type { ForestRows, ForestSettings } from "./forest.ts";
import { type Nodes, goesLeft } from "./forest-nodes.ts";
import { type NodeRows, type Split, createSplitter } from "./forest-split.ts";

/** Grows a tree from rows by weight, 0 for rows that are left out; gives its root's place in the nodes. */
export type Grower = (weights: Float64Array) => number;

interface Task {
  readonly node: number;
  readonly from: number;
  readonly to: number;
  readonly depth: number;
}

/**
 * Each ordered column's rows are sorted once for the whole forest. A split parts every column's list and keeps its order, so
 * that a level of a tree costs in proportion to rows times columns.
 */
export function createGrower(
  rows: ForestRows,
  settings: ForestSettings,
  nodes: Nodes,
  random: Random,
): Grower {
  const { columns, cells, count } = rows;
  const width = columns.length;
  const values = columns.map((_, j) =>
    Float64Array.from({ length: count }, (_row, i) => cells[i * width + j]!),
  );
  const targets = Float64Array.from({ length: count }, (_, i) => rows.targets[i]! - nodes.shift);
  const sorted = columns.map(({ kind }, j) => (kind === "ordered" ? sortedRows(values[j]!) : undefined));
  /** A list of rows for each ordered column, and one more in any order, which unordered columns share. */
  const lists = [...sorted, Int32Array.from({ length: count }, (_, i) => i)];
  const parts = lists.map((list) => list && new Int32Array(count));
  const any = parts[width]!;
  const beside = new Int32Array(count);
  const isLeft = new Uint8Array(count);
  const order = Int32Array.from(columns, (_, j) => j);
  const wanted = Math.max(1, Math.floor(settings.columnShare * width));
  const splitter = createSplitter({ columns, values, targets, leastInLeaf: settings.leastInLeaf, random });

  return (weights) => {
    const root = nodes.size++;
    const tasks: Task[] = [{ node: root, from: 0, to: takeRows(weights), depth: 0 }];
    for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
      const rowsHere = sumUp(task, weights);
      const split = mayPart(task, rowsHere) ? bestSplit(rowsHere) : undefined;
      if (split === undefined) finishLeaf(task.node, rowsHere);
      else part(task, split, tasks);
    }
    return root;
  };

  /** Fills the lists with the rows that have weight; gives their number. */
  function takeRows(weights: Float64Array): number {
    let taken = 0;
    for (const [j, list] of lists.entries()) {
      if (list === undefined) continue;
      taken = 0;
      for (const row of list) if (weights[row]! > 0) parts[j]![taken++] = row;
    }
    return taken;
  }

  function sumUp({ from, to }: Task, weights: Float64Array): NodeRows {
    let weight = 0;
    let sum = 0;
    let squares = 0;
    for (let k = from; k < to; k++) {
      const row = any[k]!;
      const target = targets[row]!;
      weight += weights[row]!;
      sum += weights[row]! * target;
      squares += weights[row]! * target * target;
    }
    return { from, to, weights, weight, sum, squares };
  }

  function mayPart({ from, to, depth }: Task, { weight }: NodeRows): boolean {
    return to - from > 1 && weight >= settings.leastToSplit && depth < settings.deepest;
  }

  /** Of a random choice of columns; where none of them parts the rows, of the first further one that does. */
  function bestSplit(rowsHere: NodeRows): Split | undefined {
    splitter.begin(rowsHere);
    for (let k = 0; k < width && (k < wanted || splitter.best === undefined); k++) {
      const other = k + randomInteger(random, width - k);
      const column = order[other]!;
      order[other] = order[k]!;
      order[k] = column;
      splitter.look(column, parts[column] ?? any);
    }
    return splitter.best;
  }

  function finishLeaf(node: number, { weight, sum, squares }: NodeRows): void {
    nodes.column[node] = -1;
    nodes.mean[node] = sum / weight;
    nodes.square[node] = squares / weight;
  }

  function part({ node, from, to, depth }: Task, { column, threshold, subset }: Split, tasks: Task[]): void {
    const left = nodes.size;
    nodes.size += 2;
    nodes.column[node] = column;
    nodes.left[node] = left;
    nodes.isSubset[node] = subset === undefined ? 0 : 1;
    nodes.threshold[node] = subset === undefined ? threshold : nodes.subsets.length;
    for (const word of subset ?? []) nodes.subsets.push(word);
    for (let k = from; k < to; k++)
      isLeft[any[k]!] = goesLeft(nodes, node, values[column]![any[k]!]!) ? 1 : 0;
    let middle = from;
    for (const list of parts) if (list !== undefined) middle = partList(list, from, to);
    tasks.push({ node: left + 1, from: middle, to, depth: depth + 1 });
    tasks.push({ node: left, from, to: middle, depth: depth + 1 });
  }

  /** Moves what goes left to the front, in order; gives where the rest begins. */
  function partList(list: Int32Array, from: number, to: number): number {
    let front = from;
    let rest = 0;
    for (let k = from; k < to; k++) {
      const row = list[k]!;
      if (isLeft[row] === 1) list[front++] = row;
      else beside[rest++] = row;
    }
    for (let k = 0; k < rest; k++) list[front + k] = beside[k]!;
    return front;
  }
}

/** Rows by ascending value. */
function sortedRows(values: Float64Array): Int32Array {
  return Int32Array.from(values, (_, i) => i).sort(
    (one, other) => values[one]! - values[other]! || one - other,
  );
}
