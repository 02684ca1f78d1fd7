import * as z from "zod";
import { trialInfo } from "../../journal/views.ts";
import type { ParametersAnswer } from "../../model/http.ts";
import {
  apiRoot,
  finalResultRequest,
  intermediateResultRequest,
  logRequest,
  parametersRequest,
} from "../../model/http.ts";
import type { Json, TrialJob } from "../../model/index.ts";
import { PolyphaseError } from "../../model/index.ts";
import { deliveredSpace } from "../delivered-space.ts";
import { parametersAnswer, trialAnswer } from "../responses.ts";
import type { Route, TrialCall } from "../route.ts";
import { trialRoute } from "../route.ts";
import * as schemas from "../schemas.ts";
import type { Server } from "../server.ts";

/** How long a request for parameters is held open, unless it says otherwise. Shorter than any common proxy's patience. */
const defaultWaitMs = 25_000;

const parameters = trialRoute({
  method: "POST",
  path: `${apiRoot}/trial/parameters`,
  name: "requestParameters",
  summary:
    "The parameters of the job's phase with this index. Held open while there are none yet; asked again, the answer is the same. Asking for the next index without a final result abandons the phase before it.",
  body: parametersRequest,
  answer: json(schemas.parametersAnswer, "Parameters, `no-more`, or `wait`: ask the same index again"),
  refusals: ["invalid-body", "parameter-index-skipped", "trial-job-ended", "experiment-ended"],
  async handle({ context, server, trialJobId, body }) {
    const answer = await held(context, body.waitMs ?? defaultWaitMs, (signal) =>
      server.experiment.requestParameters(trialJobId, body.parameterIndex, signal),
    );
    return parametersAnswer(answer, deliveredSpace(server.experiment.state.config));
  },
});

/** Gives up asking when the time is over, when the client has gone, and when the server closes. */
async function held(
  context: TrialCall<unknown>["context"],
  waitMs: number,
  ask: (signal: AbortSignal) => Promise<ParametersAnswer>,
): Promise<ParametersAnswer> {
  const patience = new AbortController();
  const giveUp = (): void => patience.abort();
  const answer = ask(patience.signal);
  const timer = setTimeout(giveUp, waitMs);
  // Not the request's own abort signal: making one costs more than all the rest of this function.
  const client = context.env?.outgoing?.once("close", giveUp);
  const forgetClosing = context.env?.closing?.onClose(giveUp);
  try {
    return await answer;
  } finally {
    clearTimeout(timer);
    client?.off("close", giveUp);
    forgetClosing?.();
  }
}

const intermediateResult = trialRoute({
  method: "POST",
  path: `${apiRoot}/trial/intermediate-results`,
  name: "reportIntermediateResult",
  summary: "One intermediate result of a phase. Repeated with the same value it is acknowledged again.",
  body: intermediateResultRequest,
  answer: json(schemas.reportAnswer, "Durable. `stopped`: this phase is over, ask for the next parameters"),
  refusals: [
    "invalid-body",
    "no-such-phase",
    "phase-ended",
    "result-conflict",
    "sequence-skipped",
    "trial-job-ended",
  ],
  async handle({ server, trialJobId, body: { parameterIndex, sequence, value } }) {
    const report = { parameterIndex, sequence, value: value as Json };
    return trialAnswer(await server.experiment.reportIntermediateResult(trialJobId, report));
  },
});

const finalResult = trialRoute({
  method: "POST",
  path: `${apiRoot}/trial/final-result`,
  name: "reportFinalResult",
  summary: "The final result, which ends the phase. Repeated with the same value it is acknowledged again.",
  body: finalResultRequest,
  answer: json(schemas.reportAnswer, "Durable. `stopped`: the phase had been stopped before"),
  refusals: ["invalid-body", "no-such-phase", "phase-ended", "result-conflict", "trial-job-ended"],
  async handle({ server, trialJobId, body: { parameterIndex, value } }) {
    const report = { parameterIndex, value: value as Json };
    return trialAnswer(await server.experiment.reportFinalResult(trialJobId, report));
  },
});

const heartbeat = trialRoute({
  method: "POST",
  path: `${apiRoot}/trial/heartbeat`,
  name: "heartbeat",
  summary: "A sign of life from a job that has nothing to report for long.",
  body: z.strictObject({}),
  answer: json(schemas.acknowledgement, "Heard"),
  refusals: ["invalid-body", "trial-job-ended"],
  handle({ server, trialJobId }) {
    const { id } = runningJob(server, trialJobId);
    server.experiment.heartbeat(id);
    return trialAnswer({});
  },
});

const log = trialRoute({
  method: "POST",
  path: `${apiRoot}/trial/log`,
  name: "appendTrialLog",
  summary: "Lines for the job's log, beside what it prints.",
  body: logRequest,
  answer: json(schemas.logAnswer, "How many lines were kept: 0 where this manager keeps no such log"),
  refusals: ["invalid-body", "trial-job-ended", "log-unavailable"],
  handle({ server, trialJobId, body }) {
    const { id } = runningJob(server, trialJobId);
    server.appendTrialLog?.(id, body.lines);
    return trialAnswer({ kept: server.appendTrialLog === undefined ? 0 : body.lines.length });
  },
});

const info = trialRoute({
  method: "GET",
  path: `${apiRoot}/trial`,
  name: "trialInfo",
  summary: "Whose token this is, and which phase comes next.",
  answer: json(schemas.trialInfo, "The trial job"),
  refusals: [],
  async handle({ server, trialJobId }) {
    await server.experiment.settled();
    return trialAnswer(trialInfo(server.experiment.state, jobOf(server, trialJobId)));
  },
});

function jobOf(server: Server, trialJobId: string): TrialJob {
  return server.experiment.state.trialJobs.get(trialJobId) as TrialJob; // its token was looked up there
}

function runningJob(server: Server, trialJobId: string): TrialJob {
  const job = jobOf(server, trialJobId);
  if (server.experiment.state.activeTrialJobs.has(trialJobId)) return job;
  throw new PolyphaseError("trial-job-ended", `trial job ${trialJobId} has ended (${job.status})`);
}

function json(schema: z.ZodType, meaning: string): Route["answer"] {
  return { kind: "json", status: 200, schema, meaning };
}

export const trialRoutes: readonly Route[] = [
  parameters,
  intermediateResult,
  finalResult,
  heartbeat,
  log,
  info,
];
