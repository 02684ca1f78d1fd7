import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { messageOf, PolyphaseError } from "../model/index.ts";
import { checkBinding, isPublic, listen } from "../server/index.ts";
import type { App, Binding, Listening } from "../server/index.ts";
import { writePrivate } from "./home.ts";

/** Where a manager listens, as people say it and as a resumed experiment remembers it. Plain data. */
export interface Serving {
  /** Default 127.0.0.1. */
  readonly host: string;
  /** Absolute paths of PEM files: HTTPS is spoken. */
  readonly tls: TlsFiles | null;
  /** Listens without TLS where other machines hear it. */
  readonly insecurePublicBind: boolean;
}

export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

export const privateServing: Serving = { host: "127.0.0.1", tls: null, insecurePublicBind: false };

export interface Ports {
  /** Of the address that people use. */
  readonly page: WantedPort;
  /** Of the address on this machine, where that is another one. */
  readonly local: WantedPort;
}

export interface WantedPort {
  /** 0: any free one. */
  readonly port: number;
  /** Any free one, too, where somebody else has it. */
  readonly orAny: boolean;
}

export interface OpenServers {
  /** For trial jobs and the command line, on this machine. */
  readonly url: string;
  /** For people, also on other machines where these can reach it. */
  readonly publicUrl: string;
  close(): Promise<void>;
}

/** What is to be served, checked before anything is made. */
export interface PreparedServing {
  readonly serving: Serving;
  /** Names under which others may call it. */
  readonly hostNames: readonly string[];
  /** Rejects with `cannot-listen`, `tls-invalid`. */
  open(app: App, ports: Ports): Promise<OpenServers>;
}

/** Reads certificate and key. Throws `insecure-public-bind`, `tls-unreadable`, `tls-invalid`. */
export function prepareServing(serving: Serving): PreparedServing {
  const { host, insecurePublicBind } = serving;
  checkBinding({ host, tls: serving.tls, insecurePublicBind });
  if (serving.tls !== null) return prepareTls(serving, serving.tls);
  const hostNames = isPublic(host) ? [host, hostname()] : [];
  return {
    serving,
    hostNames,
    async open(app, { page }) {
      const server = await listenAt(app, { host, insecurePublicBind }, page);
      return {
        url: server.url,
        publicUrl: isWildcard(host) ? withHost(server.url, hostname()) : server.url,
        close: () => server.close(),
      };
    },
  };
}

/**
 * Over TLS there are two servers: one with the certificate, for people, and one for this machine alone without it, so that
 * trial jobs and the command line need not trust a certificate that may name another host than theirs.
 */
function prepareTls(serving: Serving, { certFile, keyFile }: TlsFiles): PreparedServing {
  const tls = { cert: readPem(certFile), key: readPem(keyFile) };
  const certified = namesIn(tls.cert, certFile);
  const { host } = serving;
  const best = certified.find((name) => !name.startsWith("*")) ?? hostname();
  return {
    serving,
    hostNames: [host, hostname(), ...certified],
    async open(app, ports) {
      const page = await listenAt(app, { host, tls }, ports.page);
      const local = await listenAt(app, { host: "127.0.0.1" }, ports.local).catch(async (error: unknown) => {
        await page.close();
        throw error;
      });
      return {
        url: local.url,
        publicUrl: isWildcard(host) ? withHost(page.url, best) : page.url,
        close: async () => void (await Promise.all([page.close(), local.close()])),
      };
    },
  };
}

async function listenAt(app: App, binding: Binding, { port, orAny }: WantedPort): Promise<Listening> {
  const wanted = listen(app, { ...binding, port });
  return orAny && port !== 0 ? wanted.catch(() => listen(app, { ...binding, port: 0 })) : wanted;
}

function isWildcard(host: string): boolean {
  return host === "0.0.0.0" || host === "::" || host === "";
}

function withHost(url: string, name: string): string {
  const { protocol, port } = new URL(url);
  return `${protocol}//${name}:${port}`;
}

function readPem(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new PolyphaseError("tls-unreadable", `expected a PEM file at ${path}, got: ${messageOf(cause)}`, {
      cause,
      hint: "--tls-cert and --tls-key name the files of certificate and key",
    });
  }
}

/** The DNS names that a certificate is for. */
function namesIn(cert: string, path: string): readonly string[] {
  try {
    const { subjectAltName = "" } = new X509Certificate(cert);
    return [...subjectAltName.matchAll(/DNS:([^\s,"]+)/g)].map((match) => match[1] as string);
  } catch (cause) {
    throw new PolyphaseError(
      "tls-invalid",
      `expected a certificate (PEM) in ${path}, got: ${messageOf(cause)}`,
      {
        cause,
      },
    );
  }
}

/**
 * Says where the manager is to trials that have lost it, and to a resumed experiment where it listened. No key is written
 * down, only where the key is.
 */
export function rememberServing(
  directory: string,
  serving: Serving,
  { url, publicUrl }: Pick<OpenServers, "url" | "publicUrl">,
): void {
  writePrivate(join(directory, "endpoint.json"), `${JSON.stringify({ url })}\n`);
  const content = { ...serving, port: portOf(publicUrl) };
  writePrivate(join(directory, "listen.json"), `${JSON.stringify(content, null, 2)}\n`);
}

/** As remembered; for this machine only where nothing is. */
export function rememberedServing(directory: string): { readonly serving: Serving; readonly ports: Ports } {
  const url = readJson(join(directory, "endpoint.json"))?.["url"];
  const local = { port: portOf(String(url)), orAny: true };
  const said = readJson(join(directory, "listen.json")) as (Serving & { readonly port: number }) | undefined;
  if (said === undefined) return { serving: privateServing, ports: { page: local, local } };
  const { port, ...serving } = said;
  return { serving, ports: { page: { port, orAny: true }, local } };
}

function readJson(path: string): { readonly [key: string]: unknown } | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as { readonly [key: string]: unknown };
  } catch {
    return undefined;
  }
}

function portOf(url: string): number {
  return URL.canParse(url) ? Number(new URL(url).port) : 0;
}
