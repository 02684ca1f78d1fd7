import { connect, makePrivateFile } from "./database.ts";

/** The right to write a journal. A process that dies lets go of it. */
export interface JournalLock {
  release(): void;
}

/**
 * Takes the right to write the journal at `path`, which one process has at a time; undefined where another one has it. Held
 * by a lock of the operating system on a file beside the journal, so that readers are not in its way.
 */
export function lockJournal(path: string): JournalLock | undefined {
  const file = `${path}.lock`;
  makePrivateFile(file);
  const database = connect(file);
  try {
    database.exec("PRAGMA busy_timeout = 0");
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if ((error as { code?: unknown }).code === "SQLITE_BUSY") return undefined;
    throw error;
  }
  return { release: () => database.close() };
}
