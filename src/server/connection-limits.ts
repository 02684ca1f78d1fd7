import { STATUS_CODES } from "node:http";
import type { Server as HttpServer, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { messageOf, PolyphaseError } from "../model/index.ts";
import { plainAddress } from "./caller.ts";
import type { Refusal } from "./refusals.ts";
import { refusalOf } from "./refusals.ts";

/** How much one server takes of its callers. Trial jobs are silent for hours: nothing limits the time between requests. */
export interface ConnectionLimits {
  /** Most connections at once; one more is answered 503 and closed. */
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** Longest time from the connection, or the first byte of a request, to the end of its headers; with TLS, of its handshake. */
  readonly headersMs: number;
  /** Longest time from the first byte of a request to the last of its body. */
  readonly requestMs: number;
  /** Most bytes of a request before its body. */
  readonly headerBytes: number;
  readonly urlLength: number;
}

export const defaultLimits: ConnectionLimits = {
  connections: 2_000,
  connectionsPerAddress: 1_000,
  headersMs: 20_000,
  requestMs: 120_000,
  headerBytes: 16_384,
  urlLength: 8_192,
};

/** The same limits as Node's server calls them. */
export function serverOptions({ headersMs, requestMs, headerBytes }: ConnectionLimits): object {
  const headersTimeout = Math.min(headersMs, requestMs);
  return {
    headersTimeout,
    requestTimeout: requestMs,
    handshakeTimeout: headersTimeout,
    connectionsCheckingInterval: Math.min(5_000, Math.ceil(headersTimeout / 2)),
    maxHeaderSize: headerBytes,
    keepAliveTimeout: 0,
  };
}

/**
 * Counts the connections, refuses those that are too many, and words what Node finds wrong with a request. The sockets that
 * are open, also those whose TLS has not begun, are in the set that is returned.
 */
export function limitConnections(
  server: HttpServer,
  limits: ConnectionLimits,
  isTls: boolean,
): ReadonlySet<Socket> {
  const open = new Set<Socket>();
  const perAddress = new Map<string, number>();
  server.on("connection", (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress ?? "");
    const ofAddress = perAddress.get(address) ?? 0;
    if (open.size >= limits.connections || ofAddress >= limits.connectionsPerAddress)
      return refuseConnection(socket, isTls);
    open.add(socket);
    perAddress.set(address, ofAddress + 1);
    socket.once("close", () => {
      open.delete(socket);
      const left = (perAddress.get(address) ?? 1) - 1;
      if (left === 0) perAddress.delete(address);
      else perAddress.set(address, left);
    });
  });
  server.on("clientError", refuseRequest);
  return open;
}

/** Whoever speaks TLS cannot be told anything yet. */
function refuseConnection(socket: Socket, isTls: boolean): void {
  socket.pause();
  if (isTls) return void socket.destroy();
  const tooMany = new PolyphaseError("too-many-connections", "too many connections are open", {
    hint: "come back when others have been closed",
  });
  socket.end(rawAnswer(refusalOf(tooMany)));
  socket.destroySoon();
}

/**
 * Answers what is no request, or came too slowly. Where an answer is on its way already, the connection just ends; only
 * Node's own mark on the socket tells.
 */
function refuseRequest(
  error: NodeJS.ErrnoException,
  socket: Duplex & { _httpMessage?: ServerResponse },
): void {
  if (!socket.writable || !isAboutHttp(error) || socket._httpMessage?.headersSent === true)
    return void socket.destroy();
  socket.end(rawAnswer(refusalOf(faultOf(error))), () => socket.destroy());
}

/** Not about the connection below it, over which nothing can be said then. */
function isAboutHttp({ code = "" }: NodeJS.ErrnoException): boolean {
  return code === "ERR_HTTP_REQUEST_TIMEOUT" || code.startsWith("HPE_");
}

function faultOf(cause: NodeJS.ErrnoException): PolyphaseError {
  if (cause.code === "ERR_HTTP_REQUEST_TIMEOUT")
    return new PolyphaseError("too-slow", "the request did not arrive in time", { cause });
  if (cause.code === "HPE_HEADER_OVERFLOW")
    return new PolyphaseError("headers-too-large", "the request's headers are too large", { cause });
  return new PolyphaseError("malformed-request", `this is no HTTP request: ${messageOf(cause)}`, { cause });
}

function rawAnswer({ status, headers, text }: Refusal): string {
  const all = { ...headers, ...lengthOf(text), connection: "close" };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("")}\r\n${text}`;
}

/** Refuses a request whose address is too long; false where it is not. */
export function refuseLongUrl(
  url: string | undefined,
  outgoing: ServerResponse,
  { urlLength }: ConnectionLimits,
): boolean {
  const length = url?.length ?? 0;
  if (length <= urlLength) return false;
  const { status, headers, text } = refusalOf(
    new PolyphaseError("url-too-long", `expected a URL of at most ${urlLength} characters, got ${length}`),
  );
  outgoing.shouldKeepAlive = false;
  outgoing.writeHead(status, { ...headers, ...lengthOf(text) }).end(text);
  return true;
}

function lengthOf(text: string): { readonly "content-length": string } {
  return { "content-length": String(Buffer.byteLength(text)) };
}
