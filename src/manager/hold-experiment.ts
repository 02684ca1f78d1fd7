import { setTimeout as pause } from "node:timers/promises";
import { lockJournal } from "../journal/index.ts";
import type { JournalLock } from "../journal/index.ts";
import { PolyphaseError } from "../model/index.ts";
import { journalPath, readManagerFile, writeManagerFile } from "./home.ts";
import type { ManagerFile } from "./home.ts";

/**
 * Takes an experiment for this process alone and says so in `manager.json`. Throws `experiment-running`, which names the
 * manager that has it, also where both have just been started.
 */
export async function holdExperiment(directory: string, experimentId: string): Promise<JournalLock> {
  const file = readManagerFile(directory);
  const lock = file?.alive ? undefined : lockJournal(journalPath(directory));
  if (!lock) throw running(experimentId, await holder(directory));
  if (file) {
    const { alive: _alive, lingersAt: _lingersAt, ...known } = file;
    writeManagerFile(directory, { ...known, url: null, publicUrl: null });
  }
  return lock;
}

/** How long a manager may take from its lock to its name in the file: far more than it ever needs. */
const namingMs = 1_000;

async function holder(directory: string): Promise<ManagerFile | undefined> {
  for (let waitedMs = 0; waitedMs < namingMs; waitedMs += 20) {
    const file = readManagerFile(directory);
    if (file?.alive) return file;
    await pause(20);
  }
  return undefined;
}

function running(experimentId: string, file: ManagerFile | undefined): PolyphaseError {
  const who = file ? `pid ${file.pid}, ${file.url ?? "just starting"}` : "its pid is not known";
  return new PolyphaseError(
    "experiment-running",
    `experiment ${experimentId} has a living manager (${who})`,
    {
      hint: `polyphase status ${experimentId}`,
    },
  );
}
