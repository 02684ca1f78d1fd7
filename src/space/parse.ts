import { isObject } from "../model/index.ts";
import type { InputIssue, SearchSpace } from "../model/index.ts";
import { checkInputChoice, checkLayerChoice, checkMutableLayer } from "./check-architecture.ts";
import { checkChoice } from "./check-choice.ts";
import { checkName, checkNoSlip, withGuess } from "./check-names.ts";
import { checkNumbers, isNumericType } from "./check-numbers.ts";
import { completeSpace } from "./complete.ts";
import { createFaults, type Faults, type Path, show } from "./faults.ts";
import { didYouMean } from "../model/suggest.ts";
import { isOwnSpec, types } from "./own-spec.ts";
import { SearchSpaceError } from "./search-space-error.ts";

export interface SpaceOptions {
  /** The tuner is the user's own class, and may know more kinds of parameters than we do: those are taken as they are. */
  readonly ownTypes?: boolean;
}

/**
 * A checked copy of a search space; what may be left out of the architecture types is filled in.
 * Throws {@link SearchSpaceError} (`search-space-invalid`) with all faults at once.
 */
export function parseSearchSpace(json: unknown, options: SpaceOptions = {}): SearchSpace {
  const issues = searchSpaceIssues(json, options);
  if (issues.length > 0) throw new SearchSpaceError(issues);
  return completeSpace(json as SearchSpace);
}

/** Everything that is wrong with a search space, in its order; empty where it is valid. */
export function searchSpaceIssues(json: unknown, { ownTypes = false }: SpaceOptions = {}): InputIssue[] {
  const faults = createFaults();
  if (!isObject(json)) faults.add([], "an object of parameters by name", show(json));
  else if (Object.keys(json).length === 0) faults.add([], "at least one parameter", "an empty search space");
  else {
    for (const [name, spec] of Object.entries(json)) {
      checkName(name, [name], faults);
      if (!ownTypes || !isOwnSpec(spec)) checkSpec(spec, [name], faults);
    }
  }
  return [...faults.issues];
}

/** Parameters nested deeper than this are refused. Each level of nesting adds three parts to the path. */
const deepestPath = 200;

function checkSpec(spec: unknown, path: Path, faults: Faults): void {
  if (!isObject(spec)) return faults.add(path, "{ _type, _value }", show(spec));
  if (path.length > deepestPath) return faults.add(path, "at most 66 levels of nested choices", "more");
  checkNoSlip(spec, ["_type", "_value"], path, faults);
  const { _type: type, _value: value } = spec;
  if (typeof type !== "string" || !types.includes(type)) {
    return faults.add(
      [...path, "_type"],
      `one of ${types.join(", ")}`,
      withGuess(show(type), didYouMean(type, types)),
    );
  }
  checkValue(type, value, [...path, "_value"], faults);
}

function checkValue(type: string, value: unknown, path: Path, faults: Faults): void {
  if (isNumericType(type)) checkNumbers(type, value, path, faults);
  else if (type === "choice") checkChoice(value, path, faults, checkSpec);
  else if (type === "layer_choice") checkLayerChoice(value, path, faults);
  else if (type === "input_choice") checkInputChoice(value, path, faults);
  else checkMutableLayer(value, path, faults);
}
