import path from "node:path";
import type { ConfigFile } from "./config-file.ts";
import { defaults } from "./defaults.ts";
import type { Issue } from "./issue.ts";
import { absolute, type Surroundings, whatIsAt } from "./paths.ts";
import { readText } from "./read-text.ts";

/** What keeps `import nni` in a trial from finding our client: a module of its name, and a path without it. */
export function hiddenClientRemarks(file: ConfigFile, around: Surroundings): readonly Issue[] {
  const { command = "", codeDir = defaults.trial.codeDir } = file.trial ?? {};
  const directory = absolute(codeDir, around);
  const words = command.split(/[\s"'=;&|]+/).filter((word) => word !== "");
  return [...inTheWay(words, directory), ...withoutOurPath(command, words, directory)];
}

/** Python looks beside its script before anywhere else: a module of ours by name is found there first. */
function inTheWay(words: readonly string[], directory: string): readonly Issue[] {
  const scripts = words.filter((word) => word.endsWith(".py"));
  const folders = new Set(scripts.map((script) => path.dirname(path.resolve(directory, script))));
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

/** The client is found by PYTHONPATH, where NNI's was installed: commands and scripts write over that. */
function withoutOurPath(command: string, words: readonly string[], directory: string): readonly Issue[] {
  const places = writesOverPath(command) === undefined ? [] : ["the command"];
  for (const script of shellScripts(words, directory)) {
    const line = writesOverPath(script.text);
    if (line !== undefined) places.push(`${script.file}:${line}`);
  }
  return places.map((place) => ({
    path: ["trial", "command"],
    message: `import nni in the trial may not find the trial client: ${place} sets PYTHONPATH without what it was`,
    hint: "keep that: PYTHONPATH=...:$PYTHONPATH",
  }));
}

function shellScripts(words: readonly string[], directory: string): { file: string; text: string }[] {
  return [...new Set(words)]
    .filter((word) => ["", ".sh", ".bash"].includes(path.extname(word)))
    .map((word) => path.resolve(directory, word))
    .flatMap((file) => {
      const found = readText(file);
      return found.kind === "text" && isShell(file, found.text) ? [{ file, text: found.text }] : [];
    });
}

function isShell(file: string, text: string): boolean {
  return path.extname(file) !== "" || /^#!.*sh\b/.test(text);
}

const comment = /(?:^|\s)#/;
const setPath = /(?<=^|[\s;&|("'])PYTHONPATH=("[^"]*"|'[^']*'|[^\s;&|]*)/g;

/** The first line that sets PYTHONPATH to something in which the variable itself does not occur. */
function writesOverPath(text: string): number | undefined {
  const found = text.split("\n").findIndex((line) => {
    const [code = ""] = line.split(comment, 1);
    return [...code.matchAll(setPath)].some(([, value]) => value?.includes("PYTHONPATH") === false);
  });
  return found === -1 ? undefined : found + 1;
}
