import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/*
 * Hooks for Node's module loader that take the types out of TypeScript modules, as Node does by itself from 22.18 on. They
 * run in the loader's own thread: see `loadTypeScript`.
 */

type NextLoad = (url: string, context: object) => Promise<Loaded>;

interface Loaded {
  readonly format: string;
  readonly source: string;
  readonly shortCircuit: true;
}

interface Stripper {
  transformSync(source: string, options: { readonly mode: "strip-only" }): { readonly code: string };
}

const typeScript = /\.m?ts$/;

export async function load(url: string, context: object, nextLoad: NextLoad): Promise<Loaded> {
  if (!url.startsWith("file:") || !typeScript.test(url)) return nextLoad(url, context);
  const { transformSync } = createRequire(import.meta.url)("amaro") as Stripper;
  const { code } = transformSync(await readFile(fileURLToPath(url), "utf8"), { mode: "strip-only" });
  return { format: "module", source: code, shortCircuit: true };
}
