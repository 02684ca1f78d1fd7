import type { ParametersAnswer } from "../model/http.ts";
import type { CancelReason } from "../model/index.ts";

/**
 * What is open in this process and not in the journal: questions to the tuner, requests of trials, calls to the training
 * service. A restarted manager begins with an empty desk; everything on it is asked again by whoever needs it.
 */
export interface Desk {
  now(): number;
  /** The question to the tuner that each job has, by trial job id. One at a time: a job's requests are in order. */
  readonly asks: Map<string, Ask>;
  /** Names of jobs that come to be with their first parameters. */
  readonly drafts: Set<string>;
  /** Requests held open, by trial job id. */
  readonly requests: Map<string, OpenRequest[]>;
  /** Jobs handed to the training service by this process, with the attempt. */
  readonly submitted: Map<string, number>;
  readonly cancelling: Map<string, CancelReason>;
  /** Signs of life that are not worth a record, by trial job id. */
  readonly heartbeats: Map<string, number>;
  /** The tuner has heard of all facts up to this record. */
  heard: number;
  /** The last phase-ended that it has heard of in this process; 0 before the first. */
  heardOfEnd: number;
}

export interface Ask {
  readonly trialJobId: string;
  readonly parameterIndex: number;
  readonly parameterId: number;
  /** `queued`: to be sent; `asked`: the tuner thinks; `waiting`: it wants to hear of a phase's end first. */
  state: "queued" | "asked" | "waiting";
}

export interface OpenRequest {
  readonly parameterIndex: number;
  answer(answer: ParametersAnswer): void;
  refuse(error: Error): void;
}

export function emptyDesk(now: () => number): Desk {
  return {
    now,
    asks: new Map(),
    drafts: new Set(),
    requests: new Map(),
    submitted: new Map(),
    cancelling: new Map(),
    heartbeats: new Map(),
    heard: 0,
    heardOfEnd: 0,
  };
}
