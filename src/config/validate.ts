import type * as z from "zod";
import { isObject, type Json, type JsonObject } from "../model/index.ts";
import type { ConfigFile } from "./config-file.ts";
import type { Issue } from "./issue.ts";
import { configFile } from "./schema.ts";
import { didYouMean } from "../model/suggest.ts";
import { unknownKeys } from "./unknown-key.ts";

export interface Validated {
  /** What the file says, without its faulty parts, so that the checks after this one find the faults of the rest. */
  readonly file: ConfigFile;
  readonly issues: readonly Issue[];
}

/** Checks form only: keys, types, ranges. A key without a value (`logDir:`) counts as missing. */
export function validate(input: JsonObject): Validated {
  const given = asNniMeantIt(withoutNulls(input, 2) as JsonObject);
  const result = configFile.safeParse(given, { reportInput: true });
  if (result.success) return { file: result.data, issues: [] };
  const issues = result.error.issues.flatMap((issue) => issuesOf(issue, []));
  return { file: configFile.parse(withoutFaulty(given, issues)), issues };
}

/** NNI demanded `authorName`, and its tuners went on in a space that they had searched: who has the key counts on that. */
function asNniMeantIt(given: JsonObject): JsonObject {
  return "authorName" in given ? { whenExhausted: "repeat", ...given } : given;
}

/** Leaves keys with value null out, in the top mapping and in its sections. */
function withoutNulls(value: Json, levels: number): Json {
  if (levels === 0 || !isObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(
    members.map(([key, member]) => [key, key === "searchSpace" ? member : withoutNulls(member, levels - 1)]),
  );
}

type Path = readonly (string | number)[];

function issuesOf(issue: z.core.$ZodIssue, around: Path): Issue[] {
  const path = [...around, ...(issue.path as Path)];
  switch (issue.code) {
    case "unrecognized_keys":
      return unknownKeys(path, issue.keys);
    case "invalid_union": {
      const meant = issue.errors.find((branch) => !isOfOtherType(branch));
      return meant === undefined
        ? [{ path, message: issue.message }]
        : meant.flatMap((inner) => issuesOf(inner, path));
    }
    case "invalid_key":
      return [{ path, message: issue.issues[0]?.message ?? issue.message, at: "key" }];
    case "invalid_value":
      return [{ path, message: issue.message, hint: didYouMean(issue.input, issue.values.map(String)) }];
    case "invalid_type":
      return [{ path, message: issue.message, hint: quotesHint(issue.expected, issue.input) }];
    case "invalid_element":
    case "invalid_format":
    case "not_multiple_of":
    case "too_big":
    case "too_small":
    case "custom":
      return [{ path, message: issue.message }];
  }
}

/** YAML tells `1` from `"1"`, and `y` is no truth value in any version of it that was in use. */
function quotesHint(wanted: string, got: unknown): string | undefined {
  if (wanted === "boolean" && typeof got === "string") return truthHint(got);
  if (wanted === "number" && typeof got === "string" && got.trim() !== "" && Number.isFinite(Number(got))) {
    return "numbers stand without quotes";
  }
  return wanted === "string" && typeof got !== "object" && got !== undefined ? "put it in quotes" : undefined;
}

function truthHint(got: string): string {
  const word = got.toLowerCase();
  if (word === "y") return "write true";
  if (word === "n") return "write false";
  return "true and false stand without quotes";
}

/** A way of writing the value that this value does not even resemble: text where there is a mapping. */
function isOfOtherType(issues: readonly z.core.$ZodIssue[]): boolean {
  return issues.some((issue) => issue.code === "invalid_type" && issue.path.length === 0);
}

function withoutFaulty(given: JsonObject, issues: readonly Issue[]): JsonObject {
  const kept = structuredClone(given);
  for (const { path } of issues) {
    const inList = path.findIndex((part) => typeof part === "number");
    remove(kept, inList === -1 ? path : path.slice(0, inList));
  }
  return kept;
}

function remove(from: Json | undefined, [key, ...deeper]: Path): void {
  if (key === undefined || !isObject(from)) return;
  if (deeper.length > 0) remove(from[key], deeper);
  else delete (from as Record<string, Json>)[key];
}
