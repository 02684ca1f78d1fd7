import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { Client } from "./index.ts";
import { createClient } from "./index.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const servers: Server[] = [];

/** A real server with the given answers. */
async function serve(handler: Handler): Promise<string> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function clientOf(handler: Handler): Promise<Client> {
  return createClient({ url: await serve(handler), token: "secret" });
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe("calls", () => {
  test("carry the token and go to the route of the API", async () => {
    const seen: string[] = [];
    const client = await clientOf((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      answer(response, 200, {});
    });
    await client.experiment();
    await client.trialJob("a/b");
    await client.cancelTrialJob("AbcDe");
    await client.phases({ outcome: "failed", limit: 3, trialJobId: undefined });
    expect(seen).toEqual([
      "GET /api/v1/experiment Bearer secret",
      "GET /api/v1/trial-jobs/a%2Fb Bearer secret",
      "DELETE /api/v1/trial-jobs/AbcDe Bearer secret",
      "GET /api/v1/phases?outcome=failed&limit=3 Bearer secret",
    ]);
  });

  test("send their body as JSON", async () => {
    const client = await clientOf((request, response) => {
      let body = "";
      request.on("data", (piece: Buffer) => (body += piece.toString()));
      request.on("end", () => answer(response, 202, { status: body, name: request.headers["content-type"] }));
    });
    expect(await client.stop("enough")).toEqual({ status: '{"reason":"enough"}', name: "application/json" });
  });

  test("use the given fetch in place of the network", async () => {
    const fetch: typeof globalThis.fetch = async (input) => Response.json({ asked: String(input) });
    const client = createClient({ url: "http://localhost/", fetch });
    expect(await client.best()).toEqual({ asked: "http://localhost/api/v1/best" });
  });
});

describe("errors", () => {
  test("a refusal carries the server's code, message and hint", async () => {
    const client = await clientOf((_, response) =>
      answer(response, 404, {
        error: { code: "unknown-trial-job", message: "there is no x", hint: "look again" },
      }),
    );
    await expect(client.trialJob("x")).rejects.toMatchObject({
      name: "PolyphaseError",
      code: "unknown-trial-job",
      message: "there is no x",
      hint: "look again",
    });
  });

  test("a refused text is an error too, not text", async () => {
    const client = await clientOf((_, response) =>
      answer(response, 404, { error: { code: "log-unavailable", message: "no log" } }),
    );
    await expect(all(client.log())).rejects.toMatchObject({ code: "log-unavailable", hint: undefined });
  });

  test("an answer of something that is no manager is shown", async () => {
    const client = await clientOf((_, response) => answer(response, 502, "<h1>Bad gateway</h1>"));
    const error = client.health();
    await expect(error).rejects.toMatchObject({ code: "unexpected-answer" });
    await expect(error).rejects.toThrow(/status 502 with "<h1>Bad gateway<\/h1>"/);
  });

  test("nobody there: the code says so and the message says where", async () => {
    const url = await serve(() => undefined);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const error = createClient({ url }).health();
    await expect(error).rejects.toMatchObject({ code: "manager-unreachable" });
    await expect(error).rejects.toThrow(`${url}/api/v1/health: connect ECONNREFUSED`);
  });

  test("an abort stays an abort", async () => {
    const client = await clientOf(() => undefined);
    const abort = new AbortController();
    const health = client.health({ signal: abort.signal });
    abort.abort();
    await expect(health).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("pages", () => {
  test("the iterator goes through all of them and keeps the query", async () => {
    const seen: (string | undefined)[] = [];
    const pages = [
      { items: [{ parameterId: 0 }, { parameterId: 1 }], total: 3, next: 2 },
      { items: [{ parameterId: 2 }], total: 3, next: null },
    ];
    const client = await clientOf((request, response) => {
      seen.push(request.url);
      answer(response, 200, pages[seen.length - 1]);
    });
    const phases = await all(client.allPhases({ outcome: "succeeded", limit: 2 }));
    expect(phases.map((phase) => phase.parameterId)).toEqual([0, 1, 2]);
    expect(seen).toEqual([
      "/api/v1/phases?outcome=succeeded&limit=2&cursor=0",
      "/api/v1/phases?outcome=succeeded&limit=2&cursor=2",
    ]);
  });

  test("no page is read that nobody wants", async () => {
    let calls = 0;
    const client = await clientOf((_, response) => {
      calls += 1;
      answer(response, 200, { items: [{ id: "a" }], total: 9, next: calls });
    });
    for await (const job of client.allTrialJobs()) {
      expect(job.id).toBe("a");
      break;
    }
    expect(calls).toBe(1);
  });
});

describe("text", () => {
  test("letters that are cut between two packets arrive whole", async () => {
    const bytes = Buffer.from("größer ✓\n");
    const client = await clientOf((_, response) => {
      response.write(bytes.subarray(0, 3), () => response.end(bytes.subarray(3)));
    });
    expect((await all(client.trialJobLog("AbcDe", "stderr"))).join("")).toBe("größer ✓\n");
  });
});

describe("events", () => {
  const stream =
    'retry: 1000\nevent: state\nid: 7\ndata: {"status":"RUNNING"}\n\n: alive\n\n' +
    "event: later\nid: 7\ndata: {}\n\n" +
    'event: record\nid: 8\ndata: {"at":5,"kind":"phase-ended",\ndata: "value":{"$number":"NaN"}}\n\n' +
    'event: record\nid: 9\ndata: {"at":6,"kind":"half';

  test("come in order, whatever the packets; unknown kinds, signs of life and a half event are passed over", async () => {
    for (const size of [1, 10, stream.length]) {
      const client = await clientOf((_, response) => {
        for (let at = 0; at < stream.length; at += size) response.write(stream.slice(at, at + size));
        response.end();
      });
      expect(await all(client.events())).toEqual([
        { kind: "state", seq: 7, state: { status: "RUNNING" } },
        { kind: "record", seq: 8, record: { at: 5, kind: "phase-ended", value: Number.NaN } },
      ]);
    }
  });

  test("lastEventId tells the server where to go on", async () => {
    const client = await clientOf((request, response) => {
      response.end(`event: state\nid: ${request.headers["last-event-id"]}\ndata: {}\n\n`);
    });
    expect(await all(client.events({ lastEventId: 41 }))).toEqual([{ kind: "state", seq: 41, state: {} }]);
  });

  test("an abort ends the loop without an error, and the connection", async () => {
    let seeClosed = (): void => undefined;
    const closed = new Promise<void>((resolve) => (seeClosed = resolve));
    const client = await clientOf((request, response) => {
      response.write("event: state\nid: 1\ndata: {}\n\n");
      request.socket.on("close", seeClosed);
    });
    const abort = new AbortController();
    let events = 0;
    for await (const event of client.events({ signal: abort.signal })) {
      expect(event.kind).toBe("state");
      events += 1;
      abort.abort();
    }
    expect(events).toBe(1);
    await closed;
  });
});
