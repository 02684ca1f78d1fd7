import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { adminToken, testServer } from "../../tests/support/server.ts";
import type { TestServer } from "../../tests/support/server.ts";
import { unspell } from "../model/index.ts";
import { createApp } from "./index.ts";

interface Event {
  readonly name: string;
  readonly id: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into data of any shape
  readonly data: any;
}

interface Listener {
  /** The next events, as many as asked for; comments are passed over. */
  next(count: number): Promise<Event[]>;
  /** Everything as it came. */
  raw(): string;
  leave(): Promise<void>;
}

async function listener({ app }: TestServer, headers: Record<string, string> = {}): Promise<Listener> {
  const answer = await app.request("/api/v1/events", {
    headers: { authorization: `Bearer ${adminToken}`, ...headers },
  });
  expect(answer.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let raw = "";
  let parsed = 0;
  return {
    raw: () => raw,
    leave: () => reader.cancel(),
    async next(count) {
      const events: Event[] = [];
      while (events.length < count) {
        const end = raw.indexOf("\n\n", parsed);
        if (end < 0) {
          const piece = await reader.read();
          if (piece.done) throw new Error("the stream ended");
          raw += decoder.decode(piece.value, { stream: true });
          continue;
        }
        const block = raw.slice(parsed, end);
        parsed = end + 2;
        const match = /event: (.*)\nid: (.*)\ndata: (.*)$/.exec(block);
        if (match)
          events.push({ name: match[1] as string, id: Number(match[2]), data: unspell(match[3] as string) });
      }
      return events;
    },
  };
}

async function onePhase({ trial }: TestServer, parameterIndex: number, value: unknown): Promise<void> {
  await trial("/trial/parameters", { parameterIndex });
  await trial("/trial/final-result", { parameterIndex, value });
}

describe("the event stream", () => {
  test("begins with the experiment as it is, then tells of each record once, in order", async () => {
    const server = await testServer();
    await onePhase(server, 0, 0.5);
    const { next } = await listener(server);
    const [state] = await next(1);
    expect(state).toMatchObject({ name: "state", id: server.experiment.state.seq });
    expect(state?.data).toMatchObject({ id: "exp00000", phases: { succeeded: 1 } });
    await onePhase(server, 1, { $number: "NaN" });
    const records = await next(server.experiment.state.seq - (state as Event).id);
    expect(records.map((record) => record.id)).toEqual(
      records.map((_record, index) => (state as Event).id + 1 + index),
    );
    expect(records.map((record) => record.data.kind)).toEqual(["phase-proposed", "phase-ended"]);
    expect(records.at(-1)?.data.value).toBeNaN();
  });

  test("goes on where a listener left off", async () => {
    const server = await testServer();
    const first = await listener(server);
    const [state] = await first.next(1);
    await onePhase(server, 0, 1);
    const [seen] = await first.next(1);
    await first.leave();
    await onePhase(server, 1, 2);
    const second = await listener(server, { "last-event-id": String(seen?.id) });
    const events = await second.next(1 + server.experiment.state.seq - (seen as Event).id);
    expect(events[0]).toMatchObject({ name: "state", id: seen?.id, data: { phases: { succeeded: 2 } } });
    expect(events.slice(1).map((event) => event.id)).toEqual(
      Array.from({ length: events.length - 1 }, (_, index) => (seen as Event).id + 1 + index),
    );
    expect((state as Event).id).toBeLessThan((seen as Event).id);
  });

  test.each(["1", "999999", "x", "-1"])(
    "a listener whose last id %j is not at hand begins anew, and sees that it missed something",
    async (lastEventId) => {
      const server = await testServer();
      // This one comes to an experiment that has been running: it has seen none of the records so far.
      const app = createApp({ ...server, adminToken, info: () => ({ pid: 1, url: null, version: "1" }) });
      const { next } = await listener({ ...server, app }, { "last-event-id": lastEventId });
      const [state] = await next(1);
      expect(state?.id).toBe(server.experiment.state.seq);
      expect(String(state?.id)).not.toBe(lastEventId);
    },
  );

  test("gives a sign of life when nothing happens", async () => {
    const server = await testServer({}, { eventHeartbeatMs: 5 });
    const { next, raw } = await listener(server);
    await next(1);
    const waiting = next(1);
    await expect.poll(raw).toContain(": alive\n\n");
    await onePhase(server, 0, 1);
    expect((await waiting)[0]?.name).toBe("record");
  });

  test("lets a listener go that does not read, and the experiment goes on", async () => {
    const server = await testServer();
    const slow = await listener(server);
    const big = "x".repeat(3_000_000);
    for (let index = 0; index < 5; index++) await onePhase(server, index, { default: index, big });
    expect(server.experiment.state.counts.succeeded).toBe(5);
    await expect(slow.next(100)).rejects.toThrow("too far behind");
  });

  test("a client that has gone leaves nothing behind with the server", async () => {
    const { app } = await testServer();
    const waiting = new Set<() => void>();
    const closing = {
      onClose(callback: () => void) {
        waiting.add(callback);
        return () => waiting.delete(callback);
      },
    };
    const outgoing = new EventEmitter() as ServerResponse;
    const headers = { authorization: `Bearer ${adminToken}` };
    await app.request("/api/v1/events", { headers }, { closing, outgoing });
    expect(waiting.size).toBe(1);
    outgoing.emit("close");
    expect(waiting.size).toBe(0);
  });
});
