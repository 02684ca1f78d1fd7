import type { FlatSpace, Json, JsonObject, ObservedPoint, SearchSpace } from "../../model/index.ts";
import { isObject, isPolyphaseError, PolyphaseError, unspell } from "../../model/index.ts";
import { flatten } from "../../space/index.ts";
import { respellBareNumbers } from "../bare-numbers.ts";
import { fixedColumns } from "../csv.ts";
import { parseUserJson } from "../read-file.ts";
import type { Cells } from "./cell-parameters.ts";
import { parametersByReading, parametersInSpace, valueOf } from "./cell-parameters.ts";
import { csvTable } from "./csv-table.ts";

/** What a file holds. */
export interface FileRows {
  readonly rows: readonly ObservedPoint[];
  /** Phases in it that have no result to learn from. */
  readonly withoutResult: number;
}

/**
 * Reads results from a file: JSON or CSV as `export` writes it, or a JSON list of `{ parameters, value }`, which NNI spells
 * `{ parameter, value }`. Throws `import-invalid`, which names the row.
 */
export function readRows(text: string, file: string, space: SearchSpace | null): FileRows {
  const all = /\.csv$/i.test(file) ? csvRows(text, file, space) : jsonRows(parseUserJson(text, file), file);
  const rows = all.filter((row) => row !== undefined);
  return { rows, withoutResult: all.length - rows.length };
}

type Rows = readonly (ObservedPoint | undefined)[];

function jsonRows(content: Json, file: string): Rows {
  const list = isObject(content) ? content["phases"] : content;
  if (!Array.isArray(list))
    throw invalid(file, "expected a list of { parameters, value }, or what polyphase export writes");
  return list.map((item: Json, place) => jsonRow(item, `${file}: row ${place + 1}`));
}

function jsonRow(item: Json, where: string): ObservedPoint | undefined {
  if (!isObject(item)) throw invalid(where, `expected { parameters, value }, got ${JSON.stringify(item)}`);
  const parameters = item["parameters"] ?? item["parameter"];
  if (parameters === undefined) throw invalid(where, "expected parameters, got none");
  if ("outcome" in item) return resultOf(parameters, item);
  if (!("value" in item)) throw invalid(where, "expected a value, got none");
  return { parameters, value: numbersIn(resultIn(item["value"] ?? null)) };
}

/** NNI may write a result as the text of its JSON. */
function resultIn(value: Json): Json {
  if (typeof value !== "string") return value;
  const number = value.trim() === "" ? NaN : Number(value);
  if (!Number.isNaN(number)) return number;
  const read = /^\s*\{/.test(value) ? jsonIn(value) : undefined;
  return isObject(read) ? read : value;
}

function jsonIn(text: string): Json | undefined {
  try {
    return unspell(respellBareNumbers(text, (name) => `{"$number":"${name}"}`));
  } catch {
    return undefined;
  }
}

/** A phase as `export` shows it. Of a stopped one the tuner learns what it counted for. */
function resultOf(parameters: Json, phase: JsonObject): ObservedPoint | undefined {
  const { outcome, finalResult = null, objective = null } = phase;
  const value =
    outcome === "succeeded" ? (finalResult ?? objective) : outcome === "stopped" ? objective : null;
  return value === null ? undefined : { parameters, value: numbersIn(value) };
}

const unusual: { readonly [text: string]: number } = { NaN, Infinity, "-Infinity": -Infinity };

/** NaN and the infinities, alone or in an object, which `export` writes as text. */
function numbersIn(value: Json): Json {
  if (typeof value === "string") return Object.hasOwn(unusual, value) ? (unusual[value] as number) : value;
  if (!isObject(value)) return value;
  const parts = Object.entries(value);
  return Object.fromEntries(parts.map(([name, part]) => [name, isObject(part) ? part : numbersIn(part)]));
}

function csvRows(text: string, file: string, space: SearchSpace | null): Rows {
  const [titles = [], ...lines] = csvTable(text);
  if (!titles.includes("objective") && !titles.includes("finalResult"))
    throw invalid(file, `expected a column finalResult or objective, got ${titles.join(", ") || "nothing"}`);
  const flat = space && flattened(space);
  return lines.map((line, place) => {
    if (line.length > titles.length)
      throw invalid(`${file}: row ${place + 1}`, `expected ${titles.length} cells, got ${line.length}`);
    const fields = Object.fromEntries(titles.map((title, column) => [title, line[column] ?? ""]));
    const cells = parameterCells(fields);
    const parameters = (flat && parametersInSpace(flat, cells)) ?? parametersByReading(cells);
    return resultOf(parameters, phaseIn(fields));
  });
}

/** Null where only some tuners can read the space: then the cells are read as they are. */
function flattened(space: SearchSpace): FlatSpace | null {
  try {
    return flatten(space);
  } catch (error) {
    if (isPolyphaseError(error)) return null;
    throw error;
  }
}

/** A hand-written table may have no outcome: what has a result has succeeded. */
function phaseIn({ outcome = "succeeded", finalResult = "", objective = "" }: Cells): JsonObject {
  const value = (text: string): Json => (text === "" ? null : valueOf(text));
  return { outcome, finalResult: value(finalResult), objective: value(objective) };
}

const renamed = "parameters/";

function parameterCells(fields: Cells): Cells {
  const own = Object.entries(fields).filter(([title]) => !fixedColumns.includes(title));
  return Object.fromEntries(
    own.map(([title, text]) => {
      const name = title.startsWith(renamed) ? title.slice(renamed.length) : title;
      return [fixedColumns.includes(name) ? name : title, text];
    }),
  );
}

function invalid(where: string, message: string): PolyphaseError {
  return new PolyphaseError("import-invalid", `${where}: ${message}`);
}
