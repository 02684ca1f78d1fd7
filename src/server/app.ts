import { Hono } from "hono";
import { PolyphaseError } from "../model/index.ts";
import { adminDoor } from "./admin-door.ts";
import { eventHub } from "./event-hub.ts";
import { refuse } from "./refusals.ts";
import type { Route } from "./route.ts";
import { handlerOf } from "./route.ts";
import { routes } from "./routes/index.ts";
import type { App, AppEnv, Server, ServerDeps } from "./server.ts";
import { trialTokens } from "./trial-tokens.ts";

/** The whole HTTP API of one experiment, to be tried with `app.request()` or served with `listen`. */
export function createApp(deps: ServerDeps): App {
  const server: Server = {
    ...deps,
    admin: adminDoor(deps.adminToken, deps.experiment.state.experimentId),
    trialTokens: trialTokens(deps.experiment),
    events: eventHub(deps.experiment, deps.eventHeartbeatMs ?? 15_000),
  };
  const app = new Hono<AppEnv>();
  for (const route of routes) app.on(route.method, route.path, handlerOf(route, server));
  app.notFound((context) => noSuchRoute(context.req.method, context.req.path));
  app.onError((error) => refuse(error, deps.reportFault));
  return app;
}

function noSuchRoute(method: string, path: string): Response {
  const allowed = routes.filter((route) => patternOf(route).test(path)).map((route) => route.method);
  if (allowed.length === 0) {
    return refuse(
      new PolyphaseError("unknown-route", `there is nothing at ${path}`, {
        hint: "docs/openapi.json lists the whole API",
      }),
    );
  }
  const allow = allowed.join(", ");
  const response = refuse(new PolyphaseError("method-not-allowed", `${path} takes ${allow}, got ${method}`));
  response.headers.set("allow", allow);
  return response;
}

function patternOf(route: Route): RegExp {
  return new RegExp(`^${route.path.replace(/:\w+/g, "[^/]+")}$`);
}
