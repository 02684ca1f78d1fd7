import { statSync } from "node:fs";
import { PolyphaseError, spell } from "../model/index.ts";
import { inTransaction } from "./database.ts";
import type { Database } from "./database.ts";
import type { Journal } from "./journal.ts";
import { openJournal } from "./open-journal.ts";
import type { SqliteJournalOptions } from "./open-journal.ts";
import { checksum, lastSeqOf, readRecords } from "./read-records.ts";

/**
 * A journal in a SQLite file, one record a row. In WAL mode a commit survives `kill -9` of the process (`normal`), with an
 * fsync for each commit the loss of power too (`full`). Each row has a checksum: a record is read as it was appended, or
 * refused with `journal-unreadable`.
 */
export function sqliteJournal(path: string, options: SqliteJournalOptions = {}): Journal {
  const database = openJournal(path, options);
  const insert = options.readOnly
    ? undefined
    : database.prepare("INSERT INTO record (seq, body, crc) VALUES (?, ?, ?)");
  const isInPlace = placeOf([path, `${path}-wal`]);
  let lastSeq = lastSeqOf(database);
  let lost: Error | undefined;
  let closed = false;
  const insertAll = (spelled: readonly string[]): void =>
    spelled.forEach((body, offset) => {
      const seq = lastSeq + offset + 1;
      insert?.run(seq, body, checksum(seq, body));
    });

  return {
    get lastSeq() {
      return lastSeq;
    },
    append(records) {
      if (!insert) throw new PolyphaseError("journal-read-only", `${path} was opened for reading`);
      if (lost) throw lost;
      const spelled = records.map((record) => spell(record));
      // A single statement is a transaction by itself, at a third of the price.
      if (spelled.length === 1) insertAll(spelled);
      else inTransaction(database, () => insertAll(spelled));
      // Looked at afterwards: what went into a file that nobody will find again is not durable.
      if (!isInPlace()) throw (lost = new Error(`${path} was removed or replaced while it was written`));
      lastSeq += records.length;
    },
    read: (seq = 0) => readRecords(database, path, seq),
    close() {
      if (closed) return;
      closed = true;
      if (insert) gatherIntoOneFile(database);
      database.close();
    },
  };
}

/** Whether the files that have these names now are still there later. */
function placeOf(paths: readonly string[]): () => boolean {
  const inode = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.ino;
  const known = paths.map((path) => ({ path, ino: inode(path) })).filter(({ ino }) => ino !== undefined);
  return () => known.every(({ path, ino }) => inode(path) === ino);
}

/** Moves what is in the write-ahead log into the file, so that a copy of the file alone holds everything. */
function gatherIntoOneFile(database: Database): void {
  try {
    database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
  } catch {
    // A reader is in the way, or the disk is full: the log stays, and is read with the file as before.
  }
}
