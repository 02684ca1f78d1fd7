import { isObject } from "../model/index.ts";
import { checkName } from "./check-names.ts";
import { type Faults, type Path, show } from "./faults.ts";

/** Checks one parameter's `{ _type, _value }`; given as an argument, because options hold parameters again. */
export type CheckSpec = (spec: unknown, path: Path, faults: Faults) => void;

/** Lists and objects deeper than this are refused, long before anything runs out of stack. */
const deepest = 200;

/** choice: a list of plain JSON values and of nested spaces, told apart by `_name`. */
export function checkChoice(value: unknown, path: Path, faults: Faults, checkSpec: CheckSpec): void {
  if (!Array.isArray(value) || value.length === 0) {
    return faults.add(path, "a list of at least one option", show(value));
  }
  const names = new Map<string, number>();
  for (const [place, option] of (value as readonly unknown[]).entries()) {
    const at = [...path, place];
    if (!isNested(option)) checkPlain(option, at, faults);
    else checkNested(option, { at, place, names }, faults, checkSpec);
  }
}

/** An object with a `_name`, or one that holds or is a parameter: that was meant to have a name. */
function isNested(option: unknown): option is { readonly [key: string]: unknown } {
  if (!isObject(option)) return false;
  return Object.hasOwn(option, "_name") || isSpec(option) || Object.values(option).some(isSpec);
}

function isSpec(value: unknown): boolean {
  return isObject(value) && Object.hasOwn(value, "_type");
}

interface OptionPlace {
  readonly at: Path;
  readonly place: number;
  /** Names so far, with the place of the option. */
  readonly names: Map<string, number>;
}

function checkNested(
  option: { readonly [key: string]: unknown },
  { at, place, names }: OptionPlace,
  faults: Faults,
  checkSpec: CheckSpec,
): void {
  checkOptionName(option, { at, place, names }, faults);
  if (isSpec(option)) return;
  for (const [key, inner] of Object.entries(option)) {
    if (key === "_name") continue;
    checkName(key, [...at, key], faults);
    checkSpec(inner, [...at, key], faults);
  }
}

function checkOptionName(
  option: { readonly [key: string]: unknown },
  { at, place, names }: OptionPlace,
  faults: Faults,
): void {
  const name = Object.hasOwn(option, "_name") ? option["_name"] : undefined;
  if (name === undefined) {
    return faults.add(at, "a nested option to have a _name", isSpec(option) ? "a parameter" : show(option));
  }
  if (typeof name !== "string") return faults.add([...at, "_name"], "text", show(name));
  checkName(name, [...at, "_name"], faults);
  const earlier = names.get(name);
  if (earlier === undefined) names.set(name, place);
  else faults.add([...at, "_name"], "each _name once", `${show(name)} again, as in option ${earlier}`);
}

function checkPlain(value: unknown, path: Path, faults: Faults): void {
  if (value === null || typeof value === "boolean" || typeof value === "string") return;
  if (typeof value === "number") {
    if (!Number.isFinite(value)) faults.add(path, "a finite number", show(value));
    return;
  }
  if (typeof value !== "object") return faults.add(path, "plain JSON", show(value));
  if (path.length > deepest) return faults.add(path, "at most 200 levels of nesting", "more");
  if (Array.isArray(value)) {
    for (const [place, part] of value.entries()) checkPlain(part, [...path, place], faults);
    return;
  }
  if (!isPlainObject(value)) return faults.add(path, "plain JSON", `a ${value.constructor?.name ?? "class"}`);
  for (const [key, part] of Object.entries(value)) {
    if (key === "__proto__") checkName(key, [...path, key], faults);
    checkPlain(part, [...path, key], faults);
  }
}

/** Objects of other realms (vm contexts, workers) have an `Object.prototype` of their own. */
function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
