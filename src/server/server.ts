import type { Experiment } from "../experiment/experiment.ts";
import type { ManagerPresence } from "../journal/views.ts";
import type { SearchSpace } from "../model/index.ts";
import type { BadTokens } from "./bad-tokens.ts";
import type { EventHub } from "./event-hub.ts";
import type { ManagementDoor } from "./management-door.ts";
import type { TrialTokens } from "./trial-tokens.ts";

/** What the server is made from. */
export interface ServerDeps {
  readonly experiment: Experiment;
  /** The manager's process and address, as they are now. */
  info(): { readonly pid: number | null; readonly url: string | null; readonly version: string };
  /** Opens everything but the trial API. */
  readonly adminToken: string;
  /** Opens what only reads. Absent: there is no such token. */
  readonly viewerToken?: string;
  /** Opens what the admin token opens, as the password of Basic authentication only. Absent: there is none. */
  readonly password?: string;
  /** Text that a trial job wrote; undefined where there is none. */
  readLog?(trialJobId: string, stream: LogStream): AsyncIterable<string> | undefined;
  /** Keeps lines that a trial job sends for its log. Absent: they are dropped, and the answer says so. */
  appendTrialLog?(trialJobId: string, lines: readonly string[]): void;
  managerLog?(): AsyncIterable<string> | undefined;
  /** Throws where the experiment's tuner cannot search this space. Absent: any space passes. */
  checkSearchSpace?(space: SearchSpace): Promise<void>;
  /** Where the experiment's files are, for what tells people of paths. Absent: nowhere. */
  readonly directory?: string;
  readonly clock: { now(): number };
  /**
   * Names under which browsers and trial jobs may call this server, beside the one it listens on; `*.example.org` stands
   * for one label. `localhost` and numeric addresses are always accepted.
   */
  readonly hostNames?: readonly string[];
  /** Takes secrets out of what error answers say. Absent: nothing is secret. */
  redact?(text: string): string;
  /** Told of every error that is not the caller's fault (status 500). */
  reportFault?(error: unknown): void;
  /** Time between signs of life in the event stream. Default 15,000. */
  readonly eventHeartbeatMs?: number;
  /** Most event streams at once. Default 100. */
  readonly mostEventStreams?: number;
}

export type LogStream = "stdout" | "stderr";

/** What route handlers work with: the parts given, and those made of them. */
export interface Server extends ServerDeps {
  readonly door: ManagementDoor;
  readonly badTokens: BadTokens;
  readonly trialTokens: TrialTokens;
  readonly events: EventHub;
}

export function presence(server: Server): ManagerPresence {
  const { pid, url } = server.info();
  return { now: server.clock.now(), pid, url };
}
