import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLError,
  type YAMLMap,
} from "yaml";
import type { ConfigIssue, Issue } from "./issue.ts";
import { messageOf } from "../model/index.ts";
import { shortened } from "../model/shortened.ts";
import { blankComments } from "./json-comments.ts";
import { pythonTags } from "./python-yaml.ts";

/** A file's content together with the places where its parts stand. */
export interface ConfigDocument {
  /** Not yet plain JSON: YAML also has binary data and the like. Undefined where `issues` is not empty. */
  readonly value: unknown;
  /** Faults of the YAML or JSON itself. */
  readonly issues: readonly ConfigIssue[];
  /** The issue with its place: that of the value at `path`, or of the nearest mapping around it that is there. */
  place(issue: Issue): ConfigIssue;
}

/** Larger texts are refused: no person writes them, and reading them would take seconds. */
const largestText = 4_000_000;

/** YAML, or JSON with comments (by the ending of the file's name, else by its first character). Never throws. */
export function readDocument(text: string, file: string): ConfigDocument {
  if (text.length > largestText) {
    const size = (text.length / 1e6).toFixed(1);
    return broken(file, `expected at most ${largestText / 1e6} million characters, got ${size} million`);
  }
  const json = isJson(text, file);
  try {
    return read(json ? blankComments(text) : text, file, json);
  } catch (error) {
    return broken(file, `expected ${json ? "JSON" : "YAML"} that can be read: ${messageOf(error)}`);
  }
}

function isJson(text: string, file: string): boolean {
  if (isNamedJson(file)) return true;
  return !/\.ya?ml$/i.test(file) && /^\s*(\{|\[|\/\/|\/\*)/.test(text);
}

function isNamedJson(file: string): boolean {
  return /\.(json|jsonc|json5)$/i.test(file);
}

function broken(file: string, message: string): ConfigDocument {
  const place = (issue: Issue): ConfigIssue => at(file, null, issue);
  return { value: undefined, issues: [place({ path: [], message })], place };
}

type Position = { readonly line: number; readonly column: number };

function at(file: string, position: Position | null, issue: Issue): ConfigIssue {
  const { line, column } = position ?? { line: null, column: null };
  return { file, line, column, path: issue.path, message: issue.message, hint: issue.hint ?? null };
}

function read(text: string, file: string, json: boolean): ConfigDocument {
  const lineCounter = new LineCounter();
  // Unique keys are checked below: the library compares each pair of keys, seconds for ten thousand of them.
  const document = parseDocument(text, {
    lineCounter,
    prettyErrors: false,
    uniqueKeys: false,
    merge: true,
    customTags: pythonTags,
    logLevel: "error",
  });
  const position = (offset: number): Position => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const fault = (offset: number, message: string, hint?: string): ConfigIssue =>
    at(file, position(offset), { path: [], message, hint });

  const syntax = syntaxFault(document, text, json) ?? (isNamedJson(file) ? bareText(document) : null);
  const issues = syntax === null ? duplicateKeys(document, fault) : [fault(...syntax)];
  const finder = nodeFinder(document);
  return {
    value: issues.length === 0 ? document.toJS({ maxAliasCount: 100 }) : undefined,
    issues,
    place: (issue) => at(file, position(finder(issue)), issue),
  };
}

type Fault = [offset: number, message: string, hint?: string];

/** The first fault only: those after it are mostly its consequences. */
function syntaxFault(document: Document, text: string, json: boolean): Fault | null {
  const [error] = document.errors;
  if (error !== undefined) return (json ? jsonFault(text) : null) ?? yamlFault(error, document, text);
  const [warning] = document.warnings;
  return warning === undefined ? null : [warning.pos[0], `expected plain YAML: ${warning.message}`];
}

function yamlFault({ code, message, pos: [offset] }: YAMLError, document: Document, text: string): Fault {
  if (code === "TAB_AS_INDENT") return [offset, "expected spaces as indentation, got a tab"];
  if (code === "MULTIPLE_DOCS") return [offset, "expected one document, got a second one after ---"];
  if (message.startsWith("Implicit ")) return [offset, `expected KEY: VALUE, got ${lineAt(text, offset)}`];
  if (code === "MISSING_CHAR" && message.endsWith("quote"))
    return [lastQuoted(document) ?? offset, "expected a closing quote, got none"];
  if (code === "BAD_INDENT") return [offset + leadingSpace(text.slice(offset)), `expected YAML: ${message}`];
  return [offset, `expected YAML: ${message}`];
}

function lineAt(text: string, offset: number): string {
  return JSON.stringify(shortened(text.slice(offset).split(/\r?\n/, 1)[0]?.trim() ?? "", 80));
}

function leadingSpace(text: string): number {
  return text.length - text.trimStart().length;
}

/** Where it begins. One that is not closed is the last: it holds all the rest. */
function lastQuoted(document: Document): number | undefined {
  let offset: number | undefined;
  visit(document, {
    Scalar(_, scalar) {
      if (scalar.type?.startsWith("QUOTE")) offset = offsetOf(scalar) ?? offset;
    },
  });
  return offset;
}

/** JSON's own parser says it better where something is wrong with JSON; it names the offset. */
function jsonFault(text: string): Fault | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    const message = messageOf(error);
    const [, offset] = /at position (\d+)/.exec(message) ?? [];
    const end = /end of JSON|Unterminated/.test(message);
    if (offset === undefined && !end) return null;
    const said = message.replace(/ (in JSON )?at position \d+.*$/s, "");
    return [offset === undefined ? text.length : Number(offset), `expected JSON: ${said}`];
  }
}

/** A value such as None or relu, which YAML would take for text. Keys may go without quotes, as in JSON5. */
function bareText(document: Document): Fault | null {
  let fault: Fault | null = null;
  visit(document, {
    Scalar(key, { type, value, range }) {
      if (key === "key" || type !== "PLAIN" || typeof value !== "string") return undefined;
      const said = `expected JSON: a number, true, false, null, or text in double quotes, got ${shortened(value, 80)}`;
      fault = [range?.[0] ?? 0, said];
      return visit.BREAK;
    },
  });
  return fault;
}

function duplicateKeys(
  document: Document,
  fault: (offset: number, message: string, hint?: string) => ConfigIssue,
): ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  visit(document, {
    Map(_, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        const name = keyText(key);
        if (name !== "<<" && seen.has(name)) {
          issues.push(fault(offsetOf(key) ?? 0, `expected each key once, got ${JSON.stringify(name)} again`));
        }
        seen.add(name);
      }
    },
  });
  return issues;
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value ?? "") : String(key);
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

/** Finds the offset at which an issue stands. Remembers the keys of each mapping, so that many issues cost little. */
function nodeFinder(document: Document): (issue: Issue) => number {
  const indexes = new Map<YAMLMap, ReadonlyMap<string, Pair>>();
  const indexOf = (map: YAMLMap): ReadonlyMap<string, Pair> => {
    const known = indexes.get(map) ?? pairsByKey(map, document);
    indexes.set(map, known);
    return known;
  };
  return ({ path, at: meant }) => {
    let node: Node | null | undefined = document.contents;
    let offset = offsetOf(node) ?? 0;
    for (const [depth, part] of path.entries()) {
      const holder: unknown = isAlias(node) ? node.resolve(document) : node;
      const child: unknown = isMap(holder)
        ? indexOf(holder).get(String(part))
        : isSeq(holder) && typeof part === "number"
          ? holder.items[part]
          : undefined;
      if (child === undefined) break;
      const last = depth === path.length - 1;
      node = (isPair(child) ? child.value : child) as Node | null;
      const key = isPair(child) ? offsetOf(child.key) : undefined;
      offset = (last && meant === "key" ? key : offsetOf(node)) ?? key ?? offset;
    }
    return offset;
  };
}

/** The pairs of a mapping, those that `<<` brings in last. */
function pairsByKey(map: YAMLMap, document: Document): ReadonlyMap<string, Pair> {
  const pairs = new Map<string, Pair>();
  const merged: unknown[] = [];
  for (const pair of map.items) {
    if (keyText(pair.key) === "<<") merged.push(pair.value);
    else pairs.set(keyText(pair.key), pair);
  }
  for (const value of merged) {
    const source: unknown = isAlias(value) ? value.resolve(document) : value;
    if (!isMap(source) || source === map) continue;
    for (const pair of source.items) if (!pairs.has(keyText(pair.key))) pairs.set(keyText(pair.key), pair);
  }
  return pairs;
}
