import { journalVersion, PolyphaseError } from "../model/index.ts";
import type { JournalRecord } from "../model/index.ts";

/** The version that has begun a journal stands in its first record. */
export function versionOf(first: JournalRecord): number {
  return first.kind === "experiment-created" ? first.version : 0;
}

/** A journal of a later version is refused rather than misread; one of an earlier version is read as it is. */
export function refuseLater(version: number, name: string): void {
  if (version <= journalVersion) return;
  throw new PolyphaseError(
    "journal-too-new",
    `${name} was written by a later version (${version}), this one reads up to ${journalVersion}`,
    { hint: "use the version of polyphase that wrote it, or a later one" },
  );
}
