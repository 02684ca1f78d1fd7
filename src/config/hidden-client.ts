import path from "node:path";
import type { ConfigFile } from "./config-file.ts";
import { defaults } from "./defaults.ts";
import type { Issue } from "./issue.ts";
import { absolute, type Surroundings, whatIsAt } from "./paths.ts";

/** Python looks beside its script before anywhere else: a module of ours by name is found there first. */
export function hiddenClientRemarks(file: ConfigFile, around: Surroundings): readonly Issue[] {
  const { command = "", codeDir = defaults.trial.codeDir } = file.trial ?? {};
  const directory = absolute(codeDir, around);
  const folders = new Set(
    pythonScripts(command).map((script) => path.dirname(path.resolve(directory, script))),
  );
  return [...folders].flatMap((folder) =>
    [path.join(folder, "nni.py"), path.join(folder, "nni", "__init__.py")]
      .filter((found) => whatIsAt(found) === "a file")
      .map((found) => ({
        path: ["trial", "command"],
        message: `import nni in the trial finds ${found}, not the trial client`,
        hint: "give it another name: without the client a trial gets no parameters and reports nothing",
      })),
  );
}

function pythonScripts(command: string): readonly string[] {
  return command.split(/[\s"'=;&|]+/).filter((word) => word.endsWith(".py"));
}
