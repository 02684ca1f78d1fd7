import path from "node:path";
import type { ExperimentConfig, Json } from "../model/index.ts";
import { isObject, placesOf, redactor } from "../model/index.ts";
import { crossIssues } from "./checks.ts";
import { readDocument } from "./document.ts";
import { ConfigError, type ConfigIssue, type Issue, lineOf, show } from "./issue.ts";
import type { Surroundings } from "./paths.ts";
import { plainJson } from "./plain-json.ts";
import { readText } from "./read-text.ts";
import { resolve } from "./resolve.ts";
import { openSecrets } from "./secrets.ts";
import { type ConfigPlace, findSearchSpace } from "./search-space-file.ts";
import { unsupportedIssues } from "./supported.ts";
import { nameHere } from "./unknown-key.ts";
import { validate } from "./validate.ts";
import { remarks } from "./warnings.ts";

export interface LoadedConfig {
  /** Complete, absolute, frozen. */
  readonly config: ExperimentConfig;
  /** Keys without effect, limits that are probably missing. */
  readonly remarks: readonly ConfigIssue[];
  /** The same, one line each. */
  readonly warnings: readonly string[];
}

export interface LoadOptions {
  /** Names of the built-in tuners; without them any name passes. */
  readonly tunerNames?: readonly string[];
  /** The same of the assessors. */
  readonly assessorNames?: readonly string[];
  /** Environment of the user, for `~` and `${env:NAME}`; without it that of this process. */
  readonly env?: Surroundings["env"];
}

/**
 * Reads and checks a config file with its search space file. Relative paths in it start from its directory.
 * @throws ConfigError (code `config-invalid`) with all faults at once
 */
export async function loadConfig(file: string, options: LoadOptions = {}): Promise<LoadedConfig> {
  const absolute = path.resolve(file);
  const text = readText(absolute);
  if (text.kind === "fault") throw new ConfigError([withoutPlace({ path: [], message: text.message })]);
  const directory = path.dirname(absolute);
  return parseConfig(text.text, { ...options, file, directory, env: options.env ?? process.env });
}

export interface ConfigSource extends Surroundings {
  /** The config file's name as the user knows it: messages begin with it; its ending tells JSON from YAML. */
  readonly file: string;
  readonly tunerNames?: readonly string[];
}

/** As {@link loadConfig}, for text that is already read. The search space file and all directories must exist. */
export function parseConfig(text: string, source: ConfigSource): LoadedConfig {
  const document = readDocument(text, source.file);
  if (document.issues.length > 0) throw new ConfigError(document.issues);
  const { value, issues } = plainJson(document.value);
  if (issues.length > 0) throw new ConfigError(issues.map(document.place));
  const from: ConfigPlace = { file: source.file, place: document.place };
  return checked(value, from, { ...source, inProgram: false });
}

/**
 * As {@link parseConfig}, for settings in an object with the same keys. Here the training service may also be `function`,
 * which needs no `trial`. Faults carry their path, but no file, line and column. The object is copied.
 */
export function configFromObject(input: unknown, source: Omit<ConfigSource, "file">): LoadedConfig {
  const { value, issues } = plainJson(input);
  if (issues.length > 0) throw new ConfigError(issues.map(withoutPlace));
  return checked(value, { file: null, place: withoutPlace }, { ...source, inProgram: true });
}

function withoutPlace({ path, message, hint }: Issue): ConfigIssue {
  return { file: null, line: null, column: null, path, message, hint: hint ?? null };
}

interface Circumstances extends Surroundings {
  readonly tunerNames?: readonly string[];
  readonly assessorNames?: readonly string[];
  readonly inProgram: boolean;
}

function checked(value: Json, from: ConfigPlace, around: Circumstances): LoadedConfig {
  if (!isObject(value)) {
    const message = `expected a mapping of config keys, got ${show(value)}`;
    throw new ConfigError([
      from.place({ path: [], message, hint: value === null ? "it is empty" : undefined }),
    ]);
  }
  const open = openSecrets(value, around);
  const { file, issues } = validate(open.value);
  const { space, issues: spaceIssues } = findSearchSpace(file, from, around);
  const formIssues = [...issues, ...open.issues];
  const more = [...crossIssues(file, formIssues, around), ...unsupportedIssues(file, around)];
  const { redact } = redactor(open.all);
  const all = [
    ...[...formIssues, ...more].map((issue) => from.place(redacted(issue, redact))),
    ...spaceIssues,
  ];
  if (all.length > 0) throw new ConfigError(inOrder(all, from.file), undefined, hintOn(issues));
  const remarked = remarks(file, around).map((remark) => from.place(redacted(remark, redact)));
  const config = withSecrets(resolve(file, space, around), open.marked);
  return { config, remarks: remarked, warnings: remarked.map(lineOf) };
}

/** One key of NNI 2 may be a slip; a file with several of them was written for it. */
function hintOn(issues: readonly Issue[]): string | undefined {
  const ofNni2 = issues.filter(({ at, path }) => at === "key" && nameHere(path) !== undefined);
  return ofNni2.length < 2
    ? undefined
    : "This config is in the format of NNI 2; keys of NNI 1.x are read here. Each fault says what its key is called here.";
}

function withSecrets(config: ExperimentConfig, marked: ReadonlySet<string>): ExperimentConfig {
  const places = placesOf(config, marked);
  return places.length === 0 ? config : Object.freeze({ ...config, secrets: Object.freeze(places) });
}

/** Messages show what came instead of what was expected: not so with secrets. */
function redacted(issue: Issue, redact: (text: string) => string): Issue {
  return { ...issue, message: redact(issue.message), hint: issue.hint && redact(issue.hint) };
}

function inOrder(issues: readonly ConfigIssue[], configFile: string | null): readonly ConfigIssue[] {
  const rank = (issue: ConfigIssue): readonly number[] => [
    issue.file === configFile ? 0 : 1,
    issue.line ?? 0,
    issue.column ?? 0,
  ];
  return issues.toSorted((a, b) => {
    const [left, right] = [rank(a), rank(b)];
    const differing = left.findIndex((part, index) => part !== right[index]);
    return differing === -1 ? 0 : (left[differing] ?? 0) - (right[differing] ?? 0);
  });
}
