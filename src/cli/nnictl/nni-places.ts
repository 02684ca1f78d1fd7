/**
 * The places where NNI kept an experiment's files, as links to ours: scripts look there for `Experiment done`, for what trials
 * have printed and for the tracebacks of tuners.
 *
 *   ~/nni/experiments/<id>          the experiment's directory, with trials/<job>/ and log/dispatcher.log
 *     log/nnimanager.log            the manager's log
 *   ~/.local/nnictl/<id>/stdout     the manager's log
 *                        stderr     what the manager printed otherwise
 *
 * An experiment in a `logDir` of its own is there under NNI's name for it, so that it needs no link in ~/nni.
 */
import { existsSync, lstatSync, mkdirSync, readlinkSync, rmdirSync, symlinkSync, unlinkSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { ManagerFile } from "../../manager/home.ts";
import { messageOf } from "../../model/index.ts";
import { directoryOf } from "../experiments.ts";
import type { Session } from "../session.ts";
import { sayWarning } from "./say.ts";

type Named = Pick<ManagerFile, "id">;

interface Link {
  readonly path: string;
  readonly target: string;
}

/** What is there already stays. What cannot be made is warned about, since the experiment needs none of it. */
export function makeNniPlaces(session: Session, experiment: Named): void {
  if (process.platform === "win32") return; // a link needs a privilege there
  const directory = directoryOf(session, experiment);
  try {
    mkdirSync(join(directory, "log"), { recursive: true, mode: 0o700 });
    makeLink({ path: join(directory, "log", "nnimanager.log"), target: join("..", "manager.log") });
    for (const link of outside(session, experiment)) if (existsSync(link.target)) makeLink(link);
  } catch (error) {
    sayWarning(
      session,
      `the places where NNI had its files do not lead to ${directory}: ${messageOf(error)}`,
    );
  }
}

/** Takes away what {@link makeNniPlaces} has made outside of the experiment's directory, and nothing else. */
export function removeNniPlaces(session: Session, experiment: Named): void {
  const links = outside(session, experiment);
  for (const link of links) if (isOurs(link)) unlinkSync(link.path);
  try {
    rmdirSync(nnictlDirectory(session, experiment));
  } catch {
    // There is none, or somebody has put more into it.
  }
}

function outside(session: Session, experiment: Named): readonly Link[] {
  const directory = directoryOf(session, experiment);
  const nnictl = nnictlDirectory(session, experiment);
  const nni = join(userHome(session), "nni", "experiments", experiment.id);
  return [
    ...(isElsewhere(directory) ? [] : [{ path: nni, target: directory }]),
    { path: join(nnictl, "stdout"), target: join(directory, "manager.log") },
    { path: join(nnictl, "stderr"), target: join(directory, "manager.out") },
  ];
}

function nnictlDirectory(session: Session, { id }: Named): string {
  return join(userHome(session), ".local", "nnictl", id);
}

/** As `~` is read by shells and by Python. */
function userHome({ env }: Session): string {
  return env["HOME"] || homedir();
}

/** In a `logDir`: then a link is in its usual place. */
function isElsewhere(directory: string): boolean {
  return lstatSync(directory, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function makeLink({ path, target }: Link): void {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return;
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

function isOurs({ path, target }: Link): boolean {
  try {
    return readlinkSync(path) === target;
  } catch {
    return false; // there is nothing, or no link
  }
}
