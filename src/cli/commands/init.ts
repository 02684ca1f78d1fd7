import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Option } from "commander";
import { version } from "../../manager/version.ts";
import { PolyphaseError } from "../../model/index.ts";
import type { CliCommand } from "../session.ts";
import { exitCodes } from "../session.ts";
import type { Example } from "../templates/example.ts";
import { pythonExample } from "../templates/python.ts";
import { typescriptExample } from "../templates/typescript.ts";

interface Options {
  readonly json?: true;
  readonly language: "python" | "typescript";
}

export const initCommand: CliCommand<Options> = {
  configure(command) {
    command
      .argument("[DIRECTORY]", "where to write it; made if it is missing", ".")
      .addOption(
        new Option("--language <language>", "of the trial")
          .choices(["python", "typescript"])
          .default("python"),
      );
  },
  async run({ operands: [place = "."], options: { language, json }, session }) {
    const directory = resolve(place);
    const example = language === "python" ? pythonExample() : typescriptExample(runsTypeScript(), version);
    write(directory, example);
    const linked = example.needsPackage && linkPackage(directory);
    const files = Object.keys(example.files);
    const next = [
      ...(directory === resolve(".") ? [] : [`cd ${shellWord(place)}`]),
      "polyphase run -c config.yml",
    ];
    if (json === true) session.printJson({ directory, language, files, linked, next });
    else {
      const { good, bold } = session.style;
      session.print(
        `${good("wrote")} ${files.join(", ")} to ${relative(".", directory) || "this directory"}`,
      );
      if ("trial.js" in example.files)
        session.print(
          `node ${process.version} takes no TypeScript as it is (22.18 does), so the trial is JavaScript`,
        );
      if (linked)
        session.print("linked this polyphase into its node_modules; npm install takes the published one");
      session.print(`next: ${bold(next.join(" && "))}`);
    }
    return exitCodes.ok;
  },
};

/** All files or none. */
function write(directory: string, { files }: Example): void {
  const inTheWay = Object.keys(files).filter((name) => existsSync(join(directory, name)));
  if (inTheWay.length > 0)
    throw new PolyphaseError(
      "files-in-the-way",
      `${directory} has ${inTheWay.join(", ")} already; nothing was written`,
      {
        hint: "name another directory: polyphase init my-experiment",
      },
    );
  mkdirSync(directory, { recursive: true });
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(directory, name), text, { flag: "wx" });
}

/** True from node 22.18 on. */
function runsTypeScript(): boolean {
  return Boolean((process.features as { readonly typescript?: unknown }).typescript);
}

/** Makes `polyphase/trial` importable from there where it is not yet; true where that was needed. */
function linkPackage(directory: string): boolean {
  try {
    createRequire(join(directory, "trial.js")).resolve("polyphase/package.json");
    return false;
  } catch {
    mkdirSync(join(directory, "node_modules"), { recursive: true });
    symlinkSync(packageRoot(), join(directory, "node_modules", "polyphase"), "junction");
    return true;
  }
}

function packageRoot(): string {
  return fileURLToPath(new URL("../../../", import.meta.url)).replace(/[/\\]$/, "");
}

function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
