import { closeSync, openSync } from "node:fs";
import { createRequire } from "node:module";

/** The part of a SQLite driver that we use: libsql today, node:sqlite when Node 20 goes. */
export interface Database {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  close(): void;
}

export interface Statement {
  run(...values: unknown[]): unknown;
  get(...values: unknown[]): unknown;
  iterate(...values: unknown[]): IterableIterator<unknown>;
}

/**
 * `read`: beside a living writer; makes no file where there is none, and leaves the log of a crashed writer to the next one.
 * `read-alone`: a file that nobody writes, in a directory that nobody may write.
 */
export type Access = "write" | "read" | "read-alone";

export function connect(path: string, access: Access = "write"): Database {
  const Driver = createRequire(import.meta.url)("libsql") as new (path: string) => Database;
  return new Driver(access === "write" ? path : `${uriOf(path)}?${uriOptions[access]}`);
}

/** The driver's own option for reading has no effect. */
const uriOptions = { read: "mode=ro", "read-alone": "immutable=1" };

/** See https://www.sqlite.org/uri.html: a path with some characters escaped. */
function uriOf(path: string): string {
  return `file:${path.replace(/[%?#]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)}`;
}

/** The one number that the query gives. */
export function number(database: Database, query: string): number {
  return Object.values(database.prepare(query).get() as Record<string, number>)[0] as number;
}

/** All of the body, or (when it throws) nothing of it. Needs an otherwise idle connection. */
export function inTransaction(database: Database, body: () => void): void {
  database.exec("BEGIN");
  try {
    body();
    database.exec("COMMIT");
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

function rollBack(database: Database): void {
  try {
    database.exec("ROLLBACK");
  } catch {
    // After some errors, a full disk among them, SQLite has done so by itself.
  }
}

/**
 * Makes an empty file for its owner only, where there is none. (One that is there is not even opened: closing a file ends
 * this process's locks on it, those of other connections too.)
 */
export function makePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, "ax", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
