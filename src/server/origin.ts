import { PolyphaseError } from "../model/index.ts";
import type { Server } from "./server.ts";

/**
 * Refuses requests under a foreign host name. A page of another site could otherwise point its own name at this machine
 * and talk to this server as if it were its own (DNS rebinding); that needs a name, so numeric addresses are fine.
 */
export function checkHost(request: Request, server: Server): void {
  const name = hostOf(request.url).replace(/:\d+$/, "").toLowerCase();
  if (numericAddress.test(name) || name === "localhost" || server.hostNames?.includes(name) === true) return;
  const { url } = server.info();
  if (url !== null && name === new URL(url).hostname) return;
  throw new PolyphaseError("forbidden-host", `this server is not known as ${JSON.stringify(name)}`, {
    hint: "use the printed URL, or add the name to the manager's host names",
  });
}

const numericAddress = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[\da-f:.]+\])$/;

/** Refuses changes that another site's page asks a browser for. Programs send no Origin. */
export function checkOrigin(request: Request): void {
  const origin = request.headers.get("origin");
  if (origin === null || hostOf(`${origin}/`) === hostOf(request.url)) return;
  throw new PolyphaseError("forbidden-origin", `a page of ${origin} may not change this experiment`);
}

/** Host and port of an absolute URL, as written; empty for anything else. */
function hostOf(url: string): string {
  const start = url.indexOf("://");
  if (start < 0) return "";
  const end = url.indexOf("/", start + 3);
  return url.slice(start + 3, end < 0 ? undefined : end).toLowerCase();
}
