/** Who may call what: every rule is held against every route that the router knows. */
import { hash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { adminToken, answerOf, testServer, viewerToken } from "../../tests/support/server.ts";
import type { Answer, TestServer } from "../../tests/support/server.ts";
import { createApp } from "./index.ts";
import type { Caller } from "./caller.ts";
import { managementDoor } from "./management-door.ts";
import type { Access } from "./route.ts";
import { handlerOf, viewerRoute } from "./route.ts";
import { routes } from "./routes/index.ts";
import type { AppContext } from "./app-context.ts";
import type { Server } from "./server.ts";

interface Call {
  readonly method: string;
  readonly path: string;
  readonly access: Access;
}

/** What the router itself knows, with parameters filled in; a route that is not in our list has no access. */
function callsOf({ app, job }: TestServer): readonly Call[] {
  return app.routes.map(({ method, path }) => ({
    method,
    path: path.replace(":id", job).replace(/:\w+/g, "0"),
    access: routes.find((route) => route.method === method && route.path === path)?.access as Access,
  }));
}

function call({ app }: TestServer, { method, path }: Call, headers: Record<string, string>): Promise<Answer> {
  const body = method === "GET" ? {} : { body: "{}" };
  return answerOf(app.request(path, { method, headers, ...body }));
}

async function refusalsOf(
  server: TestServer,
  headers: Record<string, string>,
  among: (call: Call) => boolean = () => true,
): Promise<string[]> {
  const answers = [];
  for (const each of callsOf(server).filter(among)) {
    const { status, json } = await call(server, each, headers);
    answers.push(`${status} ${json?.error?.code ?? json?.code} ${each.method} ${each.path}`);
  }
  expect(answers.length).toBeGreaterThan(2);
  return answers;
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
const basic = (user: string, password: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
});
const session = async (token: string): Promise<Record<string, string>> => {
  const { app } = await testServer();
  const cookie = (await app.request(`/?token=${token}`)).headers.get("set-cookie") ?? "";
  return { cookie: cookie.split(";")[0] as string };
};

describe("every route", () => {
  test("is in the list that says who may call it; those that change something are closed to viewers", () => {
    expect(routes.length).toBeGreaterThan(15);
    for (const { method, path, access } of routes) {
      const expected = path.startsWith("/api/v1/trial/") || path === "/api/v1/trial" ? "trial" : "viewer";
      if (method === "GET") expect([path, access]).toEqual([path, expected]);
      else expect(["trial", "admin"]).toContain(access);
    }
  });

  test("that the router answers is one of that list", async () => {
    const server = await testServer();
    const listed = routes.map(({ method, path }) => `${method} ${path}`);
    expect(server.app.routes.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(listed.sort());
    for (const { access } of callsOf(server)) expect(access).toBeDefined();
  });

  test.each([
    ["no token", {}, "unauthorized"],
    ["a wrong token", bearer("wrong"), "wrong-token"],
    ["an empty token", { authorization: "Bearer " }, "unauthorized"],
    ["another scheme", { authorization: `Digest ${adminToken}` }, "unauthorized"],
    [
      "a token in the place of a user and a password",
      { authorization: `Basic ${adminToken}` },
      "unauthorized",
    ],
    ["the token as user, without a password", basic(adminToken, ""), "unauthorized"],
    ["the token with more behind it", bearer(`${adminToken}x`), "wrong-token"],
    ["the token in capitals", bearer(adminToken.toUpperCase()), "wrong-token"],
    ["two tokens", { authorization: `Bearer ${adminToken} ${adminToken}` }, "unauthorized"],
    ["the token's hash", bearer(hash("sha256", adminToken)), "wrong-token"],
    ["another experiment's trial job's", bearer("zzzzz/0"), "wrong-token"],
    ["a token of a later attempt", bearer("job00000/1"), "wrong-token"],
  ])("answers 401 with %s, and changes nothing", async (_what, headers, code) => {
    const server = await testServer();
    const before = server.experiment.state.seq;
    for (const answer of await refusalsOf(server, headers)) expect(answer).toMatch(`401 ${code} `);
    expect(server.experiment.state.seq).toBe(before);
  });

  test.each([
    ["a wrong cookie", "polyphase_exp00000=wrong", "wrong-token"],
    ["an empty cookie", "polyphase_exp00000=", "wrong-token"],
    ["the token as cookie", `polyphase_exp00000=${adminToken}`, "wrong-token"],
    ["another experiment's cookie", "polyphase_other=x", "unauthorized"],
  ])("answers 401 with %s; trial routes know no cookies", async (_what, cookie, code) => {
    const server = await testServer();
    const management = await refusalsOf(server, { cookie }, ({ access }) => access !== "trial");
    for (const answer of management) expect(answer).toMatch(`401 ${code} `);
    const good = await session(adminToken);
    for (const answer of await refusalsOf(server, good, ({ access }) => access === "trial"))
      expect(answer).toMatch("401 unauthorized ");
  });

  test("takes a token as the password of anybody, as programs send it that read a netrc file; trial routes do not", async () => {
    const server = await testServer({}, { password: "of all experiments" });
    const answers = async (token: string, method: "GET" | "POST", path: string): Promise<number> =>
      (await server.app.request(`/api/v1/${path}`, { method, headers: basic("anybody", token) })).status;
    for (const good of [adminToken, "of all experiments"]) {
      expect(await answers(good, "GET", "experiment")).toBe(200);
      expect(await answers(good, "POST", "pause")).toBe(200);
    }
    expect(await answers(viewerToken, "GET", "experiment")).toBe(200);
    expect(await answers(viewerToken, "POST", "pause")).toBe(403);
    expect(await answers("wrong", "GET", "experiment")).toBe(401);
    for (const answer of await refusalsOf(server, bearer("of all experiments")))
      expect(answer).toMatch("401 ");
    for (const answer of await refusalsOf(server, basic("x", adminToken), ({ access }) => access === "trial"))
      expect(answer).toMatch("401 unauthorized ");
  });

  test("of another experiment's tokens none is taken", async () => {
    const server = await testServer({}, { adminToken: "another", viewerToken: "another viewer's" });
    for (const token of [adminToken, viewerToken]) {
      for (const headers of [bearer(token), await session(token)]) {
        const answers = await refusalsOf(server, headers, ({ access }) => access !== "trial");
        for (const answer of answers) expect(answer).toMatch("401 wrong-token ");
      }
      for (const { method, path } of callsOf(server)) {
        const { status } = await server.app.request(`${path}?token=${token}`, { method });
        expect([path, status]).toEqual([path, 401]);
      }
    }
  });

  test("takes the token of a trial job, or that of the experiment, never both", async () => {
    const server = await testServer();
    const isTrial = ({ access }: Call): boolean => access === "trial";
    for (const answer of await refusalsOf(server, bearer(`${server.job}/0`), (each) => !isTrial(each)))
      expect(answer).toMatch("401 wrong-token ");
    for (const token of [adminToken, viewerToken])
      for (const answer of await refusalsOf(server, bearer(token), isTrial))
        expect(answer).toMatch("401 wrong-token ");
  });

  test("is closed to a token in the URL where it changes something", async () => {
    const server = await testServer();
    for (const { method, path } of callsOf(server).filter((each) => each.method !== "GET"))
      expect((await server.app.request(`${path}?token=${adminToken}`, { method })).status).toBe(401);
    expect(server.experiment.state.status).toBe("RUNNING");
  });
});

describe("what is no route", () => {
  const nowhere = ["/nothing", "/api/v1/nothing", "/api/v1/trial/nothing", "/.env", "/api/v1/trial-jobs/"];

  test.each(nowhere)("%s is 401 without a token, 404 with any", async (path) => {
    const { app, job } = await testServer();
    expect((await app.request(path)).status).toBe(401);
    expect((await app.request(path, { headers: bearer("wrong") })).status).toBe(401);
    for (const token of [adminToken, viewerToken, `${job}/0`]) {
      const { status, json } = await answerOf(app.request(path, { headers: bearer(token) }));
      expect([status, json.error.code]).toEqual([404, "unknown-route"]);
    }
  });

  test.each(["PUT", "PATCH", "OPTIONS", "TRACEX"])(
    "%s is 401 without a token, 405 with one",
    async (method) => {
      const { app } = await testServer();
      expect((await app.request("/api/v1/stop", { method })).status).toBe(401);
      const answer = await app.request("/api/v1/stop", { method, headers: bearer(adminToken) });
      expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
    },
  );

  test("HEAD opens no stream that nobody reads", async () => {
    const { app } = await testServer({}, { mostEventStreams: 1 });
    const init = { method: "HEAD", headers: bearer(viewerToken) };
    for (let nth = 0; nth < 3; nth++) expect((await app.request("/api/v1/events", init)).status).toBe(200);
  });

  test("HEAD is GET without a body, and needs the token just so", async () => {
    const { app } = await testServer();
    expect((await app.request("/api/v1/experiment", { method: "HEAD" })).status).toBe(401);
    const answer = await app.request("/api/v1/experiment", { method: "HEAD", headers: bearer(viewerToken) });
    expect([answer.status, await answer.text()]).toEqual([200, ""]);
  });
});

describe("the viewer token", () => {
  const reads = ({ access }: Call): boolean => access === "viewer";
  const changes = ({ access }: Call): boolean => access === "admin";

  test("reads everything, with each way to carry it", async () => {
    const server = await testServer();
    for (const headers of [bearer(viewerToken), await session(viewerToken)]) {
      for (const each of callsOf(server).filter(reads)) {
        const answer = await server.app.request(each.path, { headers });
        await answer.body?.cancel();
        expect([each.path, answer.status]).toEqual([each.path, /log$/.test(each.path) ? 404 : 200]);
      }
    }
  });

  test("changes nothing: 403 `read-only`, also as a cookie", async () => {
    const server = await testServer();
    await server.trial("/trial/parameters", { parameterIndex: 0 });
    const before = server.experiment.state.seq;
    for (const headers of [bearer(viewerToken), await session(viewerToken)])
      for (const answer of await refusalsOf(server, headers, changes))
        expect(answer).toMatch("403 read-only ");
    expect(server.experiment.state.seq).toBe(before);
  });

  test("gives a cookie that stays a viewer's, and the last link that was opened counts", async () => {
    const server = await testServer();
    const [asViewer, asAdmin] = [await session(viewerToken), await session(adminToken)];
    expect(asViewer).not.toEqual(asAdmin);
    const opened = await server.app.request(`/?token=${adminToken}`, { headers: asViewer });
    expect(opened.headers.get("set-cookie")).toContain(asAdmin["cookie"]);
    const read = await server.app.request("/api/v1/experiment", { headers: asViewer });
    expect(read.headers.get("set-cookie")).toBeNull();
    const reopened = await server.app.request(`/?token=${viewerToken}`, { headers: asAdmin });
    expect(reopened.headers.get("set-cookie")).toContain(asViewer["cookie"]);
  });

  test("where there is none, nothing takes its place", async () => {
    const door = managementDoor({ admin: "secret", viewer: "" }, "exp");
    for (const headers of [{ authorization: "Bearer " }, { cookie: "polyphase_exp=" }, {}] as const)
      expect(() => door.admit(new Request("http://localhost/", { headers }))).toThrow(/token/);
    expect(() => door.admit(new Request("http://localhost/?token="))).toThrow(/token/);
    expect(() => managementDoor({ admin: "", viewer: undefined }, "exp")).toThrow(/empty/);
  });
});

describe("the caller", () => {
  test("is told to the handler: which token, from where, with what", async () => {
    const callers: Caller[] = [];
    const route = viewerRoute({
      method: "GET",
      path: "/who",
      name: "who",
      summary: "",
      answer: { kind: "text", type: "text/plain", meaning: "" },
      refusals: [],
      handle({ caller }) {
        callers.push(caller);
        return new Response("");
      },
    });
    const { experiment } = await testServer();
    const admissions = [{ token: "admin" }, { token: "viewer" }];
    const server = {
      experiment,
      info: () => ({ url: null }),
      door: { admit: () => admissions.shift() },
    } as unknown as Server;
    const ask = (headers: Record<string, string>, remoteAddress?: string): Promise<Response> =>
      handlerOf(
        route,
        server,
      )({
        req: { raw: new Request("http://localhost/who", { headers }) },
        ...(remoteAddress === undefined ? {} : { env: { incoming: { socket: { remoteAddress } } } }),
      } as unknown as AppContext);
    await ask({ "user-agent": "curl/8".padEnd(300, "!") }, "::ffff:10.0.0.7");
    await ask({});
    expect(callers).toEqual([
      { token: "admin", address: "10.0.0.7", agent: "curl/8".padEnd(200, "!") },
      { token: "viewer", address: null, agent: null },
    ]);
  });
});

test("an experiment whose token is empty is not served", async () => {
  const { experiment, clock } = await testServer();
  const info = (): never => expect.unreachable();
  expect(() => createApp({ experiment, clock, info, adminToken: "" })).toThrow(/empty/);
});
