import type { JournalRecord, NumberedRecord } from "../model/index.ts";

/** The append-only record of one experiment. One writer at a time; any number of readers, in other processes too. */
export interface Journal {
  /** Sequence number of the last record; 0 for an empty journal. */
  readonly lastSeq: number;
  /** Durable when it returns: all of the records, in this order, or (when it throws) none of them. */
  append(records: readonly JournalRecord[]): void;
  /** Records after `seq` (default: all), in order: those that were there when the call was made. */
  read(seq?: number): Iterable<NumberedRecord>;
  /** May be called twice. */
  close(): void;
}
