import type { Json, SearchSpace } from "../model/index.ts";
import { canonical, isPolyphaseError } from "../model/index.ts";
import { contains, flatten } from "../space/index.ts";

/** Says of parameters whether they lie inside the space; null where that cannot be told. */
export function insideOf(space: SearchSpace | null): (parameters: Json) => boolean | null {
  const flat = space && flattened(space);
  if (!space || !flat) return () => null;
  const listed = configurationsIn(space);
  return (parameters) => contains(flat, parameters) || listed.has(canonical(parameters));
}

/** Null for a space of architectures, which only some tuners can read. */
function flattened(space: SearchSpace): ReturnType<typeof flatten> | null {
  try {
    return flatten(space);
  } catch (error) {
    if (isPolyphaseError(error) && error.code === "search-space-unsupported") return null;
    throw error;
  }
}

/** A single choice may also be a list of whole configurations: for BatchTuner it is. */
function configurationsIn(space: SearchSpace): ReadonlySet<string> {
  const [spec, second] = Object.values(space);
  const options = spec?._type === "choice" && second === undefined ? spec._value : [];
  return new Set(options.map((option) => canonical(option as Json)));
}
