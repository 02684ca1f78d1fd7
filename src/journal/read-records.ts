import { isUtf8 } from "node:buffer";
import { crc32 } from "node:zlib";
import { isPolyphaseError, messageOf, unspell } from "../model/index.ts";
import type { JournalRecord, NumberedRecord } from "../model/index.ts";
import { number } from "./database.ts";
import type { Database, Statement } from "./database.ts";
import { unreadable } from "./unreadable.ts";

/** The record's place is part of it. */
export function checksum(seq: number, body: string | Uint8Array): number {
  return crc32(body, seq);
}

/**
 * Records after `seq`, in order, as they were appended: those that are there when the first is asked for. Throws
 * `journal-unreadable` at the first one that is missing or is not what was written.
 */
export function* readRecords(database: Database, path: string, seq: number): Iterable<NumberedRecord> {
  let last = seq;
  try {
    const fetch = blockFetcher(database);
    const end = lastSeqOf(database);
    while (last < end) {
      const records = recordsOf(fetch(last, end), last, path);
      for (const record of records) yield { seq: ++last, record };
    }
  } catch (error) {
    if (isPolyphaseError(error)) throw error;
    throw unreadable(path, `cannot be read after record ${last}: ${messageOf(error)}`, error);
  }
}

export function lastSeqOf(database: Database): number {
  return number(database, "SELECT coalesce(max(seq), 0) FROM record");
}

/** Journals of the first days have none. */
export function hasCrc(database: Database): boolean {
  return number(database, "SELECT count(*) FROM pragma_table_info('record') WHERE name = 'crc'") > 0;
}

/** A row by itself costs the driver ten times what it costs SQLite: rows are fetched by the block. */
const blockRows = 512;
/** Results may be megabytes each. */
const blockLength = 4_000_000;

interface Block {
  readonly first: number | null;
  readonly last: number | null;
  readonly count: number;
  /** The bodies, with a comma and a line break between two of them: JSON text has no line breaks of its own. */
  readonly bodies: Uint8Array | null;
  /** Their checksums, likewise; empty for records of the first days, which have none. */
  readonly checksums: Uint8Array | null;
}

/** As bytes: the driver ends the process over text that is not UTF-8. */
const blockColumns = (crc: string): string => `
  min(seq) AS first, max(seq) AS last, count(*) AS count, CAST(group_concat(body, char(44, 10)) AS BLOB) AS bodies,
  CAST(group_concat(coalesce(${crc}, ''), char(44, 10)) AS BLOB) AS checksums`;

/** Fetches the records after the first place, at least one, at most up to the second. */
function blockFetcher(database: Database): (after: number, upTo: number) => Block {
  const range = "FROM record WHERE seq > ? AND seq <= ?";
  const crc = hasCrc(database) ? "crc" : "NULL";
  const block = database.prepare(`SELECT ${blockColumns(crc)} FROM (SELECT * ${range} ORDER BY seq)`);
  const length = database.prepare(`SELECT coalesce(sum(length(body)), 0) AS length ${range}`);
  return (after, upTo) => {
    let end = Math.min(after + blockRows, upTo);
    while (end > after + 1 && lengthOf(length, after, end) > blockLength) end = after + ((end - after) >> 1);
    return block.get(after, end) as Block;
  };
}

function lengthOf(statement: Statement, after: number, upTo: number): number {
  return (statement.get(after, upTo) as { length: number }).length;
}

function recordsOf(
  { first, last, count, bodies, checksums }: Block,
  after: number,
  path: string,
): JournalRecord[] {
  if (bodies === null || checksums === null || first !== after + 1 || last !== after + count)
    throw unreadable(path, `is damaged: a record after ${after} is missing`);
  const damage = damageOf(Buffer.from(bodies), String(Buffer.from(checksums)).split(",\n"), first);
  if (damage !== undefined) throw unreadable(path, `is damaged: record ${damage} is not what was written`);
  const records = isUtf8(bodies) ? parsed(bodies) : undefined;
  if (records?.length !== count)
    throw unreadable(path, `is damaged: one of the records ${first} to ${last} is not JSON`);
  return records;
}

/** The place of a record that has another checksum than it should. */
function damageOf(bodies: Buffer, checksums: readonly string[], first: number): number | undefined {
  let start = 0;
  for (const [offset, expected] of checksums.entries()) {
    const lineBreak = bodies.indexOf(10, start);
    const end = lineBreak < 0 ? bodies.length : lineBreak - 1;
    const seq = first + offset;
    if (expected !== "" && Number(expected) !== checksum(seq, bodies.subarray(start, end))) return seq;
    start = end + 2;
  }
  return undefined;
}

function parsed(bodies: Uint8Array): JournalRecord[] | undefined {
  try {
    return unspell(`[${String(Buffer.from(bodies))}]`) as unknown as JournalRecord[];
  } catch {
    return undefined;
  }
}
