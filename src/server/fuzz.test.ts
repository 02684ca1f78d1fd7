/** Requests that nobody would write, in any order: each is answered, and none breaks anything. */
import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { adminToken, testServer } from "../../tests/support/server.ts";
import type { TestServer } from "../../tests/support/server.ts";
import { quiet } from "../../tests/support/world.ts";
import { fold } from "../journal/index.ts";
import { isNniPath } from "./nni/nni-root.ts";
import { nniErrorBody } from "./nni/schemas.ts";
import { routes } from "./routes/index.ts";
import type { Route } from "./route.ts";
import * as schemas from "./schemas.ts";

interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: string | undefined;
}

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PROPFIND"];

/** What breaks parsers, comparisons and look-ups. */
const nasty = fc.constantFrom<unknown>(
  ...[null, true, "", "NaN", 0, -0, -1, 0.5, 1e308, 2 ** 31 - 1, 2 ** 31, 2 ** 53, 1e21],
  ...[
    { $number: "NaN" },
    { $number: "Infinity" },
    { $number: "7" },
    { $number: 1 },
    { default: { $number: "NaN" } },
  ],
  ...[[], {}, [[[[[[]]]]]], "__proto__", "constructor", "\0", "\ud800", "x".repeat(10_000)],
  JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": 1}}'),
);
const anyJson = fc.oneof(nasty, fc.jsonValue({ maxDepth: 4 }));

type Schema = z.core.JSONSchema.BaseSchema;

/** Values as a JSON Schema asks for them, now and then something else instead. */
function like(schema: Schema): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 8, arbitrary: fitting(schema) }, { weight: 1, arbitrary: anyJson });
}

function fitting(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.type === "object") return mapping(schema);
  if (schema.type === "array") return fc.array(like(schemaAt(schema.items)), { maxLength: 5 });
  if (schema.type === "integer") return fc.nat({ max: Math.min(schema.maximum ?? 4, 4) });
  return schema.type === "string" ? fc.string({ maxLength: 30 }) : anyJson;
}

function mapping({ properties = {}, required = [] }: Schema): fc.Arbitrary<unknown> {
  const members = Object.entries(properties).map(([key, part]) => [key, like(schemaAt(part))] as const);
  const known = fc.record(Object.fromEntries(members), { requiredKeys: required });
  const withMore = fc
    .tuple(known, fc.string(), anyJson)
    .map(([some, key, more]) => ({ ...some, [key]: more }));
  return fc.oneof({ weight: 9, arbitrary: known }, { weight: 1, arbitrary: withMore });
}

function schemaAt(schema: unknown): Schema {
  return typeof schema === "object" ? (schema as Schema) : {};
}

const tokens = fc.constantFrom(adminToken, "job0/0", "job1/0", "job0/1", "wrong", "", "a b", "ünï");
const headers = fc
  .record(
    {
      authorization: fc.oneof(
        { weight: 9, arbitrary: tokens.map((token) => `Bearer ${token}`) },
        { weight: 1, arbitrary: fc.constantFrom("Bearer", "Basic eDp5", "bearer  job0/0", "Bearer\tx", ";") },
      ),
      "content-type": fc.constantFrom("application/json", "text/plain", "application/xml", "x"),
      "content-length": fc.constantFrom("0", "1", "99999999999", "-1", "x"),
      "last-event-id": fc.constantFrom("0", "-1", "99999999999999999999", "x"),
      origin: fc.constantFrom("null", "http://evil.invalid", "http://localhost"),
      cookie: fc.constantFrom("polyphase_exp00000=x", "=", ";;;", "a=b; polyphase_exp00000="),
    },
    { requiredKeys: ["authorization"] },
  )
  .map(({ authorization, ...rest }) => ({
    ...rest,
    authorization: encodeURI(authorization).replaceAll("%20", " "),
  }));

const segment = fc.oneof(
  fc.constantFrom(
    "job0",
    "job1",
    "0",
    "1",
    "2",
    "-1",
    "1e3",
    "0x1",
    "99999999999999999999",
    "..",
    "%00",
    "%",
    "__proto__",
  ),
  fc.string({ maxLength: 12 }).map((text) => encodeURIComponent(text)),
);
const queryPart = fc.tuple(
  fc.constantFrom(
    "cursor",
    "limit",
    "status",
    "outcome",
    "sort",
    "stream",
    "trialJobId",
    "type",
    "update_type",
    "token",
    "x",
    "__proto__",
  ),
  fc.constantFrom(
    "",
    "0",
    "1",
    "-1",
    "1e3",
    "running",
    "RUNNING",
    "FINAL",
    "SEARCH_SPACE",
    "MAX_EXEC_DURATION",
    "stdout",
    "-objective",
    "job0",
    "%00",
    "9".repeat(40),
    "NaN",
  ),
);

function callOf(route: Route): fc.Arbitrary<Call> {
  const path = fc
    .tuple(segment, fc.array(queryPart, { maxLength: 3 }))
    .map(([part, query]) => `${route.path.replace(/:\w+/g, part)}${queryText(query)}`);
  const body = route.body === undefined ? fc.constant(undefined) : bodyOf(route.body);
  return fc.record({ method: fc.constant(route.method as string), path, headers, body });
}

function bodyOf(schema: z.ZodType): fc.Arbitrary<string | undefined> {
  const valid = like(z.toJSONSchema(schema, { io: "input" })).map((value) => withSmallWait(value));
  return fc.oneof(
    { weight: 8, arbitrary: valid.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.string() },
    {
      weight: 1,
      arbitrary: fc.constantFrom(undefined, "", "{", "[".repeat(5_000), '{"a":NaN}', "\ufeff{}", "null"),
    },
  );
}

/** Nobody here waits for a held request. */
function withSmallWait(value: unknown): unknown {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject && "parameterIndex" in value ? { waitMs: 1, ...value } : value;
}

function queryText(query: readonly (readonly [string, string])[]): string {
  return query.length === 0 ? "" : `?${query.map(([key, value]) => `${key}=${value}`).join("&")}`;
}

const wild: fc.Arbitrary<Call> = fc.record({
  method: fc.constantFrom(...methods),
  path: fc.oneof(
    fc.array(segment, { maxLength: 6 }).map((parts) => `/${parts.join("/")}`),
    fc.constantFrom(...routes.map((route) => route.path)),
  ),
  headers,
  body: fc.option(fc.string(), { nil: undefined }),
});

/** All routes alike; \`stop\`, after which little happens, seldom. */
const call: fc.Arbitrary<Call> = fc.oneof(
  { weight: 2, arbitrary: wild },
  ...routes.map((route) => ({
    weight: route.name === "stop" ? 1 : route.access === "trial" ? 12 : 4,
    arbitrary: callOf(route),
  })),
);

/** Undefined where it is held open. */
async function answer(
  { app }: TestServer,
  { method, path, headers: sent, body }: Call,
): Promise<Response | undefined> {
  const bodyless = method === "GET" || method === "HEAD";
  const request = new Request(`http://localhost${path}`, {
    method,
    headers: sent,
    ...(bodyless || body === undefined ? {} : { body }),
  });
  const patience = new AbortController();
  const held = pause(300, undefined, { signal: patience.signal }).catch(() => undefined);
  try {
    return await Promise.race([app.request(request), held]);
  } finally {
    patience.abort();
  }
}

async function checkAnswer(sent: Call, response: Response): Promise<void> {
  const { status } = response;
  const type = response.headers.get("content-type") ?? "";
  if (type.startsWith("text/event-stream")) return void (await response.body?.cancel());
  const text = await response.text();
  const shown = JSON.stringify({ sent, status, text: text.slice(0, 500) }).slice(0, 2_000);
  expect(status < 500, shown).toBe(true);
  if (sent.method === "HEAD") return;
  if (status >= 400) {
    const errorBody = isNniPath(new URL(`http://x${sent.path}`).pathname) ? nniErrorBody : schemas.errorBody;
    expect(errorBody.safeParse(JSON.parse(text)).success, shown).toBe(true);
  } else if (type === "application/json") {
    const route = routes.find(
      ({ method, path }) =>
        method === sent.method &&
        new RegExp(`^${path.replace(/:\w+/g, "[^/]+")}$`).test(new URL(`http://x${sent.path}`).pathname),
    );
    const schema = route?.answer.kind === "json" ? route.answer.schema : undefined;
    expect(schema?.safeParse(JSON.parse(text)).error, shown).toBeUndefined();
  }
}

describe("any sequence of requests", () => {
  test("is answered as described, without a fault of ours, and leaves a journal that tells the same story", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 40 }), async (calls) => {
        const server = await testServer();
        for (const each of calls) {
          const response = await answer(server, each);
          if (response !== undefined) await checkAnswer(each, response);
        }
        await quiet();
        expect(server.faults).toEqual([]);
        expect(({} as { polluted?: number }).polluted).toBeUndefined();
        expect(fold(server.journal.read())).toEqual(server.experiment.state);
        await server.experiment.stop("the test is over", { force: true });
      }),
      {
        numRuns: Number(process.env["FUZZ_RUNS"] ?? 75),
        ...(process.env["FUZZ_SEED"] ? { seed: Number(process.env["FUZZ_SEED"]) } : {}),
      },
    );
  });

  test("costs no memory for what was refused", async () => {
    const server = await testServer();
    const calls = fc
      .sample(call, { numRuns: 400, seed: 1 })
      .filter(({ path }) => !/\/(stop|events|trial-jobs|trial\/(para|inter|final))/.test(path));
    const round = async (times: number): Promise<number> => {
      for (let count = 0; count < times; count++) {
        for (const each of calls) await (await answer(server, each))?.text();
      }
      return heapUsed();
    };
    const before = await round(3);
    const after = await round(12);
    expect(after / before).toBeLessThan(1.25);
    await server.experiment.stop("the test is over", { force: true });
  });
});

function heapUsed(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}
