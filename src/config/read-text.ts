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
    return decoded(readFileSync(file), file);
  } catch (error) {
    return { kind: "fault", message: `cannot read ${file}: ${messageOf(error)}` };
  }
}

function decoded(bytes: Buffer, file: string): FileText {
  try {
    return { kind: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    const before = bytes.toString("utf8").split("\ufffd", 1)[0] ?? "";
    return {
      kind: "fault",
      message: `expected UTF-8 text in ${file}, got other bytes in line ${before.split("\n").length}`,
    };
  }
}
