import { shortened } from "../model/shortened.ts";

/** Where and why a text is not JSON. */
export interface JsonFault {
  /** From 0, in UTF-16 units. */
  readonly position: number;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly expected: string;
  /** What stands there instead. */
  readonly found: string;
}

type Expectation =
  "a value" | 'a value or "]"' | 'a key or "}"' | "a key" | '":"' | '"," or "}"' | '"," or "]"';

/** The first fault of a text that JSON.parse refuses, whose own messages give no position for half of the faults. */
export function jsonFault(text: string): JsonFault | undefined {
  const open: ("{" | "[")[] = [];
  let expected: Expectation | "the end" = "a value";
  let at = skipSpace(text, 0);
  for (; at < text.length; at = skipSpace(text, at)) {
    const step = advance(text, at, expected, open);
    if (step === undefined) return describe(text, at, expected);
    [at, expected] = step;
  }
  return expected === "the end" ? undefined : describe(text, at, expected);
}

/** One token: where it ends and what may follow; undefined where it is not the one expected. */
function advance(
  text: string,
  at: number,
  expected: Expectation | "the end",
  open: ("{" | "[")[],
): [end: number, next: Expectation | "the end"] | undefined {
  const character = text[at] as string;
  if (expected === "the end") return undefined;
  if (expected === '":"') return character === ":" ? [at + 1, "a value"] : undefined;
  if (character === "," && expected === '"," or "}"') return [at + 1, "a key"];
  if (character === "," && expected === '"," or "]"') return [at + 1, "a value"];
  if (expected.endsWith(`or "${character}"`) && "]}".includes(character)) {
    open.pop();
    return [at + 1, afterValue(open)];
  }
  if (expected.startsWith('","')) return undefined;
  if (expected.startsWith("a key")) {
    const end = stringEnd(text, at);
    return end === undefined ? undefined : [end, '":"'];
  }
  if (character === "{" || character === "[") {
    open.push(character);
    return [at + 1, character === "{" ? 'a key or "}"' : 'a value or "]"'];
  }
  const end = stringEnd(text, at) ?? scalarEnd(text, at);
  return end === undefined ? undefined : [end, afterValue(open)];
}

function afterValue(open: readonly ("{" | "[")[]): Expectation | "the end" {
  const innermost = open.at(-1);
  if (innermost === undefined) return "the end";
  return innermost === "{" ? '"," or "}"' : '"," or "]"';
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && " \t\r\n".includes(text[at] as string)) at += 1;
  return at;
}

/** Where the string that begins here ends; undefined when none begins, or when it is broken. */
function stringEnd(text: string, at: number): number | undefined {
  if (text[at] !== '"') return undefined;
  const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
  let end = at + 1;
  while (end < text.length) {
    const character = text[end] as string;
    if (character === '"') return end + 1;
    if (character < " ") return undefined;
    escape.lastIndex = end;
    if (character === "\\" && !escape.test(text)) return undefined;
    end = character === "\\" ? escape.lastIndex : end + 1;
  }
  return undefined;
}

function scalarEnd(text: string, at: number): number | undefined {
  const scalar = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
  scalar.lastIndex = at;
  return scalar.test(text) ? scalar.lastIndex : undefined;
}

function describe(text: string, position: number, expected: string): JsonFault {
  const before = text.slice(0, position);
  const line = before.split("\n").length;
  const column = position - before.lastIndexOf("\n");
  return { position, line, column, expected, found: wordAt(text, position) };
}

function wordAt(text: string, position: number): string {
  if (position >= text.length) return "the end of the text";
  if (text[position] === '"')
    return "a string that is not closed, or has a control character or a bad escape in it";
  const word = /[-+]?[\w.]+|[^]/uy;
  word.lastIndex = position;
  return shortened(word.exec(text)?.[0] ?? "", 40);
}
