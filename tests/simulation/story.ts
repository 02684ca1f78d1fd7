import { canonical } from "../../src/model/index.ts";
import type { Json, NumberedRecord } from "../../src/model/index.ts";
import type { Seen, Trail } from "./witness.ts";

/** What happened, line by line: records with their number, and between them what was seen outside of the journal. */
export function storyOf({ records, seen }: Trail): string {
  const lines: string[] = [];
  const tell = (to: number): void => {
    for (const record of records.slice(told, to)) lines.push(recordLine(record));
    told = Math.max(told, to);
  };
  let told = 0;
  for (const sight of seen) {
    tell(sight.durable);
    lines.push(sightLine(sight));
  }
  tell(records.length);
  return lines.join("\n");
}

function recordLine({ seq, record: { at, kind, ...rest } }: NumberedRecord): string {
  const facts = kind === "experiment-created" ? "" : canonical(rest as Json);
  return `${at} ${String(seq).padStart(3)} ${kind} ${facts}`;
}

function sightLine({ at, kind, durable: _durable, ...rest }: Seen): string {
  return `${at}       ${kind} ${canonical(rest as Json)}`;
}
