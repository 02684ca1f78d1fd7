import type { Experiment } from "../experiment/index.ts";
import { systemClock } from "../experiment/index.ts";
import { PolyphaseError } from "../model/index.ts";
import type { ExperimentState } from "../model/index.ts";
import { createApp } from "../server/index.ts";
import type { App, ServerDeps } from "../server/index.ts";
import { readSecret, viewerTokenOf } from "./home.ts";
import { readState } from "./remains.ts";
import { prepareServing, privateServing } from "./serving.ts";
import type { OpenServers, Serving } from "./serving.ts";
import { readManagerLog, readTrialLog } from "./trial-logs.ts";
import { version } from "./version.ts";

export interface Archive {
  /** The management API, answered from the journal; changes are refused with `experiment-ended`. */
  readonly fetch: typeof fetch;
  close(): Promise<void>;
}

/** Opens an experiment that has no living manager, for reading. Throws `experiment-missing`, `journal-unreadable`. */
export async function openArchive(directory: string): Promise<Archive> {
  const token = readSecret(directory, "token");
  const app = archiveApp(directory, { adminToken: token });
  return {
    async fetch(input, init) {
      const request = new Request(input, init);
      request.headers.set("authorization", `Bearer ${token}`);
      return app.fetch(request);
    },
    async close() {},
  };
}

/** An archive that answers over HTTP. */
export interface ServedArchive extends OpenServers {
  /** Opens what only reads; here, that is all there is. */
  readonly viewerToken: string;
}

export interface ArchiveServing {
  readonly port?: number;
  readonly serving?: Partial<Serving>;
  readonly password?: string | undefined;
}

/** Serves what {@link openArchive} opens, for those who show the viewer token, or `password`. */
export async function serveArchive(
  directory: string,
  { port = 0, serving = {}, password }: ArchiveServing,
): Promise<ServedArchive> {
  const { hostNames, open } = prepareServing({ ...privateServing, ...serving });
  const viewerToken = viewerTokenOf(directory);
  const adminToken = readSecret(directory, "token");
  const door = { adminToken, viewerToken, hostNames, ...(password === undefined ? {} : { password }) };
  const app = archiveApp(directory, door);
  const anyPort = { port: 0, orAny: true };
  return { ...(await open(app, { page: { port, orAny: false }, local: anyPort })), viewerToken };
}

function archiveApp(
  directory: string,
  door: Pick<ServerDeps, "adminToken" | "viewerToken" | "password" | "hostNames">,
): App {
  const state = readState(directory);
  if (state.seq === 0)
    throw new PolyphaseError("experiment-missing", `the journal in ${directory} is empty: it never started`);
  const experiment = pastExperiment(state);
  return createApp({
    experiment,
    info: () => ({ pid: null, url: null, version }),
    ...door,
    readLog: (trialJobId, stream) => readTrialLog(directory, experiment, trialJobId, stream),
    managerLog: () => readManagerLog(directory),
    directory,
    clock: systemClock(),
  });
}

/** Without a manager nothing changes any more. One that died in mid-run reads as stopped. */
function pastExperiment(state: ExperimentState): Experiment {
  const over = state.endedAt !== null;
  const past: ExperimentState = over
    ? state
    : {
        ...state,
        status: "STOPPED",
        statusReason: `its manager is gone; resume it to go on${state.pauseCause === "person" ? " (it stays paused)" : ""}`,
        pauseCause: null,
        endedAt: state.lastRecordAt,
      };
  const refuse = (): Promise<never> =>
    Promise.reject(
      new PolyphaseError("experiment-ended", `experiment ${state.experimentId} has no living manager`, {
        hint: `polyphase resume ${state.experimentId}`,
      }),
    );
  return {
    state: past,
    ended: Promise.resolve(past.status),
    settled: () => Promise.resolve(),
    subscribe: () => () => {},
    heartbeat: () => {},
    requestParameters: refuse,
    reportIntermediateResult: refuse,
    reportFinalResult: refuse,
    cancelTrialJob: refuse,
    stopPhase: refuse,
    pause: refuse,
    unpause: refuse,
    update: refuse,
    addParameters: refuse,
    importPoints: refuse,
    stop: refuse,
  };
}
