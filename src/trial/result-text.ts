import { messageOf, PolyphaseError, spell } from "../model/index.ts";

/** A result as the manager takes it. Throws `result-not-json`. */
export function resultText(value: unknown): string {
  let text: string | undefined;
  try {
    text = spell(value);
  } catch (cause) {
    throw notJson(messageOf(cause), cause);
  }
  if (typeof text !== "string") throw notJson(`got ${typeof value}`);
  return text;
}

function notJson(what: string, cause?: unknown): PolyphaseError {
  return new PolyphaseError("result-not-json", `a result must be a JSON value: ${what}`, {
    cause,
    hint: "report a number, or an object with a numeric `default`",
  });
}
