import type {
  FinalResultRequest,
  IntermediateResultRequest,
  ParametersRequest,
} from "../../src/model/http.ts";
import type { ParametersAnswer, ReportAnswer } from "../../src/model/http.ts";
import type { Ground } from "./ground.ts";

/** The trial API, as far as it matters here. */
export type TrialRequest =
  | { readonly route: "parameters"; readonly body: ParametersRequest }
  | { readonly route: "intermediate-results"; readonly body: IntermediateResultRequest }
  | { readonly route: "final-result"; readonly body: FinalResultRequest };

export type Reply =
  | { readonly body: ParametersAnswer | ReportAnswer }
  | { readonly refusal: { readonly code: string; readonly message: string } };

/** One try of a client to get an answer. */
export interface Try {
  readonly token: string;
  readonly request: TrialRequest;
  /** Calls when the client is not there any more for this try's answer. */
  onHungUp(call: () => void): void;
}

/** As the Python client waits for an answer (connection.py). */
const answerTimeoutMs = 40_000;

/**
 * Between processes and manager. Drops, duplicates, delays and reorders every message, the manager's answers too.
 * `exchange` gives the first answer that comes, or undefined where the connection failed or nothing came in time.
 */
export interface Network {
  exchange(token: string, request: TrialRequest, client: Client): Promise<Reply | undefined>;
}

export interface Client {
  /** Calls when the process ends: its connections are closed. */
  onEnd(call: () => void): void;
}

export function network(ground: Ground): Network {
  const { schedule, dice } = ground;
  const { drop, duplicate, delayMs } = ground.scenario.network;
  let messages = 0;

  /** Carries a message: calls `arrive` for each copy, or `lose` where the sender notices that none will arrive. */
  const carry = (arrive: () => void, lose: () => void): void => {
    const message = messages++;
    const delay = (copy: string): number =>
      dice("fast", copy, message) < 0.5 ? 0 : Math.round(dice(copy, message) * delayMs);
    if (dice("drop", message) < drop) {
      if (dice("reset", message) < 0.5) schedule.after(delay("reset"), lose);
      return;
    }
    schedule.after(delay("first"), arrive);
    if (dice("duplicate", message) < duplicate) schedule.after(delay("second"), arrive);
  };

  const deliver = (attempt: Try, answer: (reply: Reply | undefined) => void): void => {
    const { manager } = ground;
    const fail = (): void => answer(undefined);
    if (!manager) return void schedule.after(0, fail); // connection refused
    manager.onDeath(() => carry(fail, fail)); // connection reset
    void manager.answer(attempt).then((reply) => {
      if (manager.alive) carry(() => answer(reply), fail);
    });
  };

  return {
    exchange(token, request, client) {
      return new Promise((resolve) => {
        const hungUp: (() => void)[] = [];
        const answer = (reply: Reply | undefined): void => {
          cancelTimeout();
          resolve(reply);
          for (const call of hungUp.splice(0)) call();
        };
        const cancelTimeout = schedule.after(answerTimeoutMs, () => answer(undefined));
        const attempt: Try = { token, request, onHungUp: (call) => void hungUp.push(call) };
        client.onEnd(() => schedule.after(0, () => answer(undefined)));
        carry(
          () => deliver(attempt, answer),
          () => answer(undefined),
        );
      });
    },
  };
}
