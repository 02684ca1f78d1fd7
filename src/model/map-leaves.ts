import type { Json } from "./json.ts";
import { isSecretName } from "./secret-names.ts";

export type Leaf = string | number;
export type Path = readonly (string | number)[];

/** Where a leaf stands. */
export interface Place {
  readonly path: Path;
  /** Whether a key on the way there calls its value a secret. */
  readonly secret: boolean;
}

export type Change = (leaf: Leaf, place: Place) => Leaf;

const root: Place = { path: [], secret: false };

/** A copy in which texts and numbers, at any depth, are changed. */
export function mapLeaves(value: Json, change: Change, place: Place = root): Json {
  if (typeof value === "string" || typeof value === "number") return change(value, place);
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) {
    return value.map((item: Json, index) =>
      mapLeaves(item, change, { ...place, path: [...place.path, index] }),
    );
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => {
      const secret = place.secret || isSecretName(key);
      return [key, mapLeaves(part, change, { path: [...place.path, key], secret })];
    }),
  );
}
