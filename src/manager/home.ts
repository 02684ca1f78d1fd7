import { execFileSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { PolyphaseError } from "../model/index.ts";
import type { ExperimentStatus } from "../model/index.ts";
import { newToken } from "./ids.ts";

/*
 * Where experiments live:
 *
 *   $POLYPHASE_HOME (default ~/.polyphase, mode 0700)
 *   ├── netrc                      mode 0600: the password that opens all of them, for scripts that know of no tokens (nnictl)
 *   └── experiments/<id>/          a directory, or a link into the config's logDir
 *       ├── journal.sqlite         the only durable truth
 *       ├── journal.sqlite.lock    held by the manager that runs it
 *       ├── manager.json           who runs it and how it stands: a note for `list`, made anew from the journal
 *       ├── endpoint.json          the address, read again by trials that have lost the manager
 *       ├── listen.json            where it listens, and which files hold certificate and key: for `resume`
 *       ├── supervisor.json        who resumes it when its manager dies (`--restart`), or why nobody does any more
 *       ├── token                  mode 0600: opens the management API
 *       ├── viewer-token           mode 0600: opens what only reads
 *       ├── secret                 mode 0600: trial jobs' tokens are derived from it
 *       ├── secrets.json           mode 0600: what the journal's config only names, where there is such a thing
 *       ├── annotated-code/        the trial's code as its jobs run it, where the search space was in it (`useAnnotation`)
 *       ├── manager.log
 *       └── trials/<job>/          stdout, stderr and whatever the trial writes
 */

/** The directory of all state. */
export function stateHome(env: NodeJS.ProcessEnv): string {
  return resolve(env["POLYPHASE_HOME"] || join(homedir(), ".polyphase"));
}

export function experimentDirectory(home: string, experimentId: string): string {
  return join(home, "experiments", experimentId);
}

export function journalPath(directory: string): string {
  return join(directory, "journal.sqlite");
}

/** Makes the directory of a new experiment; under `logDir`, where one is given, with a link at the usual place. */
export function makeExperimentDirectory(home: string, experimentId: string, logDir: string | null): string {
  const directory = experimentDirectory(home, experimentId);
  makePrivate(home);
  makePrivate(join(home, "experiments"));
  if (existsSync(directory)) throw new PolyphaseError("experiment-exists", `${directory} is there already`);
  if (logDir === null) {
    makePrivate(directory);
    return directory;
  }
  const elsewhere = join(logDir, experimentId);
  makePrivate(elsewhere);
  symlinkSync(elsewhere, directory, "dir");
  return directory;
}

function makePrivate(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  chmodSync(directory, 0o700);
}

/** What `manager.json` says, and whether that manager is alive. */
export interface ManagerFile {
  readonly id: string;
  readonly name: string;
  readonly status: ExperimentStatus;
  readonly statusReason: string | null;
  readonly pid: number;
  /** Tells two processes with the same pid apart. */
  readonly processStart: string;
  readonly alive: boolean;
  /** The experiment has ended, and its manager still answers those who read, here. Null otherwise. */
  readonly lingersAt: string | null;
  /** For programs on this machine. */
  readonly url: string | null;
  /** For people, also on other machines where these can reach it. */
  readonly publicUrl: string | null;
  readonly createdAt: number;
  readonly endedAt: number | null;
  readonly platform: string;
}

/** What a manager says of itself. */
export interface ManagerNote extends Omit<ManagerFile, "alive" | "lingersAt" | "processStart" | "pid"> {
  /** It only answers those who read: the experiment has ended, and has no manager. */
  readonly lingers?: boolean;
}

export function writeManagerFile(directory: string, file: ManagerNote): void {
  const content = { ...file, pid: process.pid, processStart: processStart(process.pid) };
  writePrivate(join(directory, "manager.json"), `${JSON.stringify(content, null, 2)}\n`);
}

/** Undefined where there is none, or half of one. A manager that died while running reads as STOPPED. */
export function readManagerFile(directory: string): ManagerFile | undefined {
  try {
    const { lingers = false, ...file } = JSON.parse(
      readFileSync(join(directory, "manager.json"), "utf8"),
    ) as ManagerNote & Pick<ManagerFile, "pid" | "processStart">;
    const isThere = processStart(file.pid) === file.processStart;
    const alive = isThere && !lingers;
    const over = file.endedAt !== null;
    const status = alive || over ? file.status : "STOPPED";
    return {
      ...file,
      alive,
      lingersAt: isThere && lingers ? file.url : null,
      status,
      url: alive ? file.url : null,
      publicUrl: alive ? publicUrlOf(file) : null,
    };
  } catch {
    return undefined;
  }
}

/** Managers of earlier versions have one address only. */
function publicUrlOf({
  url,
  publicUrl = url,
}: {
  readonly url: string | null;
  readonly publicUrl?: string | null;
}): string | null {
  return publicUrl;
}

/** Its manager died before it could end it. Trial jobs of it may live, and wait for another one. */
export function isKilled({ alive, endedAt }: Pick<ManagerFile, "alive" | "endedAt">): boolean {
  return !alive && endedAt === null;
}

/** All experiments of this home, newest first. */
export function listExperiments(home: string): ManagerFile[] {
  const directory = join(home, "experiments");
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .map((id) => readManagerFile(join(directory, id)))
    .filter((file) => file !== undefined)
    .sort((left, right) => right.createdAt - left.createdAt || (left.id < right.id ? 1 : -1));
}

/** The admin token of the management API. Throws `experiment-missing`. */
export function readToken(directory: string): string {
  return readSecret(directory, "token");
}

/** The one that only reads. */
export function readViewerToken(directory: string): string {
  return readSecret(directory, "viewer-token");
}

/** A file that opens something. */
export type SecretName = "token" | "viewer-token" | "secret";

export function readSecret(directory: string, name: SecretName): string {
  const path = join(directory, name);
  let secret: string;
  try {
    secret = readFileSync(path, "utf8").trim();
  } catch (cause) {
    throw new PolyphaseError(
      "experiment-missing",
      `${directory} is not the directory of an experiment: it has no ${name}`,
      { cause },
    );
  }
  if (secret === "")
    throw new PolyphaseError("secret-empty", `${path} is empty: nobody can be let in with it`);
  return secret;
}

/** What opens the reading routes. Experiments of earlier versions have none yet: it is made for them. */
export function viewerTokenOf(directory: string): string {
  if (!existsSync(join(directory, "viewer-token"))) writeSecret(directory, "viewer-token", newToken());
  return readSecret(directory, "viewer-token");
}

export function writeSecret(directory: string, name: SecretName, secret: string): void {
  writePrivate(join(directory, name), `${secret}\n`);
}

/**
 * What opens every experiment of this home, on this machine: nobody but its owner can read it. In the form in which curl
 * (`--netrc-file`) and Python's `requests` (environment variable NETRC) read passwords. Managers that start later know it.
 */
export function makeNetrc(home: string): void {
  if (readNetrcPassword(home) !== undefined) return;
  makePrivate(home);
  const password = newToken();
  const lines = ["localhost", "127.0.0.1"].map(
    (host) => `machine ${host} login nnictl password ${password}\n`,
  );
  writePrivate(join(home, "netrc"), lines.join(""));
}

/** Undefined where there is none. */
export function readNetrcPassword(home: string): string | undefined {
  const path = join(home, "netrc");
  return existsSync(path) ? / password (\S{40,})$/m.exec(readFileSync(path, "utf8"))?.[1] : undefined;
}

/** Written whole or not at all, for its owner only. */
export function writePrivate(path: string, content: string): void {
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, content, { mode: 0o600 });
  renameSync(draft, path);
}

/** As {@link writePrivate}, and survives the loss of power. */
export function writeDurably(path: string, content: string): void {
  const draft = `${path}.${process.pid}.tmp`;
  const file = openSync(draft, "w", 0o600);
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
  syncDirectory(dirname(path));
}

/** Makes the names in a directory durable; where the system cannot, they soon are by themselves. */
function syncDirectory(directory: string): void {
  const opened = openSync(directory, "r");
  try {
    fsyncSync(opened);
  } catch {
    // Not every file system syncs directories.
  } finally {
    closeSync(opened);
  }
}

/** A mark of a process's start that differs when the pid is used again; empty where there is no such process. */
export function processStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? "" : (fields[19] ?? "");
  } catch {
    return existsSync("/proc/self/stat") ? "" : processStartByPs(pid);
  }
}

function processStartByPs(pid: number): string {
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return "";
  }
}
