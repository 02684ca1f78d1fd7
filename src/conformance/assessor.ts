import assert from "node:assert/strict";
import type { AssessedPhase, Assessor, Json, OptimizeMode, PhaseOutcome } from "../model/index.ts";
import type { Rule } from "./rule.ts";

/** Makes assessors that have heard nothing yet; `optimizeMode` is "maximize" where left out. */
export interface AssessorHarness {
  create(seed: number, optimizeMode?: OptimizeMode): Assessor | Promise<Assessor>;
}

/** What every assessor promises. Each rule makes its own assessors from the harness. */
export const assessorRules: readonly Rule<AssessorHarness>[] = [
  {
    id: "assessor/verdicts",
    promise: "every verdict is true or false",
    async check({ create }) {
      const verdicts = await live(await create(1), crowd(12));
      for (const verdict of verdicts) assert.equal(typeof verdict, "boolean", `the verdict is ${verdict}`);
    },
  },
  {
    id: "assessor/same-calls",
    promise: "the same seed and the same calls give the same verdicts, also after a restart",
    async check({ create }) {
      const [one, other] = [await create(7), await create(7)];
      assert.deepEqual(await live(one, crowd(16)), await live(other, crowd(16)));
    },
  },
  {
    id: "assessor/recalls",
    promise: "an assessor that is told of what it assessed goes on as the one that assessed it",
    async check({ create }) {
      const [lived, told] = [await create(3), await create(3)];
      await live(lived, crowd(10));
      const recalling: Assessor = {
        ...bound(told),
        async assessPhase(phase, curve) {
          if (told.recallAssessment === undefined) return told.assessPhase(phase, curve);
          await told.recallAssessment(phase, curve);
          return true;
        },
      };
      await live(recalling, crowd(10));
      // Half of each phase's life is recalled as well.
      const rest = crowd(20).slice(10);
      for (const { phase, curve } of rest)
        for (let n = 1; n <= 5; n++) {
          await lived.assessPhase(phase, curve.slice(0, n));
          await recalling.assessPhase(phase, curve.slice(0, n));
        }
      const [one, other] = [await live(lived, rest, 6), await live(told, rest, 6)];
      assert.deepEqual(other, one);
      assert.ok(one.includes(false), "no verdict was worth the comparison");
    },
  },
  {
    id: "assessor/phases-apart",
    promise: "phases of one trial job are assessed as those of many are",
    async check({ create }) {
      const inOneJob = crowd(16).map((played) => ({
        ...played,
        phase: { ...played.phase, trialJobId: "same", parameterIndex: played.phase.parameterId },
      }));
      const verdicts = await live(await create(5), crowd(16));
      assert.deepEqual(await live(await create(5), inOneJob), verdicts);
    },
  },
  {
    id: "assessor/survives-bad-results",
    promise: "NaN, infinities, constants, results that are no numbers and phases without any are survived",
    async check({ create }) {
      for (const mode of ["maximize", "minimize"] as const) {
        const assessor = await create(2, mode);
        await live(assessor, badCrowd(0));
        await live(assessor, crowd(6, 100));
        for (const verdict of await live(assessor, badCrowd(200))) assert.equal(typeof verdict, "boolean");
      }
    },
  },
  {
    id: "assessor/default-counts",
    promise: "an object counts as its `default` does",
    async check({ create }) {
      const wrapped = crowd(16).map((played) => ({
        ...played,
        curve: played.curve.map((value) => ({ default: value, loss: -1 })),
      }));
      const verdicts = await live(await create(5), crowd(16));
      assert.deepEqual(await live(await create(5), wrapped), verdicts);
    },
  },
  {
    id: "assessor/only-success-sets-the-mark",
    promise: "phases that did not succeed are no measure for others",
    async check({ create }) {
      for (const outcome of ["stopped", "abandoned", "failed", "cancelled"] as const) {
        const assessor = await create(4);
        await live(assessor, [played(0, rising(0.4)), played(1, rising(0.42))]);
        await live(
          assessor,
          [2, 3, 4, 5, 6, 7].map((id) => played(id, rising(0.95), outcome)),
        );
        const verdicts = await live(assessor, [played(8, rising(0.5))]);
        assert.ok(verdicts.every(Boolean), `a phase that was ${outcome} counted`);
      }
    },
  },
  {
    id: "assessor/keeps-arguments",
    promise: "what an assessor is given stays as it was",
    async check({ create }) {
      await live(await create(1), deepFreeze(structuredClone(crowd(12))));
    },
  },
  ...(["maximize", "minimize"] as const).flatMap((mode): Rule<AssessorHarness>[] => [
    {
      id: `assessor/stops-the-hopeless-to-${mode}`,
      promise: `${mode}: after phases that succeeded, one that stays far behind is stopped before its end`,
      async check({ create }) {
        const assessor = await create(1, mode);
        await live(assessor, inMode(mode, goodCrowd()));
        for (const top of [0.1, 0.2, 0.3]) {
          const verdicts = await live(assessor, inMode(mode, [played(50 + 10 * top, rising(top))]));
          assert.ok(verdicts.slice(0, -5).includes(false), `a phase on its way to ${top} was kept`);
        }
      },
    },
    {
      id: `assessor/keeps-the-best-to-${mode}`,
      promise: `${mode}: a phase that is ahead of all that succeeded is never stopped`,
      async check({ create }) {
        const assessor = await create(1, mode);
        await live(assessor, inMode(mode, goodCrowd()));
        for (const top of [0.86, 0.92, 0.99]) {
          const verdicts = await live(assessor, inMode(mode, [played(50 + 10 * top, rising(top))]));
          assert.ok(verdicts.every(Boolean), `a phase on its way to ${top} was stopped`);
        }
      },
    },
  ]),
];

/** A phase, what it reports, and how it ends where nobody stops it. */
interface PlayedPhase {
  readonly phase: AssessedPhase;
  readonly curve: readonly Json[];
  readonly outcome: PhaseOutcome;
}

function played(
  parameterId: number,
  curve: readonly Json[],
  outcome: PhaseOutcome = "succeeded",
): PlayedPhase {
  return { phase: { parameterId, trialJobId: `job${parameterId}`, parameterIndex: 0 }, curve, outcome };
}

/** Twenty steps towards `top`. */
function rising(top: number): readonly number[] {
  return Array.from({ length: 20 }, (_, i) => top * (1 - 0.8 * (i + 1) ** -0.9));
}

function goodCrowd(): readonly PlayedPhase[] {
  return [0.78, 0.84, 0.8, 0.85, 0.82].map((top, id) => played(id, rising(top)));
}

/** Curves of all qualities, a little uneven. */
function crowd(count: number, firstId = 0): readonly PlayedPhase[] {
  return Array.from({ length: count }, (_, i) => {
    const top = 0.9 - 0.7 * ((i * 0.382) % 1);
    const curve = rising(top).map((value, step) => value + 0.004 * Math.sin(7 * step + i));
    return played(firstId + i, curve, i % 5 === 4 ? "failed" : "succeeded");
  });
}

function badCrowd(firstId: number): readonly PlayedPhase[] {
  const curves: readonly (readonly Json[])[] = [
    Array<Json>(12).fill(NaN),
    Array<Json>(12).fill(0.5),
    Array<Json>(12).fill(0),
    Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? Infinity : -Infinity)),
    Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? 1.7e308 : -1.7e308)),
    Array.from({ length: 12 }, (_, i) => (i % 3 === 0 ? NaN : i * 5e-324)),
    Array<Json>(12).fill("high"),
    Array<Json>(12).fill(null),
    Array<Json>(12).fill([1, 2]),
    Array<Json>(12).fill({ accuracy: 1 }),
    Array<Json>(12).fill({ default: "0.5" }),
    [1, 199, 0, 199, 1, 209, 2, 1e-300, -5],
    [0.5],
    [],
  ];
  const outcomes: readonly PhaseOutcome[] = ["succeeded", "failed", "stopped", "abandoned", "cancelled"];
  return [
    ...curves.map((curve, i) => played(firstId + i, curve)),
    ...curves.map((curve, i) => played(firstId + 50 + i, curve, outcomes[i % outcomes.length])),
  ];
}

/** A gain of 0.9 becomes a loss of 0.1. */
function inMode(mode: OptimizeMode, phases: readonly PlayedPhase[]): readonly PlayedPhase[] {
  if (mode === "maximize") return phases;
  return phases.map((each) => ({ ...each, curve: each.curve.map((value) => 1 - (value as number)) }));
}

/**
 * The manager's side of an assessor: two phases run at a time, whatever the verdicts, and end in the documented order. All verdicts,
 * phase by phase. `from`: how many results each phase has reported when this begins.
 */
async function live(assessor: Assessor, phases: readonly PlayedPhase[], from = 1): Promise<boolean[]> {
  const verdicts: boolean[] = [];
  for (let i = 0; i < phases.length; i += 2) {
    const running = phases.slice(i, i + 2);
    const longest = Math.max(...running.map(({ curve }) => curve.length));
    const heard = running.map((): boolean[] => []);
    for (let n = from; n <= longest; n++)
      for (const [j, { phase, curve }] of running.entries())
        if (n <= curve.length)
          heard[j]!.push(await assessor.assessPhase(phase, deepFreeze(curve.slice(0, n))));
    for (const each of running) await end(assessor, each);
    verdicts.push(...heard.flat());
  }
  return verdicts;
}

async function end(assessor: Assessor, { phase, curve, outcome }: PlayedPhase): Promise<void> {
  const value = outcome === "succeeded" || outcome === "stopped" ? (curve.at(-1) ?? null) : null;
  await assessor.phaseEnd?.(deepFreeze({ ...phase, outcome, value }), curve);
  await assessor.trialJobEnd?.({ trialJobId: phase.trialJobId, succeeded: outcome === "succeeded" });
}

/** The methods of an assessor that may be a class. */
function bound(assessor: Assessor): Assessor {
  return {
    assessPhase: (phase, curve) => assessor.assessPhase(phase, curve),
    phaseEnd: (phaseEnd, curve) => assessor.phaseEnd?.(phaseEnd, curve),
    trialJobEnd: (jobEnd) => assessor.trialJobEnd?.(jobEnd),
  };
}

function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === "object") {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
