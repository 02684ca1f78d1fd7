import type { Random } from "../../model/index.ts";
import { randomInteger } from "../../model/index.ts";
import type { ForestRows, ForestSettings } from "./forest-rows.ts";
import { type RowLists, createRowLists } from "./forest-lists.ts";
import { type Nodes, goesLeft } from "./forest-nodes.ts";
import {
  type NodeRows,
  type Split,
  type SplitSearch,
  beginSearch,
  lookForSubset,
  lookForThreshold,
} from "./forest-split.ts";

/** What the trees of a forest have in common while they are grown. */
export interface Ground {
  readonly rows: ForestRows;
  readonly settings: ForestSettings;
  readonly nodes: Nodes;
  readonly lists: RowLists;
  /** By column and row. */
  readonly values: readonly Float64Array[];
  /** By row, less the nodes' `shift`. */
  readonly targets: Float64Array;
  /** By row, for the tree that is being grown: how often it was drawn. */
  readonly weights: Float64Array;
  /** The columns, in an order that each node shuffles on. */
  readonly order: Int32Array;
  /** Room for one mark per row. */
  readonly isLeft: Uint8Array;
}

export function layGround(rows: ForestRows, settings: ForestSettings, nodes: Nodes): Ground {
  const { columns, cells, targets, count } = rows;
  const width = columns.length;
  const values = columns.map((_, column) => {
    const own = new Float64Array(count);
    for (let row = 0; row < count; row++) own[row] = cells[row * width + column]!;
    return own;
  });
  return {
    rows,
    settings,
    nodes,
    values,
    lists: createRowLists(rows, values),
    targets: targets.slice(0, count).map((target) => target - nodes.shift),
    weights: new Float64Array(count).fill(1),
    order: Int32Array.from(columns, (_, column) => column),
    isLeft: new Uint8Array(count),
  };
}

/** A node that is to be made, and the places of its rows. */
interface Task {
  readonly node: number;
  readonly from: number;
  readonly to: number;
  readonly depth: number;
}

/** Grows a tree from the rows that have weight; gives its root's place in the nodes. */
export function growTree(ground: Ground, random: Random): number {
  const { nodes, lists, weights, settings } = ground;
  const root = nodes.size++;
  const tasks: Task[] = [{ node: root, from: 0, to: lists.take(weights), depth: 0 }];
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    const rows = sumUp(ground, task);
    const mayPart =
      task.to - task.from > 1 && rows.weight >= settings.leastToSplit && task.depth < settings.deepest;
    const split = mayPart ? bestSplit(ground, rows, random) : undefined;
    if (split === undefined) finishLeaf(nodes, task.node, rows);
    else tasks.push(...part(ground, task, split));
  }
  return root;
}

function sumUp({ lists, weights, targets }: Ground, { from, to }: Task): NodeRows {
  let weight = 0;
  let sum = 0;
  let squares = 0;
  for (let place = from; place < to; place++) {
    const row = lists.any[place]!;
    const target = targets[row]!;
    weight += weights[row]!;
    sum += weights[row]! * target;
    squares += weights[row]! * target * target;
  }
  return { from, to, weight, sum, squares };
}

/** Of a random choice of columns; where none of them parts the rows, of the first further one that does. */
function bestSplit(ground: Ground, rows: NodeRows, random: Random): Split | undefined {
  const { order, settings } = ground;
  const wanted = Math.max(1, Math.floor(settings.columnShare * order.length));
  const search = beginSearch(rows);
  for (let k = 0; k < order.length && (k < wanted || search.split === undefined); k++) {
    const other = k + randomInteger(random, order.length - k);
    const column = order[other]!;
    order[other] = order[k]!;
    order[k] = column;
    look(ground, column, search, random);
  }
  return search.split;
}

function look(ground: Ground, column: number, search: SplitSearch, random: Random): void {
  const { rows, lists, values, targets, weights, settings } = ground;
  const { leastInLeaf } = settings;
  const input = { column, list: lists.of(column), values: values[column]!, targets, weights, leastInLeaf };
  const kind = rows.columns[column]!;
  if (kind.kind === "ordered") lookForThreshold(search, input, random);
  else lookForSubset(search, input, kind.size, random);
}

function finishLeaf(nodes: Nodes, node: number, { weight, sum, squares }: NodeRows): void {
  nodes.column[node] = -1;
  nodes.mean[node] = sum / weight;
  nodes.square[node] = squares / weight;
}

/** Makes the node a question, and gives its two children to be made. */
function part(ground: Ground, { node, from, to, depth }: Task, split: Split): [Task, Task] {
  const { nodes, lists, values, isLeft } = ground;
  const { column, threshold, subset } = split;
  const left = nodes.size;
  nodes.size += 2;
  nodes.column[node] = column;
  nodes.left[node] = left;
  nodes.isSubset[node] = subset === undefined ? 0 : 1;
  nodes.threshold[node] = subset === undefined ? threshold : nodes.subsets.length;
  for (const word of subset ?? []) nodes.subsets.push(word);
  for (let place = from; place < to; place++) {
    const row = lists.any[place]!;
    isLeft[row] = goesLeft(nodes, node, values[column]![row]!) ? 1 : 0;
  }
  const middle = lists.part(from, to, isLeft);
  return [
    { node: left + 1, from: middle, to, depth: depth + 1 },
    { node: left, from, to: middle, depth: depth + 1 },
  ];
}
