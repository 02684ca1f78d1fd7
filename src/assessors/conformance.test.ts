import { describe, expect, test } from "vitest";
import { type AssessorHarness, assessorRules } from "../conformance/assessor.ts";
import { check } from "../conformance/rule.ts";
import type { Assessor, AssessorOptions, Json } from "../model/index.ts";
import { builtinAssessors, createBuiltinAssessor } from "./registry.ts";

describe.each(Object.keys(builtinAssessors))("%s", (name) => {
  for (const rule of assessorRules)
    test(`${rule.id}: ${rule.promise}`, () =>
      check(
        rule,
        harness((options) => make(name, options)),
      ));
});

test("Curvefitting that looks at every fourth result goes on as it would have after a restart", async () => {
  const recalls = assessorRules.find(({ id }) => id === "assessor/recalls")!;
  const everyFourth = harness((options) =>
    createBuiltinAssessor("Curvefitting", { ...options, classArgs: { start_step: 4, gap: 4 } }),
  );
  await recalls.check(everyFourth);
  const forgetful = harness((options) => ({
    ...createBuiltinAssessor("Curvefitting", { ...options, classArgs: { start_step: 4, gap: 4 } }),
    recallAssessment() {},
  }));
  await expect(recalls.check(forgetful)).rejects.toThrow();
});

function harness(create: (options: AssessorOptions) => Assessor): AssessorHarness {
  return { create: (seed, optimizeMode = "maximize") => create({ seed, optimizeMode, classArgs: {} }) };
}

function make(name: string, options: AssessorOptions): Assessor {
  return createBuiltinAssessor(name, options);
}

/** For every rule, an assessor that breaks it on purpose. */
const mutants: Record<string, (good: Assessor, options: AssessorOptions) => Assessor> = {
  "assessor/verdicts": (good) => ({
    ...good,
    assessPhase: (phase, curve) =>
      (good.assessPhase(phase, curve) === true ? true : undefined) as unknown as boolean,
  }),
  "assessor/same-calls": (good) => {
    const turn = instances++ % 2 === 0;
    return { ...good, assessPhase: (phase, curve) => good.assessPhase(phase, curve) === turn };
  },
  "assessor/recalls": (good) => {
    let heard = 0;
    return {
      ...good,
      assessPhase: (phase, curve) => (heard++ < 100 ? true : good.assessPhase(phase, curve)),
      recallAssessment() {},
    };
  },
  // As in NNI: one curve for each trial job.
  "assessor/phases-apart": (good) => {
    const ofJob = new Map<string, readonly Json[]>();
    return {
      ...good,
      assessPhase(phase, curve) {
        const whole = [...(ofJob.get(phase.trialJobId) ?? []), curve.at(-1)!];
        ofJob.set(phase.trialJobId, whole);
        return good.assessPhase(phase, whole);
      },
    };
  },
  "assessor/survives-bad-results": (good) => ({
    ...good,
    assessPhase(phase, curve) {
      if (typeof curve.at(-1) === "string") throw new TypeError("not a number");
      return good.assessPhase(phase, curve);
    },
  }),
  "assessor/default-counts": (good) => ({
    ...good,
    phaseEnd: (end, curve) =>
      good.phaseEnd?.(
        end,
        curve.filter((value) => typeof value === "number"),
      ),
  }),
  "assessor/only-success-sets-the-mark": (good) => ({
    ...good,
    phaseEnd: (end, curve) =>
      good.phaseEnd?.(end.outcome === "stopped" ? { ...end, outcome: "succeeded" } : end, curve),
  }),
  "assessor/keeps-arguments": (good) => ({
    ...good,
    assessPhase(phase, curve) {
      Object.assign(phase, { seen: true });
      return good.assessPhase(phase, curve);
    },
  }),
  "assessor/stops-the-hopeless-to-maximize": (good) => ({ ...good, assessPhase: () => true }),
  "assessor/stops-the-hopeless-to-minimize": (_good, options) =>
    medianstop({ ...options, optimizeMode: "maximize" }),
  "assessor/keeps-the-best-to-maximize": (_good, options) =>
    medianstop({ ...options, optimizeMode: "minimize" }),
  "assessor/keeps-the-best-to-minimize": (_good, options) =>
    medianstop({ ...options, optimizeMode: "maximize" }),
};

let instances = 0;
const medianstop = (options: AssessorOptions): Assessor => make("Medianstop", options);

describe("a mutant breaks", () => {
  for (const rule of assessorRules)
    test(rule.id, async () => {
      const broken = harness((options) => mutants[rule.id]!(medianstop(options), options));
      await expect(rule.check(broken)).rejects.toThrow();
    });
});
