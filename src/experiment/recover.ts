import type {
  JournalRecord,
  NumberedRecord,
  Phase,
  SearchSpace,
  TrialJob,
  TrialResult,
} from "../model/index.ts";
import type { Journal } from "../journal/index.ts";
import type { TunerHost } from "./tuner-host.ts";
import type {
  AssessorMessage,
  IntermediateResultMessage,
  TrialJobEndedMessage,
  TunerMessage,
} from "./algorithm-messages.ts";
import { UntakenSpaces } from "./untaken-spaces.ts";

/**
 * What a tuner was told and asked so far, in the order in which it happened. A proposal is in the journal after facts that
 * the tuner had not heard when it was asked; `heard` puts it back in its place.
 */
export function tunerHistory(
  records: Iterable<NumberedRecord>,
  { everything = false }: { readonly everything?: boolean | undefined } = {},
): TunerMessage[] {
  const calls: Call[] = [];
  const phases = new Map<number, ProposedPhase>();
  const known = everything ? { phases, trialJobs: new Map<string, OngoingJob>() } : { phases };
  const untaken = new UntakenSpaces();
  for (const numbered of records) {
    const { seq, record } = numbered;
    untaken.see(numbered);
    if (record.kind === "experiment-created") {
      calls.push({ place: seq, batch: null, message: searchSpaceMessage(record.config.searchSpace) });
    } else if (record.kind === "phase-proposed") {
      phases.set(record.parameterId, proposedPhase(record));
      known.trialJobs?.set(record.trialJobId, { parameterIds: [record.parameterId] });
      // Half a place later than the last fact heard, half a place earlier than the next.
      if (record.additionId === undefined)
        calls.push({ place: record.heard + 0.5, batch: record.batch, message: replayMessage(record) });
    } else {
      const message = messageFor(record, known);
      if (record.kind === "phase-ended") endedAs(phases, record);
      if (message) calls.push({ place: seq, batch: null, message });
    }
  }
  // Array.prototype.sort is stable: proposals made at the same place keep their order.
  return joinBatches(
    calls.map((call) => withoutUntaken(call, untaken)).sort((left, right) => left.place - right.place),
  );
}

function withoutUntaken(call: Call, untaken: UntakenSpaces): Call {
  const space = untaken.instead(call.place);
  return space === undefined ? call : { ...call, message: searchSpaceMessage(space) };
}

/** How many messages cross to a process in one line: all of them might be more than a string can hold. */
const portion = 100;

/** Tells a tuner that has heard nothing yet what the journal holds up to record `upTo`. */
export function withHistory(tuner: TunerHost, journal: Pick<Journal, "read">, upTo: number): TunerHost {
  const everything = tuner.hearsEverything;
  const history = tunerHistory(upToRecord(journal.read(), upTo), { everything });
  for (let begin = 0; begin < history.length; begin += portion)
    tuner.tell(history.slice(begin, begin + portion));
  return tuner;
}

export function* upToRecord(records: Iterable<NumberedRecord>, upTo: number): Iterable<NumberedRecord> {
  for (const record of records) {
    if (record.seq > upTo) return;
    yield record;
  }
}

/** Where a record's phase and job are looked up; `trialJobs` for those who hear everything. */
export interface Known {
  readonly phases: { get(parameterId: number): ProposedPhase | undefined };
  readonly trialJobs?: { get(trialJobId: string): OngoingJob | undefined } | undefined;
}

/** What the tuner is told of a record: nothing (undefined) of most. */
export function messageFor(record: JournalRecord, known: Known): TunerMessage | undefined {
  if (record.kind === "points-imported") return { kind: "import", rows: record.rows };
  if (record.kind === "config-changed") {
    const { searchSpace } = record.changes;
    return searchSpace === undefined ? undefined : searchSpaceMessage(searchSpace);
  }
  if (record.kind === "phase-ended") {
    const phase = known.phases.get(record.parameterId);
    return phase && phaseEndedMessage(record, phase);
  }
  const isWatched = record.kind === "intermediate-result" || record.kind === "trial-job-ended";
  return isWatched && known.trialJobs ? watchedMessage(record, known) : undefined;
}

/** What an assessor or an advisor is told beside what a tuner is told. */
export function watchedMessage(
  record: Extract<JournalRecord, { kind: "intermediate-result" | "trial-job-ended" }>,
  { phases, trialJobs }: Known,
): IntermediateResultMessage | TrialJobEndedMessage | undefined {
  if (record.kind === "trial-job-ended") {
    const last = phases.get(trialJobs?.get(record.trialJobId)?.parameterIds.at(-1) ?? -1);
    const cancelled = last?.outcome === "stopped" ? "EARLY_STOPPED" : "USER_CANCELED";
    const status = { succeeded: "SUCCEEDED", failed: "FAILED", cancelled } as const;
    return { kind: "trial-job-ended", trialJobId: record.trialJobId, status: status[record.status] };
  }
  const phase = phases.get(record.parameterId);
  if (!phase) return undefined;
  const { trialJobId, parameterIndex } = phase;
  const { parameterId, sequence, value } = record;
  return { kind: "intermediate-result", parameterId, trialJobId, parameterIndex, sequence, value };
}

type OngoingJob = Pick<TrialJob, "parameterIds">;
type ProposedPhase = Pick<Phase, "parameters" | "trialJobId" | "parameterIndex" | "origin" | "outcome">;
type ProposalRecord = Extract<JournalRecord, { kind: "phase-proposed" }>;

function proposedPhase({
  parameters,
  trialJobId,
  parameterIndex,
  additionId,
}: ProposalRecord): ProposedPhase {
  const origin = additionId === undefined ? "tuner" : "person";
  return { parameters, trialJobId, parameterIndex, origin, outcome: "running" };
}

function endedAs(
  phases: Map<number, ProposedPhase>,
  { parameterId, outcome }: Extract<JournalRecord, { kind: "phase-ended" }>,
): void {
  const phase = phases.get(parameterId);
  if (phase) phases.set(parameterId, { ...phase, outcome });
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

/** What the algorithms hear of a phase's end. */
export function phaseEndedMessage(
  record: Pick<TrialResult, "parameterId" | "value" | "outcome">,
  { parameters, trialJobId, parameterIndex, origin }: ProposedPhase,
): Extract<AssessorMessage, { kind: "phase-ended" }> {
  const { parameterId, outcome, value } = record;
  const customized = origin === "person";
  const result = { parameterId, outcome, value, parameters, trialJobId };
  return { kind: "phase-ended", parameterIndex, result, customized };
}
