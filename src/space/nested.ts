import type { NestedOption } from "../model/index.ts";

/** Whether an option of a choice is a space of its own: an object with a `_name`. */
export function isNested(option: unknown): option is NestedOption {
  return typeof option === "object" && option !== null && !Array.isArray(option) && "_name" in option;
}
