/*
 * JSON as text inside JSON, as NNI's clients read it: Python's kind, in which NaN, Infinity and -Infinity stand bare. Python's
 * `json.loads` takes them as they are.
 */
import type { Json } from "../../model/index.ts";
import { respell } from "../../model/index.ts";
import { checkDepth } from "../body.ts";

/** One value as text. */
export function nniText(value: Json): string {
  const text = JSON.stringify(value);
  // A number that JSON cannot hold comes out as null: without any null the text is right as it is.
  return text.includes("null") ? pieceText(value) : text;
}

/** A metric's `data`: the text of the text, as the trial's library and the manager of NNI each encoded it once. */
export function doublyEncoded(value: Json): string {
  return JSON.stringify(nniText(value));
}

function pieceText(value: Json): string {
  if (typeof value === "number") return Number.isFinite(value) ? JSON.stringify(value) : String(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(pieceText).join(",")}]`;
  const members = Object.entries(value).map(([key, part]) => `${JSON.stringify(key)}:${pieceText(part)}`);
  return `{${members.join(",")}}`;
}

/** The value of such a text. Throws SyntaxError, and `invalid-body` where it is nested too deeply. */
export function readNniText(text: string): Json {
  const value = JSON.parse(/NaN|Infinity/.test(text) ? spelled(text) : text) as Json;
  checkDepth(value);
  return respell(value);
}

/** The bare numbers as the journal spells them; what stands in strings, closed or not, stays. */
function spelled(text: string): string {
  return text.replace(/"(?:[^"\\]|\\[^])*(?:"|\\?$)|(?:\bNaN|-?\bInfinity)\b/g, (piece) =>
    piece.startsWith('"') ? piece : `{"$number":"${piece}"}`,
  );
}
