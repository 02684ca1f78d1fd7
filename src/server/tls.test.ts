/** The server with a real certificate, and where it may listen without one. */
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import type { Certificate } from "../../tests/support/certificate.ts";
import { selfSigned } from "../../tests/support/certificate.ts";
import { adminToken, testServer } from "../../tests/support/server.ts";
import { checkBinding, isPublic } from "./binding.ts";
import type { Listening, ListenOptions } from "./index.ts";
import { listen } from "./index.ts";

const open: Listening[] = [];
afterEach(async () => {
  for (const listening of open.splice(0)) await listening.close();
});

async function served(
  options: Partial<ListenOptions> = {},
): Promise<{ tls: Certificate; listening: Listening }> {
  const { app } = await testServer();
  const tls = selfSigned("localhost", "gpu-box");
  const listening = await listen(app, { host: "127.0.0.1", port: 0, tls, closeGraceMs: 50, ...options });
  open.push(listening);
  return { tls, listening };
}

function get(url: string, ca: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const all = { authorization: `Bearer ${adminToken}`, ...headers };
    request(url, { ca, headers: all, agent: false }, resolve).on("error", reject).end();
  });
}

describe("with a certificate", () => {
  test("the API is answered over HTTPS to whoever trusts it", async () => {
    const { tls, listening } = await served();
    expect(listening.url).toBe(`https://127.0.0.1:${listening.port}`);
    const answer = await get(`${listening.url}/api/v1/health`, tls.cert);
    expect([answer.statusCode, JSON.parse(await text(answer)).status]).toEqual([200, "ok"]);
    expect(answer.headers["strict-transport-security"]).toBe("max-age=86400");
    await expect(get(listening.url, selfSigned("localhost").cert)).rejects.toThrow(/certificate/);
  });

  test("refusals too say that TLS is to stay; nothing is said for all of `localhost`", async () => {
    const { tls, listening } = await served();
    const refused = await get(`${listening.url}/nothing`, tls.cert, { authorization: "Bearer wrong" });
    expect([refused.statusCode, refused.headers["strict-transport-security"]]).toEqual([
      401,
      "max-age=86400",
    ]);
    refused.resume();
    const local = await get(`https://localhost:${listening.port}/api/v1/health`, tls.cert);
    expect([local.statusCode, local.headers["strict-transport-security"]]).toEqual([200, undefined]);
    local.resume();
  });

  test("the cookie stays within TLS", async () => {
    const { tls, listening } = await served();

    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request(`${listening.url}/?token=${adminToken}`, { ca: tls.cert, agent: false }, resolve)
        .on("error", reject)
        .end();
    });
    answer.resume();
    expect(answer.headers["set-cookie"]?.[0]).toMatch(/; HttpOnly; SameSite=Strict; Secure$/);
  });

  test("who speaks plain HTTP there hears nothing", async () => {
    const { listening } = await served();
    const socket = connect(listening.port, "127.0.0.1");
    let heard = "";
    socket.on("data", (piece: Buffer) => (heard += piece.toString("latin1")));
    socket.on("error", () => {});
    socket.write(
      `GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${adminToken}\r\n\r\n`,
    );
    await once(socket, "close");
    expect(heard).not.toContain("HTTP/1.1 2");
  });

  test("who never ends the handshake is cut off, and nobody holds the closing up", async () => {
    const slow = await served({ limits: { headersMs: 60 } });
    const socket = connect(slow.listening.port, "127.0.0.1").resume();
    socket.on("error", () => {});
    await once(socket, "close");
    const { listening } = await served();
    const silent = connect(listening.port, "127.0.0.1").resume();
    silent.on("error", () => {});
    await once(silent, "connect");
    const closed = once(silent, "close");
    await listening.close();
    await closed;
  });

  test("one connection too many is closed", async () => {
    const { listening } = await served({ limits: { connections: 0 } });
    const socket = connect(listening.port, "127.0.0.1");
    socket.on("error", () => {});
    await once(socket, "close");
  });

  test.each([
    ["another key", { ...selfSigned("localhost"), key: selfSigned("localhost").key }],
    ["no certificate", { cert: "nonsense", key: "nonsense" }],
  ])("with %s it does not start", async (_what, tls) => {
    await expect(served({ tls })).rejects.toMatchObject({ code: "tls-invalid" });
  });
});

describe("without one", () => {
  test.each(["127.0.0.1", "127.8.9.10", "::1", "localhost", "LOCALHOST"])(
    "%s is this machine's own",
    (host) => {
      expect(isPublic(host)).toBe(false);
      checkBinding({ host });
    },
  );

  test.each([
    "0.0.0.0",
    "::",
    "",
    "192.168.1.5",
    "128.0.0.1",
    "127.evil.example",
    "gpu-box",
    "::ffff:127.0.0.1",
    "127.1",
    "0",
    "localhost.evil.example",
  ])("%j is public: only with TLS, or the user's word", async (host) => {
    expect(isPublic(host)).toBe(true);
    const { app } = await testServer();
    const refused = listen(app, { host, port: 0 });
    await expect(refused).rejects.toMatchObject({
      code: "insecure-public-bind",
      message: expect.stringMatching(/^expected an address of this machine only .*, got /) as string,
      hint: expect.stringMatching(/--tls-cert FILE --tls-key FILE .*--insecure-public-bind/) as string,
    });
    checkBinding({ host, tls: selfSigned("localhost") });
    checkBinding({ host, insecurePublicBind: true });
  });

  test("all addresses, at the user's word", async () => {
    const { listening } = await served({ host: "0.0.0.0", tls: undefined, insecurePublicBind: true });
    const answer = await fetch(`http://127.0.0.1:${listening.port}/api/v1/health`, {
      headers: { authorization: `Bearer ${adminToken}` },
    });
    expect([answer.status, answer.headers.get("strict-transport-security")]).toEqual([200, null]);
  });
});
