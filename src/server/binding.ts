import { isIPv4 } from "node:net";
import { PolyphaseError } from "../model/index.ts";

/** Where a server listens, and how much of what is said there others may hear. */
export interface Binding {
  /** Address to listen on: `127.0.0.1` for this machine only, `0.0.0.0` or `::` for all. */
  readonly host: string;
  /** Certificate and key, PEM: HTTPS is spoken. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Listens without TLS where other machines hear it: tokens cross the network in the clear. */
  readonly insecurePublicBind?: boolean | undefined;
}

/** Whether other machines may reach it: everything but 127.0.0.0/8, ::1 and localhost. */
export function isPublic(host: string): boolean {
  const name = host.toLowerCase();
  return !(name === "localhost" || name === "::1" || (isIPv4(name) && name.startsWith("127.")));
}

/** Throws `insecure-public-bind`. */
export function checkBinding({
  host,
  tls,
  insecurePublicBind,
}: {
  readonly host: string;
  readonly tls?: unknown;
  readonly insecurePublicBind?: boolean | undefined;
}): void {
  if (!isPublic(host) || tls || insecurePublicBind === true) return;
  throw new PolyphaseError(
    "insecure-public-bind",
    `expected an address of this machine only (127.0.0.0/8, ::1 or localhost) or TLS, got ${host || "all addresses"} without TLS: tokens would cross the network in the clear`,
    {
      hint: "--tls-cert FILE --tls-key FILE speaks HTTPS; --insecure-public-bind takes the risk, as behind a proxy that speaks HTTPS",
    },
  );
}
