import { once } from "node:events";
import { createServer } from "node:http";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { onceFree, portOfOurOwn } from "../../tests/support/port-of-our-own.ts";
import { testServer } from "../../tests/support/server.ts";
import type { TestServer } from "../../tests/support/server.ts";
import type { Listening } from "../server/index.ts";
import { listen } from "../server/index.ts";
import { functionTrainingService } from "../training/function/index.ts";
import { trialClientOf } from "./create-trial-client.ts";
import type { TrialClient } from "./index.ts";
import { createTrialClient } from "./index.ts";

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

interface Trial extends TestServer {
  readonly listening: Listening;
  readonly client: TrialClient;
  readonly warnings: string[];
}

/** A real experiment behind a real server, which can come back at its port, and the client of its first trial job. */
async function trial(...options: Parameters<typeof testServer>): Promise<Trial> {
  const server = await testServer(...options);
  const listening = await listenOn(server, await portOfOurOwn());
  const warnings: string[] = [];
  const client = createTrialClient({
    url: listening.url,
    token: `${server.job}/0`,
    retryMs: 5_000,
    warn: (text) => warnings.push(text),
  });
  return { ...server, listening, client, warnings };
}

async function listenOn({ app }: TestServer, port: number): Promise<Listening> {
  // By force only after an hour: what is held must be let go.
  const listening = await onceFree(() => listen(app, { host: "127.0.0.1", port, closeGraceMs: 3_600_000 }));
  closers.push(() => listening.close());
  return listening;
}

describe("a trial with a manager", () => {
  test("loops over phases until there are no more", async () => {
    const { client, experiment } = await trial({ config: { maxPhaseNum: 5 } });
    const seen: unknown[] = [];
    for await (const phase of client.phases<{ x: number }>()) {
      seen.push([phase.parameterIndex, phase.parameters.x]);
      expect(client.getCurrentParameter("x")).toBe(phase.parameters.x);
      expect(await phase.reportIntermediate(phase.parameters.x / 2)).toEqual({ stopped: false });
      await phase.report(phase.parameters.x);
    }
    expect(seen).toEqual([0, 1, 2, 3, 4].map((index) => [index, index]));
    expect([...experiment.state.phases.values()].map((phase) => phase.value)).toEqual([0, 1, 2, 3, 4]);
    expect(experiment.state.phases.get(4)?.intermediateResults).toMatchObject([{ sequence: 0, value: 2 }]);
    expect(client.getCurrentParameter()).toBeNull();
  });

  test("may call the functions one by one", async () => {
    const { client, experiment } = await trial({ config: { maxPhaseNum: 1 } });
    expect(client.getCurrentParameter()).toBeNull();
    expect(await client.getNextParameter()).toEqual({ x: 0 });
    expect(client.getCurrentParameter()).toEqual({ x: 0 });
    expect(client.getCurrentParameter("x")).toBe(0);
    expect(client.getCurrentParameter("y")).toBeNull();
    expect(await client.reportIntermediateResult(0.1)).toEqual({ stopped: false });
    await client.reportFinalResult({ default: 0.2 });
    expect(await client.getNextParameter()).toBeNull();
    expect(await client.getNextParameter()).toBeNull();
    expect(experiment.state.phases.get(0)?.value).toEqual({ default: 0.2 });
  });

  test("calls take effect in the order in which they were made, awaited or not", async () => {
    const { client, experiment } = await trial({ config: { maxPhaseNum: 2 } });
    const calls = [
      client.getNextParameter(),
      client.reportIntermediateResult(1),
      client.reportIntermediateResult(2),
      client.reportFinalResult(3),
      client.getNextParameter(),
      client.reportFinalResult(4),
    ];
    await Promise.all(calls);
    const [one, two] = [...experiment.state.phases.values()];
    expect(one).toMatchObject({ value: 3, intermediateResults: [{ value: 1 }, { value: 2 }] });
    expect(two?.value).toBe(4);
  });

  test("NaN, the infinities and 2 MB arrive as they are", async () => {
    const { client, experiment } = await trial();
    await client.getNextParameter();
    await client.reportIntermediateResult(-Infinity);
    const curve = Array.from({ length: 200_000 }, (_, index) => index / 7);
    await client.reportFinalResult({ default: Number.NaN, curve });
    const phase = experiment.state.phases.get(0);
    expect(phase?.value).toEqual({ default: Number.NaN, curve });
    expect(phase?.intermediateResults[0]?.value).toBe(-Infinity);
  });

  test("a stopped phase says so, and its result is not needed", async () => {
    const { client, experiment, warnings } = await trial();
    await client.getNextParameter();
    await client.reportIntermediateResult(0.5);
    await experiment.stopPhase(0, "too slow");
    expect(await client.reportIntermediateResult(0.6)).toEqual({ stopped: true });
    expect(await client.reportIntermediateResult(0.7)).toEqual({ stopped: true });
    await client.reportFinalResult(0.8);
    expect(warnings).toEqual([]);
    expect(experiment.state.phases.get(0)).toMatchObject({ outcome: "stopped", value: 0.5 });
    expect(await client.getNextParameter()).toEqual({ x: 1 });
  });

  test("a second final result is ignored with a warning", async () => {
    const { client, experiment, warnings } = await trial();
    await client.getNextParameter();
    await client.reportFinalResult(1);
    await client.reportFinalResult(1);
    expect(warnings).toEqual([]);
    await client.reportFinalResult(2);
    expect(warnings).toEqual([expect.stringContaining("phase 0 has a final result already")]);
    expect(experiment.state.phases.get(0)?.value).toBe(1);
  });

  test("an intermediate result after the final one is ignored, with one warning", async () => {
    const { client, experiment, warnings } = await trial();
    await client.getNextParameter();
    await client.reportFinalResult(1);
    expect(await client.reportIntermediateResult(0.5)).toEqual({ stopped: true });
    expect(await client.reportIntermediateResult(0.6)).toEqual({ stopped: true });
    expect(warnings).toEqual([expect.stringMatching(/phase 0 .* has ended \(succeeded\).* ignored: 0\.5$/)]);
    expect(experiment.state.phases.get(0)?.intermediateResults).toEqual([]);
    expect(await client.getNextParameter()).toEqual({ x: 1 });
    expect(await client.reportIntermediateResult(0.7)).toEqual({ stopped: false });
  });

  test("results of a phase that ran into its time limit are ignored, and the loop ends as it should", async () => {
    const never = (): Promise<never> => new Promise(() => {});
    const service = { ...functionTrainingService(never), cancel: never }; // the job takes its time to end
    const { client, experiment, clock, warnings } = await trial({
      config: { phaseTimeoutMs: 2_000, maxPhaseNum: 2 },
      service,
    });
    for await (const phase of client.phases()) {
      await clock.advance(2_001);
      await phase.reportIntermediate(0.5);
      await phase.reportIntermediate(0.6);
      await phase.report(1);
    }
    expect([...experiment.state.phases.values()]).toMatchObject([
      { outcome: "failed", value: null, intermediateResults: [] },
    ]);
    expect(warnings).toEqual([
      expect.stringMatching(/within phaseTimeout .* intermediate result and further ones are ignored: 0\.5$/),
      expect.stringMatching(/within phaseTimeout .* final result is ignored: 1$/),
    ]);
  });

  test("intermediate results find their place after those of another process of the job", async () => {
    const { client, experiment, listening, job } = await trial();
    const other = createTrialClient({ url: listening.url, token: `${job}/0` });
    await client.getNextParameter();
    await other.getNextParameter();
    await client.reportIntermediateResult(1);
    await client.reportIntermediateResult(2);
    await other.reportIntermediateResult(3);
    const values = experiment.state.phases.get(0)?.intermediateResults.map((result) => result.value);
    expect(values).toEqual([1, 2, 3]);
  });

  test("an intermediate result that was refused leaves no gap behind", async () => {
    const { client, experiment } = await trial();
    await client.getNextParameter();
    await expect(client.reportIntermediateResult("x".repeat(9_000_000))).rejects.toMatchObject({
      code: "body-too-large",
    });
    await client.reportIntermediateResult(1);
    expect(experiment.state.phases.get(0)?.intermediateResults).toMatchObject([{ sequence: 0, value: 1 }]);
  });

  test("a job that was started again goes on with its pending phase", async () => {
    const { listening, job, trial: call } = await trial();
    await call("/trial/parameters", { parameterIndex: 0 });
    await call("/trial/final-result", { parameterIndex: 0, value: 1 });
    const client = createTrialClient({ url: listening.url, token: `${job}/0`, firstIndex: 1 });
    expect(await client.getNextParameter()).toEqual({ x: 1 });
  });

  test("lines reach the job's log, long ones in pieces", async () => {
    const kept: string[] = [];
    const { client } = await trial({}, { appendTrialLog: (_id, lines) => kept.push(...lines) });
    await client.log(`a\n${"b".repeat(70_000)}\n${"c\n".repeat(1_500)}d`);
    expect(kept.slice(0, 3)).toEqual(["a", "b".repeat(65_536), "b".repeat(70_000 - 65_536)]);
    expect(kept.slice(3)).toEqual([...Array.from({ length: 1_500 }, () => "c"), "d"]);
  });
});

describe("calls in the wrong order", () => {
  test("a report before the first parameters says what to call", async () => {
    const { client } = await trial();
    await expect(client.reportFinalResult(1)).rejects.toMatchObject({
      code: "no-such-phase",
      message: expect.stringContaining("reportFinalResult() was called before getNextParameter()") as string,
    });
    await expect(client.reportIntermediateResult(1)).rejects.toMatchObject({ code: "no-such-phase" });
  });

  test("a report after the last phase says so", async () => {
    const { client } = await trial({ config: { maxPhaseNum: 1 } });
    await client.getNextParameter();
    await client.reportFinalResult(1);
    await client.getNextParameter();
    await expect(client.reportFinalResult(1)).rejects.toMatchObject({
      code: "no-such-phase",
      message: expect.stringContaining("after the last phase") as string,
    });
  });

  test("a report to a phase of an earlier turn is refused, not given to the next phase", async () => {
    const { client, experiment } = await trial();
    const phases = client.phases()[Symbol.asyncIterator]();
    const first = (await phases.next()).value;
    await phases.next();
    await expect(first.report(1)).rejects.toMatchObject({ code: "phase-ended" });
    expect(experiment.state.phases.get(0)?.outcome).toBe("abandoned");
    expect(experiment.state.phases.get(1)?.outcome).toBe("running");
  });

  test.each([
    ["undefined", undefined],
    ["a function", () => 1],
    ["a bigint", 10n],
    ["a circle", circle()],
  ])("%s is no result, and a right one can follow", async (_what, value) => {
    const { client } = await trial();
    await client.getNextParameter();
    await expect(client.reportFinalResult(value)).rejects.toMatchObject({ code: "result-not-json" });
    await client.reportFinalResult(1);
  });

  test("the manager's refusals are thrown with their code and hint", async () => {
    const { listening } = await trial();
    const stranger = createTrialClient({ url: listening.url, token: "wrong" });
    await expect(stranger.getNextParameter()).rejects.toMatchObject({ code: "wrong-token" });
    const { client } = await trial();
    await client.getNextParameter();
    await expect(client.reportFinalResult("x".repeat(9_000_000))).rejects.toMatchObject({
      code: "body-too-large",
      hint: expect.stringContaining("files") as string,
    });
  });
});

function circle(): unknown {
  const list: unknown[] = [];
  list.push(list);
  return list;
}

describe("while the manager is away", () => {
  test("calls wait until it is back, and nothing is lost or done twice", async () => {
    const made = await trial();
    const { client, experiment, listening, warnings } = made;
    await client.getNextParameter();
    await listening.close();
    const reported = client.reportFinalResult(0.5).then(() => client.getNextParameter());
    await expect.poll(() => warnings.length).toBe(1);
    expect(experiment.state.phases.get(0)?.outcome).toBe("running");
    await listenOn(made, listening.port);
    expect(await reported).toEqual({ x: 1 });
    expect(experiment.state.phases.get(0)?.value).toBe(0.5);
    expect(warnings[0]).toContain("cannot be reached");
  });

  test("it is looked for where the endpoint file says", async () => {
    const directory = await mkdtemp(join(tmpdir(), "polyphase-"));
    closers.push(() => rm(directory, { recursive: true }));
    const endpointFile = join(directory, "endpoint.json");
    const made = await trial();
    const { url } = made.listening;
    await writeFile(endpointFile, JSON.stringify({ url }));
    const client = createTrialClient({ url, token: `${made.job}/0`, endpointFile, warn: () => {} });
    await client.getNextParameter();
    await made.listening.close();
    const reported = client.reportFinalResult(0.5);
    // The old place is taken by somebody else, who knows nothing of us.
    const stranger = createServer((_request, response) => response.writeHead(404).end("who?"));
    closers.push(() => new Promise((resolve) => stranger.close(resolve)));
    const moved = await listenOn(made, 0);
    await writeFile(endpointFile, JSON.stringify({ url: moved.url }));
    await onceFree(() => once(stranger.listen(Number(new URL(url).port), "127.0.0.1"), "listening"));
    await reported;
    expect(made.experiment.state.phases.get(0)?.value).toBe(0.5);
  });

  test("patience ends where a limit is set", async () => {
    const { listening, job } = await trial();
    await listening.close();
    const client = createTrialClient({ url: listening.url, token: `${job}/0`, retryMs: 30, warn: () => {} });
    await expect(client.getNextParameter()).rejects.toMatchObject({
      code: "manager-unreachable",
      message: expect.stringContaining("0.03 s") as string,
    });
  });

  test("a request that is held when the manager closes does not hold it up, and is asked again", async () => {
    let asked = 0;
    const tuner = {
      updateSearchSpace: () => {},
      receiveTrialResult: () => {},
      generateParameters: (parameterId: number) =>
        asked++ === 1
          ? new Promise<never>(() => {})
          : ({ kind: "parameters", parameters: { x: parameterId } } as const),
    };
    const made = await trial({ tuner });
    await made.client.getNextParameter();
    await made.client.reportFinalResult(1);
    const next = made.client.getNextParameter();
    await expect.poll(() => asked).toBe(2);
    await made.listening.close();
    made.experiment.requestParameters = () => Promise.resolve({ kind: "no-more", reason: "enough" });
    await listenOn(made, made.listening.port);
    expect(await next).toBeNull();
  });
});

describe("the environment", () => {
  test("names manager, token, job and first index", async () => {
    const { listening, job, trial: call } = await trial();
    await call("/trial/parameters", { parameterIndex: 0 });
    const client = trialClientOf({
      POLYPHASE_URL: listening.url,
      POLYPHASE_TOKEN: `${job}/0`,
      POLYPHASE_EXPERIMENT_ID: "exp00000",
      POLYPHASE_TRIAL_JOB_ID: job,
      POLYPHASE_TRIAL_JOB_NUMBER: "3",
      POLYPHASE_PARAMETER_INDEX: "1",
      MULTI_PHASE: "true",
    });
    expect([
      client.standalone,
      client.getExperimentId(),
      client.getTrialId(),
      client.getSequenceId(),
    ]).toEqual([false, "exp00000", job, 3]);
    expect(await client.getNextParameter()).toEqual({ x: 1 });
  });

  test.each([
    [{ POLYPHASE_URL: "http://127.0.0.1:1" }, "POLYPHASE_TOKEN is not"],
    [{ POLYPHASE_URL: "nonsense", POLYPHASE_TOKEN: "t" }, "http://host:port"],
    [{ POLYPHASE_PARAMETER_INDEX: "-1" }, "POLYPHASE_PARAMETER_INDEX"],
    [{ POLYPHASE_RETRY_SECONDS: "soon" }, "POLYPHASE_RETRY_SECONDS"],
  ])("%j is refused with what was expected", (environment, message) => {
    expect(() => trialClientOf(environment)).toThrow(
      expect.objectContaining({
        code: "bad-environment",
        message: expect.stringContaining(message) as string,
      }),
    );
  });
});

describe("a trial without a manager", () => {
  function standalone(): { client: TrialClient; printed: string[]; warned: string[] } {
    const printed: string[] = [];
    const warned: string[] = [];
    const client = trialClientOf(
      {},
      { print: (line) => printed.push(line), warn: (line) => warned.push(line) },
    );
    return { client, printed, warned };
  }

  test("has one phase with the parameters {}, and prints its results", async () => {
    const { client, printed, warned } = standalone();
    const seen: unknown[] = [];
    for await (const phase of client.phases()) {
      seen.push(phase.parameters);
      await phase.reportIntermediate(Number.NaN);
      await phase.report({ default: 1 });
    }
    expect(seen).toEqual([{}]);
    expect(printed).toEqual(['Intermediate result: {"$number":"NaN"}', 'Final result: {"default":1}']);
    expect(warned).toEqual([expect.stringContaining("standalone")]);
  });

  test("gives {} each time it is asked, and warns once", async () => {
    const { client, warned } = standalone();
    expect([await client.getNextParameter(), await client.getNextParameter()]).toEqual([{}, {}]);
    expect(warned).toHaveLength(1);
    expect([
      client.standalone,
      client.getExperimentId(),
      client.getTrialId(),
      client.getSequenceId(),
    ]).toEqual([true, "STANDALONE", "STANDALONE", 0]);
  });
});
