import type { Actor } from "../model/index.ts";
import type { AppContext } from "./app-context.ts";

/** Who calls the management API. */
export interface Caller {
  readonly token: "admin" | "viewer";
  /** IP address of the other end of the connection; null for calls from within this process. */
  readonly address: string | null;
  /** What the caller calls itself (User-Agent), cut to 200 characters; null where it does not say. */
  readonly agent: string | null;
}

export function callerOf(context: AppContext, token: Caller["token"]): Caller {
  const agent = context.req.raw.headers.get("user-agent");
  return { token, address: addressOf(context), agent: agent === null ? null : agent.slice(0, 200) };
}

/**
 * As the audit trail writes it down. Only the admin token opens what changes something.
 */
export function actorOf({ address, agent }: Caller): Actor {
  return { token: "admin", address, agent };
}

/** IPv4 addresses that come over an IPv6 socket read as what they are. */
export function addressOf(context: AppContext): string | null {
  const address = context.env?.incoming?.socket.remoteAddress;
  return address === undefined ? null : plainAddress(address);
}

export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=[\d.]+$)/, "");
}
