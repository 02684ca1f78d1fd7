/** The management API, typed: what the command line, the web UI and programs talk to a manager with. */
export { createClient } from "./client.ts";
export type {
  Aborting,
  Client,
  HealthView,
  LogStream,
  PageQuery,
  PhaseQuery,
  TrialJobQuery,
} from "./client.ts";
export type { ExperimentEvent } from "./events.ts";
export type { ClientOptions } from "./transport.ts";
export type { NniClient, NniPoint, NniProfile, NniTrialJob } from "./nni.ts";
