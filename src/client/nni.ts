import type { Query } from "./transport.ts";

/** What NNI 1.4's routes answer, in its words; for programs that pass them on. */
export interface NniClient {
  checkStatus(): Promise<{ readonly status: string; readonly errors: readonly string[] }>;
  experiment(): Promise<NniProfile>;
  trialJobs(): Promise<readonly NniTrialJob[]>;
  exportData(): Promise<readonly NniPoint[]>;
}

/** All that programs here look at; there is more in it. */
export interface NniProfile {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly startTime: number;
  readonly endTime?: number;
}

/** All that programs here look at; there is more in it. */
export interface NniTrialJob {
  readonly id: string;
  readonly status: string;
  /** `file://localhost:` and the job's directory. */
  readonly logPath: string;
  readonly startTime: number;
  readonly endTime?: number;
}

/** A configuration and its result. */
export interface NniPoint {
  readonly parameter: unknown;
  /** JSON text, in which NaN may stand. */
  readonly value: string;
  /** Of the trial job. */
  readonly id: string;
}

export function nniClient(get: <Body>(path: string, query?: Query) => Promise<Body>): NniClient {
  return {
    checkStatus: () => get("/nni/check-status"),
    experiment: () => get("/nni/experiment"),
    trialJobs: () => get("/nni/trial-jobs"),
    exportData: () => get("/nni/export-data"),
  };
}
