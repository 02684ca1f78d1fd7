import { isPolyphaseError, PolyphaseError } from "../model/index.ts";
import { addressOf } from "./caller.ts";
import { refuse } from "./refusals.ts";
import type { AppContext } from "./app-context.ts";
import type { Server } from "./server.ts";

/**
 * The answer to a request that failed. Who has shown no good token may not keep the connection, and after many wrong ones
 * is asked to come back later. Calls from within the process have no address and may fail as often as they like.
 */
export function turnAway(error: unknown, server: Server, context: AppContext): Response {
  const { path } = context.req;
  if (!isPolyphaseError(error)) return refuse(error, server, path);
  if (!strangers.has(error.code)) return refuse(error, server, path);
  if (context.env?.outgoing) context.env.outgoing.shouldKeepAlive = false;
  const address = error.code === "wrong-token" ? addressOf(context) : null;
  const waitMs = address === null ? 0 : server.badTokens.count(address, server.clock.now());
  if (waitMs === 0) return refuse(error, {}, path);
  const response = refuse(tooMany(waitMs), {}, path);
  response.headers.set("retry-after", String(Math.ceil(waitMs / 1_000)));
  return response;
}

const strangers: ReadonlySet<string> = new Set([
  "unauthorized",
  "wrong-token",
  "forbidden-host",
  "forbidden-origin",
]);

function tooMany(waitMs: number): PolyphaseError {
  return new PolyphaseError(
    "too-many-wrong-tokens",
    `too many wrong tokens have come from this address; the next one is looked at in ${Math.ceil(waitMs / 1_000)} s`,
    { hint: "a right token is taken at any time" },
  );
}
