/** NNI's REST API, as scripts that were written for it call it. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { adminToken, testServer, viewerToken } from "../../tests/support/server.ts";
import type { Answer, TestServer } from "../../tests/support/server.ts";
import { quiet } from "../../tests/support/world.ts";
import { PolyphaseError } from "../model/index.ts";
import { listen } from "./index.ts";
import * as schemas from "./nni/schemas.ts";

const send =
  ({ admin }: TestServer) =>
  (method: string, path: string, body?: unknown): Promise<Answer> =>
    admin(`/nni${path}`, {
      method,
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });

/** A job whose first phases have these results; one more is running. */
async function withResults(values: readonly unknown[]): Promise<TestServer> {
  const server = await testServer();
  for (const [parameterIndex, value] of values.entries()) {
    await server.trial("/trial/parameters", { parameterIndex });
    await server.trial("/trial/intermediate-results", { parameterIndex, sequence: 0, value: 0 });
    await server.trial("/trial/final-result", { parameterIndex, value });
  }
  await server.trial("/trial/parameters", { parameterIndex: values.length });
  return server;
}

/** Deeper than a parser that calls itself can go. */
const deep = "deeper than any parser goes";
const spelledOut = (body: unknown): unknown =>
  body === undefined
    ? body
    : JSON.parse(JSON.stringify(body).replaceAll(deep, "[".repeat(50_000) + "]".repeat(50_000)));

describe("what is read", () => {
  test("the version is that of the interface, as text", async () => {
    const { viewer } = await testServer();
    const { status, text, headers } = await viewer("/nni/version");
    expect([status, text]).toEqual([200, "1.4.0"]);
    expect(headers.get("content-type")).toMatch("text/plain");
  });

  test("the status and the profile", async () => {
    const { viewer, clock } = await testServer({}, { directory: "/exp" });
    await clock.advance(2_500);
    expect((await viewer("/nni/check-status")).json).toEqual({ status: "RUNNING", errors: [] });
    const { json } = await viewer("/nni/experiment");
    expect(schemas.nniProfile.parse(json)).toMatchObject({ id: "exp00000", execDuration: 2, logDir: "/exp" });
  });

  test("a running job's results are in the list, under its id, and in the export", async () => {
    const { viewer, job } = await withResults([{ default: 0.5 }, { $number: "NaN" }]);
    const [listed] = schemas.nniJobInfos.parse((await viewer("/nni/trial-jobs")).json);
    expect((await viewer(`/nni/trial-jobs/${job}`)).json).toEqual(listed);
    expect(listed?.finalMetricData?.map(({ parameterId, data }) => [parameterId, JSON.parse(data)])).toEqual([
      ["0", '{"default":0.5}'],
      ["1", "NaN"],
    ]);
    expect(listed?.hyperParameters).toHaveLength(3);
    expect((await viewer("/nni/export-data")).json).toEqual([
      { parameter: { x: 0 }, value: '{"default":0.5}', id: job },
      { parameter: { x: 1 }, value: "NaN", id: job },
    ]);
    expect((await viewer("/nni/job-statistics")).json).toEqual([
      { trialJobStatus: "RUNNING", trialJobNumber: 1 },
    ]);
  });

  test.each([
    ["/trial-jobs", 1],
    ["/trial-jobs?status=RUNNING", 1],
    ["/trial-jobs?status=FAILED", 0],
    ["/metric-data", 4],
    ["/metric-data?type=FINAL", 2],
    ["/metric-data?type=REQUEST_PARAMETER", 0],
    ["/metric-data?type=PERIODICAL&_=17", 2],
    ["/metric-data/job0", 4],
    ["/metric-data/job0?type=FINAL", 2],
    ["/metric-data-range/0/0", 4],
    ["/metric-data-range/1/9", 0],
    ["/metric-data-latest", 3],
  ])("%s has %i", async (path, length) => {
    const { viewer } = await withResults([1, 2]);
    const { status, json } = await viewer(`/nni${path}`);
    expect([status, json.length]).toEqual([200, length]);
  });

  test.each([
    [404, "unknown-trial-job", "/trial-jobs/nope"],
    [404, "unknown-trial-job", "/trial-jobs/__proto__"],
    [404, "unknown-trial-job", "/metric-data/nope"],
    [404, "unknown-route", "/trials"],
    [404, "unknown-route", ""],
    [400, "invalid-query", "/trial-jobs?status=running"],
    [400, "invalid-query", "/metric-data?type=final"],
    [400, "invalid-query", "/metric-data-range/0/x"],
    [400, "invalid-query", "/metric-data-range/-1/0"],
  ])("%i %s for %s, with a text in `error`", async (status, code, path) => {
    const { viewer } = await testServer();
    const answer = await viewer(`/nni${path}`);
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(schemas.nniErrorBody.parse(answer.json).error).not.toBe("");
  });

  test("what is refused before it is known who asks has NNI's form, too", async () => {
    const { app } = await testServer();
    const answer = await app.request("/api/v1/nni/trial-jobs");
    expect([answer.status, await answer.json()]).toEqual([
      401,
      { code: "unauthorized", error: expect.stringMatching(/token is needed.*polyphase url/) },
    ]);
    expect((await app.request("/api/v1/nnicli")).status).toBe(401);
    const other = await app.request("/api/v1/nni-pai/version", {
      headers: { authorization: `Bearer ${viewerToken}` },
    });
    expect(await other.json()).toMatchObject({ error: { code: "unknown-route" } });
  });
});

describe("PUT /experiment", () => {
  test.each([
    ["TRIAL_CONCURRENCY", { trialConcurrency: 4 }, { trialConcurrency: 4 }],
    ["MAX_EXEC_DURATION", { maxExecDuration: 90 }, { maxExecDurationMs: 90_000 }],
    ["MAX_EXEC_DURATION", { maxExecDuration: 86_313_600 }, { maxExecDurationMs: null }],
    ["MAX_TRIAL_NUM", { maxTrialNum: 8 }, { maxTrialNum: 8 }],
    ["MAX_TRIAL_NUM", { maxTrialNum: 99_999 }, { maxTrialNum: null }],
  ])("%s applies %j", async (type, params, expected) => {
    const server = await testServer({ config: { maxTrialNum: 3, maxExecDurationMs: 3_000 } });
    const profile = (await server.viewer("/nni/experiment")).json;
    const before = server.experiment.state.config;
    const body = { ...profile, params: { ...profile.params, authorName: "else", ...params } };
    const { status, text } = await send(server)("PUT", `/experiment?update_type=${type}`, body);
    expect([status, text]).toEqual([200, ""]);
    expect(server.experiment.state.config).toEqual({ ...before, ...expected });
  });

  test("applies one field of many, and a search space as text", async () => {
    const server = await testServer();
    const space = { y: { _type: "randint", _value: [0, 3] } };
    const params = { searchSpace: JSON.stringify(space), trialConcurrency: 7, maxTrialNum: 1 };
    const answer = await send(server)("PUT", "/experiment?update_type=SEARCH_SPACE", { params });
    expect(answer.status).toBe(200);
    expect(server.experiment.state.config).toMatchObject({
      searchSpace: space,
      trialConcurrency: 1,
      maxTrialNum: null,
    });
  });

  test("what was read and is sent back changes nothing", async () => {
    const server = await testServer();
    const before = server.experiment.state.seq;
    const profile = (await server.viewer("/nni/experiment")).json;
    for (const type of ["TRIAL_CONCURRENCY", "MAX_EXEC_DURATION", "SEARCH_SPACE", "MAX_TRIAL_NUM"])
      expect((await send(server)("PUT", `/experiment?update_type=${type}`, profile)).status).toBe(200);
    expect(server.experiment.state.config).toMatchObject({ maxTrialNum: null, maxExecDurationMs: null });
    expect(server.experiment.state.seq).toBe(before);
  });

  const one = { params: { trialConcurrency: 2 } };
  test.each([
    ["invalid-query", /update_type/, "", one],
    ["invalid-query", /update_type/, "?update_type=NAME", one],
    ["invalid-body", /params/, "?update_type=TRIAL_CONCURRENCY", {}],
    ["invalid-body", /params.trialConcurrency/, "?update_type=TRIAL_CONCURRENCY", { params: {} }],
    [
      "invalid-body",
      /params.trialConcurrency.*got 0/,
      "?update_type=TRIAL_CONCURRENCY",
      { params: { trialConcurrency: 0 } },
    ],
    [
      "invalid-body",
      /params.maxExecDuration.*got "2h"/,
      "?update_type=MAX_EXEC_DURATION",
      { params: { maxExecDuration: "2h" } },
    ],
    ["invalid-body", /params.maxTrialNum/, "?update_type=MAX_TRIAL_NUM", { params: { maxTrialNum: -1 } }],
    ["invalid-body", /"other"/, "?update_type=TRIAL_CONCURRENCY", { id: "other", ...one }],
    ["invalid-body", /JSON text/, "?update_type=SEARCH_SPACE", { params: { searchSpace: "{" } }],
    ["invalid-body", /JSON text/, "?update_type=SEARCH_SPACE", { params: { searchSpace: "[]" } }],
    ["invalid-body", /JSON text/, "?update_type=SEARCH_SPACE", { params: { searchSpace: deep } }],
    [
      "search-space-invalid",
      /_type/,
      "?update_type=SEARCH_SPACE",
      { params: { searchSpace: '{"a":{"_type":"unifrom","_value":[0,1]}}' } },
    ],
    [
      "search-space-unsupported",
      /no z/,
      "?update_type=SEARCH_SPACE",
      { params: { searchSpace: '{"z":{"_type":"randint","_value":[0,3]}}' } },
    ],
  ])("%s %s: %s %j is refused, and changes nothing", async (code, message, query, body) => {
    const checkSearchSpace = (space: object): Promise<void> =>
      "z" in space
        ? Promise.reject(new PolyphaseError("search-space-unsupported", "no z, please"))
        : Promise.resolve();
    const server = await testServer({}, { checkSearchSpace });
    const before = server.experiment.state.seq;
    const { status, json } = await send(server)("PUT", `/experiment${query}`, spelledOut(body));
    expect([status, json.code, json.error]).toEqual([400, code, expect.stringMatching(message)]);
    expect(server.experiment.state.seq).toBe(before);
  });
});

describe("starting", () => {
  test("answers the id, as often as it is asked, and starts nothing", async () => {
    const server = await testServer();
    const before = server.experiment.state.seq;
    for (let times = 0; times < 3; times++) {
      const { status, json } = await send(server)("POST", "/experiment", { experimentName: "other" });
      expect([status, json]).toEqual([200, { experiment_id: "exp00000" }]);
    }
    expect(server.experiment.state.seq).toBe(before);
  });

  test("with other machines is refused, and says where they belong", async () => {
    const server = await testServer();
    const { status, json } = await send(server)("PUT", "/experiment/cluster-metadata", { machine_list: [] });
    expect([status, json.code]).toEqual([409, "set-at-creation"]);
    expect(json.error).toMatch(/config file/);
  });
});

describe("POST /experiment/import-data", () => {
  test("takes numbers, objects and texts of them; zero is a result", async () => {
    const server = await testServer();
    const rows = [0, 0.5, "0.25", { default: 1 }, '{"default": 2}', '"3"'].map((value) => ({
      parameter: { x: 0.5 },
      value,
    }));
    const { status, text } = await send(server)("POST", "/experiment/import-data", rows);
    expect([status, text]).toEqual([200, ""]);
    expect(server.experiment.state.importedCount).toBe(6);
  });

  test("takes an export, without rows that the tuner cannot use", async () => {
    const server = await withResults([1, { $number: "NaN" }]);
    const exported = (await server.viewer("/nni/export-data")).json; // x is 0, then 1, outside [0, 1)
    const more = [
      { parameter: { x: 0.5 }, value: "NaN" },
      { parameter: { x: 7 }, value: "1" },
    ];
    await send(server)("POST", "/experiment/import-data", [...exported, ...more]);
    expect(server.experiment.state.importedCount).toBe(1);
  });

  test.each([
    ["invalid-body", {}],
    ["invalid-body", undefined],
    ["invalid-body", [1]],
    ["invalid-body", [{ parameter: {}, value: "0.5.1" }]],
    ["invalid-body", [{ parameter: {}, value: deep }]],
  ])("%s: %j", async (code, body) => {
    const server = await testServer();
    const { status, json } = await send(server)("POST", "/experiment/import-data", spelledOut(body));
    expect([status, json.code]).toEqual([400, code]);
    expect(server.experiment.state.importedCount).toBe(0);
  });
});

test("a body that is no JSON is refused in NNI's form, on every route that takes one", async () => {
  const server = await testServer();
  const bodies = ["[NaN", "{", "\\0", '{"a":NaN}', "x", "[".repeat(50_000)];
  const calls = [
    ["PUT", "/experiment?update_type=SEARCH_SPACE"],
    ["PUT", "/experiment/cluster-metadata"],
    ["POST", "/experiment"],
    ["POST", "/experiment/import-data"],
    ["POST", "/trial-jobs"],
  ] as const;
  for (const [method, path] of calls) {
    for (const body of bodies) {
      const { status, json } = await send(server)(method, path, body);
      expect([path, body, status, json.code]).toEqual([path, body, 400, "malformed-json"]);
      expect(schemas.nniErrorBody.safeParse(json).success).toBe(true);
    }
  }
  expect(server.faults).toEqual([]);
});

describe("customized trials", () => {
  test("are evaluated by whichever job asks next, and their results are exported", async () => {
    const server = await withResults([1]);
    const post = send(server);
    expect((await post("POST", "/trial-jobs", { x: 0.25 })).json).toEqual({ sequenceId: 1 });
    expect((await post("POST", "/trial-jobs", { x: 0.75 })).json).toEqual({ sequenceId: 2 });
    await server.trial("/trial/parameters", { parameterIndex: 2 });
    await server.trial("/trial/final-result", { parameterIndex: 2, value: 9 });
    expect((await server.viewer("/nni/export-data")).json.at(-1)).toEqual({
      parameter: { x: 0.25 },
      value: "9",
      id: server.job,
    });
    const packet = (await server.viewer(`/nni/trial-jobs/${server.job}`)).json.hyperParameters[2];
    expect(JSON.parse(packet)).toMatchObject({ parameter_source: "customized", parameters: { x: 0.25 } });
  });

  test("of an experiment whose jobs get one configuration each are jobs of their own", async () => {
    const server = await testServer({ config: { multiPhase: false } });
    const { json } = await send(server)("POST", "/trial-jobs", { x: 0.25 });
    await server.trial("/trial/parameters", { parameterIndex: 0 });
    await server.trial("/trial/final-result", { parameterIndex: 0, value: 1 });
    await server.experiment.cancelTrialJob(server.job, "limit");
    await quiet();
    const jobs: schemas.NniJobInfo[] = (await server.viewer("/nni/trial-jobs")).json;
    const its = jobs.find(({ sequenceId }) => sequenceId === json.sequenceId);
    expect(JSON.parse(its?.hyperParameters[0] as string)).toMatchObject({ parameters: { x: 0.25 } });
  });

  test.each([["{}"], [""], ["[]"], ["7"], ["null"], ['{"x":']])("%j is refused", async (body) => {
    const server = await testServer();
    const { status, json } = await send(server)("POST", "/trial-jobs", body);
    expect([status, Object.keys(json)]).toEqual([400, ["error", "code"]]);
    expect(server.experiment.state.additions.size).toBe(0);
  });

  test("are refused where a limit leaves no phase for them", async () => {
    const server = await testServer({ config: { maxPhaseNum: 1 } });
    const { status, json } = await send(server)("POST", "/trial-jobs", { x: 0.25 });
    expect([status, json.code]).toEqual([409, "limit-reached"]);
  });

  test("are cancelled like any job, by a person; an unknown one is not found", async () => {
    const server = await withResults([1]);
    const remove = (id: string): Promise<Answer> => send(server)("DELETE", `/trial-jobs/${id}`);
    const { status, text } = await remove(server.job);
    expect([status, text]).toEqual([200, ""]);
    const { json } = await server.viewer(`/nni/trial-jobs/${server.job}`);
    expect([json.status, json.finalMetricData.length]).toEqual(["USER_CANCELED", 1]);
    expect((await remove(server.job)).status).toBe(200); // sent again
    expect((await remove("nope")).json).toMatchObject({ code: "unknown-trial-job" });
  });
});

test("ten thousand phases of one job are answered whole", async () => {
  const { experiment, job, viewer } = await testServer();
  for (let parameterIndex = 0; parameterIndex < 10_000; parameterIndex++) {
    await experiment.requestParameters(job, parameterIndex);
    await experiment.reportIntermediateResult(job, { parameterIndex, sequence: 0, value: 1 });
    await experiment.reportFinalResult(job, { parameterIndex, value: parameterIndex });
  }
  const { json } = await viewer(`/nni/trial-jobs/${job}`);
  expect([json.hyperParameters.length, json.finalMetricData.length]).toEqual([10_000, 10_000]);
  expect((await viewer("/nni/metric-data")).json).toHaveLength(20_000);
  expect((await viewer("/nni/metric-data-latest")).json).toHaveLength(10_001);
  expect((await viewer("/nni/export-data")).json).toHaveLength(10_000);
});

/** Serves it as long as `use` takes. */
async function served<T>(server: TestServer, use: (url: string) => Promise<T>): Promise<T> {
  const listening = await listen(server.app, { host: "127.0.0.1", port: 0 });
  try {
    return await use(listening.url);
  } finally {
    await listening.close();
    await server.experiment.stop("the test is over", { force: true });
  }
}

async function python(program: string, env: Record<string, string> = {}): Promise<string> {
  const options = { env: { ...process.env, ...env, NO_PROXY: "127.0.0.1" } };
  return (await promisify(execFile)("python3", ["-c", program], options)).stdout;
}

test("the example in the docs prints all results, where Python has requests", async ({ skip }) => {
  const missing = await python("import requests").catch(() => "missing");
  skip(missing !== "", "Python has no requests");
  const docs = readFileSync(new URL("../../docs/coming-from-nni.md", import.meta.url), "utf8");
  const example = /```python\n(import json, os\nimport requests\n[^]*?)```/.exec(docs)?.[1] as string;
  const server = await withResults([0.5, { default: { $number: "-Infinity" } }]);
  const printed = await served(server, (url) => python(example, { POLYPHASE: url, TOKEN: viewerToken }));
  expect(printed).toBe("job0 RUNNING {'x': 0} 0.5\njob0 RUNNING {'x': 1} {'default': -inf}\n");
});

test("a client in Python that knows nothing of us but the address and a token", async () => {
  const server = await withResults([0.5, { $number: "NaN" }]);
  const printed = await served(server, (url) =>
    python(client, { ENDPOINT: `${url}/api/v1/nni`, TOKEN: adminToken }),
  );
  expect(JSON.parse(printed)).toEqual({
    status: "RUNNING",
    finals: [
      [0, "0.5"],
      [1, "nan"],
    ],
    unknown: [404, expect.stringContaining("nope")],
    concurrency: 3,
  });
});

const client = `
import json, os, urllib.error, urllib.request

def call(method, path, body=None):
    request = urllib.request.Request(os.environ["ENDPOINT"] + path, method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": "Bearer " + os.environ["TOKEN"], "Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()

get = lambda path: json.loads(call("GET", path)[1])
job = get("/trial-jobs")[0]
configurations = [json.loads(text) for text in job["hyperParameters"]]
finals = [[configurations[index]["parameters"]["x"], str(json.loads(json.loads(final["data"])))]
          for index, final in enumerate(job["finalMetricData"])]
status, text = call("GET", "/trial-jobs/nope")
profile = get("/experiment")
profile["params"]["trialConcurrency"] = 3
assert call("PUT", "/experiment?update_type=TRIAL_CONCURRENCY", profile) == (200, "")
assert call("POST", "/experiment/import-data", get("/export-data")) == (200, "")
print(json.dumps({
    "status": get("/check-status")["status"],
    "finals": finals,
    "unknown": [status, json.loads(text)["error"]],
    "concurrency": get("/experiment")["params"]["trialConcurrency"],
}))
`;
