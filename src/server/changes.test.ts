/** What people change while an experiment runs, through the API. */
import { describe, expect, test } from "vitest";
import { answerOf, adminToken, testServer } from "../../tests/support/server.ts";
import type { Answer, TestServer } from "../../tests/support/server.ts";
import { quiet } from "../../tests/support/world.ts";
import { PolyphaseError } from "../model/index.ts";
import * as schemas from "./schemas.ts";

const send =
  ({ admin }: TestServer, method = "POST") =>
  (path: string, body: unknown = {}): Promise<Answer> =>
    admin(path, { method, body: JSON.stringify(body), headers: { "user-agent": "test/1" } });

async function nextParameters(server: TestServer, parameterIndex: number): Promise<unknown> {
  const { json } = await server.trial("/trial/parameters", { parameterIndex });
  await server.trial("/trial/final-result", { parameterIndex, value: 1 });
  return json.parameters;
}

describe("PATCH /experiment", () => {
  test("changes what it names, and the view shows it; null takes a limit away", async () => {
    const server = await testServer({ config: { maxTrialNum: 7 } });
    const patch = send(server, "PATCH");
    const changes = {
      experimentName: "second",
      description: "why",
      tags: ["night"],
      trialConcurrency: 3,
      maxExecDurationMs: 60_000,
      maxTrialNum: null,
      maxPhaseNum: 50,
      maxPhasesPerTrial: 9,
    };
    const { status, json } = await patch("/experiment", changes);
    const { experimentName: name, ...shown } = changes;
    expect([status, json]).toMatchObject([200, { name, ...shown }]);
    await patch("/experiment", { maxPhaseNum: 50, maxTrialNum: null }); // sent again
    expect(server.experiment.state.actions).toMatchObject([{ action: "update", details: changes }]);
  });

  test.each([
    ["trialConcurency", { trialConcurency: 3 }],
    ["trialConcurrency", { trialConcurrency: 0 }],
    ["trialConcurrency", { trialConcurrency: 100_000 }],
    ["trialConcurrency", { trialConcurrency: null }],
    ["maxTrialNum", { maxTrialNum: 0 }],
    ["maxPhaseNum", { maxPhaseNum: 2.5 }],
    ["maxPhasesPerTrial", { maxPhasesPerTrial: 2 ** 31 }],
    ["maxExecDurationMs", { maxExecDurationMs: "2h" }],
    ["experimentName", { experimentName: "" }],
    ["tags.1", { tags: ["a", ""] }],
    ["searchSpace", { searchSpace: null }],
    ["seed", { seed: 3 }],
  ])("refuses a faulty %s, and changes nothing", async (name, body) => {
    const server = await testServer();
    const seq = server.experiment.state.seq;
    const { status, json } = await send(server, "PATCH")("/experiment", { description: "new", ...body });
    expect([status, json.error.code]).toEqual([400, "invalid-body"]);
    expect(json.error.message).toContain(name);
    expect(server.experiment.state.seq).toBe(seq);
  });

  test("says everything that is wrong with a search space", async () => {
    const server = await testServer();
    const searchSpace = { a: { _type: "unifrom", _value: [0, 1] }, b: { _type: "randint", _value: [3, 1] } };
    const { status, json } = await send(server, "PATCH")("/experiment", { searchSpace });
    expect([status, json.error.code]).toEqual([400, "search-space-invalid"]);
    expect(json.error.message).toMatch(/2 faults[^]*a\._type[^]*b\._value/);
  });

  test("refuses a space that the tuner cannot search; another is in force at once", async () => {
    const checked: unknown[] = [];
    const checkSearchSpace = async (space: object): Promise<void> => {
      checked.push(space);
      if ("z" in space) throw new PolyphaseError("search-space-unsupported", "no z, please");
    };
    const server = await testServer({}, { checkSearchSpace });
    const patch = send(server, "PATCH");
    const z = { z: { _type: "randint", _value: [0, 3] } };
    const refused = await patch("/experiment", { searchSpace: z });
    expect([refused.status, refused.json.error.code]).toEqual([400, "search-space-unsupported"]);
    const y = { y: { _type: "randint", _value: [0, 3] } };
    expect((await patch("/experiment", { searchSpace: y })).status).toBe(200);
    expect(checked).toEqual([z, y]);
    expect((await server.viewer("/search-space")).json).toEqual(y);
  });
});

describe("pause and unpause", () => {
  test("hold requests open and go on, may be sent twice, and leave one line each in the audit trail", async () => {
    const server = await testServer();
    const post = send(server);
    await nextParameters(server, 0);
    for (let times = 0; times < 2; times++)
      expect(await post("/pause", { reason: "lunch" })).toMatchObject({
        status: 200,
        json: { status: "PAUSED", statusReason: "lunch", pauseCause: "person" },
      });
    expect((await server.trial("/trial/parameters", { parameterIndex: 1, waitMs: 1 })).json.kind).toBe(
      "wait",
    );
    for (let times = 0; times < 2; times++)
      expect((await post("/unpause")).json).toMatchObject({ status: "RUNNING", pauseCause: null });
    expect(await nextParameters(server, 1)).toEqual({ x: 1 });
    const { items } = (await server.admin("/audit")).json;
    expect(items.map(({ action }: { action: string }) => action)).toEqual(["pause", "unpause"]);
  });
});

describe("POST /phases", () => {
  test("gives them to the next request, and says whether they lie inside the space", async () => {
    const server = await testServer();
    const post = send(server);
    expect(await post("/phases", { parameters: { x: 0.25 } })).toMatchObject({
      status: 201,
      json: { additionId: 0, inside: true },
    });
    expect((await post("/phases", { parameters: { x: 2 } })).json).toEqual({ additionId: 1, inside: false });
    expect((await server.admin("/experiment")).json.waitingAdditions).toBe(2);
    await nextParameters(server, 0);
    expect(await nextParameters(server, 1)).toEqual({ x: 0.25 });
    expect(await nextParameters(server, 2)).toEqual({ x: 2 });
    const origins = [0, 1, 2].map(async (id) => (await server.admin(`/phases/${id}`)).json.origin);
    expect(await Promise.all(origins)).toEqual(["tuner", "person", "person"]);
  });

  test("sent again with its requestId, it is the same addition", async () => {
    const server = await testServer();
    const request = { parameters: { x: 0.5 }, requestId: "r1" };
    const answers = [];
    for (let times = 0; times < 3; times++) answers.push((await send(server)("/phases", request)).json);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(server.experiment.state.additions.size).toBe(1);
    expect((await send(server)("/phases", { ...request, requestId: "r2" })).json.additionId).toBe(1);
  });

  test("is refused where a limit leaves no phase for them", async () => {
    const server = await testServer({ config: { maxPhaseNum: 1 } });
    const { status, json } = await send(server)("/phases", { parameters: {} });
    expect([status, json.error.code]).toEqual([409, "limit-reached"]);
    expect(server.experiment.state.actions).toEqual([]);
  });

  test("of a space that only some tuners can read nobody can tell; a list of configurations holds its own", async () => {
    const layers = { _type: "mutable_layer", _value: { a: { layer_choice: ["p"], optional_inputs: [] } } };
    const inside = async (space: object, parameters: unknown): Promise<unknown> =>
      (await send(await testServer({ config: { searchSpace: space as never } }))("/phases", { parameters }))
        .json.inside;
    expect(await inside({ m: layers }, {})).toBeNull();
    const list = { combine: { _type: "choice", _value: [{ a: 1, b: 2 }] } };
    expect(await inside(list, { b: 2, a: 1 })).toBe(true);
    expect(await inside(list, { a: 2 })).toBe(false);
  });
});

describe("POST /import", () => {
  const rows = [
    { parameters: { x: 0.5 }, value: 0.9 },
    { parameter: { x: 0.25 }, value: { default: 1 }, id: "nni" },
    { parameters: { x: 7 }, value: 1 },
    { parameters: { x: 0.5 }, value: { $number: "NaN" } },
    { parameters: { x: 0.5 }, value: "good" },
  ];

  test("a built-in tuner is told of what it can use", async () => {
    const server = await testServer();
    const { status, json } = await send(server)("/import", { rows });
    expect([status, json]).toEqual([200, { taken: 2, outside: 1, withoutObjective: 2 }]);
    expect((await server.admin("/experiment")).json.importedCount).toBe(2);
  });

  test("results of Hyperband and BOHB are inside with one of their budgets, and without any", async () => {
    const searchSpace = {
      x: { _type: "uniform", _value: [0, 1] },
      TRIAL_BUDGET: { _type: "randint", _value: [0, 9] },
    } as const;
    for (const [name, classArgs, budget] of [
      ["Hyperband", {}, 20],
      ["Hyperband", { R: 40, eta: 2 }, 20],
      ["BOHB", {}, 3],
      ["BOHB", { min_budget: 0.1, max_budget: 0.9, eta: null }, 0.3],
    ] as const) {
      const tuner = { kind: "builtin", name, classArgs } as const;
      const server = await testServer({ config: { searchSpace, tuner } });
      const parameters = [
        { x: 0.5, TRIAL_BUDGET: budget },
        { x: 0.5 },
        { x: 0.5, TRIAL_BUDGET: 7 },
        { x: 0.5, TRIAL_BUDGET: `${budget}` },
        { x: 7, TRIAL_BUDGET: budget },
      ];
      const { json } = await send(server)("/import", {
        rows: parameters.map((each) => ({ parameters: each, value: 1 })),
      });
      expect(json).toEqual({ taken: 2, outside: 3, withoutObjective: 0 });
      const added = await send(server)("/phases", { parameters: parameters[0] });
      expect(added.json).toMatchObject({ inside: true });
    }
  });

  test("a tuner of several objectives is told of rows that have them all", async () => {
    const classArgs = { objectives: { accuracy: "maximize", latency: "minimize" } };
    const server = await testServer({ config: { tuner: { kind: "builtin", name: "NSGA2", classArgs } } });
    const values = [{ accuracy: 0, latency: 0 }, { accuracy: 1 }, { default: 1 }, 1];
    const { json } = await send(server)("/import", {
      rows: values.map((value) => ({ parameters: { x: 0.5 }, value })),
    });
    expect(json).toEqual({ taken: 1, outside: 0, withoutObjective: 3 });
  });

  test("a tuner of the user's own is told everything; a request that is sent again is carried out once", async () => {
    const custom = {
      kind: "custom",
      codeDir: "/",
      classFileName: "t.mjs",
      className: "T",
      classArgs: {},
    } as const;
    const server = await testServer({ config: { tuner: custom } });
    for (let times = 0; times < 2; times++) {
      const { json } = await send(server)("/import", { rows, requestId: "r1" });
      expect(json).toEqual({ taken: 5, outside: 1, withoutObjective: 0 });
    }
    expect(server.experiment.state.importedCount).toBe(5);
  });

  test.each([
    [{}],
    [{ rows: {} }],
    [{ rows: [{ parameters: {} }] }],
    [{ rows: [7] }],
    [{ rows: [], more: 1 }],
  ])("%j is refused", async (body) => {
    const { status, json } = await send(await testServer())("/import", body);
    expect([status, json.error.code]).toEqual([400, "invalid-body"]);
  });
});

describe("the audit trail", () => {
  test("says who did what, for every change, in pages", async () => {
    const server = await testServer({ config: { trialConcurrency: 2 } });
    const post = send(server);
    await server.trial("/trial/parameters", { parameterIndex: 0 });
    await send(server, "PATCH")("/experiment", { maxPhaseNum: 9 });
    await post("/phases/0/stop", { reason: "enough" });
    await server.admin(`/trial-jobs/${server.job}`, { method: "DELETE" });
    await post("/import", { rows: [{ parameters: { x: 0.5 }, value: 1 }] });
    await post("/stop", { reason: "home" });
    const first = (await server.viewer("/audit?limit=2")).json;
    expect(first).toMatchObject({ total: 5, next: 2 });
    expect(schemas.deedPage.parse(first)).toEqual(first);
    const by = { token: "admin", address: null, agent: "test/1" };
    expect((await server.viewer("/audit")).json.items).toMatchObject([
      { at: server.clock.now(), by, action: "update", details: { maxPhaseNum: 9 } },
      { by, action: "stop-phase", details: { parameterId: 0, reason: "enough" } },
      {
        by: { token: "admin", agent: null },
        action: "cancel-trial-job",
        details: { trialJobId: server.job },
      },
      { by, action: "import", details: { rows: 1 } },
      { by, action: "stop", details: { reason: "home" } },
    ]);
  });
});

test("nothing can be changed after the end, and a stop again is no change", async () => {
  const server = await testServer();
  await send(server)("/stop");
  await quiet();
  const seq = server.experiment.state.seq;
  const calls = [
    ["PATCH", "/experiment", { maxPhaseNum: 3 }],
    ["POST", "/pause", {}],
    ["POST", "/unpause", {}],
    ["POST", "/phases", { parameters: {} }],
    ["POST", "/import", { rows: [{ parameters: { x: 0.5 }, value: 1 }] }],
  ] as const;
  for (const [method, path, body] of calls) {
    const { status, json } = await send(server, method)(path, body);
    expect([path, status, json.error.code]).toEqual([path, 410, "experiment-ended"]);
    expect(json.error.hint).toContain("polyphase resume exp00000");
  }
  await send(server)("/stop");
  expect(server.experiment.state.seq).toBe(seq);
});

test("a browser on another site's page changes nothing", async () => {
  const server = await testServer();
  const headers = { authorization: `Bearer ${adminToken}`, origin: "https://elsewhere.example" };
  for (const [method, path] of [
    ["PATCH", "experiment"],
    ["POST", "pause"],
    ["POST", "phases"],
  ] as const) {
    const init = { method, headers, body: '{"parameters": 1}' };
    const { status } = await answerOf(server.app.request(`/api/v1/${path}`, init));
    expect([path, status]).toEqual([path, 403]);
  }
});
