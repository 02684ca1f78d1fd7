import { PolyphaseError } from "../../src/model/index.ts";
import type { Json } from "../../src/model/index.ts";
import type { ParametersAnswer, ReportAnswer } from "../../src/model/http.ts";
import type { Reply, TrialRequest } from "./network.ts";

/** In milliseconds: doubled from the first to the longest, as in manager.py. */
const firstPauseMs = 50;
const longestPauseMs = 2_000;

export interface TrialClient {
  /** `no-more`, or the parameters; asks on while it is told to wait. */
  parameters(parameterIndex: number): Promise<Exclude<ParametersAnswer, { kind: "wait" }>>;
  intermediateResult(parameterIndex: number, sequence: number, value: Json): Promise<ReportAnswer>;
  finalResult(parameterIndex: number, value: Json): Promise<ReportAnswer>;
}

/**
 * What a process sends, as the Python client does: one request until it is answered, however often that takes. Rejects with
 * a PolyphaseError when it is refused.
 */
export function trialClient(
  exchange: (request: TrialRequest) => Promise<Reply | undefined>,
  pause: (ms: number) => Promise<void>,
): TrialClient {
  async function post(request: TrialRequest): Promise<ParametersAnswer | ReportAnswer> {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      const reply = await exchange(request);
      if (reply) return bodyOf(reply);
      await pause(pauseMs);
    }
  }

  return {
    async parameters(parameterIndex) {
      for (;;) {
        const answer = (await post({
          route: "parameters",
          body: { parameterIndex, waitMs: 25_000 },
        })) as ParametersAnswer;
        if (answer.kind !== "wait") return answer;
      }
    },
    intermediateResult: (parameterIndex, sequence, value) =>
      post({
        route: "intermediate-results",
        body: { parameterIndex, sequence, value },
      }) as Promise<ReportAnswer>,
    finalResult: (parameterIndex, value) =>
      post({ route: "final-result", body: { parameterIndex, value } }) as Promise<ReportAnswer>,
  };
}

function bodyOf(reply: Reply): ParametersAnswer | ReportAnswer {
  if ("body" in reply) return reply.body;
  throw new PolyphaseError(reply.refusal.code, reply.refusal.message);
}
