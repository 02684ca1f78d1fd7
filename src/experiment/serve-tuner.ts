import { jsonCopy, messageOf, PolyphaseError } from "../model/index.ts";
import type { Json, ParameterRequest, Proposal, RecordedProposal, Tuner } from "../model/index.ts";
import type { TunerMessage } from "./tuner-host.ts";

/** A tuner, and who wants to know which of its methods is at work (undefined: none is). */
export interface ServedTuner {
  readonly tuner: Tuner;
  watch?(method: TunerMethod | undefined): void;
}

export type TunerMethod = "constructor" | keyof Tuner;

export const tunerMethods: readonly TunerMethod[] = [
  "constructor",
  "updateSearchSpace",
  "generateParameters",
  "generateMultipleParameters",
  "recallParameters",
  "receiveTrialResult",
  "receiveCustomizedTrialResult",
  "trialEnd",
  "importData",
];

/** Makes the call on the tuner that a message stands for. */
export async function tell(served: ServedTuner, message: TunerMessage): Promise<void> {
  const { tuner } = served;
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
  }
}

async function replay(served: ServedTuner, proposals: readonly RecordedProposal[]): Promise<void> {
  const { tuner } = served;
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
  const { tuner } = served;
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

function describe(value: unknown): string {
  if (value === undefined) return "undefined";
  const text = textOf(value);
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}

async function attempt<T>(
  { watch }: ServedTuner,
  method: TunerMethod,
  call: () => T | Promise<T>,
): Promise<T> {
  watch?.(method);
  try {
    return await call();
  } catch (error) {
    throw failure(method, messageOf(error), error);
  } finally {
    watch?.(undefined);
  }
}

function failure(method: string, message: string, cause?: unknown): PolyphaseError {
  const place = cause instanceof Error ? whereThrown(cause) : undefined;
  return new PolyphaseError(
    "tuner-failed",
    `the tuner failed in ${method}: ${message}${place ? ` (${place})` : ""}`,
    {
      cause,
      hint: "mend the tuner, then polyphase unpause, or resume where it has ended: nothing is lost",
    },
  );
}

/** `file:line:column` of the innermost frame. */
function whereThrown(error: Error): string | undefined {
  return /\(?((?:file:\/\/)?[^\s()]+:\d+:\d+)\)?\s*$/m.exec(
    error.stack?.split("\n").slice(1).join("\n") ?? "",
  )?.[1];
}
