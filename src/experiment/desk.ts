import type { ParametersAnswer } from "../model/http.ts";
import type { CancelReason } from "../model/index.ts";
import type { Clock } from "./clock.ts";

/**
 * What is open in this process and not in the journal: questions to the tuner, requests of trials, calls to the training
 * service. A restarted manager begins with an empty desk; everything on it is asked again by whoever needs it.
 */
export interface Desk {
  now(): number;
  /** Since when this process has been awake: nobody could report to one that was stopped. See Clock. */
  awakeSince(): number;
  /** The question to the tuner that each job has, by trial job id. One at a time: a job's requests are in order. */
  readonly asks: Map<string, Ask>;
  /** Names of jobs that come to be with their first parameters. */
  readonly drafts: Set<string>;
  /** Requests held open, by trial job id. */
  readonly requests: Map<string, OpenRequest[]>;
  /** Jobs handed to the training service by this process, with the attempt, and when. */
  readonly submitted: Map<string, { readonly attempt: number; readonly at: number }>;
  readonly cancelling: Map<string, { readonly reason: CancelReason; readonly at: number }>;
  /** Signs of life that are not worth a record, by trial job id. */
  readonly heartbeats: Map<string, number>;
  /** The tuner has heard of all facts up to this record. */
  heard: number;
  /** The last of them that told it something, in this process; 0 before the first. */
  heardOfNews: number;
}

export interface Ask {
  readonly trialJobId: string;
  readonly parameterIndex: number;
  readonly parameterId: number;
  /** `queued`: to be sent; `asked`: the tuner thinks; `waiting`: it wants to hear of a phase's end first. */
  state: "queued" | "asked" | "waiting";
  /** While it is `waiting`, the tuner may come by itself with an answer, up to this moment. */
  owedUntil?: number;
}

export interface OpenRequest {
  readonly parameterIndex: number;
  answer(answer: ParametersAnswer): void;
  refuse(error: Error): void;
}

export function emptyDesk({ now, awakeSince = () => 0 }: Clock): Desk {
  return {
    now,
    awakeSince,
    asks: new Map(),
    drafts: new Set(),
    requests: new Map(),
    submitted: new Map(),
    cancelling: new Map(),
    heartbeats: new Map(),
    heard: 0,
    heardOfNews: 0,
  };
}
