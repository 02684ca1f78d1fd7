import type { Dimension, FlatSpace, Json, Point } from "../../model/index.ts";
import { isActive, toParameters } from "../../space/index.ts";
import { cellText } from "../csv.ts";
import { flattened } from "../terminal/words.ts";

/** The cells of one row by the flattened names of its parameters. */
export type Cells = { readonly [name: string]: string };

/**
 * The parameters that `export` wrote as these cells. Text alone does not say whether `16` was a number or a word, so the
 * space says it; undefined where the cells are no point of it.
 */
export function parametersInSpace(flat: FlatSpace, cells: Cells): Json | undefined {
  const point: Point = new Float64Array(flat.dimensions.length).fill(NaN);
  const names: string[] = [];
  const used = new Set<string>();
  for (const dimension of flat.dimensions) {
    const { index, condition, path } = dimension;
    if (!isActive(flat, point, dimension)) continue;
    const holder = condition === undefined ? "" : `${names[condition.parent]}/`;
    const name = `${holder}${path.at(-1)}`;
    const found = coordinateIn(cells, dimension, name);
    if (found === undefined) return undefined;
    names[index] = name;
    point[index] = found.coordinate;
    for (const each of found.names) used.add(each);
  }
  const isLeft = Object.entries(cells).some(([name, text]) => text !== "" && !used.has(name));
  return isLeft ? undefined : toParameters(flat, point);
}

/** What the cells say for a dimension, and which of them do; a number may lie outside of its range. */
function coordinateIn(
  cells: Cells,
  dimension: Dimension,
  name: string,
): { readonly coordinate: number; readonly names: readonly string[] } | undefined {
  if (dimension.kind === "numeric") {
    const coordinate = Number(cells[name] || NaN);
    return Number.isNaN(coordinate) ? undefined : { coordinate, names: [name] };
  }
  const options = dimension.options.map((option) => cellsOf(name, option));
  const written = options.filter((option) => isWritten(option, cells));
  // Null is written as nothing: what is written otherwise is meant first.
  const option = written.find((texts) => Object.values(texts).some((text) => text !== "")) ?? written[0];
  return option && { coordinate: options.indexOf(option), names: Object.keys(option) };
}

function cellsOf(name: string, option: Json): Cells {
  const parts = flattened({ [name]: option });
  return Object.fromEntries(Object.entries(parts).map(([key, value]) => [key, cellText(value)]));
}

function isWritten(expected: Cells, cells: Cells): boolean {
  return Object.entries(expected).every(([name, text]) => (cells[name] ?? "") === text);
}

/** The parameters as they read without a space: numbers, JSON, else text; `a/b` is nested; empty cells are left out. */
export function parametersByReading(cells: Cells): Json {
  const given = Object.entries(cells).filter(([, text]) => text !== "");
  if (given.length === 1 && given[0]?.[0] === "parameters") return valueOf(given[0][1]);
  return nested(given.map(([name, text]) => [name.split("/"), valueOf(text)]));
}

export function valueOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

type Leaf = readonly [path: readonly string[], value: Json];

function nested(leaves: readonly Leaf[]): Json {
  const groups = new Map<string, Leaf[]>();
  for (const [[first = "", ...rest], value] of leaves) {
    groups.set(first, [...(groups.get(first) ?? []), [rest, value]]);
  }
  const members = Array.from(groups, ([key, group]): [string, Json] => {
    const leaf = group.find(([rest]) => rest.length === 0);
    return [key, leaf === undefined ? nested(group) : leaf[1]];
  });
  return Object.fromEntries(members);
}
