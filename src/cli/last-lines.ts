import { readFileSync } from "node:fs";

/** The last lines of a text file, indented; a word about it where there are none. */
export function lastLines(path: string, most: number): string {
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  const shown = lines.slice(-most).filter((line) => line !== "");
  return shown.length === 0 ? "  (it printed nothing)" : shown.map((line) => `  ${line}`).join("\n");
}
