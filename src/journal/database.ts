import { closeSync, openSync } from "node:fs";
import { createRequire } from "node:module";

/** The part of a SQLite driver that we use: libsql today, node:sqlite when Node 20 goes. */
export interface Database {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  transaction<Arguments extends unknown[]>(body: (...args: Arguments) => void): (...args: Arguments) => void;
  close(): void;
}

export interface Statement {
  run(...values: unknown[]): unknown;
  get(...values: unknown[]): unknown;
  iterate(...values: unknown[]): IterableIterator<unknown>;
}

export function connect(path: string, options: { readonly readonly?: boolean } = {}): Database {
  const Driver = createRequire(import.meta.url)("libsql") as new (path: string, options: object) => Database;
  return new Driver(path, options);
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
