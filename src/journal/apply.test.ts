/** What holds for any records at all, also such as no manager writes. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ExperimentState, Fact, Json, JournalRecord } from "../model/index.ts";
import { configOf } from "../../tests/support/world.ts";
import { apply, emptyState, fold, memoryJournal } from "./index.ts";

describe("apply", () => {
  const jobId = fc.constantFrom("job0", "job1", "nobody");
  const number = fc.integer({ min: 0, max: 5 });
  const value = fc.oneof(
    fc.jsonValue().map((any) => JSON.parse(JSON.stringify(any)) as Json), // in JSON, -0 is 0
    fc.constantFrom(NaN, Infinity, { default: -Infinity }),
  );
  const text = fc.option(fc.string(), { nil: null });
  const shapes: {
    readonly [Kind in Fact["kind"]]: fc.Arbitrary<Omit<Extract<Fact, { kind: Kind }>, "kind">>;
  } = {
    "experiment-created": fc.record({
      version: fc.constant(1),
      experimentId: fc.string(),
      config: fc.constant(configOf()),
      seed: number,
    }),
    "manager-started": fc.record({ pid: number }),
    "experiment-status": fc.record({
      status: fc.constantFrom("RUNNING", "NO_MORE_TRIAL", "STOPPING", "STOPPED", "DONE", "ERROR"),
      reason: text,
    }),
    "person-acted": fc.record({
      by: fc.constant({ token: "admin" as const, address: null, agent: null }),
      action: fc.constantFrom("stop" as const, "update" as const),
      details: fc.constant({}),
    }),
    "config-changed": fc.record({
      changes: fc.constantFrom({ trialConcurrency: 3 }, { maxPhaseNum: null, tags: ["a"] }, {}),
    }),
    "parameters-added": fc.record({ additionId: number, parameters: value }),
    "points-imported": fc.record({ rows: fc.constant([{ parameters: {}, value: 1 }]) }),
    "trial-job-created": fc.record({ trialJobId: jobId, number, tokenHash: fc.string() }),
    "trial-job-submitted": fc.record({ trialJobId: jobId, handle: fc.constant({}) }),
    "trial-job-running": fc.record({ trialJobId: jobId }),
    "trial-job-retried": fc.record({
      trialJobId: jobId,
      attempt: number,
      tokenHash: fc.string(),
      reason: fc.string(),
    }),
    "trial-job-no-more": fc.record({ trialJobId: jobId, parameterIndex: number, reason: fc.string() }),
    "trial-job-ended": fc.record({
      trialJobId: jobId,
      status: fc.constantFrom("succeeded", "failed", "cancelled"),
      reason: text,
    }),
    "phase-proposed": fc.record({
      trialJobId: jobId,
      parameterIndex: number,
      parameterId: number,
      parameters: value,
      heard: number,
      batch: number,
    }),
    "phase-started": fc.record({ parameterId: number }),
    "intermediate-result": fc.record({ parameterId: number, sequence: number, value }),
    "phase-ended": fc.record({
      parameterId: number,
      outcome: fc.constantFrom("succeeded", "stopped", "abandoned", "failed", "cancelled"),
      value,
      reason: text,
    }),
  };
  const facts = Object.entries(shapes).map(([kind, shape]) =>
    (shape as fc.Arbitrary<object>).map((fact) => ({ kind, ...fact }) as Fact),
  );
  const first = facts[0] as fc.Arbitrary<Fact>;
  const journal = fc
    .tuple(
      first,
      fc.array(fc.oneof(...facts, fc.constant({ kind: "of-a-later-version" } as unknown as Fact))),
    )
    .map(([created, rest]) => [created, ...rest].map((fact, at): JournalRecord => ({ at, ...fact })));

  test("takes any records, and gives the same state for the same ones", () => {
    fc.assert(
      fc.property(journal, (records) => {
        const fresh = (): ExperimentState => {
          let state = emptyState();
          records.forEach((record, place) => (state = apply(state, { seq: place + 1, record })));
          return state;
        };
        const state = fresh();
        expect(state.seq).toBe(records.length);
        expect(fresh()).toEqual(state);
        const kept = memoryJournal();
        kept.append(records);
        expect(fold(kept.read())).toEqual(state);
      }),
      { numRuns: 500 },
    );
  });
});
