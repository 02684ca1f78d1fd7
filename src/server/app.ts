import { Hono } from "hono";
import { badTokens } from "./bad-tokens.ts";
import { eventHub } from "./event-hub.ts";
import { managementDoor } from "./management-door.ts";
import { noSuchRoute } from "./no-such-route.ts";
import { refuse } from "./refusals.ts";
import { handlerOf } from "./route.ts";
import { routes } from "./routes/index.ts";
import type { App, AppEnv } from "./app-context.ts";
import type { Server, ServerDeps } from "./server.ts";
import { trialTokens } from "./trial-tokens.ts";

/** The whole HTTP API of one experiment, to be tried with `app.request()` or served with `listen`. */
export function createApp(deps: ServerDeps): App {
  const tokens = { admin: deps.adminToken, viewer: deps.viewerToken, password: deps.password };
  const server: Server = {
    ...deps,
    door: managementDoor(tokens, deps.experiment.state.experimentId),
    badTokens: badTokens(),
    trialTokens: trialTokens(deps.experiment),
    events: eventHub(deps.experiment, {
      heartbeatMs: deps.eventHeartbeatMs ?? 15_000,
      most: deps.mostEventStreams ?? 100,
    }),
  };
  const app = new Hono<AppEnv>();
  for (const route of routes) app.on(route.method, route.path, handlerOf(route, server));
  app.notFound((context) => noSuchRoute(server, context));
  app.onError((error, context) => refuse(error, deps, context.req.path));
  return app;
}
