import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { TrialJobSpec, TrialJobStatus } from "../../model/index.ts";
import type { LocalHandle } from "./handle.ts";

/**
 * What is kept of one job under its output directory, so that any manager can go on with it:
 *
 * | file               | written by | says |
 * |--------------------|------------|------|
 * | `stdout`, `stderr` | the job    | its output; `trial.log` leads to `stdout` |
 * | `code/`            | manager    | the job's own copy of the code directory, where one was asked for |
 * | `.job/handle.json` | manager    | the job's handle; rewritten when the job leaves the waiting line |
 * | `.job/spec.json`   | manager    | only while the job waits for a GPU: how to start it; readable by the owner alone |
 * | `.job/pid`         | wrapper    | the job was started, by this process; created by at most one process ever |
 * | `.job/exit`        | wrapper    | exit code of the command; counts only when the line is complete |
 * | `.job/cancelled`   | manager    | somebody asked the job to end |
 * | `.job/status.json` | manager    | the final status; from then on nothing else counts |
 *
 * The manager's files are written whole or not at all. Absent or damaged files read as undefined.
 */
export interface JobFiles {
  readonly outputDir: string;
  readonly stateDir: string;
  readonly exitFile: string;
  /** Makes the directories. */
  create(): void;
  /** Makes `trial.log`. */
  linkLog(): void;
  readHandle(): LocalHandle | undefined;
  writeHandle(handle: LocalHandle): void;
  readSpec(): TrialJobSpec | undefined;
  writeSpec(spec: TrialJobSpec): void;
  removeSpec(): void;
  readPid(): number | undefined;
  readExitCode(): number | undefined;
  isCancelled(): boolean;
  markCancelled(reason: string): void;
  readStatus(): TrialJobStatus | undefined;
  writeStatus(status: TrialJobStatus): void;
}

export function jobFiles(outputDir: string): JobFiles {
  const stateDir = join(outputDir, ".job");
  const path = (name: string): string => join(stateDir, name);
  const readJson = <T>(name: string): T | undefined => parseJson(readText(path(name))) as T | undefined;
  const writeJson = (name: string, value: unknown): void => writeWhole(path(name), JSON.stringify(value));

  return {
    outputDir,
    stateDir,
    exitFile: path("exit"),
    create() {
      mkdirSync(stateDir, { recursive: true, mode: 0o700 });
      chmodSync(stateDir, 0o700);
    },
    linkLog: () => link("stdout", join(outputDir, "trial.log")),
    readHandle: () => readJson<LocalHandle>("handle.json"),
    writeHandle: (handle) => writeJson("handle.json", handle),
    readSpec: () => readJson<TrialJobSpec>("spec.json"),
    writeSpec: (spec) => writeJson("spec.json", spec),
    removeSpec: () => rmSync(path("spec.json"), { force: true }),
    readPid: () => readNumberLine(path("pid")),
    readExitCode: () => readNumberLine(path("exit")),
    isCancelled: () => readText(path("cancelled")) !== undefined,
    markCancelled: (reason) => writeWhole(path("cancelled"), `${reason}\n`),
    readStatus: () => readJson<TrialJobStatus>("status.json"),
    writeStatus: (status) => writeJson("status.json", status),
  };
}

/** Only the owner may read: a spec holds the job's token. */
function writeWhole(path: string, text: string): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, path);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readNumberLine(path: string): number | undefined {
  const match = /^(\d+)\n$/.exec(readText(path) ?? "");
  return match === null ? undefined : Number(match[1]);
}

function link(target: string, path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) symlinkSync(target, path);
}
