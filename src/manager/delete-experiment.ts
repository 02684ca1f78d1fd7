import { existsSync, lstatSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { lockJournal } from "../journal/index.ts";
import { PolyphaseError } from "../model/index.ts";
import { experimentDirectory, journalPath, readManagerFile } from "./home.ts";
import { remainsOf } from "./remains.ts";

/**
 * Deletes an experiment's directory, also where that is elsewhere (`logDir`), and its link. Links inside are deleted, not
 * followed. Throws `experiment-running` where a manager has it, `trial-jobs-left` where trial jobs of it may still live.
 */
export function deleteExperiment(home: string, experimentId: string): void {
  const place = experimentDirectory(home, experimentId);
  const directory = realDirectory(place, experimentId);
  const lock = existsSync(journalPath(directory)) ? lockJournal(journalPath(directory)) : null;
  if (lock === undefined) throw running(place, experimentId);
  try {
    const { trialJobs } = remainsOf(directory);
    if (trialJobs > 0) throw jobsLeft(experimentId, trialJobs);
    removeAllOf(directory);
  } finally {
    lock?.release();
  }
  rmSync(directory, { recursive: true, force: true });
  rmSync(place, { recursive: true, force: true }); // the link, where it is one
}

/** Goes last: with it the experiment is still listed, so that a deletion that was cut short can be finished. */
const lastName = "manager.json";

/** Where the files are. A link that does not lead to a directory of this experiment's name is none of ours. */
function realDirectory(place: string, experimentId: string): string {
  if (!lstatSync(place).isSymbolicLink()) return place;
  if (!existsSync(place)) return place; // it leads nowhere any more: only the link is left to delete
  const directory = realpathSync(place);
  const ours = ["secret", lastName].some((name) => existsSync(join(directory, name)));
  if (basename(directory) === experimentId && ours) return directory;
  throw new PolyphaseError(
    "not-deleted",
    `${place} is a link to ${directory}, which does not look like the directory of experiment ${experimentId}`,
    { hint: "nothing was deleted: look at it, and delete it by hand" },
  );
}

function removeAllOf(directory: string): void {
  if (!existsSync(directory)) return;
  for (const name of readdirSync(directory))
    if (name !== lastName) rmSync(join(directory, name), { recursive: true, force: true });
}

function running(place: string, experimentId: string): PolyphaseError {
  const pid = readManagerFile(place)?.pid;
  return new PolyphaseError(
    "experiment-running",
    `experiment ${experimentId} has a living manager${pid === undefined ? "" : ` (pid ${pid})`}: nothing was deleted`,
    { hint: `polyphase stop ${experimentId}` },
  );
}

function jobsLeft(experimentId: string, count: number): PolyphaseError {
  return new PolyphaseError(
    "trial-jobs-left",
    `${count} trial jobs of experiment ${experimentId} may still be running: nothing was deleted`,
    { hint: `polyphase stop ${experimentId} ends them` },
  );
}
