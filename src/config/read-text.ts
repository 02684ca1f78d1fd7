import { readFileSync, statSync } from "node:fs";
import { messageOf } from "../model/index.ts";
import { whatIsAt } from "./paths.ts";

/** Larger files are not even read. */
const largestFile = 16_000_000;

export type FileText =
  { readonly kind: "text"; readonly text: string } | { readonly kind: "fault"; readonly message: string };

/** The text of a UTF-8 file, without a byte order mark, or why there is none. Never throws. */
export function readText(file: string): FileText {
  const found = whatIsAt(file);
  if (found !== "a file") return { kind: "fault", message: `expected a file, got ${found} at ${file}` };
  try {
    if (statSync(file).size > largestFile) {
      return { kind: "fault", message: `expected a file of at most ${largestFile / 1e6} MB at ${file}` };
    }
    return { kind: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file)) };
  } catch (error) {
    const message =
      error instanceof TypeError
        ? `expected UTF-8 text in ${file}`
        : `cannot read ${file}: ${messageOf(error)}`;
    return { kind: "fault", message };
  }
}
