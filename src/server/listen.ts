import { createServer } from "node:http";
import type { IncomingMessage, Server as HttpServer, ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { messageOf, PolyphaseError } from "../model/index.ts";
import type { Binding } from "./binding.ts";
import { checkBinding } from "./binding.ts";
import type { ConnectionLimits } from "./connection-limits.ts";
import { defaultLimits, limitConnections, refuseLongUrl, serverOptions } from "./connection-limits.ts";
import { refuse } from "./refusals.ts";
import type { App, Closing } from "./app-context.ts";

export interface ListenOptions extends Binding {
  /** 0: any free one. */
  readonly port: number;
  /** How long requests that are being answered may take when the server closes. Default 2,000. */
  readonly closeGraceMs?: number;
  readonly limits?: Partial<ConnectionLimits>;
}

export interface Listening {
  /** Where callers on this machine find it. */
  readonly url: string;
  readonly port: number;
  /**
   * Takes no more connections, answers requests that are held open, ends event streams, and resolves when every connection
   * is gone. May be called twice.
   */
  close(): Promise<void>;
}

/** Serves the app over HTTP/1.1. Rejects with `cannot-listen`, `insecure-public-bind`, `tls-invalid`. */
export async function listen(app: App, options: ListenOptions): Promise<Listening> {
  checkBinding(options);
  const closing = closingBell();
  const limits = { ...defaultLimits, ...options.limits };
  const answer = getRequestListener((request, env) => app.fetch(request, Object.assign(env, { closing })), {
    errorHandler: malformedRequest,
  });
  const server = makeServer(options.tls, limits, (incoming, outgoing) => {
    if (closing.rung) outgoing.shouldKeepAlive = false;
    if (options.tls) sayOnlyTls(incoming, outgoing);
    if (!refuseLongUrl(incoming.url, outgoing, limits)) void answer(incoming, outgoing);
  });
  const sockets = limitConnections(server, limits, options.tls !== undefined);
  await listening(server, options);
  const { port } = server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  return {
    url: `${options.tls ? "https" : "http"}://${nameOf(options.host)}:${port}`,
    port,
    close() {
      closed ??= close(server, closing, sockets, options.closeGraceMs ?? 2_000);
      return closed;
    },
  };
}

function makeServer(
  tls: Binding["tls"],
  limits: ConnectionLimits,
  onRequest: (incoming: IncomingMessage, outgoing: ServerResponse) => void,
): HttpServer {
  const options = {
    ...serverOptions(limits),
    // A vanished peer is noticed by TCP; nothing else ends a connection, as trial jobs are silent for hours.
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
  };
  if (!tls) return createServer(options, onRequest);
  try {
    return createTlsServer({ ...options, ...tls, minVersion: "TLSv1.2" }, onRequest);
  } catch (cause) {
    throw new PolyphaseError(
      "tls-invalid",
      `expected a certificate and its key, both PEM, got: ${messageOf(cause)}`,
      { cause },
    );
  }
}

/**
 * The browser shall not speak to this host without TLS again, for a day. Never so for `localhost`, where it would hold for
 * all that the user runs on this machine.
 */
function sayOnlyTls({ headers }: IncomingMessage, outgoing: ServerResponse): void {
  if (!/^localhost(:|$)/i.test(headers.host ?? ""))
    outgoing.setHeader("strict-transport-security", "max-age=86400");
}

function listening(server: HttpServer, { host, port }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const hint = cause.code === "EADDRINUSE" ? "choose another port, or 0 for any free one" : undefined;
      reject(
        new PolyphaseError("cannot-listen", `cannot listen on ${host} port ${port}: ${cause.message}`, {
          cause,
          ...(hint === undefined ? {} : { hint }),
        }),
      );
    });
    server.listen({ host, port }, resolve);
  });
}

/** What a caller on this machine writes for the address listened on. */
function nameOf(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}

async function close(
  server: HttpServer,
  closing: Bell,
  sockets: ReadonlySet<Socket>,
  graceMs: number,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  closing.ring();
  const idle = setInterval(() => server.closeIdleConnections(), 10);
  const force = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, graceMs);
  await closed;
  clearInterval(idle);
  clearTimeout(force);
}

/** Bytes that HTTP allows and URLs do not. */
function malformedRequest(error: unknown): Response {
  return refuse(new PolyphaseError("malformed-request", messageOf(error), { cause: error }));
}

interface Bell extends Closing {
  readonly rung: boolean;
  ring(): void;
}

function closingBell(): Bell {
  const callbacks = new Set<() => void>();
  let rung = false;
  return {
    get rung() {
      return rung;
    },
    onClose(callback) {
      if (rung) callback();
      else callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
    ring() {
      rung = true;
      for (const callback of callbacks) callback();
      callbacks.clear();
    },
  };
}
