import { createReadStream } from "node:fs";
import { join } from "node:path";
import type { Experiment } from "../experiment/index.ts";
import { systemClock } from "../experiment/index.ts";
import { fold, sqliteJournal } from "../journal/index.ts";
import { PolyphaseError } from "../model/index.ts";
import type { ExperimentState } from "../model/index.ts";
import { createApp } from "../server/index.ts";
import { journalPath, readSecret } from "./home.ts";
import { readTrialLog } from "./trial-logs.ts";
import { version } from "./version.ts";

export interface Archive {
  /** The management API, answered from the journal; changes are refused with `experiment-ended`. */
  readonly fetch: typeof fetch;
  close(): Promise<void>;
}

/** Opens an experiment that has no living manager, for reading. Throws `experiment-missing`, `journal-unreadable`. */
export async function openArchive(directory: string): Promise<Archive> {
  const token = readSecret(directory, "token");
  const journal = sqliteJournal(journalPath(directory), { readOnly: true });
  const state = fold(journal.read());
  journal.close();
  if (state.seq === 0)
    throw new PolyphaseError("experiment-missing", `the journal in ${directory} is empty: it never started`);
  const experiment = pastExperiment(state);
  const app = createApp({
    experiment,
    info: () => ({ pid: null, url: null, version }),
    adminToken: token,
    readLog: (trialJobId, stream) => readTrialLog(directory, experiment, trialJobId, stream),
    managerLog: () => createReadStream(join(directory, "manager.log"), "utf8"),
    clock: systemClock(),
  });
  return {
    async fetch(input, init) {
      const request = new Request(input, init);
      request.headers.set("authorization", `Bearer ${token}`);
      return app.fetch(request);
    },
    async close() {},
  };
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
