/** The secrets of a config: values from the environment, and values that its writer calls secret. */
import type { Json, JsonObject } from "../model/index.ts";
import { isObject, isSecret, mapLeaves, pathText } from "../model/index.ts";
import type { Change, Path } from "../model/index.ts";
import { didYouMean } from "../model/suggest.ts";
import { type Issue, show } from "./issue.ts";
import type { Surroundings } from "./paths.ts";

export interface OpenConfig {
  /** The config with all `${env:NAME}` filled in. */
  readonly value: JsonObject;
  /** Values that are secret whatever their key says. */
  readonly marked: ReadonlySet<string>;
  /** These, and those that are secret by the look of them: what no message may show. */
  readonly all: ReadonlySet<string>;
  readonly issues: readonly Issue[];
}

/** Fills in `${env:NAME}` from the environment of whoever starts the experiment, and gathers what is secret. */
export function openSecrets(written: JsonObject, { env }: Pick<Surroundings, "env">): OpenConfig {
  const marked = new Set<string>();
  const all = new Set<string>();
  const issues: Issue[] = [];

  const openLeaf: Change = (leaf, place) => {
    const filled = typeof leaf === "string" && leaf.includes("${env:") ? fillIn(leaf, place.path) : leaf;
    if (filled !== leaf && reference(String(leaf)) !== undefined) marked.add(String(filled));
    if (isSetting(place.path) && isSecret(filled, place)) all.add(String(filled));
    return filled;
  };

  function fillIn(text: string, path: Path): string {
    if (!isSetting(path)) {
      const name = reference(text);
      const message = `expected no \${env:${name}} here, where everybody would see it`;
      if (name !== undefined) issues.push({ path, message, hint });
      return text;
    }
    return text.replace(references, (whole, dollar: string | undefined, variable: string) => {
      if (dollar !== undefined) return whole.slice(1);
      const value = env[variable];
      if (value !== undefined && value !== "") return value;
      const found = value === undefined ? "which is not set" : "which is empty";
      issues.push({ path, message: `expected a value in the environment variable ${variable}, ${found}` });
      return whole;
    });
  }

  const { searchSpace, ...settings } = written;
  const value = {
    ...(mapLeaves(settings, openLeaf) as JsonObject),
    ...(searchSpace === undefined ? {} : { searchSpace }),
  };
  const named = valuesNamed(value);
  for (const leaf of named.values) marked.add(leaf);
  for (const leaf of marked) all.add(leaf);
  return { value, marked, all, issues: [...issues, ...named.issues] };
}

const references = /(\$)?\$\{env:([^{}$]{0,200})\}/g;
const hint = "it may stand in trial.env, in classArgs and in the settings of a training service";

/** The first variable that a text refers to; `$${env:NAME}` is no reference. */
function reference(text: string): string | undefined {
  const found = [...text.matchAll(references)].find(([, dollar]) => dollar === undefined);
  return found?.[2];
}

/** Whether a value is a setting for somebody else: a trial, an algorithm, a training service. Only those may be secret. */
function isSetting([section, key, ...deeper]: Path): boolean {
  if (section === "trial") return key === "env" && deeper.length > 0;
  if (section === "tuner" || section === "assessor" || section === "advisor") {
    return key === "classArgs" && deeper.length > 0;
  }
  return key !== undefined && section !== "tags" && section !== "secrets";
}

interface Named {
  readonly values: readonly string[];
  readonly issues: readonly Issue[];
}

/** The values at the places that the config lists under `secrets`. What is no list of texts is the schema's to report. */
function valuesNamed(config: JsonObject): Named {
  const listed: unknown = config["secrets"];
  if (!Array.isArray(listed)) return { values: [], issues: [] };
  const settings = placesOfSettings(config);
  const places = [...settings.keys()].slice(0, mostPlaces);
  const values: string[] = [];
  const issues: Issue[] = [];
  for (const [index, name] of listed.entries()) {
    if (typeof name !== "string") continue;
    const found = settings.get(name);
    if (found !== undefined) values.push(...found);
    else issues.push(nowhere(index, name, issues.length < mostGuesses ? places : []));
  }
  return { values, issues };
}

function nowhere(index: number, name: string, places: readonly string[]): Issue {
  return {
    path: ["secrets", index],
    message: `expected the place of a setting, such as trial.env.NAME, got ${show(name)}`,
    hint: didYouMean(name, places),
  };
}

/** Guessing what was meant is for slips of the pen, not for thousands of them. */
const mostGuesses = 20;
const mostPlaces = 200;

/** Place of each setting, or group of settings → the values there. */
function placesOfSettings(config: JsonObject): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, readonly string[]>();
  function look(part: Json, path: Path): readonly string[] {
    const values = valuesIn(part, path);
    if (isSetting(path)) places.set(pathText(path), values);
    return values;
  }
  function valuesIn(part: Json, path: Path): readonly string[] {
    if (Array.isArray(part)) return part.flatMap((item: Json, index) => look(item, [...path, index]));
    if (isObject(part)) return Object.entries(part).flatMap(([key, value]) => look(value, [...path, key]));
    return typeof part === "string" || typeof part === "number" ? [String(part)] : [];
  }
  const { searchSpace: _searchSpace, ...settings } = config;
  look(settings, []);
  return places;
}
