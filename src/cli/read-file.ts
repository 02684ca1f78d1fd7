import { readFile } from "node:fs/promises";
import type { Json } from "../model/index.ts";
import { messageOf, PolyphaseError, unspell } from "../model/index.ts";

/** The text of a file that the user named. */
export async function readUserFile(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).replace(/^\uFEFF/, "");
  } catch (cause) {
    throw new PolyphaseError("file-unreadable", `cannot read ${file}: ${messageOf(cause)}`, { cause });
  }
}

/** JSON in which NaN may be spelled `{"$number":"NaN"}`. `where`: how the message begins. */
export function parseUserJson(text: string, where: string): Json {
  try {
    return unspell(text);
  } catch (cause) {
    throw new PolyphaseError("json-invalid", `${where}: expected JSON: ${messageOf(cause)}`, { cause });
  }
}
