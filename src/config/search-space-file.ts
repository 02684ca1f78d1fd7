import path from "node:path";
import type { Json, SearchSpace } from "../model/index.ts";
import { parseSearchSpace, searchSpaceIssues, type SpaceOptions } from "../space/index.ts";
import type { ConfigFile } from "./config-file.ts";
import { readDocument } from "./document.ts";
import { ConfigError, type ConfigIssue, type Issue } from "./issue.ts";
import { absolute, type Surroundings } from "./paths.ts";
import { plainJson } from "./plain-json.ts";
import { readText } from "./read-text.ts";

export interface FoundSearchSpace {
  /** Null where none is given, or where it has faults. */
  readonly space: SearchSpace | null;
  readonly issues: readonly ConfigIssue[];
}

/** Where the config itself stands: its file's name as the user knows it, and the place of its parts. */
export interface ConfigPlace {
  readonly file: string | null;
  place(issue: Issue): ConfigIssue;
}

/** The experiment's search space, from the config or from its own file, with all its faults. */
export function findSearchSpace(
  config: Pick<ConfigFile, "searchSpace" | "searchSpacePath" | "tuner" | "advisor">,
  from: ConfigPlace,
  surroundings: Surroundings,
): FoundSearchSpace {
  const ownTypes = (config.tuner ?? config.advisor)?.className !== undefined;
  if (config.searchSpace !== undefined) {
    const place: ConfigPlace["place"] = ({ path, ...issue }) =>
      from.place({ ...issue, path: ["searchSpace", ...path] });
    return checked(config.searchSpace, place, { ownTypes });
  }
  if (config.searchSpacePath === undefined) return { space: null, issues: [] };
  return readSpaceFile(config.searchSpacePath, from, surroundings, { ownTypes });
}

function readSpaceFile(
  written: string,
  from: ConfigPlace,
  surroundings: Surroundings,
  options: SpaceOptions,
): FoundSearchSpace {
  const target = absolute(written, surroundings);
  const text = readText(target);
  if (text.kind === "fault") {
    return { space: null, issues: [from.place({ path: ["searchSpacePath"], message: text.message })] };
  }
  return parseSpace(text.text, shownName(written, from.file), options);
}

function parseSpace(text: string, file: string, options: SpaceOptions): FoundSearchSpace {
  const document = readDocument(text, file);
  if (document.issues.length > 0) return { space: null, issues: document.issues };
  const { value, issues } = plainJson(document.value);
  return issues.length > 0
    ? { space: null, issues: issues.map(document.place) }
    : checked(value, document.place, options);
}

/**
 * Reads and checks a search space file by itself. Whose tuner will search it is not known here: what is odd about it only to ours
 * passes, for it may be in the words of the user's own.
 * @throws ConfigError (code `config-invalid`) with all faults at once
 */
export function loadSearchSpace(file: string): SearchSpace {
  const text = readText(path.resolve(file));
  if (text.kind === "fault") throw new ConfigError([unreadable(text.message)], "the search space");
  const ours = parseSpace(text.text, file, { ownTypes: false });
  const space = ours.space ?? parseSpace(text.text, file, { ownTypes: true }).space;
  if (space !== null) return space;
  throw new ConfigError(ours.issues, "the search space");
}

function unreadable(message: string): ConfigIssue {
  return { file: null, line: null, column: null, path: [], message, hint: null };
}

/** The space file as seen from where the user stands: beside the config file, as that was named. */
function shownName(written: string, configFile: string | null): string {
  if (configFile === null || path.isAbsolute(written) || written.startsWith("~")) return written;
  return path.join(path.dirname(configFile), written);
}

function checked(value: Json, place: (issue: Issue) => ConfigIssue, options: SpaceOptions): FoundSearchSpace {
  const issues = searchSpaceIssues(value, options);
  return issues.length > 0
    ? { space: null, issues: issues.map(place) }
    : { space: parseSearchSpace(value, options), issues: [] };
}
