import type { Json } from "../model/index.ts";

/** A deep copy of plain JSON. */
export function copyJson(value: Json): Json {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(copyJson);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copyJson(part)]));
}
