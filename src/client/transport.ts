import { apiRoot } from "../model/api-root.ts";
import type { ErrorBody } from "../model/http.ts";
import { PolyphaseError, messageOf, spell } from "../model/index.ts";
import { shortened } from "../model/shortened.ts";

/** How to reach the API. */
export interface ClientOptions {
  /** The manager's address, `http://127.0.0.1:8080`. Default: the page's own origin, which only browsers have. */
  readonly url?: string | undefined;
  /** The experiment's token. Absent in browsers that came with a cookie. */
  readonly token?: string | undefined;
  /** What the program calls itself, for the audit trail. Browsers send their own name. */
  readonly agent?: string | undefined;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

export interface Call {
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  readonly query?: Query | undefined;
  readonly body?: unknown;
  readonly headers?: { readonly [name: string]: string };
  readonly signal?: AbortSignal | undefined;
}

/** Undefined values are left out. */
export type Query = { readonly [name: string]: string | number | undefined };

/** Calls the API; resolves to the response of a call that succeeded. */
export type Transport = (path: string, call?: Call) => Promise<Response>;

/**
 * Every refusal becomes a PolyphaseError with the server's code, message and hint. Where nobody answers the code is
 * `manager-unreachable`; where something answers that is not a manager, `unexpected-answer`. An abort is thrown as it is.
 */
export function transport(options: ClientOptions): Transport {
  const { url = "", fetch = globalThis.fetch } = options;
  return async (path, call = {}) => {
    const address = `${url.replace(/\/+$/, "")}${apiRoot}${path}${queryText(call.query)}`;
    const response = await fetch(address, init(call, options)).catch((error: unknown) => {
      if (call.signal?.aborted === true) throw error;
      throw unreachable(address, error);
    });
    if (!response.ok) throw await refusal(response, address);
    return response;
  };
}

function queryText(query: Query = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined);
  if (pairs.length === 0) return "";
  return `?${new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, String(value)])).toString()}`;
}

function init(call: Call, { token, agent }: ClientOptions): RequestInit {
  return {
    method: call.method ?? "GET",
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(agent === undefined ? {} : { "user-agent": agent }),
      ...(call.body === undefined ? {} : { "content-type": "application/json" }),
      ...call.headers,
    },
    ...(call.body === undefined ? {} : { body: spell(call.body) }),
    ...(call.signal === undefined ? {} : { signal: call.signal }),
  };
}

function unreachable(address: string, cause: unknown): PolyphaseError {
  const reason = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause;
  return new PolyphaseError("manager-unreachable", `no manager answers at ${address}: ${messageOf(reason)}`, {
    cause,
    hint: "is the experiment still running?",
  });
}

async function refusal(response: Response, address: string): Promise<PolyphaseError> {
  const text = await response.text().catch(() => "");
  const error = errorIn(text);
  if (error === undefined)
    return new PolyphaseError(
      "unexpected-answer",
      `expected an answer of a manager from ${address}, got status ${response.status} with ${show(text)}`,
      { hint: "is the address that of a manager of this version?" },
    );
  return new PolyphaseError(error.code, error.message, error.hint === undefined ? {} : { hint: error.hint });
}

function errorIn(text: string): ErrorBody["error"] | undefined {
  try {
    const { error } = JSON.parse(text) as Partial<ErrorBody>;
    return typeof error?.code === "string" && typeof error.message === "string" ? error : undefined;
  } catch {
    return undefined;
  }
}

function show(text: string): string {
  if (text.trim() === "") return "nothing in it";
  return JSON.stringify(shortened(text, 80));
}
