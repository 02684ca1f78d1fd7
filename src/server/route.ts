import type * as z from "zod";
import { PolyphaseError } from "../model/index.ts";
import type { Caller } from "./caller.ts";
import { callerOf } from "./caller.ts";
import { checkFetchSite, checkHost, checkOrigin } from "./origin.ts";
import { checked, readBody } from "./body.ts";
import type { RefusalCode } from "./refusals.ts";
import type { AppContext } from "./app-context.ts";
import type { Server } from "./server.ts";
import { turnAway } from "./turn-away.ts";

/** One call of the API: what the router answers and what the OpenAPI document says come from this same value. */
export type Route = TrialRoute<unknown> | AdminRoute<unknown, unknown>;

/**
 * Which token opens a route. `trial`: that of one trial job, for this job alone. `viewer`: the experiment's viewer token
 * or its admin token; such a route changes nothing. `admin`: its admin token. There are no others.
 */
export type Access = Route["access"];

interface Described<Body> {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** From the server's root, parameters as `:name`. */
  readonly path: string;
  /** Unique; the OpenAPI `operationId`. */
  readonly name: string;
  readonly summary: string;
  /** Name → meaning. */
  readonly pathParameters?: { readonly [name: string]: string };
  readonly body?: z.ZodType<Body>;
  readonly answer: Answer;
  /** Beside those that every route has. */
  readonly refusals: readonly RefusalCode[];
}

export type Answer =
  | { readonly kind: "json"; readonly status: number; readonly schema: z.ZodType; readonly meaning: string }
  | {
      readonly kind: "text";
      readonly type: "text/plain" | "text/html" | "text/event-stream";
      readonly meaning: string;
    };

export interface TrialRoute<Body> extends Described<Body> {
  readonly access: "trial";
  handle(call: TrialCall<Body>): Response | Promise<Response>;
}

export interface TrialCall<Body> {
  readonly context: AppContext;
  readonly server: Server;
  readonly trialJobId: string;
  readonly body: Body;
}

export interface AdminRoute<Body, Query> extends Described<Body> {
  readonly access: "viewer" | "admin";
  readonly query?: z.ZodType<Query>;
  handle(call: AdminCall<Body, Query>): Response | Promise<Response>;
}

export interface AdminCall<Body, Query> {
  readonly context: AppContext;
  readonly server: Server;
  readonly body: Body;
  readonly query: Query;
  /** Decoded; empty where the path has no parameter of that name. */
  param(name: string): string;
  readonly caller: Caller;
  /** The token came as `?token=`: the answer sets the browser's cookie. */
  readonly tokenInUrl: boolean;
}

export function trialRoute<Body>(route: Omit<TrialRoute<Body>, "access">): Route {
  return { access: "trial", ...route };
}

/** A call that only reads: open to viewers. */
export function viewerRoute<Query>(
  route: Omit<AdminRoute<undefined, Query>, "access" | "body"> & { readonly method: "GET" },
): Route {
  return { access: "viewer", ...route };
}

/** A call that changes something, or shows what viewers may not see. */
export function adminRoute<Body, Query>(route: Omit<AdminRoute<Body, Query>, "access">): Route {
  return { access: "admin", ...route };
}

/** What the router calls: the whole way of one request, without middleware, as trial jobs wait for it. */
export function handlerOf(route: Route, server: Server): (context: AppContext) => Promise<Response> {
  const serve = route.access === "trial" ? serveTrial : serveAdmin;
  return async (context) => {
    try {
      checkHost(context.req.raw, server);
      if (route.method !== "GET") checkOrigin(context.req.raw);
      // The two kinds of route go with the two functions above.
      return await serve(route as TrialRoute<unknown> & AdminRoute<unknown, unknown>, server, context);
    } catch (error) {
      return turnAway(error, server, context);
    }
  };
}

async function serveTrial(
  route: TrialRoute<unknown>,
  server: Server,
  context: AppContext,
): Promise<Response> {
  const request = context.req.raw;
  const trialJobId = server.trialTokens.trialJobOf(request.headers.get("authorization"));
  const body = route.body === undefined ? undefined : await readBody(request, route.body);
  return route.handle({ context, server, trialJobId, body });
}

async function serveAdmin(
  route: AdminRoute<unknown, unknown>,
  server: Server,
  context: AppContext,
): Promise<Response> {
  const request = context.req.raw;
  checkFetchSite(request);
  const { token, cookie } = server.door.admit(request);
  if (route.access === "admin" && token !== "admin") throw readOnly(route);
  const query =
    route.query === undefined ? undefined : checked(queryOf(request), route.query, "invalid-query");
  const body = route.body === undefined ? undefined : await readBody(request, route.body);
  const param = (name: string): string => context.req.param(name) ?? "";
  await server.experiment.settled();
  const caller = callerOf(context, token);
  const tokenInUrl = cookie !== undefined;
  const response = await route.handle({ context, server, query, body, param, caller, tokenInUrl });
  if (cookie !== undefined) response.headers.append("set-cookie", cookie);
  return request.method === "HEAD" ? withoutBody(response) : response;
}

/** Closes what the body would have been read from. */
async function withoutBody(response: Response): Promise<Response> {
  const { status, headers } = response;
  await response.body?.cancel();
  return new Response(null, { status, headers });
}

function readOnly({ method, path }: AdminRoute<unknown, unknown>): PolyphaseError {
  return new PolyphaseError(
    "read-only",
    `the viewer token only reads: ${method} ${path} needs the admin token`,
    {
      hint: "polyphase url prints the address that has it",
    },
  );
}

function queryOf(request: Request): Record<string, string> {
  const query = Object.fromEntries(new URL(request.url).searchParams);
  delete query["token"];
  return query;
}
