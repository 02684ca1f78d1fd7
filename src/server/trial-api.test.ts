import { describe, expect, test } from "vitest";
import { quiet } from "../../tests/support/world.ts";
import { testServer } from "../../tests/support/server.ts";
import type { TestServer } from "../../tests/support/server.ts";
import type { Tuner } from "../model/index.ts";
import { bodyLimit } from "./body.ts";
import * as schemas from "./schemas.ts";

const parameters = "/trial/parameters";
const final = "/trial/final-result";
const intermediate = "/trial/intermediate-results";

describe("the way of a phase over HTTP", () => {
  test("parameters, intermediate results, final result, next parameters, no more", async () => {
    const { trial, experiment } = await testServer({ config: { maxPhaseNum: 2 } });
    const first = await trial(parameters, { parameterIndex: 0 });
    expect(first.json).toEqual({
      kind: "parameters",
      parameterId: 0,
      parameterIndex: 0,
      parameters: { x: 0 },
    });
    expect((await trial(intermediate, { parameterIndex: 0, sequence: 0, value: 0.25 })).json).toEqual({
      phase: "running",
    });
    expect((await trial(final, { parameterIndex: 0, value: 0.5 })).json).toEqual({ phase: "succeeded" });
    expect((await trial(parameters, { parameterIndex: 1 })).json).toMatchObject({ parameterId: 1 });
    await trial(final, { parameterIndex: 1, value: { default: 1, loss: 2 } });
    expect((await trial(parameters, { parameterIndex: 2 })).json).toMatchObject({ kind: "no-more" });
    const [one, two] = experiment.state.phases.values();
    expect(one).toMatchObject({ value: 0.5, intermediateResults: [{ value: 0.25 }] });
    expect(two).toMatchObject({ value: { default: 1, loss: 2 } });
  });

  test("answers keep to their schemas", async () => {
    const { trial } = await testServer();
    const answer = (await trial(parameters, { parameterIndex: 0 })).json;
    expect(schemas.parametersAnswer.parse(answer)).toEqual(answer);
    const report = (await trial(intermediate, { parameterIndex: 0, sequence: 0, value: 1 })).json;
    expect(schemas.reportAnswer.parse(report)).toEqual(report);
    const info = (await trial("/trial")).json;
    expect(schemas.trialInfo.parse(info)).toEqual(info);
  });

  test("a whole number has a decimal point where the search space has fractions", async () => {
    const searchSpace = {
      rate: { _type: "uniform", _value: [0, 1] },
      size: { _type: "randint", _value: [0, 9] },
    } as const;
    const tuner = {
      updateSearchSpace: () => {},
      receiveTrialResult: () => {},
      generateParameters: () => ({ kind: "parameters", parameters: { rate: 1, size: 1, other: 1 } }) as const,
    };
    const { trial } = await testServer({ tuner, config: { searchSpace } });
    const { text, json } = await trial(parameters, { parameterIndex: 0 });
    expect(text).toContain('"parameters":{"rate":1.0,"size":1,"other":1}}');
    expect(schemas.parametersAnswer.parse(json)).toEqual(json);
    const spaceless = await testServer({ tuner, config: { searchSpace: null } });
    expect((await spaceless.trial(parameters, { parameterIndex: 0 })).text).toContain('"rate":1,');
  });

  test.each([
    ["BOHB", { min_budget: 0.1, max_budget: 1 }, "1.0"],
    ["BOHB", { min_budget: 1, max_budget: 9 }, "1"],
    ["BOHB", {}, "1"],
    ["Hyperband", { R: 9 }, "1"],
  ])(
    "the budget of %s %j has one type in all phases, whatever the search space says",
    async (name, classArgs, text) => {
      const tuner = {
        updateSearchSpace: () => {},
        receiveTrialResult: () => {},
        generateParameters: () => ({ kind: "parameters", parameters: { TRIAL_BUDGET: 1 } }) as const,
      };
      for (const searchSpace of [{}, { TRIAL_BUDGET: { _type: "choice", _value: [0.5, 1] } } as const]) {
        const config = { searchSpace, tuner: { kind: "builtin", name, classArgs } as const };
        const { trial } = await testServer({ tuner, config });
        const answer = await trial(parameters, { parameterIndex: 0 });
        expect(answer.text).toContain(`"parameters":{"TRIAL_BUDGET":${text}}}`);
      }
    },
  );

  test("NaN and the infinities travel spelled, both ways", async () => {
    const tuner = {
      updateSearchSpace: () => {},
      receiveTrialResult: () => {},
      generateParameters: () => ({ kind: "parameters", parameters: { lowest: -Infinity } }) as const,
    };
    const { trial, experiment } = await testServer({ tuner });
    expect((await trial(parameters, { parameterIndex: 0 })).json.parameters).toEqual({
      lowest: { $number: "-Infinity" },
    });
    await trial(intermediate, { parameterIndex: 0, sequence: 0, value: { $number: "Infinity" } });
    await trial(final, { parameterIndex: 0, value: { default: { $number: "NaN" } } });
    const phase = experiment.state.phases.get(0);
    expect(phase?.value).toEqual({ default: Number.NaN });
    expect(phase?.intermediateResults[0]?.value).toBe(Infinity);
  });

  test("a result of 2 MB is taken", async () => {
    const { trial, experiment } = await testServer();
    await trial(parameters, { parameterIndex: 0 });
    const curve = Array.from({ length: 200_000 }, (_, index) => index / 7);
    const value = { default: 1, curve };
    expect((await trial(final, { parameterIndex: 0, value })).status).toBe(200);
    expect(experiment.state.phases.get(0)?.value).toEqual(value);
  });

  test("the same report again is acknowledged again, another value is refused with 409", async () => {
    const { trial } = await testServer();
    await trial(parameters, { parameterIndex: 0 });
    await trial(final, { parameterIndex: 0, value: 0.5 });
    expect((await trial(final, { parameterIndex: 0, value: 0.5 })).json).toEqual({ phase: "succeeded" });
    const conflict = await trial(final, { parameterIndex: 0, value: 0.6 });
    expect([conflict.status, conflict.json.error.code]).toEqual([409, "result-conflict"]);
  });

  test.each([
    {
      what: "a result before asking",
      path: final,
      body: { parameterIndex: 0, value: 1 },
      code: "no-such-phase",
    },
    { what: "index 7 first", path: parameters, body: { parameterIndex: 7 }, code: "parameter-index-skipped" },
  ])("$what is refused with 409", async ({ path, body, code }) => {
    const { trial } = await testServer();
    const answer = await trial(path, body);
    expect([answer.status, answer.json.error.code]).toEqual([409, code]);
  });

  test("a skipped sequence is refused, and the message names the expected one", async () => {
    const { trial } = await testServer();
    await trial(parameters, { parameterIndex: 0 });
    const answer = await trial(intermediate, { parameterIndex: 0, sequence: 3, value: 1 });
    expect([answer.status, answer.json.error.code]).toEqual([409, "sequence-skipped"]);
    expect(answer.json.error.message).toContain("expected 0");
  });
});

describe("a request that has to wait", () => {
  /** Gives one phase to each of two jobs, then asks for patience until a phase ends. */
  function patientTuner(): Tuner {
    let given = 0;
    let ended = 0;
    return {
      updateSearchSpace: () => {},
      receiveTrialResult: () => void ended++,
      generateParameters: (parameterId) =>
        given++ < 2 || ended > 1 ? { kind: "parameters", parameters: { x: parameterId } } : { kind: "wait" },
    };
  }

  async function twoJobs(): Promise<TestServer & { readonly other: string }> {
    const server = await testServer({ tuner: patientTuner(), config: { trialConcurrency: 2 } });
    const other = `${[...server.experiment.state.trialJobs.keys()][1]}/0`;
    await server.trial(parameters, { parameterIndex: 0 });
    await server.trial(parameters, { parameterIndex: 0 }, other);
    await server.trial(final, { parameterIndex: 0, value: 1 });
    return { ...server, other };
  }

  test("is answered `wait` when its time is over", async () => {
    const { trial } = await twoJobs();
    expect((await trial(parameters, { parameterIndex: 1, waitMs: 5 })).json).toEqual({ kind: "wait" });
  });

  test("is answered as soon as another job's result changes the tuner's mind", async () => {
    const { trial, other } = await twoJobs();
    const waiting = trial(parameters, { parameterIndex: 1 });
    await quiet();
    await trial(final, { parameterIndex: 0, value: 1 }, other);
    expect((await waiting).json).toMatchObject({ kind: "parameters", parameterIndex: 1 });
  });
});

describe("bodies that are not right", () => {
  test.each([
    ["{", "position 1", "expected a key"],
    ['{"parameterIndex": 0,\n "value": nan}', "line 2, column 11", 'spell it {"$number":"NaN"}'],
    ['{"parameterIndex": 0, "value": NaN}', "position 31", 'spell it {"$number":"NaN"}'],
    ['{"parameterIndex": 0, "value": -Infinity}', "position 31", 'spell it {"$number":"-Infinity"}'],
    ['{"parameterIndex": 0, "value": [1, 2}', "position 36", 'expected "," or "]", got }'],
    ["hello", "position 0", "expected a value, got hello"],
  ])("%j is refused with the place of the fault", async (body, place, what) => {
    const { trial } = await testServer();
    const { status, json } = await trial(final, body);
    expect([status, json.error.code]).toEqual([400, "malformed-json"]);
    expect(json.error.message).toContain(place);
    expect(`${json.error.message} ${json.error.hint}`).toContain(what);
  });

  test("all faults are listed at once, with what was expected and what came", async () => {
    const { trial } = await testServer();
    const { status, json } = await trial(intermediate, { parameterIndex: -3, sequence: "0", extra: 1 });
    expect([status, json.error.code]).toEqual([400, "invalid-body"]);
    expect(json.error.message).toContain("4 faults");
    for (const part of [
      "parameterIndex: ",
      "got -3",
      "sequence: ",
      'got "0"',
      "value: is required",
      '"extra"',
    ]) {
      expect(json.error.message).toContain(part);
    }
  });

  test.each([
    ["null", null],
    ["a list", [1]],
    ["a number", 5],
    ["nothing", ""],
    ["an index that is no integer", { parameterIndex: 0.5 }],
    ["an index beyond 2^31", { parameterIndex: 2 ** 31 }],
    ["an index that is spelled", { parameterIndex: { $number: "NaN" } }],
    ["a wait of an hour", { parameterIndex: 0, waitMs: 3_600_000 }],
  ])("%s is refused with 400", async (_what, body) => {
    const { trial } = await testServer();
    const { status, json } = await trial(parameters, body);
    expect([status, json.error.code]).toEqual([400, "invalid-body"]);
  });

  test("a body beyond the limit is refused with 413, which states the limit", async () => {
    const { trial, experiment } = await testServer();
    await trial(parameters, { parameterIndex: 0 });
    const { status, json } = await trial(final, { parameterIndex: 0, value: "x".repeat(bodyLimit) });
    expect([status, json.error.code]).toEqual([413, "body-too-large"]);
    expect(json.error.message).toContain("8 MiB");
    expect(experiment.state.phases.get(0)?.outcome).toBe("running");
  });

  test("endless nesting is refused, not followed", async () => {
    const { trial, faults } = await testServer();
    await trial(parameters, { parameterIndex: 0 });
    for (const core of ["1", '{"$number":"NaN"}']) {
      const value = "[".repeat(100_000) + core + "]".repeat(100_000);
      const { status, json } = await trial(final, `{"parameterIndex": 0, "value": ${value}}`);
      expect([status, json.error.code]).toEqual([400, "invalid-body"]);
      expect(json.error.message).toContain("nested");
    }
    expect(faults).toEqual([]);
  });

  test("strange keys are only keys", async () => {
    const { trial, experiment } = await testServer();
    await trial(parameters, { parameterIndex: 0 });
    const body = '{"parameterIndex": 0, "value": {"__proto__": {"polluted": true}, "default": 1}}';
    expect((await trial(final, body)).status).toBe(200);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(JSON.stringify(experiment.state.phases.get(0)?.value)).toBe(
      '{"__proto__":{"polluted":true},"default":1}',
    );
  });
});

describe("tokens of trial jobs", () => {
  test.each([
    ["no token", "", "unauthorized"],
    ["a wrong token", "nonsense", "wrong-token"],
    ["the hash instead of the token", "f".repeat(64), "wrong-token"],
  ])("%s: 401", async (_what, token, code) => {
    const { trial, experiment } = await testServer();
    const { status, json, headers } = await trial(parameters, { parameterIndex: 0 }, token);
    expect([status, json.error.code]).toEqual([401, code]);
    expect(headers.get("www-authenticate")).toBe("Bearer");
    expect(experiment.state.phases.get(0)?.startedAt).toBeNull();
  });

  test("a token opens the phases of its own job only", async () => {
    const { trial, experiment } = await testServer({ config: { trialConcurrency: 2 } });
    const [one, two] = [...experiment.state.trialJobs.keys()] as [string, string];
    await trial(parameters, { parameterIndex: 0 }, `${one}/0`);
    await trial(parameters, { parameterIndex: 0 }, `${two}/0`);
    await trial(final, { parameterIndex: 0, value: 2 }, `${two}/0`);
    const outcomes = [...experiment.state.phases.values()].map(({ trialJobId, outcome }) => [
      trialJobId,
      outcome,
    ]);
    expect(outcomes).toEqual([
      [one, "running"],
      [two, "succeeded"],
    ]);
  });

  test("with it nothing can be done to another job's phases, whatever the body names", async () => {
    const { trial, experiment } = await testServer({ config: { trialConcurrency: 2 } });
    const [mine, other] = [...experiment.state.trialJobs.keys()] as [string, string];
    await trial(parameters, { parameterIndex: 0 }, `${other}/0`);
    const phasesOf = (id: string): string =>
      JSON.stringify([...experiment.state.phases.values()].filter(({ trialJobId }) => trialJobId === id));
    const jobBefore = JSON.stringify(experiment.state.trialJobs.get(other));
    const before = phasesOf(other);
    const { parameterId } = [...experiment.state.phases.values()].find(
      ({ trialJobId }) => trialJobId === other,
    ) as { parameterId: number };
    const names = [
      {},
      { trialJobId: other },
      { parameterId },
      { id: other },
      { trialJobId: other, parameterId },
    ];
    for (const more of names) {
      for (const parameterIndex of [0, 1]) {
        await trial(intermediate, { parameterIndex, sequence: 0, value: 1, ...more }, `${mine}/0`);
        await trial(final, { parameterIndex, value: 1, ...more }, `${mine}/0`);
        await trial(parameters, { parameterIndex, ...more, waitMs: 0 }, `${mine}/0`);
      }
      await trial("/trial/heartbeat", { ...more }, `${mine}/0`);
      await trial("/trial/log", { lines: ["mine"], ...more }, `${mine}/0`);
      await trial(`/trial?trialJobId=${other}`, undefined, `${mine}/0`);
    }
    expect(phasesOf(other)).toBe(before);
    expect(JSON.stringify(experiment.state.trialJobs.get(other))).toBe(jobBefore);
    const { json } = await trial(`/trial?trialJobId=${other}`, undefined, `${mine}/0`);
    expect(json.trialJobId).toBe(mine);
  });

  test("it opens nothing else", async () => {
    const { app, job } = await testServer();
    const headers = { authorization: `Bearer ${job}/0` };
    expect((await app.request("/api/v1/experiment", { headers })).status).toBe(401);
  });

  test("after the job was started again, the first process's token is refused and the second's is taken", async () => {
    let starts = 0;
    const { trial, job, experiment } = await testServer({
      config: { maxTrialRetries: 1 },
      trial: async (running, spec, signal) => {
        if (starts++ === 0) {
          await running.requestParameters(spec.trialJobId, 0);
          throw new Error("out of memory");
        }
        await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      },
    });
    expect(experiment.state.trialJobs.get(job)?.attempt).toBe(1);
    const old = await trial(parameters, { parameterIndex: 0 }, `${job}/0`);
    expect([old.status, old.json.error.code]).toEqual([401, "token-superseded"]);
    expect((await trial(parameters, { parameterIndex: 0 }, `${job}/1`)).json.kind).toBe("parameters");
  });

  test("a job that has ended is told so with 410, on every route that changes something", async () => {
    const { trial, job, experiment } = await testServer({ config: { maxTrialNum: 1 } });
    await trial(parameters, { parameterIndex: 0 });
    await experiment.cancelTrialJob(job, "user");
    await quiet();
    const calls: [string, unknown][] = [
      [parameters, { parameterIndex: 1 }],
      [intermediate, { parameterIndex: 0, sequence: 0, value: 1 }],
      [final, { parameterIndex: 0, value: 1 }],
      ["/trial/heartbeat", {}],
      ["/trial/log", { lines: [] }],
    ];
    for (const [path, body] of calls) {
      const { status, json } = await trial(path, body);
      expect([path, status, json.error?.code]).toEqual([path, 410, "trial-job-ended"]);
    }
  });
});

describe("signs of life and lines for the log", () => {
  test("a heartbeat needs no body", async () => {
    const { app, job, experiment } = await testServer();
    const heard: string[] = [];
    const heartbeat = experiment.heartbeat.bind(experiment);
    experiment.heartbeat = (id) => (heard.push(id), heartbeat(id));
    const headers = { authorization: `Bearer ${job}/0` };
    expect((await app.request("/api/v1/trial/heartbeat", { method: "POST", headers })).status).toBe(200);
    expect(heard).toEqual([job]);
  });

  test("lines reach the manager's log of that job", async () => {
    const kept: unknown[] = [];
    const { trial, job } = await testServer({}, { appendTrialLog: (id, lines) => kept.push([id, lines]) });
    expect((await trial("/trial/log", { lines: ["a", "b"] })).json).toEqual({ kept: 2 });
    expect(kept).toEqual([[job, ["a", "b"]]]);
  });

  test("without such a log the answer says that nothing was kept", async () => {
    const { trial } = await testServer();
    expect((await trial("/trial/log", { lines: ["a"] })).json).toEqual({ kept: 0 });
  });

  test("a job can ask who it is", async () => {
    const { trial, job } = await testServer();
    await trial(parameters, { parameterIndex: 0 });
    await trial(final, { parameterIndex: 0, value: 1 });
    expect((await trial("/trial")).json).toEqual({
      experimentId: "exp00000",
      trialJobId: job,
      number: 0,
      multiPhase: true,
      parameterIndex: 1,
    });
  });
});
