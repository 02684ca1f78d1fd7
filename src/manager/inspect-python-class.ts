import { resolve } from "node:path";
import type { CustomAlgorithm } from "../model/index.ts";
import { PolyphaseError } from "../model/index.ts";
import { askPython } from "./ask-python.ts";

interface Inspection {
  readonly ok: boolean;
  readonly message?: string;
  readonly line?: number;
}

/** Looks a class up without running the user's code. Throws `class-missing`, with file and line where there is one. */
export async function inspectPythonClass({
  codeDir,
  classFileName,
  className,
}: CustomAlgorithm): Promise<void> {
  const file = resolve(codeDir, classFileName);
  const question = { purpose: file, module: "polyphase.host.inspect", args: [file, className] };
  const found = await askPython<Inspection>(question);
  if (found.ok) return;
  const place = found.line === undefined ? file : `${file}:${found.line}`;
  throw new PolyphaseError("class-missing", `${place}: ${found.message}`);
}
