import type { Json } from "../model/index.ts";
import type { Issue } from "./issue.ts";

/** Deeper values than this are refused, long before anything runs out of stack. */
const deepest = 200;

export interface PlainJson {
  readonly value: Json;
  readonly issues: readonly Issue[];
}

/**
 * A copy of `value` that is plain JSON: members that are undefined are left out; everything else that JSON does not know
 * (functions, dates, binary data, circles) is an issue.
 */
export function plainJson(value: unknown): PlainJson {
  const issues: Issue[] = [];
  const complain = (path: readonly (string | number)[], got: string): null => {
    issues.push({ path, message: `expected plain JSON, got ${got}` });
    return null;
  };

  function copy(part: unknown, path: readonly (string | number)[], around: readonly unknown[]): Json {
    if (part === null || part === undefined) return null;
    if (typeof part === "boolean" || typeof part === "number" || typeof part === "string") return part;
    if (typeof part !== "object") return complain(path, `a ${typeof part}`);
    if (around.includes(part)) return complain(path, "a value that contains itself");
    if (around.length >= deepest) return complain(path, `more than ${deepest} levels of nesting`);
    const inside = [...around, part];
    // Not `map`: that asks an array for its constructor, which may be anything.
    if (Array.isArray(part)) return Array.from(part, (item, index) => copy(item, [...path, index], inside));
    if (!isPlain(part)) return complain(path, `a ${part.constructor?.name ?? "object of some class"}`);
    const members = Object.entries(part).filter(([, member]) => member !== undefined);
    return Object.fromEntries(members.map(([key, member]) => [key, copy(member, [...path, key], inside)]));
  }

  return { value: copy(value, [], []), issues };
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || isPlainOfOtherRealm(prototype);
}

/** vm contexts and worker threads have an `Object.prototype` of their own. */
function isPlainOfOtherRealm(prototype: unknown): boolean {
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, "isPrototypeOf");
}
