/** The record of an experiment, and its meaning. */
export { apply, elapsedMs, emptyState, fold } from "./apply.ts";
export { memoryJournal } from "./memory-journal.ts";
export { sqliteJournal } from "./sqlite-journal.ts";
export type { SqliteJournalOptions } from "./open-journal.ts";
export { lockJournal } from "./journal-lock.ts";
export type { JournalLock } from "./journal-lock.ts";
export type { Journal } from "./journal.ts";
