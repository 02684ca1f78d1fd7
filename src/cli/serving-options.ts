import { resolve } from "node:path";
import type { Command } from "commander";
import type { Serving } from "../manager/index.ts";
import { port } from "./option-values.ts";
import { usageError } from "./session.ts";

/** Options of the commands that start a manager: where it listens. */
export interface ServingOptions {
  readonly port?: number;
  readonly host?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly insecurePublicBind?: true;
}

/** What a manager is started with. Plain data. */
export interface Listen {
  readonly port?: number;
  readonly serving?: Partial<Serving>;
}

/** `before`: what holds for a resumed experiment where nothing is said. */
export function servingOptions(command: Command, before?: "as before"): Command {
  const [ports, hosts] =
    before === undefined
      ? ["a free one", "127.0.0.1, this machine only"]
      : ["the one it had, if that is free", "where it listened before"];
  return command
    .option("--port <n>", `port of the manager (default: ${ports})`, port)
    .option("--host <address>", `address to listen on, 0.0.0.0 for all (default: ${hosts})`)
    .option("--tls-cert <file>", "speak HTTPS, with this certificate (PEM)")
    .option("--tls-key <file>", "and this key")
    .option("--insecure-public-bind", "listen without HTTPS where other machines hear it");
}

/** File names are taken from the present directory, where a resumed manager will not be. */
export function listenOf({ port, host, tlsCert, tlsKey, insecurePublicBind }: ServingOptions): Listen {
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw usageError("--tls-cert and --tls-key come together", "--tls-cert FILE --tls-key FILE");
  const serving: Partial<Serving> = {
    ...(host === undefined ? {} : { host }),
    ...(tlsCert === undefined || tlsKey === undefined
      ? {}
      : { tls: { certFile: resolve(tlsCert), keyFile: resolve(tlsKey) } }),
    ...(insecurePublicBind === undefined ? {} : { insecurePublicBind }),
  };
  return {
    ...(port === undefined ? {} : { port }),
    ...(Object.keys(serving).length === 0 ? {} : { serving }),
  };
}

/** The same as arguments of another process. */
export function servingArguments({ port, serving = {} }: Listen): readonly string[] {
  const { host, tls, insecurePublicBind } = serving;
  return [
    ...(port === undefined ? [] : ["--port", String(port)]),
    ...(host === undefined ? [] : ["--host", host]),
    ...(tls ? ["--tls-cert", tls.certFile, "--tls-key", tls.keyFile] : []),
    ...(insecurePublicBind === true ? ["--insecure-public-bind"] : []),
  ];
}
