import type { ChoiceOption, NestedOption } from "../model/index.ts";

/** In a valid space an option with a `_name` is a nested space; every other option is plain JSON. */
export function isNestedOption(option: ChoiceOption): option is NestedOption {
  return option !== null && typeof option === "object" && Object.hasOwn(option, "_name");
}
