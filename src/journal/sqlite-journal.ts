import { PolyphaseError, messageOf, spell, unspell } from "../model/index.ts";
import type { ExperimentConfig, JournalRecord, NumberedRecord } from "../model/index.ts";
import { connect, makePrivateFile } from "./database.ts";
import type { Database } from "./database.ts";
import type { Journal } from "./journal.ts";

export interface SqliteJournalOptions {
  /** See `ExperimentConfig.durability`. */
  readonly durability?: ExperimentConfig["durability"];
  /** For readers beside a living writer. `append` then throws. */
  readonly readOnly?: boolean;
}

/** How long a reader or writer waits for the other's lock, in milliseconds. */
const busyTimeoutMs = 5_000;

/** "PPHJ": says that the file is one of ours. */
const applicationId = 0x5050484a;

/**
 * A journal in a SQLite file, one record a row. In WAL mode a commit survives `kill -9` of the process (`normal`), with an
 * fsync for each commit the loss of power too (`full`). Throws `journal-unreadable` where the file is not a journal.
 */
export function sqliteJournal(path: string, options: SqliteJournalOptions = {}): Journal {
  const database = open(path, options);
  const insert = options.readOnly
    ? undefined
    : database.prepare("INSERT INTO record (seq, body) VALUES (?, ?)");
  let lastSeq = (
    database.prepare("SELECT coalesce(max(seq), 0) AS last FROM record").get() as { last: number }
  ).last;
  let closed = false;
  const insertAll = (spelled: readonly string[]): void =>
    spelled.forEach((body, offset) => insert?.run(lastSeq + offset + 1, body));
  const insertInTransaction = database.transaction(insertAll);

  return {
    get lastSeq() {
      return lastSeq;
    },
    append(records) {
      if (!insert) throw new PolyphaseError("journal-read-only", `${path} was opened for reading`);
      const spelled = records.map((record) => spell(record));
      // A single statement is a transaction by itself, at a third of the price.
      if (spelled.length === 1) insertAll(spelled);
      else insertInTransaction(spelled);
      lastSeq += records.length;
    },
    *read(seq = 0): Iterable<NumberedRecord> {
      const rows = database.prepare("SELECT seq, body FROM record WHERE seq > ? ORDER BY seq").iterate(seq);
      for (const row of rows as Iterable<{ seq: number; body: string }>) {
        yield { seq: row.seq, record: unspell(row.body) as unknown as JournalRecord };
      }
    },
    close() {
      if (closed) return;
      closed = true;
      if (insert) gatherIntoOneFile(database);
      database.close();
    },
  };
}

/** Moves what is in the write-ahead log into the file, so that a copy of the file alone holds everything. */
function gatherIntoOneFile(database: Database): void {
  try {
    database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
  } catch {
    // A reader is in the way, or the disk is full: the log stays, and is read with the file as before.
  }
}

function open(path: string, options: SqliteJournalOptions): Database {
  try {
    // SQLite gives its side files the mode of the main one.
    if (!options.readOnly) makePrivateFile(path);
    const database = connect(path, options.readOnly ? { readonly: true } : {});
    database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    if (!options.readOnly) prepareForWriting(database, options.durability ?? "normal");
    const { application_id: id } = database.prepare("PRAGMA application_id").get() as {
      application_id: number;
    };
    if (id !== applicationId) throw new Error("it is another program's database");
    return database;
  } catch (error) {
    throw new PolyphaseError(
      "journal-unreadable",
      `${path} cannot be opened as a journal: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

function prepareForWriting(database: Database, durability: "normal" | "full"): void {
  database.exec("PRAGMA journal_mode = WAL");
  database.exec(`PRAGMA synchronous = ${durability.toUpperCase()}`);
  const { tables } = database.prepare("SELECT count(*) AS tables FROM sqlite_schema").get() as {
    tables: number;
  };
  if (tables > 0) return;
  database.exec(`PRAGMA application_id = ${applicationId}`);
  database.exec("CREATE TABLE record (seq INTEGER PRIMARY KEY, body TEXT NOT NULL)");
}
