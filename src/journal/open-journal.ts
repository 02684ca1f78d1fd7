import { statSync } from "node:fs";
import { isPolyphaseError, journalVersion, messageOf } from "../model/index.ts";
import type { ExperimentConfig } from "../model/index.ts";
import { connect, inTransaction, makePrivateFile, number } from "./database.ts";
import type { Database } from "./database.ts";
import { hasCrc, readRecords } from "./read-records.ts";
import { unreadable } from "./unreadable.ts";
import { refuseLater, versionOf } from "./version.ts";

export interface SqliteJournalOptions {
  /** See `ExperimentConfig.durability`. */
  readonly durability?: ExperimentConfig["durability"];
  /** For readers beside a living writer. `append` then throws. */
  readonly readOnly?: boolean;
  /**
   * The whole file's structure is checked when it is opened, at a cost that grows with it. True: somebody else does that for
   * this reader. Each record is held against its checksum all the same.
   */
  readonly checkedElsewhere?: boolean;
}

/** How long a reader or writer waits for the other's lock, in milliseconds. */
const busyTimeoutMs = 5_000;

/** "PPHJ": says that the file is one of ours. */
const applicationId = 0x5050484a;

/**
 * Connects to a journal, which a writer makes where there is none. Throws `journal-unreadable` where the file is no journal,
 * or a damaged one; `journal-too-new` where a later version has written it.
 */
export function openJournal(path: string, options: SqliteJournalOptions): Database {
  try {
    refuseLogWithoutFile(path);
    return options.readOnly ? openForReading(path, options) : openForWriting(path, options);
  } catch (error) {
    if (isPolyphaseError(error)) throw error;
    throw unreadable(path, `cannot be opened as a journal: ${messageOf(error)}`, error);
  }
}

/** SQLite would take the empty file for a new one and throw the log away, with all that is in it. */
function refuseLogWithoutFile(path: string): void {
  const size = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size(path) === 0 && size(`${path}-wal`) > 0)
    throw unreadable(path, `is empty or not there, but its log ${path}-wal is: the file was cut or removed`);
}

function openForReading(path: string, options: SqliteJournalOptions): Database {
  try {
    return checked(path, connect(path, "read"), options);
  } catch (error) {
    // Beside the file SQLite keeps one for its readers; where it may not, the file can be read if nothing is left in a log.
    const logged = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    if ((error as { code?: unknown }).code !== "SQLITE_CANTOPEN" || logged > 0) throw error;
    return checked(path, connect(path, "read-alone"), options);
  }
}

function openForWriting(path: string, options: SqliteJournalOptions): Database {
  makePrivateFile(path); // SQLite gives its side files the mode of the main one
  return checked(path, connect(path), options);
}

/** Nothing is written to what is not ours. */
function checked(
  path: string,
  database: Database,
  { readOnly = false, checkedElsewhere = false, durability = "normal" }: SqliteJournalOptions,
): Database {
  try {
    database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    if (!readOnly && number(database, "SELECT count(*) FROM sqlite_schema") === 0) {
      database.exec("PRAGMA journal_mode = WAL");
      inTransaction(database, () => createTable(database));
    }
    if (number(database, "SELECT application_id FROM pragma_application_id") !== applicationId)
      throw new Error("it is another program's database, or empty");
    if (!checkedElsewhere) refuseDamage(path, database);
    const [first] = readRecords(database, path, 0);
    // Begun by one version, a journal may have been gone on with by a later one.
    refuseLater(number(database, "SELECT user_version FROM pragma_user_version"), path);
    if (first) refuseLater(versionOf(first.record), path);
    if (!readOnly) prepareForWriting(database, durability);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

const table = "CREATE TABLE record (seq INTEGER PRIMARY KEY, body TEXT NOT NULL";

function createTable(database: Database): void {
  database.exec(`PRAGMA application_id = ${applicationId}`);
  database.exec(`${table}, crc INTEGER)`);
}

/** What a checksum of each record would not show: records that cannot be found any more. */
function refuseDamage(path: string, database: Database): void {
  const whole = number(database, "SELECT count(*) FROM pragma_quick_check(1) WHERE quick_check = 'ok'");
  const known = number(database, `SELECT count(*) FROM sqlite_schema WHERE sql GLOB '${table}*'`);
  if (whole !== 1 || known !== 1) throw unreadable(path, "is damaged: SQLite's check of its structure fails");
}

function prepareForWriting(database: Database, durability: "normal" | "full"): void {
  database.exec("PRAGMA journal_mode = WAL");
  database.exec(`PRAGMA synchronous = ${durability.toUpperCase()}`);
  database.exec(`PRAGMA user_version = ${journalVersion}`);
  if (!hasCrc(database)) database.exec("ALTER TABLE record ADD COLUMN crc INTEGER");
}
