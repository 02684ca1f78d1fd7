import type { ParametersAnswer, ReportAnswer } from "../model/http.ts";
import { isPolyphaseError, PolyphaseError } from "../model/index.ts";
import { shortened } from "../model/shortened.ts";
import type { ReportOutcome } from "./client.ts";
import { holdMs } from "./line.ts";
import type { Manager } from "./manager.ts";
import { resultText } from "./result-text.ts";

/**
 * Which phase a trial job is in, and what that allows.
 *
 *     no phase ──parameters──▶ phase k ──parameters──▶ phase k+1 ...     reports belong to the phase that is open
 *        ▲                        │
 *        └────────no more─────────┘
 */
export interface Session {
  /** The phase that is open, or the last one; null before the first and after "no more". */
  readonly current: Phase | null;
  next(): Promise<Phase | null>;
  /** `phase`: the one that the caller means; it is an error when that is over. `call`: its name in error messages. */
  intermediate(value: unknown, call: string, phase?: Phase): Promise<ReportOutcome>;
  final(value: unknown, call: string, phase?: Phase): Promise<void>;
}

export interface Phase {
  readonly index: number;
  readonly parameters: unknown;
}

/** What only the session knows of a phase. */
interface OpenPhase extends Phase {
  /** Of the next intermediate result. */
  sequence: number;
  /** By the assessor or a person: nobody waits for its results. */
  stopped: boolean;
  /** Known to take no more intermediate results. */
  ended: boolean;
}

/** Calls are not to overlap. */
export function openSession(manager: Manager, firstIndex: number, warn: (text: string) => void): Session {
  let nextIndex = firstIndex;
  let current: OpenPhase | null = null;
  let noMore = false;

  function openPhase(call: string, wanted: Phase | undefined): OpenPhase {
    if (wanted !== undefined && wanted !== current) throw overtaken(wanted);
    if (current === null) throw noPhase(call, noMore);
    return current;
  }

  return {
    get current() {
      return current;
    },
    async next() {
      const answer = await ask(manager, nextIndex);
      noMore = answer.kind === "no-more";
      current = answer.kind === "parameters" ? opened(answer) : null;
      if (current !== null) nextIndex = current.index + 1;
      return current;
    },
    async intermediate(value, call, wanted) {
      const phase = openPhase(call, wanted);
      const text = resultText(value);
      while (!phase.stopped && !phase.ended) {
        const fields = `"sequence":${phase.sequence},"value":${text}`;
        const refusal = await reported(manager, phase, "intermediate-results", fields);
        if (refusal?.code === "phase-ended") {
          phase.ended = true;
          warn(
            `${refusal.message}; this intermediate result and further ones are ignored: ${shortened(text, 200)}`,
          );
          break;
        }
        phase.sequence += 1;
        if (refusal === undefined) break; // else another process of this job took that place: ours is further back
      }
      return { stopped: phase.stopped || phase.ended };
    },
    async final(value, call, wanted) {
      const phase = openPhase(call, wanted);
      const text = resultText(value);
      if (phase.stopped) return;
      const refusal = await reported(manager, phase, "final-result", `"value":${text}`);
      if (refusal === undefined) return;
      const why =
        refusal.code === "phase-ended"
          ? refusal.message
          : `phase ${phase.index} has a final result already, which counts`;
      warn(`${why}; this final result is ignored: ${shortened(text, 200)}`);
    },
  };
}

function opened(answer: ParametersAnswer & { readonly kind: "parameters" }): OpenPhase {
  return {
    index: answer.parameterIndex,
    parameters: answer.parameters,
    sequence: 0,
    stopped: false,
    ended: false,
  };
}

async function ask(manager: Manager, parameterIndex: number): Promise<ParametersAnswer> {
  const body = JSON.stringify({ parameterIndex, waitMs: holdMs });
  for (;;) {
    const answer = (await manager.post("parameters", body)) as ParametersAnswer;
    if (answer.kind !== "wait") return answer;
  }
}

/** What a report may be refused with though nobody is at fault: another result stands there, or the phase is over. */
const lateCodes: readonly string[] = ["result-conflict", "phase-ended"];

/** Undefined where the manager has taken it, or needs none because the phase was stopped. */
async function reported(
  manager: Manager,
  phase: OpenPhase,
  route: string,
  fields: string,
): Promise<PolyphaseError | undefined> {
  try {
    const answer = await manager.post(route, `{"parameterIndex":${phase.index},${fields}}`);
    phase.stopped = (answer as ReportAnswer).phase === "stopped";
    return undefined;
  } catch (error) {
    if (isPolyphaseError(error) && lateCodes.includes(error.code)) return error;
    throw error;
  }
}

function noPhase(call: string, noMore: boolean): PolyphaseError {
  if (noMore) {
    return new PolyphaseError(
      "no-such-phase",
      `${call}() was called after the last phase: there is none to report to`,
      {
        hint: "leave the loop when getNextParameter() gives null, and report each result before asking again",
      },
    );
  }
  return new PolyphaseError(
    "no-such-phase",
    `${call}() was called before getNextParameter(): there is no phase yet`,
    {
      hint: "call getNextParameter() first; the result then belongs to those parameters",
    },
  );
}

function overtaken(phase: Phase): PolyphaseError {
  return new PolyphaseError(
    "phase-ended",
    `phase ${phase.index} is over: the next parameters were asked for`,
    {
      hint: "await phase.report() before going on with the loop",
    },
  );
}
