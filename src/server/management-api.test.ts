import { describe, expect, test } from "vitest";
import { gate, quiet } from "../../tests/support/world.ts";
import { adminToken, answerOf, testServer } from "../../tests/support/server.ts";
import type { TestServer } from "../../tests/support/server.ts";
import * as schemas from "./schemas.ts";

/** Three phases of one job: succeeded with 0.5, succeeded with NaN, running. */
async function threePhases(options: Parameters<typeof testServer>[0] = {}): Promise<TestServer> {
  const server = await testServer(options);
  for (const [parameterIndex, value] of [[0, 0.5] as const, [1, { $number: "NaN" }] as const]) {
    await server.trial("/trial/parameters", { parameterIndex });
    await server.trial("/trial/final-result", { parameterIndex, value });
  }
  await server.trial("/trial/parameters", { parameterIndex: 2 });
  return server;
}

const tunerOfTwo = {
  kind: "builtin",
  name: "NSGA2",
  classArgs: { objectives: { b: "minimize", a: "maximize" } },
} as const;

describe("views", () => {
  test("every answer keeps to the schema that the OpenAPI document shows", async () => {
    const { admin, job } = await threePhases();
    const answers = [
      [schemas.health, "/health"],
      [schemas.experimentView, "/experiment"],
      [schemas.trialJobPage, "/trial-jobs"],
      [schemas.trialJobView, `/trial-jobs/${job}`],
      [schemas.phasePage, "/phases"],
      [schemas.phaseView, "/phases/1"],
      [schemas.bestView, "/best"],
      [schemas.exportView, "/export"],
    ] as const;
    for (const [schema, path] of answers) {
      const { status, json } = await admin(path);
      expect([path, status]).toEqual([path, 200]);
      expect(schema.parse(json)).toEqual(json);
    }
  });

  test("the health route says who is there", async () => {
    const { admin } = await testServer();
    expect((await admin("/health")).json).toEqual({
      status: "ok",
      experimentId: "exp00000",
      experimentStatus: "RUNNING",
      pid: 42,
      version: "1.2.3",
    });
  });

  test("the experiment shows counts, best and time", async () => {
    const { admin, clock } = await threePhases();
    await clock.advance(5_000);
    expect((await admin("/experiment")).json).toMatchObject({
      id: "exp00000",
      status: "RUNNING",
      pid: 42,
      url: "http://127.0.0.1:4711",
      elapsedMs: 5_000,
      trialJobs: { running: 1, total: 1 },
      phases: { succeeded: 2, running: 1, total: 3 },
      best: { objective: 0.5, parameterId: 0, parameters: { x: 0 } },
    });
  });

  test("before the first result the best is null", async () => {
    const { admin } = await testServer();
    expect((await admin("/best")).json).toBeNull();
  });

  test("of several objectives the front is shown, and null of a single one", async () => {
    expect((await (await testServer()).admin("/pareto")).json).toBeNull();
    const { admin, trial } = await testServer({ config: { tuner: tunerOfTwo } });
    const values = [{ a: 1, b: 1 }, { a: 3, b: { $number: "Infinity" } }, { a: 1, b: 2 }, { a: 2 }];
    for (const [parameterIndex, value] of values.entries()) {
      await trial("/trial/parameters", { parameterIndex });
      expect((await trial("/trial/final-result", { parameterIndex, value })).status).toBe(200);
    }
    const { json } = await admin("/pareto");
    expect(schemas.paretoView.parse(json)).toEqual(json);
    expect(json).toMatchObject({
      objectives: { a: "maximize", b: "minimize" },
      phases: [
        { objectives: { a: 3, b: "Infinity" }, parameterId: 1 },
        { objectives: { a: 1, b: 1 }, parameterId: 0, parameters: { x: 0 } },
      ],
    });
    expect((await admin("/experiment")).json).toMatchObject({
      objectives: { a: "maximize", b: "minimize" },
      best: null,
      lastFailure: 'the result does not count: no number "b"',
    });
  });

  test("nothing is shown before it is durable", async () => {
    const { admin, experiment } = await testServer();
    const durable = gate();
    experiment.settled = () => durable.opened;
    const order: string[] = [];
    const answer = admin("/experiment").then(() => order.push("shown"));
    await quiet();
    order.push("durable");
    durable.open();
    await answer;
    expect(order).toEqual(["durable", "shown"]);
  });
});

describe("lists", () => {
  test("come in pages, which together hold everything once", async () => {
    const { admin } = await threePhases();
    const ids: number[] = [];
    for (let cursor: number | null = 0; cursor !== null;) {
      const { json }: { json: { items: { parameterId: number }[]; total: number; next: number | null } } =
        await admin(`/phases?limit=2&cursor=${cursor}`);
      expect(json.total).toBe(3);
      ids.push(...json.items.map((item) => item.parameterId));
      cursor = json.next;
    }
    expect(ids).toEqual([0, 1, 2]);
  });

  test.each([
    ["sort=-parameterId", [2, 1, 0]],
    ["sort=objective", [0, 1, 2]],
    ["sort=-objective", [0, 1, 2]],
    ["sort=-startTime&limit=1", [0]],
    ["outcome=running", [2]],
    ["outcome=succeeded&sort=-parameterId", [1, 0]],
    ["trialJobId=nobody", []],
  ])("phases?%s", async (query, expected) => {
    const { admin } = await threePhases();
    const { json } = await admin(`/phases?${query}`);
    expect(json.items.map((item: { parameterId: number }) => item.parameterId)).toEqual(expected);
  });

  test("trial jobs are chosen by status", async () => {
    const { admin, job } = await testServer();
    const idsWith = async (status: string): Promise<string[]> =>
      (await admin(`/trial-jobs?status=${status}`)).json.items.map((item: { id: string }) => item.id);
    expect(await idsWith("running")).toEqual([job]);
    expect(await idsWith("failed")).toEqual([]);
  });

  test.each([
    "limit=0",
    "limit=100000",
    "cursor=-1",
    "cursor=x",
    "sort=colour",
    "outcome=fine",
    "colour=red",
  ])("a query with %s is refused with 400", async (query) => {
    const { admin } = await testServer();
    const { status, json } = await admin(`/phases?${query}`);
    expect([status, json.error.code]).toEqual([400, "invalid-query"]);
    expect(json.error.message).toContain(query.split("=")[0]);
  });
});

describe("changes", () => {
  test("a trial job is cancelled by DELETE, and told of", async () => {
    const { admin, job } = await threePhases({ config: { maxTrialNum: 1 } });
    const { status, json } = await admin(`/trial-jobs/${job}`, { method: "DELETE" });
    expect([status, json.id]).toEqual([200, job]);
    await quiet();
    expect((await admin(`/trial-jobs/${job}`)).json.status).toBe("cancelled");
    expect((await admin("/phases/2")).json.outcome).toBe("cancelled");
  });

  test("stop is answered at once, while jobs still run", async () => {
    const { admin, experiment } = await testServer({ trial: () => new Promise(() => {}) });
    experiment.stop = ((stop) => (reason: string) => {
      void stop.call(experiment, reason);
      return new Promise<void>(() => {}); // the jobs never go
    })(experiment.stop);
    const { status, json } = await admin("/stop", { method: "POST", body: '{"reason": "enough"}' });
    expect([status, json.statusReason]).toEqual([202, "enough"]);
    expect(["STOPPING", "STOPPED"]).toContain(json.status);
  });

  test("stop ends the experiment, needs no body, and may be called again", async () => {
    const { admin, experiment } = await testServer();
    expect((await admin("/stop", { method: "POST" })).status).toBe(202);
    expect(await experiment.ended).toBe("STOPPED");
    expect((await admin("/stop", { method: "POST" })).status).toBe(202);
  });

  test("a refused stop is told of, not swallowed", async () => {
    const { admin, experiment } = await testServer();
    experiment.stop = () =>
      Promise.reject(Object.assign(new Error("over"), { name: "PolyphaseError", code: "experiment-ended" }));
    const { status, json } = await admin("/stop", { method: "POST" });
    expect([status, json.error.code]).toEqual([410, "experiment-ended"]);
  });
});

describe("logs", () => {
  const pieces = async function* (): AsyncGenerator<string> {
    yield "first\n";
    yield "second ü\n";
  };

  test("of a trial job and of the manager come as text", async () => {
    const asked: string[] = [];
    const { admin, job } = await testServer(
      {},
      { readLog: (id, stream) => (asked.push(`${id} ${stream}`), pieces()), managerLog: pieces },
    );
    for (const path of [`/trial-jobs/${job}/log?stream=stderr`, `/trial-jobs/${job}/log`, "/log"]) {
      const { status, headers, text } = await admin(path);
      expect([status, headers.get("content-type"), text]).toEqual([
        200,
        "text/plain; charset=utf-8",
        "first\nsecond ü\n",
      ]);
    }
    expect(asked).toEqual([`${job} stderr`, `${job} stdout`]);
  });

  test("that are not there, or cannot be read, are a 404", async () => {
    const unreadable = async function* (): AsyncGenerator<string> {
      throw new Error("ENOENT: no such file");
      yield "";
    };
    const { admin, job } = await testServer({}, { readLog: () => undefined, managerLog: unreadable });
    for (const path of [`/trial-jobs/${job}/log`, "/log"]) {
      const { status, json } = await admin(path);
      expect([path, status, json.error.code]).toEqual([path, 404, "log-unavailable"]);
    }
  });
});

describe("what is not there", () => {
  test.each([
    ["/trial-jobs/nobody", "unknown-trial-job"],
    ["/trial-jobs/%ff", "unknown-trial-job"],
    ["/trial-jobs/nobody/log", "unknown-trial-job"],
    ["/phases/99", "unknown-phase"],
    ["/phases/-1", "unknown-phase"],
    ["/phases/1e0", "unknown-phase"],
    ["/nothing", "unknown-route"],
  ])("GET %s: 404 %s", async (path, code) => {
    const { admin } = await testServer();
    const { status, json } = await admin(path);
    expect([status, json.error.code]).toEqual([404, code]);
  });

  test("a method that a path does not take is refused with those that it takes", async () => {
    const { admin } = await testServer();
    const { status, headers, json } = await admin("/trial-jobs/x", { method: "POST" });
    expect([status, headers.get("allow"), json.error.code]).toEqual([
      405,
      "GET, DELETE",
      "method-not-allowed",
    ]);
  });
});

describe("faults of our own", () => {
  test("are a 500 with a code, and reported", async () => {
    const { admin, experiment, faults } = await testServer();
    const fault = new Error("the disk is on fire");
    experiment.settled = () => Promise.reject(fault);
    const { status, json } = await admin("/experiment");
    expect([status, json.error.code]).toEqual([500, "internal-error"]);
    expect(faults).toEqual([fault]);
  });
});

describe("the page", () => {
  test("says where the API is, and shows no name as markup", async () => {
    const { admin } = await testServer({ config: { experimentName: "<script>alert(1)</script>" } });
    const { status, headers, text } = await admin("/");
    expect([status, headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(text).toContain("/api/v1/phases");
    expect(text).not.toContain("<script");
  });

  test("with the token in the URL it sets the cookie and leads to the page without", async () => {
    const { app } = await testServer();
    const first = await answerOf(app.request(`/?token=${adminToken}`));
    expect([first.status, first.headers.get("location")]).toEqual([303, "/"]);
    const cookie = first.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/^polyphase_exp00000=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain(adminToken);
    const second = await app.request("/", { headers: { cookie: `other=1; ${cookie.split(";")[0]}` } });
    expect(second.status).toBe(200);
  });
});
