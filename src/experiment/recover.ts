import type { NumberedRecord, SearchSpace, TrialResult } from "../model/index.ts";
import type { TunerMessage } from "./tuner-host.ts";

/**
 * What a tuner was told and asked in the sessions so far, in the order in which it happened there. A proposal is in the
 * journal after facts that the tuner had not heard when it was asked; `heard` puts it back in its place.
 */
export function tunerHistory(records: Iterable<NumberedRecord>): TunerMessage[] {
  const calls: Call[] = [];
  const phases = new Map<number, Pick<TrialResult, "parameters" | "trialJobId">>();
  for (const { seq, record } of records) {
    if (record.kind === "experiment-created") {
      calls.push({ place: seq, batch: null, message: searchSpaceMessage(record.config.searchSpace) });
    } else if (record.kind === "phase-proposed") {
      const { parameterId, trialJobId, parameterIndex, parameters, heard, batch } = record;
      phases.set(parameterId, { parameters, trialJobId });
      // Half a place later than the last fact heard, half a place earlier than the next.
      const message: TunerMessage = {
        kind: "replay",
        requests: [{ parameterId, trialJobId, parameterIndex }],
      };
      calls.push({ place: heard + 0.5, batch, message });
    } else if (record.kind === "phase-ended") {
      const phase = phases.get(record.parameterId);
      if (phase) calls.push({ place: seq, batch: null, message: phaseEndedMessage(record, phase) });
    }
  }
  // Array.prototype.sort is stable: proposals made at the same place keep their order.
  return joinBatches(calls.sort((left, right) => left.place - right.place));
}

interface Call {
  readonly place: number;
  readonly batch: number | null;
  readonly message: TunerMessage;
}

/** Requests that were answered in one call are asked again in one call. */
function joinBatches(calls: readonly Call[]): TunerMessage[] {
  const joined: TunerMessage[] = [];
  calls.forEach(({ batch, message }, index) => {
    const last = joined.at(-1);
    const continues = batch !== null && calls[index - 1]?.batch === batch;
    if (continues && last?.kind === "replay" && message.kind === "replay") {
      joined[joined.length - 1] = { kind: "replay", requests: [...last.requests, ...message.requests] };
    } else {
      joined.push(message);
    }
  });
  return joined;
}

/** A tuner is always given a space, be it empty. */
export function searchSpaceMessage(space: SearchSpace | null): TunerMessage {
  return { kind: "search-space", space: space ?? {} };
}

/** What the tuner hears of a phase's end. */
export function phaseEndedMessage(
  record: Pick<TrialResult, "parameterId" | "value" | "outcome">,
  phase: Pick<TrialResult, "parameters" | "trialJobId">,
): TunerMessage {
  const { parameterId, outcome, value } = record;
  return {
    kind: "phase-ended",
    result: { parameterId, outcome, value, parameters: phase.parameters, trialJobId: phase.trialJobId },
  };
}
