import assert from "node:assert/strict";
import { canonical } from "../../src/model/index.ts";
import type { Json } from "../../src/model/index.ts";
import { callsOf, durability, knownAt, lastOfEach, mostAllowed, phaseAt, placesOf } from "./evidence.ts";
import { assessorHeeded } from "./assessors.ts";
import type { RunRule } from "./run-rule.ts";
import type { Run } from "./simulate.ts";
import { keyOf } from "./site.ts";
import { recordsOf, seenOf } from "./witness.ts";
import type { RecordOf, TunerCall } from "./witness.ts";

export const rules: readonly RunRule[] = [
  {
    id: "durable-before-visible",
    promise: "what is answered, acknowledged or promised is in the journal by then",
    check(run) {
      const known = durability(run);
      for (const seen of seenOf(run, "acknowledged")) {
        const { who, sequence, phase } = seen;
        const key = `${who.trialJobId}/${seen.parameterIndex}`;
        if (phase === "stopped") known.before(seen, `end ${key}`);
        else known.before(seen, sequence === null ? `result ${key}` : `${keyOf(who)} ${key} ${sequence}`);
      }
      for (const seen of seenOf(run, "answered")) {
        if (seen.answer.kind === "no-more") known.before(seen, `no more ${seen.trialJobId}`);
        else known.before(seen, `parameters ${seen.trialJobId}/${seen.parameterIndex}`);
      }
      for (const seen of seenOf(run, "promised-person")) known.before(seen, `${seen.that} ${seen.of}`);
    },
  },
  {
    id: "nothing-lost",
    promise: "a result that was acknowledged is in the final state, with its value",
    check(run) {
      for (const seen of seenOf(run, "acknowledged")) {
        const { who, parameterIndex, sequence, value } = seen;
        const phase = phaseAt(run, who.trialJobId, parameterIndex);
        const what = `${who.trialJobId}/${parameterIndex} was acknowledged: ${canonical(value)}`;
        if (sequence === null && seen.phase === "succeeded") {
          assert.equal(phase?.outcome, "succeeded", what);
          assert.equal(canonical(phase.value), canonical(value), what);
        } else if (sequence !== null && seen.phase !== "stopped") {
          const kept = phase?.intermediateResults.filter((result) => result.sequence === sequence) ?? [];
          assert.ok(
            kept.some((result) => canonical(result.value) === canonical(value)),
            `${what}, as intermediate result ${sequence}`,
          );
        }
      }
    },
  },
  {
    id: "nothing-twice",
    promise: "no process begins a phase whose result is in, and no two under one attempt",
    check(run) {
      const resultAt = placesOf(run, ({ outcome }) => outcome === "succeeded");
      const begun = new Map<string, number>();
      for (const { who, process, parameterId, durable } of seenOf(run, "begun")) {
        const place = resultAt.get(parameterId) ?? Infinity;
        assert.ok(place > durable, `${keyOf(who)} begins phase ${parameterId}, whose result is in`);
        const attempt = `${parameterId} under attempt ${keyOf(who)}`;
        assert.equal(begun.get(attempt) ?? process, process, `two processes begin phase ${attempt}`);
        begun.set(attempt, process);
      }
    },
  },
  {
    id: "one-attempt-speaks",
    promise: "once a job is started again, no report of an earlier attempt is taken",
    check(run) {
      const resultAt = placesOf(run, ({ outcome }) => outcome === "succeeded");
      const retriedAt = new Map(
        run.records.flatMap(({ seq, record }) =>
          record.kind === "trial-job-retried" ? [[keyOf(record), seq] as const] : [],
        ),
      );
      const known = durability(run);
      for (const { who, parameterIndex, sequence, phase } of seenOf(run, "acknowledged")) {
        if (phase === "stopped") continue;
        const key = `${who.trialJobId}/${parameterIndex}`;
        if (sequence !== null) known.has(`${keyOf(who)} ${key} ${sequence}`);
        if (sequence !== null || phase !== "succeeded") continue;
        const parameterId = phaseAt(run, who.trialJobId, parameterIndex)?.parameterId ?? -1;
        const next = retriedAt.get(keyOf({ ...who, attempt: who.attempt + 1 })) ?? Infinity;
        assert.ok(
          (resultAt.get(parameterId) ?? 0) < next,
          `${keyOf(who)} reports phase ${parameterId} too late`,
        );
      }
    },
  },
  {
    id: "submitted-once",
    promise: "an attempt is handed over once, and again only where no record says that it was",
    check(run) {
      const seen = seenOf(run, "submitted");
      const byManager = seen.map(({ who, manager }) => `${keyOf(who)} by manager ${manager}`);
      assertUnique(byManager, "submitted twice");
      const handed = new Map<string, number>();
      const attempts = new Map<string, number>();
      run.records.forEach(({ seq, record }) => {
        if (record.kind === "trial-job-retried") attempts.set(record.trialJobId, record.attempt);
        if (record.kind !== "trial-job-submitted") return;
        const { trialJobId } = record;
        const key = keyOf({ trialJobId, attempt: attempts.get(trialJobId) ?? 0 });
        handed.set(key, handed.get(key) ?? seq);
      });
      for (const { who, durable } of seen)
        assert.ok((handed.get(keyOf(who)) ?? Infinity) > durable, `${keyOf(who)} was submitted before`);
    },
  },
  {
    id: "one-process-per-job",
    promise:
      "a trial job has one process at a time, an attempt one in all; together no more than trialConcurrency",
    check(run) {
      const alive = new Set<string>();
      const started = seenOf(run, "process-started").map(({ who }) => keyOf(who));
      assertUnique(started, "started twice");
      for (const seen of run.seen) {
        if (seen.kind === "process-ended") alive.delete(seen.who.trialJobId);
        if (seen.kind !== "process-started") continue;
        assert.ok(!alive.has(seen.who.trialJobId), `${keyOf(seen.who)} starts beside an earlier attempt`);
        alive.add(seen.who.trialJobId);
        assert.ok(alive.size <= mostAllowed(run)("trialConcurrency"), "more processes than trialConcurrency");
      }
    },
  },
  {
    id: "always-ends",
    promise: "the experiment ends: DONE, STOPPED or ERROR",
    check({ status, state }) {
      assert.ok(["DONE", "STOPPED", "ERROR"].includes(String(status)), `it did not end: ${state.status}`);
      assert.equal(state.status, status);
    },
  },
  {
    id: "no-ghosts",
    promise: "when it has ended, no process lives, no phase runs, no job is active",
    check({ alive, state }) {
      assert.deepEqual(alive, []);
      assert.equal(state.counts.running, 0);
      assert.deepEqual([...state.activeTrialJobs], []);
      for (const phase of state.phases.values()) assert.notEqual(phase.outcome, "running");
    },
  },
  {
    id: "ends-once",
    promise: "each phase and each trial job begins once and ends once",
    check(run) {
      const pairs = [
        [recordsOf(run, "phase-proposed"), recordsOf(run, "phase-ended")],
        [recordsOf(run, "trial-job-created"), recordsOf(run, "trial-job-ended")],
      ];
      for (const [begun = [], ended = []] of pairs) {
        assertUnique(begun.map(nameOf), "began twice");
        assertUnique(ended.map(nameOf), "ended twice");
        assert.deepEqual(ended.map(nameOf).sort(), begun.map(nameOf).sort());
      }
      assertUnique(recordsOf(run, "trial-job-no-more").map(nameOf), "was told no more twice");
    },
  },
  {
    id: "tuner-in-order",
    promise:
      "a tuner is asked, then told the result, then the end; each of these before its job's next request",
    check(run) {
      const told = new Map<string, TunerCall["kind"]>();
      const persons = new Set(
        recordsOf(run, "phase-proposed").flatMap(({ parameterId, additionId }) =>
          additionId === undefined ? [] : [parameterId],
        ),
      );
      for (const { tuner, call } of seenOf(run, "tuner")) {
        if (call.kind === "space" || call.kind === "import") continue;
        const { kind, parameterId } = call;
        const key = `tuner ${tuner}, phase ${parameterId}`;
        const before = told.get(key) ?? (persons.has(parameterId) ? "ask" : undefined);
        if (kind === "ask") {
          const { parameterIds = [] } = run.folded.trialJobs.get(call.trialJobId) ?? {};
          const last = parameterIds[call.parameterIndex - 1];
          if (last !== undefined)
            assert.equal(told.get(`tuner ${tuner}, phase ${last}`), "end", `${key} is asked for after`);
          assert.ok([undefined, "ask"].includes(before), `${key} is asked for again`);
        } else assert.equal(before, kind === "result" ? "ask" : "result", `${key}: ${kind} comes after`);
        told.set(key, kind);
      }
    },
  },
  {
    id: "tuner-told-all",
    promise: "when the experiment is DONE, its tuner has heard of every phase's end",
    check(run) {
      // Otherwise nobody asks it any more: it hears the rest when the experiment is resumed.
      if (run.status !== "DONE") return;
      const last = seenOf(run, "tuner-opened").at(-1)?.tuner;
      if (seenOf(run, "tuner-failed").some(({ tuner }) => tuner === last)) return;
      const heard = seenOf(run, "tuner").flatMap(({ tuner, call }) =>
        tuner === last && call.kind === "end" ? [call.parameterId] : [],
      );
      assert.deepEqual(sorted(heard), sorted(run.folded.phases.keys()));
    },
  },
  assessorHeeded,
  {
    id: "tuner-replayed-in-order",
    promise: "a new tuner is told and asked what is in the journal, in the order in which the one before was",
    check(run) {
      let earlier: string[] = [];
      for (const { tuner, durable } of seenOf(run, "tuner-opened")) {
        const known = knownAt(run, durable);
        const calls = lastOfEach(callsOf(run, tuner));
        const replayed = calls.filter((call) => known.has(call));
        const survived = earlier.filter((call) => known.has(call) && replayed.includes(call));
        assert.deepEqual(
          replayed.filter((call) => survived.includes(call)),
          survived,
          `tuner ${tuner}`,
        );
        earlier = calls;
      }
    },
  },
  {
    id: "additions-once",
    promise: "what a person has added is given to one phase, as it was added",
    check(run) {
      const added = new Map(
        recordsOf(run, "parameters-added").map(({ additionId, parameters }) => [additionId, parameters]),
      );
      const given = recordsOf(run, "phase-proposed").filter(({ additionId }) => additionId !== undefined);
      assertUnique(
        given.map(({ additionId }) => String(additionId)),
        "was given twice",
      );
      for (const { additionId, parameters } of given)
        assert.equal(canonical(parameters), canonical(added.get(additionId as number) ?? null));
    },
  },
  {
    id: "paused-begins-nothing",
    promise: "while the experiment is paused, no job is handed over but to be found again or ended",
    check(run) {
      const statuses = run.records.flatMap(({ seq, record }) =>
        record.kind === "experiment-status" ? [{ seq, status: record.status }] : [],
      );
      const handedOver = new Set<string>();
      for (const { who, durable } of seenOf(run, "submitted")) {
        const current = statuses.findLast(({ seq }) => seq <= durable)?.status;
        const isNew = !handedOver.has(keyOf(who));
        const end = run.folded.trialJobs.get(who.trialJobId)?.status;
        assert.ok(current !== "PAUSED" || !isNew || end !== "succeeded", `${keyOf(who)} starts while paused`);
        handedOver.add(keyOf(who));
      }
    },
  },
  {
    id: "limits-kept",
    promise:
      "no more jobs, phases, phases per job, attempts and jobs at once than the config allows or has allowed",
    check(run) {
      const { config, trialJobs, phases } = run.folded;
      const most = mostAllowed(run);
      assert.ok(trialJobs.size <= most("maxTrialNum"), "maxTrialNum");
      assert.ok(phases.size <= most("maxPhaseNum"), "maxPhaseNum");
      const perTrial = Math.min(most("maxPhasesPerTrial"), config.multiPhase ? Infinity : 1);
      for (const job of trialJobs.values()) {
        assert.ok(job.parameterIds.length <= perTrial, `${job.id}: maxPhasesPerTrial`);
        assert.ok(job.attempt <= config.maxTrialRetries, `${job.id}: maxTrialRetries`);
      }
      let active = 0;
      for (const { record } of run.records) {
        if (record.kind === "trial-job-created") active += 1;
        if (record.kind === "trial-job-ended") active -= 1;
        assert.ok(active <= most("trialConcurrency"), "trialConcurrency");
      }
    },
  },
  {
    id: "ids-never-reused",
    promise: "a parameter id names one phase for ever; a job's parameter indices count 0, 1, 2 ...",
    check(run) {
      const proposed = recordsOf(run, "phase-proposed");
      assertUnique(
        proposed.map(({ parameterId }) => String(parameterId)),
        "was given twice",
      );
      const next = new Map<string, number>();
      for (const { trialJobId, parameterIndex } of proposed) {
        assert.equal(parameterIndex, next.get(trialJobId) ?? 0, `the index of ${trialJobId}`);
        next.set(trialJobId, parameterIndex + 1);
      }
    },
  },
  {
    id: "same-answer",
    promise: "a repeated request gets the same answer, whichever manager gives it",
    check(run) {
      const answers = new Map<string, string>();
      for (const { trialJobId, parameterIndex, answer } of seenOf(run, "answered")) {
        const key = `${trialJobId}/${parameterIndex}`;
        const text = canonical(answer as Json);
        assert.equal(text, answers.get(key) ?? text, key);
        answers.set(key, text);
      }
    },
  },
  {
    id: "fair-refusals",
    promise:
      "a process that keeps the protocol is refused nothing but what ended without it, and never a result that is in",
    check(run) {
      const fair = ["trial-job-ended", "phase-ended", "token-superseded"];
      const unfair = seenOf(run, "refused").filter(({ code }) => !fair.includes(code));
      assert.deepEqual(unfair, []);
      assert.deepEqual(seenOf(run, "fault"), []);
      const resultAt = placesOf(run, ({ outcome }) => outcome === "succeeded");
      for (const { who, parameterIndex, value, code, durable } of seenOf(run, "result-refused")) {
        if (run.folded.trialJobs.get(who.trialJobId)?.attempt !== who.attempt) continue; // it is dead, and late
        const phase = phaseAt(run, who.trialJobId, parameterIndex);
        const isIn = (resultAt.get(phase?.parameterId ?? -1) ?? Infinity) <= durable;
        const isSame = phase !== undefined && canonical(phase.value) === canonical(value);
        assert.ok(!isIn || !isSame, `${keyOf(who)} is refused its own result: ${code}`);
      }
    },
  },
  {
    id: "journal-is-the-state",
    promise: "the journal, folded anew, is the state that the manager shows",
    check({ folded, state }) {
      assert.deepEqual(folded, state);
    },
  },
  {
    id: "as-undisturbed",
    promise:
      "one job at a time, whatever is killed or lost: the proposals and results of the undisturbed run, byte for byte",
    check(run) {
      if (!run.undisturbed) return;
      assert.equal(essence(run), essence(run.undisturbed));
    },
  },
];

export interface BrokenRule {
  readonly id: string;
  readonly message: string;
}

export function brokenRules(run: Run): BrokenRule[] {
  return rules.flatMap((rule) => {
    try {
      rule.check(run);
      return [];
    } catch (error) {
      return [{ id: rule.id, message: (error as Error).message }];
    }
  });
}

/** What an experiment is run for. */
export function essence({ status, state }: Pick<Run, "status" | "state">): string {
  const phases = [...state.phases.values()].map(
    ({ parameterId, trialJobId, parameterIndex, parameters, outcome, value }) => [
      parameterId,
      trialJobId,
      parameterIndex,
      canonical(parameters),
      outcome,
      canonical(value),
    ],
  );
  return JSON.stringify({ status, best: state.bestParameterId, phases }, null, 1);
}

// ---- small things ----

function nameOf(
  record: RecordOf<"phase-ended" | "phase-proposed"> | { readonly trialJobId: string },
): string {
  return "parameterId" in record ? `phase ${record.parameterId}` : `trial job ${record.trialJobId}`;
}

function assertUnique(names: readonly string[], fault: string): void {
  const twice = names.filter((name, place) => names.indexOf(name) !== place);
  assert.deepEqual(twice, [], fault);
}

function sorted(numbers: Iterable<number>): number[] {
  return [...numbers].sort((left, right) => left - right);
}
