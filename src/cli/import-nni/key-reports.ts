import type { ConfigIssue } from "../../config/index.ts";
import { isObject, type JsonObject } from "../../model/index.ts";

/** What becomes of one key of an NNI config file. */
export interface KeyReport {
  /** `tuner.classArgs.optimize_mode` */
  readonly key: string;
  readonly verdict: Verdict;
  readonly note: string | null;
}

export type Verdict = "same" | "renamed" | "no effect" | "not supported" | "fault";

/** What is known of the file. */
export interface Findings {
  /** All of its faults. */
  readonly issues: readonly ConfigIssue[];
  /** Where it has no faults. */
  readonly remarks: readonly ConfigIssue[];
  /** What docs/config.md says of a key; undefined for unknown ones. */
  meaningOf(path: readonly string[]): string | undefined;
}

/** A report on each key, in the order of the file. */
export function keyReports(file: JsonObject, findings: Findings): readonly KeyReport[] {
  return keysIn(file).map((path) => {
    const [verdict, note] = verdictOf(path, findings);
    return { key: path.join("."), verdict, note };
  });
}

/** What is shown key by key; all else is one thing to whoever reads the table. */
const sections = new Set([
  ...["tuner", "assessor", "advisor", "trial", "localConfig"],
  ...["tuner.classArgs", "assessor.classArgs", "advisor.classArgs"],
]);

function keysIn(mapping: JsonObject, around: readonly string[] = []): readonly (readonly string[])[] {
  return Object.entries(mapping).flatMap(([key, value]) => {
    const path = [...around, key];
    return sections.has(path.join(".")) && isObject(value) ? keysIn(value, path) : [path];
  });
}

type Found = readonly [verdict: Verdict, note: string | null];

function verdictOf(path: readonly string[], findings: Findings): Found {
  return (
    ofIssues(path, findings) ??
    withoutEffect(path, findings) ??
    renamed(path) ?? ["same", remarkOn(path, findings)?.message ?? notes[path.join(".")] ?? null]
  );
}

function ofIssues(path: readonly string[], { issues }: Findings): Found | undefined {
  const issue = issues.find((found) => isAt(found, path));
  if (issue === undefined) return undefined;
  const { message, hint } = issue;
  if (hint?.includes("not supported in this version")) return ["not supported", hint];
  return ["fault", hint === null ? message : `${message} (${hint})`];
}

/** A fault inside of a value is shown at its key. */
function isAt({ path: found }: ConfigIssue, path: readonly string[]): boolean {
  return found.length > 0 && path.every((part, depth) => found[depth] === part);
}

function withoutEffect(path: readonly string[], findings: Findings): Found | undefined {
  const remark = remarkOn(path, findings);
  if (remark?.message.startsWith("has no effect")) return ["no effect", remark.message.replace(/^.*?: /, "")];
  const [all, why = null] =
    /^Accepted, without effect(?:: (.*))?\.$/.exec(findings.meaningOf(path) ?? "") ?? [];
  if (all === undefined) return undefined;
  const missesItsPlatform =
    why?.startsWith("belongs to") === true &&
    findings.issues.some((issue) => issue.path[0] === "trainingServicePlatform");
  return [missesItsPlatform ? "not supported" : "no effect", why];
}

function remarkOn(path: readonly string[], { remarks }: Findings): ConfigIssue | undefined {
  return remarks.find((remark) => remark.path.join(".") === path.join("."));
}

const newNames: { readonly [key: string]: string } = {
  searchSpacePath: "searchSpace: the space itself stands in the new file",
  debug: "logLevel: debug",
};

function renamed(path: readonly string[]): Found | undefined {
  const name = newNames[path.join(".")];
  return name === undefined ? undefined : ["renamed", name];
}

const notes: { readonly [key: string]: string } = {
  maxTrialNum: "counts trial jobs; maxPhaseNum counts configurations",
  logDir: "the experiment has a directory of its own in it, and delete takes nothing else",
};
