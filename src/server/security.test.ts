import { describe, expect, test } from "vitest";
import { adminToken, answerOf, testServer, viewerToken } from "../../tests/support/server.ts";
import type { TestServer } from "../../tests/support/server.ts";
import { openApiDocument } from "./index.ts";

/** What the router itself knows: method and path of every route. */
function routesOf(app: Awaited<ReturnType<typeof testServer>>["app"]): { method: string; path: string }[] {
  return app.routes.map(({ method, path }) => ({ method, path }));
}

describe("every route", () => {
  test("is in the OpenAPI document, and the document has no others", async () => {
    const { app } = await testServer();
    const { paths } = openApiDocument("1.2.3") as { paths: Record<string, Record<string, unknown>> };
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = routesOf(app).map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`);
    expect(documented.sort()).toEqual(served.sort());
    expect(served.length).toBeGreaterThan(15);
  });
});

describe("host names", () => {
  const get = async (url: string, hostNames: string[] = []): Promise<number> => {
    const { app } = await testServer({}, { hostNames });
    const headers = { authorization: `Bearer ${adminToken}` };
    return (await app.request(`${url}/api/v1/health`, { headers })).status;
  };

  test.each(["http://localhost:80", "http://127.0.0.1:4711", "http://[::1]:4711", "http://10.1.2.3"])(
    "%s is ours",
    async (url) => {
      expect(await get(url)).toBe(200);
    },
  );

  test.each(["http://evil.example", "http://localhost.evil.example:4711", "http://127.0.0.1.evil.example"])(
    "%s is refused with 403, even with the token",
    async (url) => {
      expect(await get(url)).toBe(403);
    },
  );

  test("names can be added", async () => {
    expect(await get("http://gpu-box:4711")).toBe(403);
    expect(await get("http://gpu-box:4711", ["gpu-box"])).toBe(200);
    expect(await get("http://GPU-box.example.org", ["*.example.org"])).toBe(200);
    for (const other of ["example.org", "a.gpu-box.example.org", "gpu-box.example.org.evil.example"])
      expect(await get(`http://${other}`, ["*.example.org"])).toBe(403);
  });
});

describe("pages of other sites", () => {
  test.each(["http://evil.example", "http://localhost:3000", "null", "https://127.0.0.1"])(
    "a change asked for by a page of %s is refused with 403",
    async (origin) => {
      const { app, experiment } = await testServer();
      const headers = { authorization: `Bearer ${adminToken}`, origin };
      const { status, json } = await answerOf(app.request("/api/v1/stop", { method: "POST", headers }));
      expect([status, json.error.code]).toEqual([403, "forbidden-origin"]);
      expect(experiment.state.status).toBe("RUNNING");
    },
  );

  test("a change asked for by our own page is made", async () => {
    const { app } = await testServer();
    const headers = { authorization: `Bearer ${adminToken}`, origin: "http://127.0.0.1:4711" };
    const answer = await app.request("http://127.0.0.1:4711/api/v1/stop", { method: "POST", headers });
    expect(answer.status).toBe(202);
  });

  test("no answer opens itself to other sites, and each says how it is to be treated", async () => {
    const { admin } = await testServer();
    for (const path of ["/", "/experiment", "/nothing", "/phases?limit=0"]) {
      const { headers } = await admin(path, { headers: { origin: "http://localhost" } });
      expect([...headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
      expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("cache-control")).toBe("no-store");
    }
  });
});

describe("what a browser fetches for a page", () => {
  const fetched = (site: string, mode = "cors", dest = "empty"): Record<string, string> => ({
    "sec-fetch-site": site,
    "sec-fetch-mode": mode,
    "sec-fetch-dest": dest,
  });
  const cookie = async (app: TestServer["app"]): Promise<string> =>
    (await app.request(`/?token=${adminToken}`)).headers.get("set-cookie")?.split(";")[0] ?? "";

  test.each([
    ["our own page's call", 200, fetched("same-origin")],
    ["an address that was typed", 200, fetched("none", "navigate", "document")],
    ["a link on another page", 200, fetched("cross-site", "navigate", "document")],
    ["a call of another port's page", 403, fetched("same-site")],
    ["an image on another page", 403, fetched("same-site", "no-cors", "image")],
    ["a frame in another page", 403, fetched("same-site", "navigate", "iframe")],
  ])("with our cookie: %s is %i", async (_what, expected, headers) => {
    const { app } = await testServer();
    const all = { ...headers, cookie: await cookie(app) };
    expect((await app.request("/api/v1/export", { headers: all })).status).toBe(expected);
  });

  test("no route is changed by a page of another site, whatever it sends along", async () => {
    const { app, job, experiment } = await testServer();
    const before = experiment.state.seq;
    for (const { method, path } of app.routes.filter((route) => route.method !== "GET")) {
      const tokens = [`Bearer ${job}/0`, `Bearer ${adminToken}`];
      for (const authorization of tokens) {
        const headers = { authorization, origin: "http://evil.example", cookie: await cookie(app) };
        const { status } = await app.request(path.replace(/:\w+/, "0"), { method, headers });
        expect([method, path, status]).toEqual([method, path, 403]);
      }
    }
    expect(experiment.state.seq).toBe(before);
  });

  test("over TLS a page without it is another site's", async () => {
    const stop = async (url: string, origin: string): Promise<number> => {
      const { app } = await testServer();
      const headers = { authorization: `Bearer ${adminToken}`, origin };
      return (await app.request(`${url}/api/v1/stop`, { method: "POST", headers })).status;
    };
    expect(await stop("https://127.0.0.1", "http://127.0.0.1")).toBe(403);
    expect(await stop("https://127.0.0.1", "https://127.0.0.1")).toBe(202);
    expect(await stop("http://127.0.0.1:4711", "https://127.0.0.1:4711")).toBe(202); // a proxy speaks TLS for us
  });

  test("a preflight is answered without any leave", async () => {
    const { app } = await testServer();
    const headers = {
      origin: "http://localhost:3000",
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization",
      "access-control-request-private-network": "true",
    };
    for (const path of ["/", "/api/v1/stop", "/api/v1/trial/parameters", "/api/v1/experiment"]) {
      const answer = await app.request(path, { method: "OPTIONS", headers });
      expect(answer.status).toBe(401);
      expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
    }
  });
});

describe("the page", () => {
  test("runs nothing that is written into it, and its policy forbids it", async () => {
    const { admin } = await testServer({ config: { experimentName: `"><img src=x onerror="alert(1)">` } });
    const { text, headers } = await admin("/");
    expect(text).not.toMatch(/<script|<style|<img|\sstyle=|\son\w+="|javascript:/i);
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(/default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(policy).toMatch(/base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'$/);
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  });

  test("after a link on another site it is a page that leads on: only then does the browser send the cookie", async () => {
    const { app } = await testServer();
    const headers = {
      "sec-fetch-site": "cross-site",
      "sec-fetch-mode": "navigate",
      "sec-fetch-dest": "document",
    };
    const {
      status,
      text,
      headers: sent,
    } = await answerOf(app.request(`/?token=${viewerToken}`, { headers }));
    expect([status, sent.get("set-cookie")]).toEqual([200, expect.stringContaining("polyphase_exp00000=")]);
    expect(text).toContain('<meta http-equiv="refresh" content="0; url=/">');
    expect(text).not.toContain(viewerToken);
  });
});

describe("cookies", () => {
  test("are sent back over TLS only where they came over TLS", async () => {
    const { app } = await testServer();
    const cookieFrom = async (url: string): Promise<string | null> =>
      (await app.request(`${url}/?token=${adminToken}`)).headers.get("set-cookie");
    expect(await cookieFrom("https://127.0.0.1")).toMatch(/; Secure$/);
    expect(await cookieFrom("http://127.0.0.1")).not.toMatch(/Secure/);
  });
});

describe("the OpenAPI document", () => {
  test("refers only to schemas that it has, and says what each route refuses", () => {
    const document = openApiDocument("1.2.3") as {
      components: { schemas: object };
      paths: Record<string, Record<string, { responses: object; operationId: string }>>;
    };
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
    expect(references.length).toBeGreaterThan(10);
    for (const [, name] of references) expect(Object.keys(document.components.schemas)).toContain(name);
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
    expect(new Set(operations.map((operation) => operation.operationId)).size).toBe(operations.length);
    for (const { responses } of operations) expect(Object.keys(responses)).toContain("401");
  });

  test("says which tokens open a route", () => {
    const { paths } = openApiDocument("1.2.3") as {
      paths: Record<string, Record<string, { security: object }>>;
    };
    expect(paths["/api/v1/phases"]?.["get"]?.security).toEqual([{ viewerToken: [] }, { adminToken: [] }]);
    expect(paths["/api/v1/stop"]?.["post"]?.security).toEqual([{ adminToken: [] }]);
    expect(paths["/api/v1/trial"]?.["get"]?.security).toEqual([{ trialToken: [] }]);
  });

  test("shows the bodies that the trial API takes", () => {
    const { paths } = openApiDocument("1.2.3") as {
      paths: Record<
        string,
        { post: { requestBody: { content: { "application/json": { schema: object } } } } }
      >;
    };
    const schema = paths["/api/v1/trial/final-result"]?.post.requestBody.content["application/json"].schema;
    expect(schema).toMatchObject({
      type: "object",
      properties: { parameterIndex: { type: "integer", minimum: 0 } },
      required: ["parameterIndex", "value"],
      additionalProperties: false,
    });
  });
});

describe("a refusal", () => {
  test("quotes no secret, in message and hint", async () => {
    const redact = (text: string): string => text.replaceAll("hunter2", "***");
    const { trial, admin } = await testServer({}, { redact });
    const body = await trial("/trial/final-result", { parameterIndex: "hunter2", value: 1 });
    expect(body.status).toBe(400);
    expect(body.text).toContain("***");
    const path = await admin("/phases/hunter2");
    expect(path.status).toBe(404);
    expect(body.text + path.text).not.toContain("hunter2");
  });
});
