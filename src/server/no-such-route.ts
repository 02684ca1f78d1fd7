import { isPolyphaseError, PolyphaseError } from "../model/index.ts";
import { checkHost } from "./origin.ts";
import { refuse } from "./refusals.ts";
import type { Route } from "./route.ts";
import { routes } from "./routes/index.ts";
import type { AppContext } from "./app-context.ts";
import type { Server } from "./server.ts";
import { turnAway } from "./turn-away.ts";

/** The answer where there is no route. Whoever has no token learns no more than that one is needed. */
export function noSuchRoute(server: Server, context: AppContext): Response {
  try {
    checkHost(context.req.raw, server);
    checkAnyToken(server, context.req.raw);
  } catch (error) {
    return turnAway(error, server, context);
  }
  return refusalOf(context.req.method, context.req.path);
}

/** Any of the experiment's: of a trial job, a viewer, or an admin. */
function checkAnyToken(server: Server, request: Request): void {
  try {
    server.door.admit(request);
  } catch (error) {
    if (!isPolyphaseError(error) || error.code !== "wrong-token") throw error;
    server.trialTokens.trialJobOf(request.headers.get("authorization"));
  }
}

function refusalOf(method: string, path: string): Response {
  const allowed = routes.filter((route) => patternOf(route).test(path)).map((route) => route.method);
  if (allowed.length === 0) {
    return refuse(
      new PolyphaseError("unknown-route", `there is nothing at ${path}`, {
        hint: "docs/openapi.json lists the whole API",
      }),
      {},
      path,
    );
  }
  const allow = allowed.join(", ");
  const error = new PolyphaseError("method-not-allowed", `${path} takes ${allow}, got ${method}`);
  const response = refuse(error, {}, path);
  response.headers.set("allow", allow);
  return response;
}

function patternOf(route: Route): RegExp {
  return new RegExp(`^${route.path.replace(/:\w+/g, "[^/]+")}$`);
}
