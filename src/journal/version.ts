import { journalVersion, PolyphaseError } from "../model/index.ts";
import type { JournalRecord } from "../model/index.ts";

/**
 * A journal of a later version is refused rather than misread. Its first record says which version has written it; a journal
 * of an earlier version is read as it is.
 */
export function checkVersion(first: JournalRecord, name: string): void {
  if (first.kind !== "experiment-created" || first.version <= journalVersion) return;
  throw new PolyphaseError(
    "journal-too-new",
    `${name} was written by a later version (${first.version}), this one reads up to ${journalVersion}`,
    { hint: "use the version of polyphase that wrote it, or a later one" },
  );
}
