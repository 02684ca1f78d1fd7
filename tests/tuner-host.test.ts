import { afterEach, describe, expect, test } from "vitest";
import { inlineTunerHost, workerTunerHost } from "../src/experiment/index.ts";
import type { TunerHost, TunerMessage } from "../src/experiment/index.ts";
import type { JsonObject, Tuner } from "../src/model/index.ts";

const tuners = new URL("./fixtures/tuners.mjs", import.meta.url);

const hosts: Record<string, (name: string, data?: JsonObject) => Promise<TunerHost>> = {
  async inline(name, data = {}) {
    const module = (await import(tuners.href)) as Record<string, (data: JsonObject) => Tuner>;
    return inlineTunerHost((module[name] as (data: JsonObject) => Tuner)(data));
  },
  async worker(name, data = {}) {
    const thread = new URL("./fixtures/tuner-thread.mjs", import.meta.url);
    return workerTunerHost(thread, { ...data, module: tuners.href, name });
  },
};

const open: TunerHost[] = [];
afterEach(async () => {
  for (const host of open.splice(0)) await host.close();
});

const ended = (parameterId: number, value: number): TunerMessage => ({
  kind: "phase-ended",
  result: { parameterId, value, parameters: {}, outcome: "succeeded", trialJobId: "a" },
  customized: false,
});
const request = (parameterId: number) => ({ parameterId, trialJobId: "a", parameterIndex: parameterId });

describe.each(Object.entries(hosts))("%s tuner host", (_name, make) => {
  const host = async (name: string, data?: JsonObject): Promise<TunerHost> => {
    const made = await make(name, data);
    open.push(made);
    return made;
  };

  test("calls reach the tuner one at a time, in the order in which they were made", async () => {
    const tuner = await host("echo");
    tuner.tell([{ kind: "search-space", space: { x: { _type: "uniform", _value: [0, 1] } } }]);
    tuner.tell([ended(7, 0.5), { kind: "import", rows: [{ parameters: {}, value: 1 }] }]);
    const first = tuner.ask([request(8)]);
    tuner.tell([ended(8, NaN)]);
    const second = tuner.ask([request(9)]);
    const calls = ["space x", "result 7 0.5", "end 7 succeeded", "import 1", "generate 8 a 8"];
    expect(await first).toEqual([{ kind: "parameters", parameters: calls }]);
    const [answer] = await second;
    expect(answer).toMatchObject({
      parameters: [...calls, "result 8 NaN", "end 8 succeeded", "generate 9 a 9"],
    });
  });

  test("a tuner that can answers several requests in one call, another gets them one by one", async () => {
    const batching = await host("batching");
    const answers = await batching.ask([request(1), request(2)]);
    expect(answers.map((answer) => (answer as { parameters: string }).parameters)).toEqual([
      "1 of 2",
      "2 of 2",
    ]);
    const single = await host("echo");
    expect(await single.ask([request(1), request(2)])).toHaveLength(2);
  });

  test("a replayed request moves the tuner on", async () => {
    const tuner = await host("echo");
    tuner.tell([{ kind: "replay", proposals: [{ ...request(0), parameters: {} }] }]);
    expect(await tuner.ask([request(1)])).toMatchObject([
      { parameters: ["generate 0 a 0", "generate 1 a 1"] },
    ]);
  });

  test.each(["generateParameters", "receiveTrialResult", "trialEnd"])(
    "a throw in %s is told with the tuner's message and ends every later question",
    async (method) => {
      const tuner = await host("throwing", { method });
      tuner.tell([ended(0, 1)]);
      await Promise.all([
        expect(tuner.ask([request(1)])).rejects.toThrow(`the tuner failed in ${method}: matrix is singular`),
        tuner.failed.then((error) => expect(error.message).toMatch(/tuners\.mjs:\d+:\d+/)),
      ]);
      await expect(tuner.ask([request(2)])).rejects.toThrow("matrix is singular");
    },
  );
});

test.each([
  ["generateParameters", "loops"],
  ["receiveTrialResult", "waits"],
])("a tuner that hangs in %s (it %s) fails its host, which names the method", async (method, how) => {
  const thread = new URL("./fixtures/tuner-thread.mjs", import.meta.url);
  const data = { module: tuners.href, name: "hanging", method, how };
  const host = workerTunerHost(thread, data, { timeoutMs: 2_000 });
  open.push(host);
  host.tell([ended(0, 1)]);
  const asked = host.ask([request(1)]);
  await expect(asked).rejects.toThrow(`the tuner has not come back from ${method} for 2 s (tunerTimeout)`);
  expect((await host.failed).message).toContain("tunerTimeout");
});

test("lines that a tuner has for people arrive before the answer", async () => {
  const thread = new URL("./fixtures/tuner-thread.mjs", import.meta.url);
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const host = workerTunerHost(thread, { module: tuners.href, name: "talking" }, { log });
  open.push(host);
  await host.ask([request(4)]);
  expect(lines).toEqual(["proposes 4"]);
});

test("a tuner that cannot be made fails its host", async () => {
  const host = await (hosts["worker"] as (name: string) => Promise<TunerHost>)("unmakeable");
  open.push(host);
  expect((await host.failed).message).toContain("no such thing");
});
