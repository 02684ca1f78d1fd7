import { readFile } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { apiRoot } from "../model/api-root.ts";
import type { ErrorBody } from "../model/http.ts";
import { messageOf, PolyphaseError, unspell } from "../model/index.ts";
import { shortened } from "../model/shortened.ts";
import type { Exchanged, Line } from "./line.ts";
import { openLine } from "./line.ts";

/**
 * The manager as a trial process sees it: requests that are answered sooner or later, wherever it listens by then. Every
 * request of the trial API may be repeated, so whatever goes wrong on the way is answered by asking again.
 */
export interface Manager {
  /**
   * The parsed answer. Rejects with the code of a refusal, with `unexpected-answer`, or with `manager-unreachable` when the
   * manager stays away for longer than `retryMs`.
   */
  post(route: string, body: string): Promise<unknown>;
}

export interface ManagerOptions {
  readonly url: string;
  readonly token: string;
  readonly endpointFile: string | undefined;
  readonly retryMs: number;
  /** Told when the manager is away for long. */
  warn(text: string): void;
}

const firstPauseMs = 10;
const longestPauseMs = 2_000;
/** Shorter outages are nobody's business. */
const silentMs = 500;

/** Too slow, too many, or a proxy whose manager is not there: ask again. */
const comeAgain = new Set([408, 429, 502, 503, 504]);

export function managerAt(options: ManagerOptions): Manager {
  let url = options.url;
  let line: Promise<Line> | undefined;

  async function post(route: string, body: string): Promise<unknown> {
    let outage: Outage | undefined;
    for (;;) {
      const tried = await attempt(route, body);
      if (tried.kind === "answered" && tried.status < 300) return answerOf(tried);
      if (await moved()) continue;
      if (tried.kind === "answered" && !comeAgain.has(tried.status)) throw refusalOf(tried);
      const trouble = tried.kind === "answered" ? `HTTP ${tried.status}` : tried.trouble;
      outage ??= outageOf(options);
      await outage.wait(url, trouble);
    }
  }

  async function attempt(route: string, body: string): Promise<Attempt> {
    line ??= openLine(url, options.token);
    const open = await line;
    try {
      return { kind: "answered", ...(await open.post(`${apiRoot}/trial/${route}`, body)) };
    } catch (error) {
      return { kind: "lost", trouble: messageOf(error) };
    }
  }

  /** Whether the endpoint file names another place than the one that we know. If so, it is used from now on. */
  async function moved(): Promise<boolean> {
    const now = await urlInFile(options.endpointFile);
    if (now === undefined || now === url) return false;
    url = now;
    void line?.then((old) => old.hangUp());
    line = undefined;
    return true;
  }

  return { post };
}

type Attempt =
  ({ readonly kind: "answered" } & Exchanged) | { readonly kind: "lost"; readonly trouble: string };

/** The `url` in an endpoint file; undefined where it is not there, or just being written. */
export async function urlInFile(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    const { url } = JSON.parse(await readFile(file, "utf8")) as { readonly url?: unknown };
    return typeof url === "string" && URL.canParse(url) ? url : undefined;
  } catch {
    return undefined;
  }
}

function answerOf({ status, text }: Exchanged): unknown {
  try {
    return unspell(text);
  } catch (cause) {
    throw new PolyphaseError(
      "unexpected-answer",
      `expected JSON, got HTTP ${status}: ${shortened(text, 200)}`,
      { cause },
    );
  }
}

function refusalOf({ status, text }: Exchanged): PolyphaseError {
  try {
    const { code, message, hint } = (JSON.parse(text) as ErrorBody).error;
    return new PolyphaseError(code, message, hint === undefined ? {} : { hint });
  } catch {
    return new PolyphaseError(
      "unexpected-answer",
      `expected an answer of the manager, got HTTP ${status}: ${shortened(text, 200)}`,
    );
  }
}

interface Outage {
  /** Pauses before the next attempt, a little longer each time; says so once. Rejects when patience is at its end. */
  wait(url: string, trouble: string): Promise<void>;
}

function outageOf({ retryMs, warn }: ManagerOptions): Outage {
  const since = performance.now();
  let pauseMs = firstPauseMs / 2;
  let warned = false;
  return {
    async wait(url, trouble) {
      const outMs = performance.now() - since;
      if (outMs >= retryMs) throw unreachable(url, retryMs, trouble);
      if (outMs >= silentMs && !warned) {
        warn(`the manager at ${url} cannot be reached (${trouble}); trying again until it is back`);
        warned = true;
      }
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      await pause(Math.min(pauseMs, retryMs - outMs));
    },
  };
}

function unreachable(url: string, retryMs: number, trouble: string): PolyphaseError {
  return new PolyphaseError(
    "manager-unreachable",
    `the manager at ${url} did not answer within ${retryMs / 1_000} s (${trouble})`,
    {
      hint: "is the experiment still running? POLYPHASE_RETRY_SECONDS says how long to wait; unset, for ever",
    },
  );
}
