import { isObject } from "../model/index.ts";
import { didYouMean } from "../model/suggest.ts";
import { numericForms } from "./check-numbers.ts";

/** Every `_type` that we know. */
export const types: readonly string[] = [
  "choice",
  ...Object.keys(numericForms),
  "layer_choice",
  "input_choice",
  "mutable_layer",
];

/**
 * Whether this is a parameter in the words of the user's own tuner, which no other can search: anything but null without a
 * `_type` that we know. What looks like one of ours, misspelt, is none.
 */
export function isOwnSpec(spec: unknown): boolean {
  const type = isObject(spec) ? spec["_type"] : undefined;
  if (typeof type !== "string") return spec !== null;
  return !types.includes(type) && didYouMean(type, types) === undefined;
}
