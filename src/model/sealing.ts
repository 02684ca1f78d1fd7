/*
 * A sealed config is the config without its secrets, fit to be kept and shown: in the place of each stands a marker that names
 * it, `sealed:trial.env.WANDB_API_KEY`. The secrets are kept apart, under those names. A value that really begins with
 * `sealed:` is written `sealed:=...` there.
 */
import type { AlgorithmConfig, ExperimentConfig } from "./config.ts";
import type { Json, JsonObject } from "./json.ts";
import { mapLeaves } from "./map-leaves.ts";
import type { Change, Path, Place } from "./map-leaves.ts";
import { pathText } from "./path-text.ts";
import { isSecret } from "./secret-names.ts";

/** Name (the place in the config) → value. */
export type Secrets = ReadonlyMap<string, string | number>;

export interface SealedConfig {
  readonly config: ExperimentConfig;
  readonly secrets: Secrets;
}

const mark = "sealed:";
const escape = `${mark}=`;

/** Takes every secret out: what `config.secrets` names, what its key calls one, addresses with a password in them. */
export function seal(config: ExperimentConfig): SealedConfig {
  const { secrets: named = [], ...rest } = config;
  const secrets = new Map<string, string | number>();
  const sealed = withSettings(rest, (value, place) => {
    const name = pathText(place.path);
    if (named.includes(name) || isSecret(value, place)) {
      secrets.set(name, value);
      return mark + name;
    }
    return typeof value === "string" && value.startsWith(mark) ? escape + value : value;
  });
  return { config: sealed, secrets };
}

/** The value with its secrets put back. Throws nothing: a marker whose secret is not there stays; see {@link sealedNames}. */
export function unseal<Value extends Json>(value: Value, secrets: Secrets): Value {
  return mapLeaves(value, (leaf) => {
    if (typeof leaf !== "string" || !leaf.startsWith(mark)) return leaf;
    return leaf.startsWith(escape)
      ? leaf.slice(escape.length)
      : (secrets.get(leaf.slice(mark.length)) ?? leaf);
  }) as Value;
}

/** The name of the secret in whose place a marker stands; null for any other value. */
export function sealedName(leaf: string | number): string | null {
  const isMarker = typeof leaf === "string" && leaf.startsWith(mark) && !leaf.startsWith(escape);
  return isMarker ? leaf.slice(mark.length) : null;
}

/** The names of the secrets that a sealed config needs. */
export function sealedNames(config: ExperimentConfig): readonly string[] {
  const names: string[] = [];
  withSettings(config, (leaf) => {
    const name = sealedName(leaf);
    if (name !== null) names.push(name);
    return leaf;
  });
  return names;
}

/** The places, as `ExperimentConfig.secrets` names them, of all settings with one of these values. */
export function placesOf(config: ExperimentConfig, values: ReadonlySet<string>): readonly string[] {
  const places: string[] = [];
  if (values.size === 0) return places;
  withSettings(config, (leaf, { path }) => {
    if (values.has(String(leaf))) places.push(pathText(path));
    return leaf;
  });
  return places;
}

/** The parts of a config where somebody else's settings stand, among them secrets. */
function withSettings(config: ExperimentConfig, change: Change): ExperimentConfig {
  const { tuner, assessor, trial, trainingService } = config;
  const algorithm = (role: string, { classArgs, ...rest }: AlgorithmConfig): AlgorithmConfig => ({
    ...rest,
    classArgs: mapLeaves(classArgs, change, placeOf(role, "classArgs")) as JsonObject,
  });
  const env = mapLeaves(trial.env, change, placeOf("trial", "env")) as typeof trial.env;
  const options = mapLeaves(trainingService.options, change, placeOf("trainingService", "options"));
  return {
    ...config,
    tuner: algorithm("tuner", tuner),
    assessor: assessor && algorithm("assessor", assessor),
    trial: { ...trial, env },
    trainingService: { ...trainingService, options: options as JsonObject },
  };
}

function placeOf(...path: Path): Place {
  return { path, secret: false };
}
