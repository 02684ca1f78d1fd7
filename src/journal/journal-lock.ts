import { messageOf, PolyphaseError } from "../model/index.ts";
import { connect, makePrivateFile } from "./database.ts";
import type { Database } from "./database.ts";

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
  let database: Database | undefined;
  try {
    makePrivateFile(file);
    database = connect(file);
    database.exec("PRAGMA busy_timeout = 0");
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database?.close();
    if ((error as { code?: unknown }).code === "SQLITE_BUSY") return undefined;
    throw new PolyphaseError("journal-failed", `the lock ${file} cannot be taken: ${messageOf(error)}`, {
      cause: error,
      hint: "the experiment's directory has to be writable, and its disk must not be full",
    });
  }
  const held = database;
  return { release: () => held.close() };
}
