import { createServer } from "node:http";
import type { Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { messageOf, PolyphaseError } from "../model/index.ts";
import { refuse } from "./refusals.ts";
import type { App, Closing } from "./server.ts";

export interface ListenOptions {
  /** Address to listen on: `127.0.0.1` for this machine only, `0.0.0.0` or `::` for all. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** How long requests that are being answered may take when the server closes. Default 2,000. */
  readonly closeGraceMs?: number;
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

/** Serves the app over HTTP/1.1. Rejects with `cannot-listen`. */
export async function listen(app: App, options: ListenOptions): Promise<Listening> {
  const closing = closingBell();
  const answer = getRequestListener((request, env) => app.fetch(request, Object.assign(env, { closing })), {
    errorHandler: malformedRequest,
  });
  const server = createServer(
    // A vanished peer is noticed by TCP; nothing else ends a connection, as trial jobs are silent for hours.
    { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 },
    (incoming, outgoing) => {
      if (closing.rung) outgoing.shouldKeepAlive = false;
      void answer(incoming, outgoing);
    },
  );
  server.keepAliveTimeout = 0;
  await listening(server, options);
  const { port } = server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  return {
    url: `http://${nameOf(options.host)}:${port}`,
    port,
    close() {
      closed ??= close(server, closing, options.closeGraceMs ?? 2_000);
      return closed;
    },
  };
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

async function close(server: HttpServer, closing: Bell, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  closing.ring();
  const idle = setInterval(() => server.closeIdleConnections(), 10);
  const force = setTimeout(() => server.closeAllConnections(), graceMs);
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
