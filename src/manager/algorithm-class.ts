import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PolyphaseError, messageOf } from "../model/index.ts";
import type { CustomAlgorithm } from "../model/index.ts";
import { loadTypeScript } from "./load-typescript.ts";

export type AlgorithmClass = new (args: object) => unknown;

/** A class of the user's own, from a JavaScript or TypeScript module. Throws `tuner-failed` or `assessor-failed`. */
export async function importClass(
  role: "tuner" | "assessor",
  { codeDir, classFileName, className }: CustomAlgorithm,
): Promise<AlgorithmClass> {
  const path = join(codeDir, classFileName);
  if (/\.m?ts$/.test(classFileName)) loadTypeScript();
  const module = (await import(pathToFileURL(path).href).catch((cause: unknown) => {
    throw new PolyphaseError(
      `${role}-failed`,
      `the ${role}'s file ${path} cannot be loaded: ${messageOf(cause)}`,
      {
        cause,
      },
    );
  })) as Record<string, unknown> & { default?: Record<string, unknown> };
  const found =
    module[className] ??
    module.default?.[className] ??
    (className === "default" ? module.default : undefined);
  if (typeof found === "function") return found as AlgorithmClass;
  const exported = Object.keys(module).join(", ") || "nothing";
  throw new PolyphaseError(`${role}-failed`, `${path} exports no class ${className}; it exports ${exported}`);
}

/** Throws where the object lacks one of the methods. `page`: where people read what is needed. */
export function withMethods<Algorithm>(
  made: unknown,
  required: readonly (keyof Algorithm & string)[],
  {
    role,
    page,
    className,
    classFileName,
  }: CustomAlgorithm & { readonly role: string; readonly page: string },
): Algorithm {
  const missing = required.filter((method) => typeof (made as Algorithm)[method] !== "function");
  if (missing.length === 0) return made as Algorithm;
  throw new PolyphaseError(
    `${role}-failed`,
    `class ${className} of ${classFileName} has no method ${missing.join(", ")}`,
    { hint: `a ${role} needs ${required.join(", ")}: see ${page}` },
  );
}
