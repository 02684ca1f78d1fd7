import { spell, unspell } from "../model/index.ts";
import type { JournalRecord, NumberedRecord } from "../model/index.ts";
import type { Journal } from "./journal.ts";
import { refuseLater, versionOf } from "./version.ts";

/** A journal that lives as long as its process: for the library and for tests. Keeps records by value. */
export function memoryJournal(lines: string[] = []): Journal {
  if (lines[0] !== undefined)
    refuseLater(versionOf(unspell(lines[0]) as unknown as JournalRecord), "the journal");
  return {
    get lastSeq() {
      return lines.length;
    },
    append(records) {
      const spelled = records.map((record) => spell(record));
      lines.push(...spelled);
    },
    *read(seq = 0): Iterable<NumberedRecord> {
      const end = lines.length;
      for (let at = seq; at < end; at++) {
        yield { seq: at + 1, record: unspell(lines[at] as string) as unknown as JournalRecord };
      }
    },
    close() {},
  };
}
