import { PolyphaseError } from "./errors.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import { mostObjectives, namedObjectives } from "./objective.ts";
import { shortened } from "./shortened.ts";
import { didYouMean } from "./suggest.ts";

/** One documented class arg of a built-in tuner or assessor. */
export interface ClassArg {
  readonly name: string;
  readonly type: ClassArgType;
  /** Undefined where the arg may be left out and has no value then. */
  readonly default: Json | undefined;
  readonly summary: string;
}

export type ClassArgType =
  | { readonly kind: "boolean" }
  | { readonly kind: "integer"; readonly least: number }
  /** Whole numbers are welcome too. */
  | { readonly kind: "number"; readonly least: number; readonly most?: number }
  | { readonly kind: "one-of"; readonly values: readonly (string | number)[] }
  | { readonly kind: "object" }
  /** See {@link namedObjectives}. */
  | { readonly kind: "objectives" };

/** Whose class args they are. */
export interface ClassArgsOwner {
  readonly role: "tuner" | "assessor";
  /** "TPE" */
  readonly name: string;
}

/**
 * The class args of `owner`, checked and complete: defaults are filled in. Throws "tuner-class-args" or "assessor-class-args": which
 * arg, what was expected, what came. Null counts as left out.
 */
export function checkClassArgs(
  owner: ClassArgsOwner,
  documented: readonly ClassArg[],
  classArgs: JsonObject,
): JsonObject {
  const checked: Record<string, Json> = {};
  for (const arg of documented) if (arg.default !== undefined) checked[arg.name] = arg.default;
  for (const [name, value] of Object.entries(classArgs)) {
    const arg = documented.find((candidate) => candidate.name === name);
    if (arg === undefined) throw unknownArg(owner, documented, name);
    if (value === null) continue;
    if (!fits(arg.type, value))
      throw new PolyphaseError(
        `${owner.role}-class-args`,
        `${owner.name}: class arg "${name}" expected ${expectation(arg.type)}, came ${shown(value)}.`,
        { hint: arg.summary },
      );
    checked[name] = value;
  }
  return checked;
}

/** "an integer of at least 1" */
export function expectation(type: ClassArgType): string {
  switch (type.kind) {
    case "boolean":
      return "true or false";
    case "integer":
      return `an integer of at least ${type.least}`;
    case "number":
      return type.most === undefined
        ? `a number of at least ${type.least}`
        : `a number from ${type.least} to ${type.most}`;
    case "one-of":
      return `one of ${type.values.join(", ")}`;
    case "object":
      return "an object";
    case "objectives":
      return `1 to ${mostObjectives} names, each maximize or minimize, as in { accuracy: maximize, latency: minimize }`;
  }
}

function fits(type: ClassArgType, value: Json): boolean {
  switch (type.kind) {
    case "boolean":
      return typeof value === "boolean";
    case "integer":
      return typeof value === "number" && Number.isSafeInteger(value) && value >= type.least;
    case "number":
      return typeof value === "number" && isBetween(value, type);
    case "one-of":
      return (typeof value === "string" || typeof value === "number") && type.values.includes(value);
    case "object":
      return isObject(value);
    case "objectives":
      return namedObjectives({ objectives: value }) !== undefined;
  }
}

function isBetween(value: number, range: { readonly least: number; readonly most?: number }): boolean {
  return Number.isFinite(value) && value >= range.least && value <= (range.most ?? Infinity);
}

function shown(value: Json): string {
  return typeof value === "number" ? String(value) : shortened(JSON.stringify(value) ?? "nothing", 80);
}

function unknownArg(owner: ClassArgsOwner, documented: readonly ClassArg[], name: string): PolyphaseError {
  const names = documented.map((arg) => arg.name);
  const known = ["optimize_mode", "seed", ...names].join(", ");
  const message = `${owner.name}: unknown class arg "${name}"; expected ${known}.`;
  const hint = didYouMean(name, names) ?? `Remove "${name}" from classArgs.`;
  return new PolyphaseError(`${owner.role}-class-args`, message, { hint });
}
