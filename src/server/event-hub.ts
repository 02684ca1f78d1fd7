import type { Experiment } from "../experiment/experiment.ts";
import type { NumberedRecord } from "../model/index.ts";
import { PolyphaseError, spell } from "../model/index.ts";

/** Tells everyone who listens what happens in the experiment, as server-sent events. */
export interface EventHub {
  /**
   * A stream of events: first `state` with the given data, then `record` for each journal record, whose id is its sequence
   * number. The id of the `state` event is the number after which records follow: `lastEventId` where all records since
   * then are still at hand, else that of the present state (the listener has a gap, and should read everything again).
   * Throws `too-many-streams`.
   */
  open(state: unknown, lastEventId: number | undefined): EventStream;
}

export interface EventStream {
  readonly body: ReadableStream<Uint8Array>;
  /** Ends the stream; may be called twice. */
  close(): void;
}

/** How many of the last records are kept for listeners that come back. */
const recordsKept = 1_000;

/** A listener that is this far behind (bytes) is let go; it comes back with its last event id. */
const mostBehind = 8 * 1024 * 1024;

interface Listener {
  /** Sequence number of the last record that it knows. */
  readonly after: number;
  send(bytes: Uint8Array): void;
}

export interface EventHubOptions {
  readonly heartbeatMs: number;
  /** Most listeners at once. */
  readonly most: number;
}

export function eventHub(experiment: Experiment, { heartbeatMs, most }: EventHubOptions): EventHub {
  const listeners = new Set<Listener>();
  const kept: NumberedRecord[] = [];
  const encoder = new TextEncoder();
  experiment.subscribe((records) => {
    kept.push(...records);
    if (kept.length > 2 * recordsKept) kept.splice(0, kept.length - recordsKept);
    if (listeners.size === 0) return;
    const bytes = encoder.encode(records.map(recordEvent).join(""));
    const last = records.at(-1)?.seq ?? 0;
    for (const listener of listeners) if (last > listener.after) listener.send(bytes);
  });
  const heartbeat = (): void => {
    for (const listener of listeners) listener.send(encoder.encode(": alive\n\n"));
  };
  let timer: NodeJS.Timeout | undefined;

  function add(listener: Listener): void {
    listeners.add(listener);
    timer ??= setInterval(heartbeat, heartbeatMs).unref();
  }

  function remove(listener: Listener): void {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  return {
    open(state, lastEventId) {
      if (listeners.size >= most) throw tooMany(most);
      const now = experiment.state.seq;
      const missed = lastEventId === undefined ? undefined : recordsSince(kept, lastEventId, now);
      const first = event(
        "state",
        missed === undefined ? now : (lastEventId as number),
        JSON.stringify(state),
      );
      const stream = byteStream(() => remove(listener));
      const listener: Listener = { after: now, send: stream.send };
      stream.send(encoder.encode(`retry: 1000\n${first}${(missed ?? []).map(recordEvent).join("")}`));
      add(listener);
      return { body: stream.body, close: stream.close };
    },
  };
}

function tooMany(most: number): PolyphaseError {
  return new PolyphaseError("too-many-streams", `${most} event streams are open already, which is the most`, {
    hint: "close a page that shows the experiment, or come back later",
  });
}

/** The records after `seq`; undefined where some of them are not kept any more, or where there is no such number yet. */
function recordsSince(
  kept: readonly NumberedRecord[],
  seq: number,
  now: number,
): readonly NumberedRecord[] | undefined {
  if (seq === now) return [];
  const first = kept[0]?.seq;
  if (first === undefined || seq < first - 1 || seq > now) return undefined;
  return kept.slice(seq + 1 - first);
}

function recordEvent({ seq, record }: NumberedRecord): string {
  return event("record", seq, spell(record));
}

function event(name: string, id: number, data: string): string {
  return `event: ${name}\nid: ${id}\ndata: ${data}\n\n`;
}

interface ByteStream extends EventStream {
  send(bytes: Uint8Array): void;
}

/** `onEnd` is called once, whoever ends the stream: the reader, this side, or being too far behind. */
function byteStream(onEnd: () => void): ByteStream {
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  let open = true;
  const end = (): boolean => {
    if (!open) return false;
    open = false;
    onEnd();
    return true;
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start(started) {
        controller = started;
      },
      cancel() {
        end();
      },
    },
    { highWaterMark: mostBehind, size: (bytes) => bytes?.byteLength ?? 0 },
  );
  return {
    body,
    send(bytes) {
      if (!open) return;
      if ((controller.desiredSize ?? 0) > 0) controller.enqueue(bytes);
      else if (end()) controller.error(new Error("the listener was too far behind"));
    },
    close() {
      if (end()) controller.close();
    },
  };
}
