import assert from "node:assert/strict";
import type { ExperimentConfig, Phase } from "../../src/model/index.ts";
import type { Run } from "./simulate.ts";
import { keyOf, whoseToken } from "./site.ts";
import { seenOf } from "./witness.ts";
import type { RecordOf } from "./witness.ts";

/* What the rules look up in a run. */

/** The largest that a limit has been: what was within it may go on when it is lowered. */
export function mostAllowed(run: Run): (key: Limit) => number {
  const configs: readonly Partial<ExperimentConfig>[] = run.records.flatMap(({ record }) => {
    if (record.kind === "experiment-created") return [record.config];
    return record.kind === "config-changed" ? [record.changes] : [];
  });
  return (key) => Math.max(...configs.flatMap((config) => (key in config ? [config[key] ?? Infinity] : [])));
}

type Limit = "maxTrialNum" | "maxPhaseNum" | "maxPhasesPerTrial" | "trialConcurrency";

// ---- where in the journal something is ----

/** Finds by name what a client can have been told, and where in the journal it stands. */
export function durability(run: Run): {
  before(seen: { readonly durable: number }, what: string): void;
  has(what: string): void;
} {
  const places = new Map<string, number>();
  const keys = new Map<number, string>();
  const attempts = new Map<string, number>();
  for (const { seq, record } of run.records) {
    if (record.kind === "trial-job-retried") attempts.set(record.trialJobId, record.attempt);
    else if (record.kind === "intermediate-result") {
      const key = keys.get(record.parameterId) ?? "";
      const { trialJobId } = whoseToken(key);
      const who = keyOf({ trialJobId, attempt: attempts.get(trialJobId) ?? 0 });
      places.set(`${who} ${key} ${record.sequence}`, seq);
    } else if (record.kind === "phase-proposed") {
      keys.set(record.parameterId, `${record.trialJobId}/${record.parameterIndex}`);
      places.set(`parameters ${keys.get(record.parameterId)}`, seq);
    } else if (record.kind === "phase-ended") {
      const key = keys.get(record.parameterId);
      places.set(`end ${key}`, seq);
      places.set(`phase-ended ${record.parameterId}`, seq);
      if (record.outcome === "succeeded") places.set(`result ${key}`, seq);
    } else if (record.kind === "parameters-added") places.set(`parameters-added ${record.additionId}`, seq);
    else if (record.kind === "trial-job-no-more") places.set(`no more ${record.trialJobId}`, seq);
    else if (record.kind === "trial-job-ended") places.set(`trial-job-ended ${record.trialJobId}`, seq);
  }
  return {
    before({ durable }, what) {
      const place = places.get(what) ?? Infinity;
      assert.ok(place <= durable, `${what} was told after ${durable} records; it is number ${place}`);
    },
    has: (what) => assert.ok(places.has(what), `${what} was acknowledged, and is not there`),
  };
}

/** Where the phases ended, by parameter id. */
export function placesOf(run: Run, which: (record: RecordOf<"phase-ended">) => boolean): Map<number, number> {
  const places = new Map<number, number>();
  for (const { seq, record } of run.records)
    if (record.kind === "phase-ended" && which(record)) places.set(record.parameterId, seq);
  return places;
}

export function phaseAt(
  { folded: state }: Run,
  trialJobId: string,
  parameterIndex: number,
): Phase | undefined {
  return state.phases.get(state.trialJobs.get(trialJobId)?.parameterIds[parameterIndex] ?? -1);
}

// ---- what a tuner was called for ----

/** A tuner's calls that the first so many records know of. */
export function knownAt(run: Run, durable: number): Set<string> {
  const known = new Set<string>();
  let imports = 0;
  let spaces = 0;
  for (const { record } of run.records.slice(0, durable)) {
    if (record.kind === "phase-proposed") known.add(`ask ${record.parameterId}`);
    if (record.kind === "phase-ended") known.add(`result ${record.parameterId}`);
    if (record.kind === "points-imported") known.add(`import ${imports++}`);
    const isSpace = record.kind === "config-changed" && record.changes.searchSpace !== undefined;
    if (record.kind === "experiment-created" || isSpace) known.add(`space ${spaces++}`);
  }
  return known;
}

export function callsOf(run: Run, of: number): string[] {
  const count = { space: 0, import: 0 };
  return seenOf(run, "tuner").flatMap(({ tuner, call }) => {
    if (tuner !== of || call.kind === "end") return [];
    if (call.kind === "space" || call.kind === "import") return [`${call.kind} ${count[call.kind]++}`];
    return [`${call.kind} ${call.parameterId}`];
  });
}

/** A tuner that said "wait" was asked again: the last time counts. */
export function lastOfEach(calls: readonly string[]): string[] {
  return calls.filter((call, place) => calls.lastIndexOf(call) === place);
}
