import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { pythonPath } from "../../../manager/python-process.ts";
import { PolyphaseError } from "../../../model/index.ts";
import type { CliCommand } from "../../session.ts";
import { exitCodes } from "../../session.ts";
import { sayInfo, sayWarning } from "../say.ts";

interface Options {
  readonly trial_command: string;
  readonly trial_dir: string;
  readonly file: string;
}

/** The trial's code finds the file to write in NNI_GEN_SEARCH_SPACE, and `import nni` as trial jobs do. */
export const ssGenCommand: CliCommand<Options> = {
  configure(command) {
    command
      .requiredOption("-t, --trial_command <command>", "what starts the trial")
      .option("-d, --trial_dir <directory>", "where to start it", "./")
      .option("-f, --file <file>", "the search space file to write", "nni_auto_gen_search_space.json");
  },
  async run({ options, session }) {
    const [cwd, file] = [resolve(options.trial_dir), resolve(options.file)];
    if (statSync(cwd, { throwIfNoEntry: false })?.isDirectory() !== true)
      throw new PolyphaseError("directory-missing", `${options.trial_dir} is no directory`);
    const before = writtenAt(file);
    if (before !== undefined) sayWarning(session, `${file} is there already: it will be overwritten`);
    sayInfo(session, "Dry run to generate search space...");
    const env = {
      ...session.env,
      PYTHONPATH: pythonPath(session.env["PYTHONPATH"]),
      NNI_GEN_SEARCH_SPACE: file,
    };
    const child = spawn(options.trial_command, { cwd, env, shell: true, stdio: "inherit" });
    const [exitCode] = (await once(child, "close")) as [number | null];
    if (!existsSync(file) || writtenAt(file) === before) throw nothingWritten(file, exitCode);
    sayInfo(session, `Generate search space done: ${file}`);
    return exitCodes.ok;
  },
};

function writtenAt(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}

function nothingWritten(file: string, exitCode: number | null): PolyphaseError {
  return new PolyphaseError(
    "nothing-generated",
    `the trial command (exit code ${exitCode ?? "none"}) has not written ${file}`,
    { hint: "it is to write the search space to the file that NNI_GEN_SEARCH_SPACE names" },
  );
}
