import { PolyphaseError } from "../model/index.ts";
import type { TrialClient } from "./client.ts";
import type { Environment, TrialSettings } from "./environment.ts";
import { settingsOf } from "./environment.ts";
import { managedClient } from "./managed-client.ts";
import { managerAt } from "./manager.ts";
import type { Console } from "./standalone-client.ts";
import { standaloneClient } from "./standalone-client.ts";

/** Who the trial job is, and where its manager. */
export interface TrialClientOptions {
  /** `http://host:port` */
  readonly url: string;
  /** Token of this trial job. */
  readonly token: string;
  /** JSON file `{"url"}`, read again whenever the manager cannot be reached. */
  readonly endpointFile?: string;
  /** Default "STANDALONE". */
  readonly experimentId?: string;
  /** Default "STANDALONE". */
  readonly trialJobId?: string;
  /** Default 0. */
  readonly trialJobNumber?: number;
  /** Index of the first phase to ask for. Default 0. */
  readonly firstIndex?: number;
  /** How long to look for a manager that is away, in milliseconds. Default: for ever. */
  readonly retryMs?: number;
  /** Told what the user should know though nothing is lost. Default: a line on stderr. */
  readonly warn?: (text: string) => void;
}

const absent = {
  endpointFile: undefined,
  experimentId: "STANDALONE",
  trialJobId: "STANDALONE",
  trialJobNumber: 0,
  firstIndex: 0,
  retryMs: Infinity,
} satisfies Partial<TrialSettings>;

/** A client for the manager at `url`. Does nothing until it is called. */
export function createTrialClient(options: TrialClientOptions): TrialClient {
  const { warn = processConsole.warn, ...settings } = { ...absent, ...options };
  if (!URL.canParse(settings.url)) {
    throw new PolyphaseError(
      "bad-environment",
      `expected http://host:port, got ${JSON.stringify(settings.url)}`,
    );
  }
  return managedClient(settings, managerAt({ ...settings, warn }), warn);
}

/** The client of a process with this environment: that of its manager, or a standalone one. Throws `bad-environment`. */
export function trialClientOf(environment: Environment, console: Console = processConsole): TrialClient {
  const { url, ...settings } = settingsOf(environment);
  if (url === undefined) return standaloneClient({ url, ...settings }, console);
  const { endpointFile, ...rest } = settings;
  return createTrialClient({
    ...rest,
    url,
    ...(endpointFile === undefined ? {} : { endpointFile }),
    warn: console.warn,
  });
}

const processConsole: Console = {
  print: (line) => void process.stdout.write(`${line}\n`),
  warn: (line) => void process.stderr.write(`polyphase: ${line}\n`),
};
