import type { InputIssue } from "../model/index.ts";
import { shortened } from "../model/shortened.ts";

export type Path = InputIssue["path"];

/** Collects what is wrong, in the order of the space. */
export interface Faults {
  readonly issues: readonly InputIssue[];
  add(path: Path, expected: string, got: string): void;
}

export function createFaults(): Faults {
  const issues: InputIssue[] = [];
  return {
    issues,
    add: (path, expected, got) => void issues.push({ path, message: `expected ${expected}, got ${got}` }),
  };
}

/** A value as messages show it: short, and telling text from numbers. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return showList(value);
  if (typeof value === "string") return JSON.stringify(shortened(value, 60));
  if (typeof value === "object") return Object.keys(value).length === 0 ? "an empty object" : "an object";
  return typeof value === "function" || typeof value === "symbol" ? `a ${typeof value}` : String(value);
}

function showList(list: readonly unknown[]): string {
  if (list.length === 0) return "an empty list";
  const isShort = list.length <= 4 && list.every((part) => part === null || typeof part !== "object");
  return isShort ? `[${list.map(show).join(", ")}]` : `a list of ${list.length}`;
}
