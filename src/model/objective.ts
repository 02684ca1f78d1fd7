import { isObject, type Json, type JsonObject, plain } from "./json.ts";
import type { OptimizeMode } from "./config.ts";
import { shortened } from "./shortened.ts";

/**
 * The number that a result stands for: the number itself, or the numeric `default` of an object.
 * Undefined where there is none (a custom tuner may still read the result). NaN and infinities are returned as they are.
 */
export function objectiveOf(value: Json | undefined): number | undefined {
  if (typeof value === "number") return value;
  if (isObject(value)) {
    const fallback = value["default"];
    if (typeof fallback === "number") return fallback;
  }
  return undefined;
}

/** The objective as something to minimise; undefined and NaN stay unusable (undefined). */
export function lossOf(value: Json | undefined, mode: OptimizeMode): number | undefined {
  const objective = objectiveOf(value);
  if (objective === undefined || Number.isNaN(objective)) return undefined;
  return mode === "maximize" ? -objective : objective;
}

/** Whether `candidate` is strictly better than `incumbent`. */
export function isBetter(candidate: number, incumbent: number, mode: OptimizeMode): boolean {
  return mode === "maximize" ? candidate > incumbent : candidate < incumbent;
}

/** One of several objectives: a number of the result by its name, and the way it is to go. */
export interface NamedObjective {
  readonly name: string;
  readonly mode: OptimizeMode;
}

/** More than this are refused: nearly every point would be better than every other in one of them. */
export const mostObjectives = 10;

/**
 * The objectives that a tuner's class args name, `objectives: { accuracy: maximize, latency: minimize }`, by name; in which order they
 * are written means nothing. Undefined where there are none, or what is called so is something else.
 */
export function namedObjectives(classArgs: JsonObject): readonly NamedObjective[] | undefined {
  const given = classArgs["objectives"];
  if (given === null || typeof given !== "object" || Array.isArray(given)) return undefined;
  const modes = Object.entries(given as JsonObject);
  if (modes.length === 0 || modes.length > mostObjectives || !modes.every(isMode)) return undefined;
  return modes
    .map(([name, mode]) => ({ name, mode: mode as OptimizeMode }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function isMode([, mode]: readonly [string, Json]): boolean {
  return mode === "maximize" || mode === "minimize";
}

/** The number of a result that bears this name; `default` also names a result that is itself a number. */
export function objectiveNamed(value: Json | undefined, name: string): number | undefined {
  if (name === "default") return objectiveOf(value);
  if (value === null || typeof value !== "object" || !Object.hasOwn(value, name)) return undefined;
  const found = (value as JsonObject)[name];
  return typeof found === "number" ? found : undefined;
}

/** All of a result's objectives as numbers to minimise; undefined where one is missing, no number, or NaN. */
export function lossesOf(
  value: Json | undefined,
  objectives: readonly NamedObjective[],
): readonly number[] | undefined {
  const losses: number[] = [];
  for (const { name, mode } of objectives) {
    const objective = objectiveNamed(value, name);
    if (objective === undefined || Number.isNaN(objective)) return undefined;
    losses.push(mode === "maximize" ? -objective : objective);
  }
  return losses;
}

/** What keeps a result from counting for all objectives, or for the only one, in words; null where nothing does. */
export function objectiveFault(
  value: Json,
  objectives: readonly NamedObjective[] | undefined,
): string | null {
  const faults =
    objectives === undefined ? onlyFault(value) : objectives.flatMap(({ name }) => faultOf(value, name));
  return faults.length === 0 ? null : `the result does not count: ${faults.join(", ")}`;
}

function faultOf(value: Json, name: string): string[] {
  const objective = objectiveNamed(value, name);
  if (objective === undefined) return [`no number "${name}"`];
  return Number.isNaN(objective) ? [`"${name}" is NaN`] : [];
}

/** Of a result that is shown in a sentence. */
const mostCharacters = 80;

function onlyFault(value: Json): string[] {
  const objective = objectiveOf(value);
  if (objective !== undefined) return Number.isNaN(objective) ? ["it is NaN"] : [];
  const shown = shortened(JSON.stringify(plain(value)), mostCharacters);
  return [`expected a number, or an object with a number under "default", got ${shown}`];
}
