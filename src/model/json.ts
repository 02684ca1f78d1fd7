/** A JSON value that may also hold NaN and the infinities, as metrics do. On disk and on the wire see {@link spell}. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type JsonObject = { readonly [key: string]: Json };

/** Whether it has members by name: an object, not a list and not null. */
export function isObject(value: Json | undefined): value is JsonObject;
export function isObject(value: unknown): value is { readonly [key: string]: unknown };
export function isObject(value: unknown): boolean {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** The key under which a number that strict JSON cannot hold is spelled: `{ "$number": "NaN" }`. */
const numberKey = "$number";

const spellings = new Set(["NaN", "Infinity", "-Infinity"]);

/**
 * Strict JSON text of a value; NaN and the infinities become `{ "$number": "NaN" | "Infinity" | "-Infinity" }`.
 * Lossless: {@link unspell} gives the same value back. Used in the journal and by the trial API.
 */
export function spell(value: unknown): string {
  const text = JSON.stringify(value);
  // Such numbers come out as null: a text without any null is right as it is, and three times as fast to make.
  if (text?.includes("null") !== true) return text;
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "number" && !Number.isFinite(part) ? { [numberKey]: String(part) } : part,
  );
}

/** The value as JSON holds it, by value. Throws TypeError for what JSON cannot hold: undefined, functions, BigInt, circles. */
export function jsonCopy(value: unknown): Json {
  const text = spell(value) as string | undefined;
  if (text === undefined) throw new TypeError(`${typeof value} is no JSON value`);
  return unspell(text);
}

/** Parses text written by {@link spell} (or any strict JSON). Throws SyntaxError on malformed text. */
export function unspell(text: string): Json {
  return text.includes(numberKey) ? respell(JSON.parse(text) as Json) : (JSON.parse(text) as Json);
}

/** Turns `{ "$number": ... }` back into numbers in an already parsed value. Returns the same object when there is none. */
export function respell(value: Json): Json {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(respell);
  const object = value as JsonObject;
  const spelled = object[numberKey];
  if (typeof spelled === "string" && spellings.has(spelled) && Object.keys(object).length === 1)
    return Number(spelled);
  return Object.fromEntries(Object.entries(object).map(([key, part]) => [key, respell(part)]));
}

/**
 * The value as people read it in exports and REST answers: numbers that JSON cannot hold become the strings
 * "NaN", "Infinity", "-Infinity".
 */
export function plain(value: Json): Json {
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}

/** Text that is equal exactly for equal JSON values, whatever the order of their keys. */
export function canonical(value: Json): string {
  if (value === null || typeof value !== "object") return spell(value);
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonical).join(",")}]`;
  const object = value as JsonObject;
  return `{${Object.keys(object)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(object[key] ?? null)}`)
    .join(",")}}`;
}
