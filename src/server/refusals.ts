import type { ErrorBody } from "../model/http.ts";
import { isPolyphaseError, messageOf } from "../model/index.ts";
import type { NniErrorBody } from "./nni/schemas.ts";
import { isNniPath } from "./nni/nni-root.ts";
import { jsonHeaders } from "./responses.ts";
import type { ServerDeps } from "./server.ts";

export type RefusalCode =
  | "malformed-request"
  | "malformed-json"
  | "invalid-body"
  | "invalid-query"
  | "search-space-invalid"
  | "search-space-unsupported"
  | "unauthorized"
  | "wrong-token"
  | "token-superseded"
  | "forbidden-host"
  | "forbidden-origin"
  | "read-only"
  | "too-many-wrong-tokens"
  | "unknown-route"
  | "unknown-trial-job"
  | "unknown-phase"
  | "log-unavailable"
  | "method-not-allowed"
  | "no-such-phase"
  | "parameter-index-skipped"
  | "phase-ended"
  | "result-conflict"
  | "sequence-skipped"
  | "limit-reached"
  | "trial-job-ended"
  | "experiment-ended"
  | "set-at-creation"
  | "body-too-large"
  | "body-incomplete"
  | "unsupported-encoding"
  | "url-too-long"
  | "headers-too-large"
  | "too-slow"
  | "too-many-connections"
  | "too-many-streams"
  | "cancel-failed"
  | "journal-failed";

/** The status of every refusal. A code that is not here is our fault: 500. */
export const statusOfRefusal: Readonly<Record<RefusalCode, number>> = {
  "malformed-request": 400,
  "malformed-json": 400,
  "invalid-body": 400,
  "invalid-query": 400,
  "search-space-invalid": 400,
  "search-space-unsupported": 400,
  unauthorized: 401,
  "wrong-token": 401,
  "token-superseded": 401,
  "forbidden-host": 403,
  "forbidden-origin": 403,
  "read-only": 403,
  "unknown-route": 404,
  "unknown-trial-job": 404,
  "unknown-phase": 404,
  "log-unavailable": 404,
  "method-not-allowed": 405,
  "no-such-phase": 409,
  "parameter-index-skipped": 409,
  "phase-ended": 409,
  "result-conflict": 409,
  "sequence-skipped": 409,
  "limit-reached": 409,
  "set-at-creation": 409,
  "trial-job-ended": 410,
  "experiment-ended": 410,
  "too-slow": 408,
  "body-too-large": 413,
  "body-incomplete": 400,
  "url-too-long": 414,
  "unsupported-encoding": 415,
  "too-many-wrong-tokens": 429,
  "headers-too-large": 431,
  "cancel-failed": 502,
  "journal-failed": 503,
  "too-many-connections": 503,
  "too-many-streams": 503,
};

/** The answer to a call of `path` that failed; `reportFault` hears of those that are not the caller's fault. */
export function refuse(
  error: unknown,
  { reportFault, redact = asItIs }: Pick<ServerDeps, "reportFault" | "redact"> = {},
  path = "",
): Response {
  const { text, ...init } = refusalOf(error, redact, path);
  if (init.status === 500) reportFault?.(error);
  return new Response(text, init);
}

export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export function refusalOf(error: unknown, redact: (text: string) => string = asItIs, path = ""): Refusal {
  const code = isPolyphaseError(error) ? error.code : "internal-error";
  const status = statusOf(code);
  const hint = isPolyphaseError(error) ? error.hint : undefined;
  const told: ErrorBody["error"] = {
    code,
    message: redact(messageOf(error)),
    ...(hint === undefined ? {} : { hint: redact(hint) }),
  };
  const body = isNniPath(path) ? nniBody(told) : { error: told };
  return { status, headers: { ...jsonHeaders, ...headersOf[status] }, text: JSON.stringify(body) };
}

/** Clients of NNI look for a text in `error`. */
function nniBody({ code, message, hint }: ErrorBody["error"]): NniErrorBody {
  return { error: hint === undefined ? message : `${message} (${hint})`, code };
}

function asItIs(text: string): string {
  return text;
}

const headersOf: { readonly [status: number]: Readonly<Record<string, string>> } = {
  401: { "www-authenticate": "Bearer" },
  503: { "retry-after": "1" },
};

function statusOf(code: string): number {
  return Object.hasOwn(statusOfRefusal, code) ? statusOfRefusal[code as RefusalCode] : 500;
}
