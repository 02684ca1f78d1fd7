import { closeSync, constants, fstatSync, lstatSync, openSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { messageOf, PolyphaseError } from "../model/index.ts";

const { O_RDONLY, O_WRONLY, O_CREAT, O_APPEND, O_NOFOLLOW, O_NONBLOCK } = constants;

/** What the file is opened for. `append` makes it where there is none. */
type Purpose = "read" | "append";
const flagsOf: Readonly<Record<Purpose, number>> = { read: O_RDONLY, append: O_WRONLY | O_APPEND | O_CREAT };

/**
 * Opens a plain file of an experiment's directory, which trial code may write to: whatever it has put in the way (links,
 * pipes, devices, directories) is refused with `log-unavailable`, neither followed nor waited for. Undefined where there is
 * no such file. The directory itself may be reached by a link: that is how `logDir` works.
 */
export function openInside(directory: string, path: string, purpose: Purpose): number | undefined {
  const place = join(realpathSync(directory), relative(directory, path));
  if (realPath(dirname(path)) !== dirname(place)) return absentOrRefused(dirname(path));
  const file = open(place, flagsOf[purpose] | O_NOFOLLOW | O_NONBLOCK);
  if (file === undefined || isAt(file, place)) return file;
  closeSync(file);
  throw refused(path, "it is not a plain file there");
}

/** Undefined where there is nothing. */
function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function absentOrRefused(path: string): undefined {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  throw refused(path, "a link leads elsewhere");
}

function open(path: string, flags: number): number | undefined {
  try {
    return openSync(path, flags, 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    if (code === "ELOOP") throw refused(path, "it is a link");
    throw refused(path, messageOf(error));
  }
}

/** Looked at after it was opened: in between, a link may have come and gone. */
function isAt(file: number, place: string): boolean {
  const opened = fstatSync(file, { bigint: true });
  if (!opened.isFile() || realPath(place) !== place) return false;
  const there = lstatSync(place, { bigint: true, throwIfNoEntry: false });
  return there?.ino === opened.ino && there.dev === opened.dev;
}

function refused(path: string, why: string): PolyphaseError {
  return new PolyphaseError(
    "log-unavailable",
    `expected a plain file of the experiment's own directory at ${basename(dirname(path))}/${basename(path)}: ${why}`,
    { hint: "only what a job itself has printed is shown" },
  );
}
