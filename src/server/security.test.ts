import { describe, expect, test } from "vitest";
import { adminToken, answerOf, testServer } from "../../tests/support/server.ts";
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
      expect(headers.get("access-control-allow-origin")).toBeNull();
      expect(headers.get("content-security-policy")).toContain("default-src 'self'");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("cache-control")).toBe("no-store");
    }
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
