import { once } from "node:events";
import { Agent, request } from "node:http";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { quiet } from "../../tests/support/world.ts";
import { adminToken, testServer } from "../../tests/support/server.ts";
import type { TestServer } from "../../tests/support/server.ts";
import { bodyLimit } from "./body.ts";
import type { Listening } from "./index.ts";
import { listen } from "./index.ts";

const open: Listening[] = [];
afterEach(async () => {
  for (const listening of open.splice(0)) await listening.close();
});

async function served(
  ...options: Parameters<typeof testServer>
): Promise<TestServer & { listening: Listening }> {
  const server = await testServer(...options);
  const listening = await listen(server.app, { host: "127.0.0.1", port: 0 });
  open.push(listening);
  return { ...server, listening };
}

interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly agent?: Agent;
}

function send(url: string, { method = "GET", headers = {}, body, agent }: Sent): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options = { method, headers, ...(agent === undefined ? {} : { agent }) };
    request(url, options, resolve).on("error", reject).end(body);
  });
}

const admin = { authorization: `Bearer ${adminToken}` };
const postTo = (job: string, body: unknown): Sent => ({
  method: "POST",
  headers: { authorization: `Bearer ${job}/0` },
  body: JSON.stringify(body),
});

/** One job has a phase, the tuner has no second one yet. */
const patientTuner = {
  updateSearchSpace: () => {},
  receiveTrialResult: () => {},
  generateParameters: (parameterId: number) =>
    parameterId < 2 ? ({ kind: "parameters", parameters: { x: 0 } } as const) : ({ kind: "wait" } as const),
};

/** A server with one request held open: the first job waits, as another one has a phase that might change things. */
async function holding(): Promise<Awaited<ReturnType<typeof served>> & { held: Promise<IncomingMessage> }> {
  const server = await served({ tuner: patientTuner, config: { trialConcurrency: 2 } });
  const { url } = server.listening;
  const [one, two] = [...server.experiment.state.trialJobs.keys()] as [string, string];
  for (const job of [one, two])
    await send(`${url}/api/v1/trial/parameters`, postTo(job, { parameterIndex: 0 }));
  await send(`${url}/api/v1/trial/final-result`, postTo(one, { parameterIndex: 0, value: 1 }));
  const asked = new Promise<void>((resolve) => {
    const ask = server.experiment.requestParameters.bind(server.experiment);
    server.experiment.requestParameters = (...parts) => (resolve(), ask(...parts));
  });
  const held = send(`${url}/api/v1/trial/parameters`, postTo(one, { parameterIndex: 1 }));
  await asked;
  return { ...server, held };
}

describe("over real connections", () => {
  test("the API answers at the URL given", async () => {
    const { listening } = await served();
    expect(listening.url).toBe(`http://127.0.0.1:${listening.port}`);
    const answer = await send(`${listening.url}/api/v1/health`, { headers: admin });
    expect([answer.statusCode, JSON.parse(await text(answer)).status]).toEqual([200, "ok"]);
  });

  test("a taken port is an error that says what to do", async () => {
    const { app, listening } = await served();
    await expect(listen(app, { host: "127.0.0.1", port: listening.port })).rejects.toMatchObject({
      code: "cannot-listen",
      hint: expect.stringContaining("0") as string,
    });
  });

  test("one connection carries a whole trial, and no time limit on idle ones is announced", async () => {
    const { listening, job } = await served();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    for (let parameterIndex = 0; parameterIndex < 3; parameterIndex++) {
      for (const [path, body] of [
        ["parameters", { parameterIndex }],
        ["final-result", { parameterIndex, value: 1 }],
      ] as const) {
        const answer = await send(`${listening.url}/api/v1/trial/${path}`, { ...postTo(job, body), agent });
        ports.add(answer.socket.localPort);
        expect(answer.headers["keep-alive"]).toBeUndefined();
        expect(answer.headers.connection).toBe("keep-alive");
        await text(answer);
      }
    }
    expect(ports.size).toBe(1);
    agent.destroy();
  });

  test("a body without a known length is read, up to the limit", async () => {
    const { listening, job, experiment } = await served();
    await send(`${listening.url}/api/v1/trial/parameters`, postTo(job, { parameterIndex: 0 }));
    const chunked = async (value: string): Promise<number | undefined> => {
      const { body, ...sent } = postTo(job, { parameterIndex: 0, value });
      const headers = { ...sent.headers, "transfer-encoding": "chunked" };
      return (
        await send(`${listening.url}/api/v1/trial/final-result`, { ...sent, headers, body: body as string })
      ).statusCode;
    };
    expect(await chunked("x".repeat(bodyLimit))).toBe(413);
    expect(await chunked("ü".repeat(1_000_000))).toBe(200);
    expect(experiment.state.phases.get(0)?.value).toBe("ü".repeat(1_000_000));
  });

  test("a body announced as too long is refused before it is sent", async () => {
    const { listening, job } = await served();
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { authorization: `Bearer ${job}/0`, "content-length": String(bodyLimit + 1) };
      const sending = request(
        `${listening.url}/api/v1/trial/final-result`,
        { method: "POST", headers },
        resolve,
      );
      sending.on("error", reject).flushHeaders();
    });
    expect(answer.statusCode).toBe(413);
    answer.destroy();
  });

  test.each(["GET /api/v1/health HTTP/1.1\r\nHost: a b\r\n\r\n", "GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n"])(
    "%j is refused with 400",
    async (bytes) => {
      const { listening } = await served();
      const socket = connect(listening.port, "127.0.0.1");
      socket.write(bytes);
      const [answer] = (await once(socket, "data")) as [Buffer];
      expect(answer.toString()).toMatch(/^HTTP\/1.1 400 /);
      socket.destroy();
    },
  );
});

describe("a client that goes away while it waits", () => {
  test("is forgotten by the experiment", async () => {
    const { listening, experiment, job } = await holding();
    const aborted = new Promise<void>((resolve) => {
      const ask = experiment.requestParameters.bind(experiment);
      experiment.requestParameters = (id, index, signal) => {
        signal?.addEventListener("abort", () => resolve());
        return ask(id, index, signal);
      };
    });
    const { method, headers, body } = postTo(job, { parameterIndex: 1 });
    const waiting = request(`${listening.url}/api/v1/trial/parameters`, { method, headers } as object);
    waiting.on("error", () => {});
    waiting.end(body, () => setImmediate(() => waiting.destroy()));
    await aborted;
  });
});

describe("close", () => {
  test("answers requests that are held open with `wait`", async () => {
    const { listening, held } = await holding();
    const closed = listening.close();
    expect(JSON.parse(await text(await held))).toEqual({ kind: "wait" });
    await closed;
  });

  test("ends event streams and idle connections, without waiting for a time limit", async () => {
    // By force only after an hour, which this test has not.
    const { app } = await testServer();
    const listening = await listen(app, { host: "127.0.0.1", port: 0, closeGraceMs: 3_600_000 });
    open.push(listening);
    const agent = new Agent({ keepAlive: true });
    await text(await send(`${listening.url}/api/v1/health`, { headers: admin, agent }));
    const events = await send(`${listening.url}/api/v1/events`, { headers: admin });
    const all = text(events);
    await listening.close();
    expect(await all).toContain("event: state");
    const again = send(`${listening.url}/api/v1/health`, { headers: admin, agent: new Agent() });
    await expect(again).rejects.toThrow("ECONNREFUSED");
  });

  test("may be called twice", async () => {
    const { listening } = await served();
    await Promise.all([listening.close(), listening.close()]);
    await listening.close();
  });

  test("ends by force what does not end by itself", async () => {
    const endless = async function* (): AsyncGenerator<string> {
      yield "first\n";
      await new Promise(() => {});
    };
    const server = await testServer({}, { managerLog: endless });
    const listening = await listen(server.app, { host: "127.0.0.1", port: 0, closeGraceMs: 50 });
    const answer = await send(`${listening.url}/api/v1/log`, { headers: admin });
    const broken = text(answer).catch((error: Error) => error.message);
    await listening.close();
    expect(await broken).toContain("aborted");
    await quiet();
  });
});
