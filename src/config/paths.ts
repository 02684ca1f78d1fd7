import { statSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { messageOf } from "../model/index.ts";
import type { Issue } from "./issue.ts";

/** Where paths in a config start from. */
export interface Surroundings {
  /** Absolute path of the directory that relative paths start from: the config file's. */
  readonly directory: string;
  /** Environment variables; `HOME` is what `~` means, and `${env:NAME}` reads any of them. */
  readonly env: { readonly [name: string]: string | undefined };
}

/** Absolute path of what a config calls `written`. */
export function absolute(written: string, { directory, env }: Surroundings): string {
  const home = env["HOME"] ?? homedir();
  return path.resolve(
    directory,
    written.replace(/^~(?=$|[\\/])/, () => home),
  );
}

/** The fault, if there is one, of a path that must lead to a file or a directory. */
export function pathIssues(
  written: { readonly path: readonly string[]; readonly value: string },
  expected: "a file" | "a directory",
  surroundings: Surroundings,
): readonly Issue[] {
  const target = absolute(written.value, surroundings);
  const found = whatIsAt(target);
  if (found === expected) return [];
  return [{ path: written.path, message: `expected ${expected}, got ${found} at ${target}` }];
}

/** `a file`, `a directory`, `nothing`, or words for what else it is. */
export function whatIsAt(target: string): string {
  try {
    const found = statSync(target, { throwIfNoEntry: false });
    if (found === undefined) return "nothing";
    if (found.isFile()) return "a file";
    return found.isDirectory() ? "a directory" : "neither file nor directory";
  } catch (error) {
    return `an error (${messageOf(error)})`;
  }
}
