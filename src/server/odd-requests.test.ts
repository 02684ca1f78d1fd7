/** Nothing that anybody sends is a fault of the server's: no status of 500, nothing reported. Over real sockets. */
import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { adminToken, testServer } from "../../tests/support/server.ts";
import type { TestServer } from "../../tests/support/server.ts";
import type { Listening } from "./index.ts";
import { listen } from "./index.ts";
import { routes } from "./routes/index.ts";

let server: TestServer;
let listening: Listening;
beforeAll(async () => {
  server = await testServer();
  listening = await listen(server.app, { host: "127.0.0.1", port: 0, closeGraceMs: 50 });
});
afterAll(() => listening.close());

/** Sends the bytes as they are (each character one byte); the status of the first answer, 0 where the connection just ends. */
async function statusOf(bytes: string): Promise<number> {
  const socket = connect(listening.port, "127.0.0.1");
  socket.on("error", () => {});
  const answered = Promise.race([
    once(socket, "data").then(([piece]) => Number(/^HTTP\/1\.1 (\d{3}) /.exec(String(piece))?.[1] ?? NaN)),
    once(socket, "close").then(() => 0),
  ]);
  socket.end(Buffer.from(bytes, "latin1")); // half of the connection: what is cut short waits for nothing
  const status = await answered;
  socket.destroy();
  return status;
}

const token = `Authorization: Bearer ${adminToken}\r\n`;
const get = (path: string, headers = token): string =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`;
const post = (headers: string, body = ""): string =>
  `POST /api/v1/stop HTTP/1.1\r\nHost: localhost\r\n${token}${headers}\r\n${body}`;

function expectCallersFault(status: number): void {
  expect(server.faults).toEqual([]);
  expect(status).toBeGreaterThanOrEqual(0);
  expect(status === 503 || status < 500).toBe(true);
  expect(server.experiment.state.status).toBe("RUNNING");
}

describe("odd paths", () => {
  test.each([
    "/api/v1/phases/%00",
    "/api/v1/phases/%ff%fe",
    "/api/v1/phases/%",
    "/api/v1/phases/%zz",
    "/api/v1/phases/99999999999999999999999",
    "/api/v1/phases/-1",
    "/api/v1/phases/0x0",
    "/api/v1/phases/1e0",
    "/api/v1/phases/\xff\xfe",
    "/api/v1/phases/\x01",
    "/api/v1/trial-jobs/__proto__",
    "/api/v1/trial-jobs/%2e%2e/log",
    "/api/v1/trial-jobs/../../../etc/passwd",
    "/api/v1/../../etc/passwd",
    "//evil.example/api/v1/experiment",
    "/\\evil.example/",
    "/api/v1/experiment/",
    "/api/v1/experiment;x=1",
    "/api/v1/experiment#x",
    "/api/v1//experiment",
    "/API/V1/EXPERIMENT",
    "http://localhost/api/v1/nothing",
    "http://evil.example/api/v1/experiment",
    "ftp://localhost/",
    "*",
    "?",
    "/?%",
    "/" + "a/".repeat(3_000),
  ])("%j", async (path) => expectCallersFault(await statusOf(get(path))));
});

describe("absurd queries", () => {
  const queries = [
    "limit=NaN",
    "limit=1e999",
    "limit=-1",
    "limit=",
    "limit=1&limit=2",
    "limit[]=1",
    "limit=%00",
    "limit=%ff",
    "limit=0x10",
    "cursor=9007199254740993",
    "cursor=99999999999999999999",
    "cursor=0.5",
    "sort=__proto__",
    "sort=-",
    "sort=constructor",
    "outcome=%F0%9F%92%A9",
    "trialJobId=__proto__",
    "__proto__=1",
    "toString=1",
    "=",
    "&&&&",
    "%",
    "a".repeat(7_000),
    "token",
    "token=",
    "stream=../../etc/passwd",
    Array.from({ length: 1_500 }, (_, nth) => `a${nth}`).join("&"),
  ];
  test.each(queries)("%j", async (query) => {
    for (const path of [
      "/api/v1/phases",
      "/api/v1/trial-jobs",
      `/api/v1/trial-jobs/${server.job}/log`,
      "/api/v1/nothing",
    ])
      expectCallersFault(await statusOf(get(`${path}?${query}`)));
  });
});

describe("odd headers", () => {
  test.each([
    ["a token of odd bytes", "Authorization: Bearer \xff\xfe\x80\r\n"],
    ["a token with zeros", "Authorization: Bearer a\x00b\r\n"],
    ["two tokens", `${token}Authorization: Bearer other\r\n`],
    ["no scheme", "Authorization: \r\n"],
    ["a very long token", `Authorization: Bearer ${"x".repeat(15_000)}\r\n`],
    ["odd cookies", "Cookie: polyphase_exp00000; ;;; =; \xff=\xfe; polyphase_exp00000=%00\r\n"],
    ["many cookies", `Cookie: ${"a=b; ".repeat(3_000)}\r\n`],
    ["an odd origin", `${token}Origin: \xff\r\n`],
    ["an odd fetch site", `${token}Sec-Fetch-Site: \xff\r\n`],
    ["an odd agent", `${token}User-Agent: \xff\xfe\t\r\n`],
    ["an odd place in the stream", `${token}Last-Event-ID: 99999999999999999999999\r\n`],
    ["a space in a name", `${token}X A: 1\r\n`],
    ["a bare line feed", `${token}X: 1\nY: 2\r\n`],
    ["a folded line", `${token}X: 1\r\n Y\r\n`],
    ["a name that is __proto__", `${token}__proto__: 1\r\n`],
    ["two hosts", `${token}Host: evil.example\r\n`],
    ["another protocol wanted", `${token}Connection: Upgrade\r\nUpgrade: websocket\r\n`],
    ["another expectation", `${token}Expect: miracles\r\n`],
    ["a connection that is kept and closed", `${token}Connection: close, keep-alive, \xff\r\n`],
  ])("%s", async (_what, headers) => {
    for (const path of ["/api/v1/health", "/api/v1/trial", "/api/v1/nothing"])
      expectCallersFault(await statusOf(get(path, headers)));
  });

  test.each([
    "",
    "a b",
    "\xff",
    "[::1",
    "localhost:99999",
    "localhost:x",
    "user@localhost",
    "evil.example",
    "127.0.0.1.",
    "%6cocalhost",
  ])("host %j", async (host) => {
    const status = await statusOf(`GET /api/v1/health HTTP/1.1\r\nHost: ${host}\r\n${token}\r\n`);
    expectCallersFault(status);
  });
});

describe("what is hardly HTTP", () => {
  test.each([
    ["nothing but line breaks", "\r\n\r\n\r\n\r\nX"],
    ["zeros", "\x00".repeat(100)],
    ["the start of TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
    ["the start of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ["HTTP/1.0", `GET /api/v1/health HTTP/1.0\r\n${token}\r\n`],
    ["HTTP/0.9", "GET /\r\n\r\n"],
    ["HTTP/9.9", "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n"],
    ["no host", `GET /api/v1/health HTTP/1.1\r\n${token}\r\n`],
    ["a method of its own", "BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n"],
    ["TRACE", `TRACE /api/v1/health HTTP/1.1\r\nHost: localhost\r\n${token}\r\n`],
    ["CONNECT", `CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n${token}\r\n`],
    ["OPTIONS *", `OPTIONS * HTTP/1.1\r\nHost: localhost\r\n${token}\r\n`],
    ["two lengths", post("Content-Length: 2\r\nContent-Length: 3\r\n", "{}")],
    ["a length and chunks", post("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")],
    ["a negative length", post("Content-Length: -1\r\n")],
    ["an endless length", post("Content-Length: 99999999999999999999\r\n", "{}")],
    ["chunks of no size", post("Transfer-Encoding: chunked\r\n", "zz\r\n{}\r\n0\r\n\r\n")],
    ["chunks of an odd coding", post("Transfer-Encoding: gzip, chunked\r\n", "2\r\nxx\r\n0\r\n\r\n")],
    [
      "a body where none is wanted",
      `GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n${token}Content-Length: 3\r\n\r\n{}x`,
    ],
  ])("%s", async (_what, bytes) => expectCallersFault(await statusOf(bytes)));
});

test("random changes of good requests, the same ones each time", async () => {
  const random = sequenceFrom(7);
  const pick = <Item>(items: readonly Item[]): Item => items[random() % items.length] as Item;
  for (let nth = 0; nth < 400; nth++) {
    const { method, path, access } = pick(routes.filter(({ name }) => !/^stop$|cancelTrialJob/i.test(name)));
    const given = access === "trial" ? `${server.job}/0` : adminToken;
    const body = method === "POST" ? '{"parameterIndex":0,"value":1}' : "";
    const good = `${method} ${path.replace(":id", server.job).replace(/:\w+/, "0")}?limit=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${given}\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const bytes = [...good];
    for (let change = 0; change < 1 + (nth % 4); change++)
      bytes[random() % bytes.length] = String.fromCharCode(random() % 256);
    const changed = bytes.join("");
    const status = await statusOf(changed);
    if (status >= 500 && status !== 503) expect.fail(`${status} for ${JSON.stringify(changed)}`);
    expect(server.faults).toEqual([]);
  }
});

/** Numbers that only look random [Park & Miller 1988]. */
function sequenceFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647);
}
