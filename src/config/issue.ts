import { type InputIssue, pathText, PolyphaseError } from "../model/index.ts";
import { shortened } from "../model/shortened.ts";

/** A fault, or for warnings a remark, before its place in the file is known. */
export interface Issue extends InputIssue {
  readonly hint?: string | undefined;
  /** `key`: the key itself is meant (an unknown key), not its value. */
  readonly at?: "key" | undefined;
  /** Unknown keys: the path of the key that was probably meant. */
  readonly meant?: readonly (string | number)[] | undefined;
}

/** One fault with its place. `file`, `line` and `column` (from 1) are null where the settings come from an object. */
export interface ConfigIssue extends InputIssue {
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  /** What the reader may do about it, or null. */
  readonly hint: string | null;
}

/** Code `config-invalid`. All faults of the config and of its search space at once, in the order of the files. */
export class ConfigError extends PolyphaseError {
  readonly issues: readonly ConfigIssue[];

  /** @param what is not valid, as the message begins */
  constructor(issues: readonly ConfigIssue[], what = "the experiment config", hint?: string) {
    super("config-invalid", messageOfIssues(issues, what), hint === undefined ? {} : { hint });
    this.issues = issues;
  }
}

/** At most this many faults are spelled out in the message; `issues` has them all. */
const shownIssues = 25;

function messageOfIssues(issues: readonly ConfigIssue[], what: string): string {
  const count = issues.length === 1 ? "1 fault" : `${issues.length} faults`;
  const lines = issues.slice(0, shownIssues).map((issue) => `  ${lineOf(issue)}`);
  const more = issues.length - lines.length;
  if (more > 0) lines.push(`  ... and ${more} more`);
  return [`${what} is not valid (${count}):`, ...lines].join("\n");
}

/** `experiment.yml:4:12: trial.gpuNum: expected ..., got ... (hint)`. */
export function lineOf(issue: ConfigIssue): string {
  const place = [issue.file, issue.line, issue.column].filter((part) => part !== null).join(":");
  const path = pathText(issue.path);
  const hint = issue.hint === null ? "" : ` (${issue.hint})`;
  return [place, path, issue.message].filter((part) => part !== "").join(": ") + hint;
}

/** A value as messages show it: short, and telling text from numbers. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return Object.keys(value).length === 0 ? "an empty mapping" : "a mapping";
  if (typeof value !== "string") return String(value);
  return JSON.stringify(shortened(value, 60));
}
