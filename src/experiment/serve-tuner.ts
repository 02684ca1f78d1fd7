import { jsonCopy, messageOf } from "../model/index.ts";
import type {
  Json,
  ParameterRequest,
  PolyphaseError,
  Proposal,
  RecordedProposal,
  Tuner,
} from "../model/index.ts";
import { attempt as attemptOf, describe, failure as failureOf } from "./served.ts";
import type { AlgorithmMethod, Served } from "./served.ts";
import type { TunerMessage } from "./algorithm-messages.ts";

export type ServedTuner = Served<Tuner>;

/** Makes the call on the tuner that a message stands for. */
export async function tell(served: ServedTuner, message: TunerMessage): Promise<void> {
  const { algorithm: tuner } = served;
  switch (message.kind) {
    case "search-space":
      return attempt(served, "updateSearchSpace", () => tuner.updateSearchSpace(message.space));
    case "phase-ended": {
      const { parameterId, trialJobId, outcome } = message.result;
      const method =
        message.customized && tuner.receiveCustomizedTrialResult
          ? "receiveCustomizedTrialResult"
          : "receiveTrialResult";
      await attempt(served, method, () => tuner[method]?.(message.result));
      return attempt(served, "trialEnd", () => tuner.trialEnd?.({ parameterId, trialJobId, outcome }));
    }
    case "import":
      return attempt(served, "importData", () => tuner.importData?.(message.rows));
    case "replay":
      return replay(served, message.proposals);
    case "intermediate-result":
    case "trial-job-ended":
      return; // for advisors
  }
}

async function replay(served: ServedTuner, proposals: readonly RecordedProposal[]): Promise<void> {
  const { algorithm: tuner } = served;
  if (!tuner.recallParameters) return void (await ask(served, proposals.map(withoutAnswer)));
  for (const proposal of proposals)
    await attempt(served, "recallParameters", () => tuner.recallParameters?.(proposal));
}

/** The request that a recorded proposal answered. */
export function withoutAnswer({ parameters: _known, ...request }: RecordedProposal): ParameterRequest {
  return request;
}

/** Asks the tuner for parameters, several at once where it can, and checks what comes. */
export async function ask(
  served: ServedTuner,
  requests: readonly ParameterRequest[],
): Promise<readonly Proposal[]> {
  const { algorithm: tuner } = served;
  if (requests.length > 1 && tuner.generateMultipleParameters) {
    const generate = tuner.generateMultipleParameters.bind(tuner);
    const proposals = await attempt(served, "generateMultipleParameters", () => generate(requests));
    if (!Array.isArray(proposals) || proposals.length !== requests.length) {
      throw failure(
        "generateMultipleParameters",
        `expected ${requests.length} proposals, got ${describe(proposals)}`,
      );
    }
    return proposals.map((proposal) => checked("generateMultipleParameters", proposal));
  }
  const proposals: Proposal[] = [];
  for (const { parameterId, trialJobId, parameterIndex } of requests) {
    const proposal = await attempt(served, "generateParameters", () =>
      tuner.generateParameters(parameterId, { trialJobId, parameterIndex }),
    );
    proposals.push(checked("generateParameters", proposal));
  }
  return proposals;
}

function checked(method: string, proposal: unknown): Proposal {
  const kind = (proposal as Proposal | undefined)?.kind;
  if (kind === "wait" || kind === "no-more") return { kind };
  const parameters = kind === "parameters" ? (proposal as { parameters?: unknown }).parameters : undefined;
  if (parameters !== undefined) return { kind: "parameters", parameters: jsonOf(method, parameters) };
  throw failure(
    method,
    `expected { kind: "parameters", parameters }, { kind: "wait" } or { kind: "no-more" }, got ${describe(proposal)}`,
  );
}

/** A copy, which the tuner cannot change any more. What the journal cannot hold is the tuner's fault, not the journal's. */
function jsonOf(method: string, parameters: unknown): Json {
  try {
    JSON.stringify(parameters, refuseCode);
    return jsonCopy(parameters);
  } catch (error) {
    throw failure(method, `expected parameters that can be written as JSON: ${messageOf(error)}`);
  }
}

/** JSON would leave functions out without a word. */
function refuseCode(key: string, value: unknown): unknown {
  if (typeof value === "function" || typeof value === "symbol")
    throw new TypeError(`"${key}" is a ${typeof value}`);
  return value;
}

function attempt<T>(served: ServedTuner, method: AlgorithmMethod, call: () => T | Promise<T>): Promise<T> {
  return attemptOf(served, "tuner", method, call);
}

function failure(method: string, message: string): PolyphaseError {
  return failureOf("tuner", method, message);
}
