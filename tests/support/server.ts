import { configOf, quiet, world } from "./world.ts";
import type { World, WorldOptions } from "./world.ts";
import type { App, ServerDeps } from "../../src/server/index.ts";
import { createApp } from "../../src/server/index.ts";

/** For tests: a real experiment in memory, whose trial jobs are played by the test, behind the app. */
export interface TestServer extends World {
  readonly app: App;
  /** Id of the first trial job. */
  readonly job: string;
  /** What went wrong inside (status 500). */
  readonly faults: unknown[];
  /** A call with the first trial job's token (or another one); a body that is a string goes as it is. */
  trial(path: string, body?: unknown, token?: string): Promise<Answer>;
  /** A call with the experiment's admin token. */
  admin(path: string, init?: RequestInit): Promise<Answer>;
  /** A call with its viewer token. */
  viewer(path: string, init?: RequestInit): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers of any shape
  readonly json: any;
}

export const adminToken = "the-experiments-token";
export const viewerToken = "the-experiments-viewer-token";

export async function testServer(
  options: WorldOptions = {},
  deps: Partial<ServerDeps> = {},
): Promise<TestServer> {
  const made = world({
    trial: (_experiment, _job, signal) =>
      new Promise((resolve) => signal.addEventListener("abort", () => resolve())),
    ...options,
    config: { ...configOf(), ...options.config },
  });
  const faults: unknown[] = [];
  const app = createApp({
    experiment: made.experiment,
    info: () => ({ pid: 42, url: "http://127.0.0.1:4711", version: "1.2.3" }),
    adminToken,
    viewerToken,
    clock: made.clock,
    reportFault: (error) => faults.push(error),
    ...deps,
  });
  await quiet();
  const as =
    (token: string) =>
    (path: string, init: RequestInit = {}): Promise<Answer> => {
      const headers = { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string>) };
      return answerOf(app.request(path === "/" ? "/" : `/api/v1${path}`, { ...init, headers }));
    };
  const job = [...made.experiment.state.trialJobs.keys()][0] ?? "";
  return {
    ...made,
    app,
    job,
    faults,
    trial: (path, body, token = `${job}/0`) =>
      answerOf(app.request(`/api/v1${path}`, trialInit(body, token))),
    admin: as(adminToken),
    viewer: as(viewerToken),
  };
}

function trialInit(body: unknown, token: string): RequestInit {
  const headers = { authorization: `Bearer ${token}` };
  if (body === undefined) return { headers };
  return { method: "POST", headers, body: typeof body === "string" ? body : JSON.stringify(body) };
}

export async function answerOf(responding: Response | Promise<Response>): Promise<Answer> {
  const response = await responding;
  const text = await response.text();
  const { status, headers } = response;
  const isJson = headers.get("content-type") === "application/json";
  return { status, headers, text, json: isJson ? JSON.parse(text) : undefined };
}
