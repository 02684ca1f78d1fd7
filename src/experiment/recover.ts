import type { JournalRecord, NumberedRecord, Phase, SearchSpace, TrialResult } from "../model/index.ts";
import type { Journal } from "../journal/index.ts";
import type { TunerHost, TunerMessage } from "./tuner-host.ts";

/**
 * What a tuner was told and asked so far, in the order in which it happened. A proposal is in the journal after facts that
 * the tuner had not heard when it was asked; `heard` puts it back in its place.
 */
export function tunerHistory(records: Iterable<NumberedRecord>): TunerMessage[] {
  const calls: Call[] = [];
  const phases = new Map<number, ProposedPhase>();
  for (const { seq, record } of records) {
    if (record.kind === "experiment-created") {
      calls.push({ place: seq, batch: null, message: searchSpaceMessage(record.config.searchSpace) });
    } else if (record.kind === "phase-proposed") {
      phases.set(record.parameterId, proposedPhase(record));
      // Half a place later than the last fact heard, half a place earlier than the next.
      if (record.additionId === undefined)
        calls.push({ place: record.heard + 0.5, batch: record.batch, message: replayMessage(record) });
    } else {
      const message = messageFor(record, phases);
      if (message) calls.push({ place: seq, batch: null, message });
    }
  }
  // Array.prototype.sort is stable: proposals made at the same place keep their order.
  return joinBatches(calls.sort((left, right) => left.place - right.place));
}

/** Tells a tuner that has heard nothing yet what the journal holds up to record `upTo`. */
export function withHistory(tuner: TunerHost, journal: Pick<Journal, "read">, upTo: number): TunerHost {
  tuner.tell(tunerHistory(upToRecord(journal.read(), upTo)));
  return tuner;
}

export function* upToRecord(records: Iterable<NumberedRecord>, upTo: number): Iterable<NumberedRecord> {
  for (const record of records) {
    if (record.seq > upTo) return;
    yield record;
  }
}

/** What the tuner is told of a record: nothing (undefined) of most. */
export function messageFor(
  record: JournalRecord,
  phases: { get(parameterId: number): ProposedPhase | undefined },
): TunerMessage | undefined {
  if (record.kind === "points-imported") return { kind: "import", rows: record.rows };
  if (record.kind === "config-changed") {
    const { searchSpace } = record.changes;
    return searchSpace === undefined ? undefined : searchSpaceMessage(searchSpace);
  }
  const phase = record.kind === "phase-ended" ? phases.get(record.parameterId) : undefined;
  return record.kind === "phase-ended" && phase ? phaseEndedMessage(record, phase) : undefined;
}

type ProposedPhase = Pick<Phase, "parameters" | "trialJobId" | "origin">;
type ProposalRecord = Extract<JournalRecord, { kind: "phase-proposed" }>;

function proposedPhase({ parameters, trialJobId, additionId }: ProposalRecord): ProposedPhase {
  return { parameters, trialJobId, origin: additionId === undefined ? "tuner" : "person" };
}

function replayMessage({
  parameterId,
  trialJobId,
  parameterIndex,
  parameters,
}: ProposalRecord): TunerMessage {
  return { kind: "replay", proposals: [{ parameterId, trialJobId, parameterIndex, parameters }] };
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
      joined[joined.length - 1] = { kind: "replay", proposals: [...last.proposals, ...message.proposals] };
    } else {
      joined.push(message);
    }
  });
  return joined;
}

/** A tuner is always given a space, be it empty. */
function searchSpaceMessage(space: SearchSpace | null): TunerMessage {
  return { kind: "search-space", space: space ?? {} };
}

/** What the tuner hears of a phase's end. */
function phaseEndedMessage(
  record: Pick<TrialResult, "parameterId" | "value" | "outcome">,
  { parameters, trialJobId, origin }: ProposedPhase,
): TunerMessage {
  const { parameterId, outcome, value } = record;
  const customized = origin === "person";
  return { kind: "phase-ended", result: { parameterId, outcome, value, parameters, trialJobId }, customized };
}
