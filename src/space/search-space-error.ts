import { type InputIssue, PolyphaseError } from "../model/index.ts";

/** Code `search-space-invalid`: all faults of a search space at once. */
export class SearchSpaceError extends PolyphaseError {
  readonly issues: readonly InputIssue[];

  constructor(issues: readonly InputIssue[]) {
    super("search-space-invalid", messageOf(issues));
    this.issues = issues;
  }
}

/** At most this many faults are spelled out in the message; `issues` has them all. */
const mostShown = 25;

function messageOf(issues: readonly InputIssue[]): string {
  const count = issues.length === 1 ? "1 fault" : `${issues.length} faults`;
  const lines = issues
    .slice(0, mostShown)
    .map(({ path, message }) => `  ${[...pathText(path), message].join(": ")}`);
  const more = issues.length - lines.length;
  if (more > 0) lines.push(`  ... and ${more} more`);
  return [`the search space is not valid (${count}):`, ...lines].join("\n");
}

/** `["layer0", "_value", 0, "my key"]` → `layer0._value[0]["my key"]`; nothing for the space itself. */
function pathText(path: InputIssue["path"]): readonly string[] {
  if (path.length === 0) return [];
  const parts = path.map((part, place) => {
    if (typeof part === "number") return `[${part}]`;
    if (!/^[\w$/-]+$/.test(part)) return `[${JSON.stringify(part)}]`;
    return place === 0 ? part : `.${part}`;
  });
  return [parts.join("")];
}
