import { PolyphaseError } from "../model/index.ts";
import type { Server } from "./server.ts";

/**
 * Refuses requests under a foreign host name. A page of another site could otherwise point its own name at this machine
 * and talk to this server as if it were its own (DNS rebinding); that needs a name, so numeric addresses are fine.
 */
export function checkHost(request: Request, server: Server): void {
  const name = hostOf(request.url).replace(/:\d+$/, "").toLowerCase();
  if (numericAddress.test(name) || name === "localhost") return;
  if (server.hostNames?.some((ours) => isNamed(name, ours)) === true) return;
  const { url } = server.info();
  if (url !== null && name === new URL(url).hostname) return;
  throw new PolyphaseError("forbidden-host", `this server is not known as ${JSON.stringify(name)}`, {
    hint: "use the printed URL, or start the manager with --host NAME",
  });
}

const numericAddress = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[\da-f:.]+\])$/;

/** `*.example.org` stands for one label, as in certificates. */
function isNamed(name: string, ours: string): boolean {
  const known = ours.toLowerCase();
  if (!known.startsWith("*.")) return name === known;
  return name.slice(name.indexOf(".")) === known.slice(1);
}

/** Refuses changes that another site's page asks a browser for. Programs send no Origin. */
export function checkOrigin(request: Request): void {
  const origin = request.headers.get("origin");
  if (origin === null || isOurs(origin, request.url)) return;
  throw new PolyphaseError("forbidden-origin", `a page of ${origin} may not change this experiment`);
}

/** Over TLS the page's own scheme counts too; before a proxy that speaks TLS for us it cannot. */
function isOurs(origin: string, url: string): boolean {
  if (url.startsWith("https:") && !origin.startsWith("https:")) return false;
  return hostOf(`${origin}/`) === hostOf(url);
}

/**
 * Refuses what pages of other sites make a browser fetch, or show within themselves: it would carry our cookie where the
 * other site is a server on this machine too. Following a link is fine. Programs send no such header.
 */
export function checkFetchSite(request: Request): void {
  const { headers, method } = request;
  const site = headers.get("sec-fetch-site");
  if (site === null || site === "same-origin" || site === "none") return;
  const isLink = headers.get("sec-fetch-mode") === "navigate" && headers.get("sec-fetch-dest") === "document";
  if (isLink && method === "GET") return;
  throw new PolyphaseError("forbidden-origin", `a ${site} page may not fetch this`);
}

/** Host and port of an absolute URL, as written; empty for anything else. */
function hostOf(url: string): string {
  const start = url.indexOf("://");
  if (start < 0) return "";
  const end = url.indexOf("/", start + 3);
  return url.slice(start + 3, end < 0 ? undefined : end).toLowerCase();
}
