import type { ExperimentView } from "../model/http.ts";
import type { JournalRecord } from "../model/index.ts";
import { unspell } from "../model/index.ts";
import { textOf } from "./text.ts";

/**
 * What the event stream says: first the experiment as it is, then each journal record. `seq` is the record's number (of
 * `state`: the number of the last record in it), and the `lastEventId` with which a reader goes on after a broken line.
 */
export type ExperimentEvent =
  | { readonly kind: "state"; readonly seq: number; readonly state: ExperimentView }
  | { readonly kind: "record"; readonly seq: number; readonly record: JournalRecord };

/** Reads server-sent events; kinds that this version does not know are passed over. */
export async function* readEvents(response: Response): AsyncGenerator<ExperimentEvent, void, undefined> {
  let rest = "";
  for await (const text of textOf(response)) {
    const blocks = (rest + text).replaceAll("\r\n", "\n").split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = parseEvent(block);
      if (event !== undefined) yield event;
    }
  }
}

function parseEvent(block: string): ExperimentEvent | undefined {
  const fields = new Map<string, string>();
  for (const line of block.split("\n")) {
    const [, name, value] = /^([^:]+): ?(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) continue; // a comment: a sign of life
    const before = name === "data" ? fields.get(name) : undefined;
    fields.set(name, before === undefined ? value : `${before}\n${value}`);
  }
  const seq = Number(fields.get("id") ?? 0);
  const data = fields.get("data") ?? "null";
  const kind = fields.get("event");
  if (kind === "state") return { kind, seq, state: JSON.parse(data) as ExperimentView };
  if (kind === "record") return { kind, seq, record: unspell(data) as unknown as JournalRecord };
  return undefined;
}
