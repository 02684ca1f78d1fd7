import { expect } from "vitest";
import type { ExperimentState, Json, JournalRecord, Phase } from "../../src/model/index.ts";
import type { ProcessLog } from "./noting-trial.ts";

/** What one experiment leaves: its journal, and what its trial processes know. */
export interface Evidence {
  readonly records: readonly JournalRecord[];
  readonly state: ExperimentState;
  readonly logs: readonly ProcessLog[];
}

/** Holds at any moment, also while all is running or everything has been killed: nothing acknowledged is lost. */
export function expectNothingLost({ state, logs }: Evidence): void {
  for (const log of logs) {
    for (const note of log.notes) {
      const phase = phaseAt(state, log.job, note.index);
      const place = `phase ${note.index} of ${log.job}, attempt ${log.attempt}`;
      if (note.got !== undefined) expect(phase?.parameters, `parameters of ${place}`).toEqual(note.got);
      if (note.step !== undefined)
        expect(stepsOf(phase, log.attempt), `steps of ${place}`).toContainEqual(note.step);
      if (note.acknowledged === undefined) continue;
      expect(phase?.outcome, `outcome of ${place}`).toBe("succeeded");
      expect(phase?.value, `result of ${place}`).toEqual(note.acknowledged);
    }
  }
}

/** The journal of an experiment that has ended, and every trial's own log, agree exactly. */
export function expectAgreement(evidence: Evidence): void {
  expectNothingLost(evidence);
  expectOneProcessEach(evidence.logs);
  expectResultsWereSent(evidence);
  expectEverythingEndedOnce(evidence);
}

/** No phase went to two processes under one attempt, and none was evaluated twice under one. */
function expectOneProcessEach(logs: readonly ProcessLog[]): void {
  const processes = logs.map(({ job, attempt }) => `${job}, attempt ${attempt}`);
  expect(processes, "attempts, each with one process").toEqual([...new Set(processes)]);
  for (const { job, notes } of logs) {
    const got = notes.flatMap(({ got, index }) => (got === undefined ? [] : [index]));
    const inOrder = got.map((_, place) => (got[0] ?? 0) + place);
    expect(got, `phases of one process of ${job}`).toEqual(inOrder);
  }
}

/** Every result in the journal is one that a trial has sent for that very phase, and every phase has one. */
function expectResultsWereSent({ state, logs }: Evidence): void {
  const sent = new Set(
    logs.flatMap(({ job, notes }) =>
      notes.flatMap(({ index, sends }) => (sends === undefined ? [] : [resultName(job, index, sends)])),
    ),
  );
  for (const phase of state.phases.values()) {
    const { trialJobId, parameterIndex, value } = phase;
    expect(phase).toMatchObject({ outcome: "succeeded" });
    expect(sent.has(resultName(trialJobId, parameterIndex, value)), `result ${JSON.stringify(phase)}`).toBe(
      true,
    );
  }
}

function resultName(job: string, index: number, value: Json): string {
  return JSON.stringify([job, index, (value as { default: number }).default, (value as { by: string }).by]);
}

function expectEverythingEndedOnce({ records, state }: Evidence): void {
  const total = state.phases.size;
  const upTo = Array.from({ length: total }, (_, place) => place);
  const idsOf = (kind: JournalRecord["kind"], key: "parameterId" | "trialJobId"): unknown[] =>
    records.flatMap((record) =>
      record.kind === kind ? [(record as unknown as Record<string, Json>)[key]] : [],
    );
  expect(idsOf("phase-proposed", "parameterId"), "parameter ids").toEqual(upTo);
  expect(
    (idsOf("phase-ended", "parameterId") as number[]).sort((a, b) => a - b),
    "phases that ended",
  ).toEqual(upTo);
  expect(idsOf("trial-job-ended", "trialJobId").sort(), "jobs that ended").toEqual(
    idsOf("trial-job-created", "trialJobId").sort(),
  );
  expect(state).toMatchObject({ status: "DONE", counts: { running: 0, succeeded: total } });
  expect(state.activeTrialJobs.size).toBe(0);
}

function phaseAt(state: ExperimentState, job: string, index: number): Phase | undefined {
  return state.phases.get(state.trialJobs.get(job)?.parameterIds[index] ?? -1);
}

function stepsOf(phase: Phase | undefined, attempt: number): readonly Json[] {
  return (phase?.intermediateResults ?? [])
    .filter((step) => step.attempt === attempt)
    .map(({ value }) => value);
}
