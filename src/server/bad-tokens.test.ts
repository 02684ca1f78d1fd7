import { describe, expect, test } from "vitest";
import { answerOf, adminToken, testServer, viewerToken } from "../../tests/support/server.ts";
import type { Answer, TestServer } from "../../tests/support/server.ts";
import { badTokens } from "./bad-tokens.ts";

describe("wrong tokens from one address", () => {
  test("are looked at 20 times, then once in three seconds", () => {
    const { count } = badTokens();
    for (let nth = 0; nth < 20; nth++) expect(count("10.0.0.1", 0)).toBe(0);
    expect(count("10.0.0.1", 0)).toBe(3_000);
    expect(count("10.0.0.1", 1_000)).toBe(2_000);
    expect(count("10.0.0.1", 3_000)).toBe(0);
    expect(count("10.0.0.1", 3_000)).toBe(3_000);
    expect(count("10.0.0.2", 3_000)).toBe(0);
  });

  test("are forgiven after a minute, and not saved up for longer", () => {
    const { count } = badTokens();
    for (let nth = 0; nth < 20; nth++) count("::1", 0);
    let free = 0;
    while (count("::1", 3_600_000) === 0) free += 1;
    expect(free).toBe(20);
  });

  test("a clock that is set back gives no free tries, and takes none", () => {
    const { count } = badTokens();
    for (let nth = 0; nth < 20; nth++) expect(count("::1", 1_000_000)).toBe(0);
    expect(count("::1", 0)).toBe(3_000);
    expect(count("::1", 3_000)).toBe(0);
  });

  test("IPv6 addresses of one network count as one", () => {
    const { count } = badTokens();
    for (let nth = 0; nth < 20; nth++) count(`2001:db8:0:7::${nth.toString(16)}`, 0);
    expect(count("2001:db8::7:1:2:3:4", 0)).toBeGreaterThan(0);
    expect(count("2001:db8:0:8::1", 0)).toBe(0);
  });

  test("of ever new addresses do not fill the memory; the last ones are remembered", () => {
    const { count } = badTokens();
    for (let nth = 0; nth < 20; nth++) count("10.0.0.1", 0);
    for (let nth = 0; nth < 999; nth++) count(`10.1.${nth >> 8}.${nth & 255}`, 0);
    expect(count("10.0.0.1", 0)).toBeGreaterThan(0);
    for (let nth = 0; nth < 1_000; nth++) count(`10.2.${nth >> 8}.${nth & 255}`, 0);
    expect(count("10.0.0.1", 0)).toBe(0);
  });
});

describe("over HTTP", () => {
  const from = (remoteAddress: string): object => ({ incoming: { socket: { remoteAddress } } });
  const ask = (
    { app }: TestServer,
    address: string,
    path: string,
    headers: Record<string, string>,
  ): Promise<Answer> => answerOf(app.request(path, { headers }, from(address)));
  const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

  test.each(["/api/v1/experiment", "/api/v1/trial", "/nothing"])(
    "the 21st wrong token at %s is answered 429 with Retry-After, until the time is over",
    async (path) => {
      const server = await testServer();
      for (let nth = 0; nth < 20; nth++)
        expect((await ask(server, "10.0.0.1", path, bearer(`guess-${nth}`))).status).toBe(401);
      const { status, json, headers } = await ask(server, "10.0.0.1", path, bearer("guess"));
      expect([status, json.error.code, headers.get("retry-after")]).toEqual([
        429,
        "too-many-wrong-tokens",
        "3",
      ]);
      expect((await ask(server, "10.0.0.2", path, bearer("guess"))).status).toBe(401);
      await server.clock.advance(3_000);
      expect((await ask(server, "10.0.0.1", path, bearer("guess"))).status).toBe(401);
    },
  );

  test("good tokens from the same address always pass, and no token at all is no guess", async () => {
    const server = await testServer();
    const guess = (): Promise<Answer> => ask(server, "127.0.0.1", "/api/v1/experiment?token=guess", {});
    for (let nth = 0; nth < 25; nth++) await guess();
    expect((await guess()).status).toBe(429);
    expect((await ask(server, "127.0.0.1", "/api/v1/best", {})).status).toBe(401);
    for (const token of [adminToken, viewerToken])
      expect((await ask(server, "127.0.0.1", "/api/v1/best", bearer(token))).status).toBe(200);
    expect((await ask(server, "127.0.0.1", "/api/v1/trial", bearer(`${server.job}/0`))).status).toBe(200);
  });
});
