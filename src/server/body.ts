import type * as z from "zod";
import type { Json } from "../model/index.ts";
import { isPolyphaseError, messageOf, PolyphaseError, respell } from "../model/index.ts";
import { shortened } from "../model/shortened.ts";
import { jsonFault } from "./json-fault.ts";

/** Longest request body, in bytes. */
export const bodyLimit: number = 8 * 1024 * 1024;

/** Deepest nesting of a request body. */
export const depthLimit = 100;

/** The checked body of a request; an empty one counts as `{}`. Throws `body-too-large`, `malformed-json`, `invalid-body`. */
export async function readBody<Body>(request: Request, schema: z.ZodType<Body>): Promise<Body> {
  checkEncoding(request.headers.get("content-encoding"));
  const text = await readText(request).catch(incomplete);
  return checked(text === "" ? {} : parse(text), schema, "invalid-body");
}

/** What is packed small can be large: nothing is unpacked. */
function checkEncoding(encoding: string | null): void {
  if (encoding === null || encoding.toLowerCase() === "identity") return;
  throw new PolyphaseError(
    "unsupported-encoding",
    `expected a request body as it is, got content-encoding: ${encoding}`,
    { hint: "send it without content-encoding" },
  );
}

/** The client went away, or was too slow. Nobody may be there to read the answer. */
function incomplete(cause: unknown): never {
  if (isPolyphaseError(cause)) throw cause;
  const message = `the request body ended before it was complete: ${messageOf(cause)}`;
  throw new PolyphaseError("body-incomplete", message, { cause });
}

async function readText(request: Request): Promise<string> {
  const announced = request.headers.get("content-length");
  if (announced === null) return readTextOfUnknownLength(request);
  if (Number(announced) > bodyLimit) throw tooLarge(`${announced} bytes`);
  return request.text();
}

async function readTextOfUnknownLength(request: Request): Promise<string> {
  if (request.body === null) return "";
  const decoder = new TextDecoder();
  const reader = request.body.getReader();
  let text = "";
  let bytes = 0;
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    bytes += piece.value.byteLength;
    if (bytes > bodyLimit) {
      await reader.cancel();
      throw tooLarge("more");
    }
    text += decoder.decode(piece.value, { stream: true });
  }
  return text + decoder.decode();
}

function tooLarge(got: string): PolyphaseError {
  return new PolyphaseError(
    "body-too-large",
    `the request body may have ${bodyLimit} bytes (8 MiB), got ${got}`,
    {
      hint: "report numbers, and keep files and long curves on disk",
    },
  );
}

function parse(text: string): Json {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (cause) {
    throw malformed(text, cause);
  }
  // Shorter texts cannot nest that deeply.
  if (text.length > depthLimit) checkDepth(value);
  return text.includes('"$number"') ? respell(value) : value;
}

function malformed(text: string, cause: unknown): PolyphaseError {
  const fault = jsonFault(text);
  if (fault === undefined)
    return new PolyphaseError("malformed-json", "the request body is not JSON", { cause });
  const { position, line, column, expected, found } = fault;
  const where = `at position ${position} (line ${line}, column ${column})`;
  const message = `the request body is not JSON ${where}: expected ${expected}, got ${found}`;
  const number = /^([-+]?)(nan|inf(inity)?)$/i.exec(found);
  if (number === null) return new PolyphaseError("malformed-json", message, { cause });
  const name = number[2]?.toLowerCase() === "nan" ? "NaN" : `${number[1] === "-" ? "-" : ""}Infinity`;
  return new PolyphaseError("malformed-json", message, { cause, hint: `spell it {"$number":"${name}"}` });
}

/** Of a body, or of JSON text in one. Throws `invalid-body`. */
export function checkDepth(value: Json): void {
  if (!isDeeperThan(value, depthLimit)) return;
  throw new PolyphaseError(
    "invalid-body",
    `the request body may be nested ${depthLimit} levels deep, got more`,
  );
}

/** Without recursion: the value comes from outside. */
function isDeeperThan(value: Json, limit: number): boolean {
  let level: Json[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limit) return true;
    level = level
      .filter((part) => part !== null && typeof part === "object")
      .flatMap((part) => Object.values(part as object) as Json[]);
  }
  return false;
}

/** The value as the schema wants it; throws with all faults at once. */
export function checked<Value>(
  value: unknown,
  schema: z.ZodType<Value>,
  code: "invalid-body" | "invalid-query",
): Value {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => faultText(value, issue));
  const what = code === "invalid-body" ? "the request body" : "the query";
  throw new PolyphaseError(code, `${what} has ${count(faults.length)}: ${faults.join("; ")}`);
}

function count(faults: number): string {
  return faults === 1 ? "a fault" : `${faults} faults`;
}

function faultText(value: unknown, issue: z.core.$ZodIssue): string {
  const name = issue.path.length === 0 ? "the whole" : issue.path.join(".");
  const got = issue.path.reduce<unknown>(
    (part, key) => (part as Record<PropertyKey, unknown> | null)?.[key],
    value,
  );
  const shown =
    issue.path.length > 0 && got !== undefined ? `, got ${shortened(JSON.stringify(got), 80)}` : "";
  return `${name}: ${issue.message}${shown}`;
}
