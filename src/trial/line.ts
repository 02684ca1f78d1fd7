import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { text } from "node:stream/consumers";

/** Keep-alive connections to one place: node:http, as `fetch` costs several times as much for small messages. */
export interface Line {
  /** Rejects when the connection fails, or when no answer comes for longer than any request may be held. */
  post(path: string, body: string): Promise<Exchanged>;
  hangUp(): void;
}

export interface Exchanged {
  readonly status: number;
  readonly text: string;
}

/** How long the manager may hold a request for parameters. */
export const holdMs = 25_000;

/** How long to wait for an answer: as long as it may be held, and then some. */
const answerMs = holdMs + 15_000;

export async function openLine(url: string, token: string): Promise<Line> {
  const { protocol, hostname, port, pathname } = new URL(url);
  // TLS is slow to load, and local trials never need it.
  const { Agent, request } = protocol === "https:" ? await import("node:https") : await import("node:http");
  const agent: Agent = new Agent({ keepAlive: true, noDelay: true });
  const base = pathname.replace(/\/+$/, "");
  const place: RequestOptions = { agent, host: hostname.replace(/^\[|\]$/g, ""), port, method: "POST" };
  const send = (path: string, body: Buffer): ClientRequest => {
    const headers = {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "content-length": body.byteLength,
    };
    return request({ ...place, path: base + path, headers });
  };
  return {
    async post(path, body) {
      const bytes = Buffer.from(body);
      const response = await answerTo(() => send(path, bytes), bytes);
      return { status: response.statusCode ?? 0, text: await text(response) };
    },
    hangUp: () => agent.destroy(),
  };
}

/** A connection that was closed while it was idle is no outage: the request is sent once more at once. */
async function answerTo(send: () => ClientRequest, body: Buffer): Promise<IncomingMessage> {
  const first = send();
  try {
    return await finish(first, body);
  } catch (error) {
    if (!first.reusedSocket) throw error;
    return finish(send(), body);
  }
}

function finish(request: ClientRequest, body: Buffer): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once("response", resolve);
    request.once("error", reject);
    request.setTimeout(answerMs, () => request.destroy(new Error(`no answer within ${answerMs / 1_000} s`)));
    request.end(body);
  });
}
