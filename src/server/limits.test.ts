/** What one caller can take from the others, over real sockets. */
import { once } from "node:events";
import { Agent, request } from "node:http";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { adminToken, testServer } from "../../tests/support/server.ts";
import type { TestServer } from "../../tests/support/server.ts";
import { bodyLimit } from "./body.ts";
import type { ConnectionLimits } from "./connection-limits.ts";
import type { Listening } from "./index.ts";
import { listen } from "./index.ts";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

async function served(
  limits: Partial<ConnectionLimits> = {},
): Promise<TestServer & { listening: Listening }> {
  const server = await testServer();
  const listening = await listen(server.app, { host: "127.0.0.1", port: 0, limits, closeGraceMs: 50 });
  cleanup.push(() => listening.close());
  return { ...server, listening };
}

interface Line {
  readonly socket: Socket;
  /** Everything that came until the server ended the connection. */
  readonly all: Promise<string>;
}

async function dial({ listening }: { listening: Listening }, bytes = ""): Promise<Line> {
  const socket = connect(listening.port, "127.0.0.1");
  cleanup.push(() => socket.destroy());
  const pieces: Buffer[] = [];
  socket.on("data", (piece: Buffer) => pieces.push(piece));
  socket.on("error", () => {});
  const all = once(socket, "close").then(() => Buffer.concat(pieces).toString());
  await once(socket, "connect");
  socket.write(bytes);
  return { socket, all };
}

const head = (path: string, more = "", token = adminToken): string =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n${more}`;

function get(
  listening: Listening,
  agent: Agent | undefined,
  path = "/api/v1/health",
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${adminToken}` };
    request(`${listening.url}${path}`, { headers, agent: agent ?? new Agent() }, resolve)
      .on("error", reject)
      .end();
  });
}

function codeIn(answer: string): string {
  return (JSON.parse(answer.slice(answer.indexOf("\r\n\r\n"))) as { error: { code: string } }).error.code;
}

/** Long enough for good requests on a busy machine. */
const roomy = { headersMs: 500, requestMs: 500 };

describe("slow callers", () => {
  test.each([
    ["says nothing at all", ""],
    ["never ends its headers", head("/api/v1/health", "X-A: 1\r\n")],
    [
      "never ends its body",
      `POST /api/v1/stop HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${adminToken}\r\nContent-Length: 9\r\n\r\n{`,
    ],
    [
      "never ends its chunks",
      `POST /api/v1/stop HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${adminToken}\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`,
    ],
  ])("who %s is answered 408 and cut off; the experiment is not touched", async (_what, bytes) => {
    const server = await served({ headersMs: 60, requestMs: 60 });
    const answer = await (await dial(server, bytes)).all;
    expect([answer.slice(0, 12), codeIn(answer)]).toEqual(["HTTP/1.1 408", "too-slow"]);
    expect([server.experiment.state.status, server.faults]).toEqual(["RUNNING", []]);
  });

  test("a byte now and then does not help", async () => {
    const server = await served({ headersMs: 100, requestMs: 100 });
    const { socket, all } = await dial(server, head("/api/v1/health"));
    const drip = setInterval(() => socket.write("X-A: 1\r\n"), 10);
    expect(codeIn(await all)).toBe("too-slow");
    clearInterval(drip);
  });

  test("a trial's connection is silent for longer than any request may take, and then goes on", async () => {
    const server = await served(roomy);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    cleanup.push(() => agent.destroy());
    const first = await get(server.listening, agent);
    const { localPort } = first.socket;
    await text(first);
    for (let nth = 0; nth < 2; nth++) await (await dial(server)).all; // each takes as long as a request may
    const second = await get(server.listening, agent);
    expect([second.statusCode, second.socket.localPort]).toEqual([200, localPort]);
  });

  test("a held request waits for its answer longer than it may take to arrive", async () => {
    const tuner = {
      updateSearchSpace: () => {},
      receiveTrialResult: () => {},
      generateParameters: (parameterId: number) =>
        parameterId < 2 ? ({ kind: "parameters", parameters: {} } as const) : ({ kind: "wait" } as const),
    };
    const server = await testServer({ tuner, config: { trialConcurrency: 2 } });
    for (const job of server.experiment.state.trialJobs.keys())
      await server.trial("/trial/parameters", { parameterIndex: 0 }, `${job}/0`);
    await server.trial("/trial/final-result", { parameterIndex: 0, value: 1 });
    const limits = roomy;
    const listening = await listen(server.app, { host: "127.0.0.1", port: 0, limits, closeGraceMs: 50 });
    cleanup.push(() => listening.close());
    const body = JSON.stringify({ parameterIndex: 1, waitMs: 1_500 });
    const headers = { authorization: `Bearer ${server.job}/0` };
    const held = await fetch(`${listening.url}/api/v1/trial/parameters`, { method: "POST", headers, body });
    expect(await held.json()).toEqual({ kind: "wait" });
  });
});

describe("many connections", () => {
  test("one more than allowed is answered 503 and closed; when one has gone, another may come", async () => {
    const server = await served({ connections: 2 });
    const first = await dial(server);
    await dial(server);
    const answer = await (await dial(server)).all;
    expect(answer).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n/);
    expect(answer).toMatch(/\r\nretry-after: 1\r\n/);
    expect(codeIn(answer)).toBe("too-many-connections");
    first.socket.destroy();
    let status: number | undefined;
    while (status !== 200)
      status = (await get(server.listening, undefined).catch(() => undefined))?.statusCode;
  });

  test("of one address too", async () => {
    const server = await served({ connectionsPerAddress: 1 });
    await dial(server);
    expect(codeIn(await (await dial(server)).all)).toBe("too-many-connections");
  });

  test("who shows no good token cannot keep one", async () => {
    const server = await served();
    for (const [path, token] of [
      ["/api/v1/health", "wrong"],
      ["/nothing", "wrong"],
      ["/api/v1/trial", "wrong"],
    ] as const) {
      const answer = await (await dial(server, `${head(path, "", token)}\r\n`)).all;
      expect(answer).toMatch(/^HTTP\/1\.1 401 .*\r\n(.*\r\n)*connection: close\r\n/i);
    }
  });

  test("event streams have a number of their own", async () => {
    const server = await testServer({}, { mostEventStreams: 2 });
    const streams = [
      await server.app.request("/api/v1/events", { headers: { authorization: `Bearer ${adminToken}` } }),
    ];
    streams.push(
      await server.app.request("/api/v1/events", { headers: { authorization: `Bearer ${adminToken}` } }),
    );
    const { status, json, headers } = await server.admin("/events");
    expect([status, json.error.code, headers.get("retry-after")]).toEqual([503, "too-many-streams", "1"]);
    await streams[0]?.body?.cancel();
    const again = await server.app.request("/api/v1/events", {
      headers: { authorization: `Bearer ${adminToken}` },
    });
    expect(again.status).toBe(200);
    await again.body?.cancel();
    await streams[1]?.body?.cancel();
  });
});

describe("large requests", () => {
  test("a URL of more than 8,192 characters is 414, headers of more than 16 KiB are 431", async () => {
    const server = await served();
    const long = await (await dial(server, `${head(`/api/v1/health?${"x".repeat(8_200)}`)}\r\n`)).all;
    expect([long.slice(0, 12), codeIn(long)]).toEqual(["HTTP/1.1 414", "url-too-long"]);
    const heavy = await (
      await dial(server, `${head("/api/v1/health", `X-A: ${"x".repeat(17_000)}\r\n`)}\r\n`)
    ).all;
    expect([heavy.slice(0, 12), codeIn(heavy)]).toEqual(["HTTP/1.1 431", "headers-too-large"]);
  });

  test.each([
    [
      "a gzip bomb",
      gzipSync(Buffer.alloc(50_000_000, 0x20)),
      { "content-encoding": "gzip" },
      415,
      "unsupported-encoding",
    ],
    ["gzip that calls itself nothing", gzipSync("{}"), {}, 400, "malformed-json"],
    ["brackets without end", Buffer.from("[".repeat(1_000_000)), {}, 400, "malformed-json"],
    [
      "deep nesting",
      Buffer.from(`{"parameterIndex":0,"value":${"[".repeat(500_000)}${"]".repeat(500_000)}}`),
      {},
      400,
      "invalid-body",
    ],
    ["too many bytes", Buffer.alloc(bodyLimit + 1, 0x20), {}, 413, "body-too-large"],
    ["invalid UTF-8", Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), {}, 400, "malformed-json"],
    ["nothing but zeros", Buffer.alloc(1_000), {}, 400, "malformed-json"],
  ] as const)("%s is refused, in one piece and in chunks", async (...row) => {
    const [, body, more, status, code] = row;
    const { listening, job, faults } = await served();
    for (const framing of [
      { "content-length": String(body.byteLength) },
      { "transfer-encoding": "chunked" },
    ]) {
      const headers = { authorization: `Bearer ${job}/0`, ...more, ...framing };
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        const sending = request(
          `${listening.url}/api/v1/trial/final-result`,
          { method: "POST", headers } as object,
          resolve,
        );
        sending.on("error", (error) => reject(error));
        sending.end(body);
      });
      const { error } = JSON.parse(await text(answer)) as { error: { code: string } };
      expect([answer.statusCode, error.code]).toEqual([status, code]);
    }
    expect(faults).toEqual([]);
  });

  test("a client that goes away in the middle of a body is no fault of ours", async () => {
    const server = await served();
    const { socket } = await dial(
      server,
      `POST /api/v1/trial/final-result HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${server.job}/0\r\nContent-Length: 100\r\n\r\n{`,
    );
    socket.destroy();
    await once(socket, "close");
    await server.listening.close();
    expect(server.faults).toEqual([]);
  });
});
