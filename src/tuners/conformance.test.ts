import { describe, expect, test } from "vitest";
import { check } from "../conformance/rule.ts";
import { type TunerHarness, tunerRules } from "../conformance/tuner.ts";
import type { Json, JsonObject, SearchSpace, Tuner, TunerOptions } from "../model/index.ts";
import { flatten, toParameters } from "../space/index.ts";
import { builtinTuners, createBuiltinTuner } from "./registry.ts";
import { rankPoints } from "./ranked-points.ts";

const noChance = "sweeps a fixed order, the seed plays no part";
const noModel = "does not learn";
const halfFromPrior =
  "every second mutation is a draw from the prior, so that the mean stays high; evolution.test.ts measures what it learns";
const countedGrid = "numbers the points of its grid, up to 2^52 of them, and refuses larger ones";
const listOnly = "takes a list of configurations, which an infinite space has not";

/** The rules that cannot hold for a tuner, and why. */
const waivers: Record<string, Record<string, string>> = {
  Random: { "tuner/learns-to-minimize": noModel, "tuner/learns-to-maximize": noModel },
  QMC: { "tuner/learns-to-minimize": noModel, "tuner/learns-to-maximize": noModel },
  Hyperband: { "tuner/learns-to-minimize": noModel, "tuner/learns-to-maximize": noModel },
  Evolution: { "tuner/learns-to-minimize": halfFromPrior, "tuner/learns-to-maximize": halfFromPrior },
  GridSearch: {
    "tuner/other-seed": noChance,
    "tuner/learns-to-minimize": noModel,
    "tuner/learns-to-maximize": noModel,
    "tuner/odd-ranges": countedGrid,
    "tuner/many-dimensions": countedGrid,
  },
  BatchTuner: {
    "tuner/inside-space": listOnly,
    "tuner/other-seed": noChance,
    "tuner/learns-to-minimize": listOnly,
    "tuner/learns-to-maximize": listOnly,
    "tuner/odd-ranges": listOnly,
    "tuner/many-dimensions": listOnly,
    "tuner/twenty-at-once": listOnly,
  },
};

/**
 * GridSearch sweeps infinite spaces too; 60 phases are enough to learn for a population that is not larger than they are; with one
 * budget a configuration is evaluated once, and a third of draws from the prior would keep the mean high.
 */
const classArgs: Record<string, JsonObject> = {
  GridSearch: { grid_points: 30 },
  NSGA2: { population_size: 10 },
  Hyperband: { R: 1 },
  BOHB: { min_budget: 1, max_budget: 1, random_fraction: 0 },
};

describe.each(Object.keys(builtinTuners))("%s", (name) => {
  for (const rule of tunerRules)
    test(`${rule.id}: ${rule.promise}`, () => check(rule, harnessOf(name), waivers[name]));
});

describe("NSGA2 of two objectives", () => {
  for (const rule of tunerRules)
    test(`${rule.id}: ${rule.promise}`, () => check(rule, harness(ofTwoObjectives)));
});

function harnessOf(name: string): TunerHarness {
  return harness((options) => {
    const tuner = createBuiltinTuner(name, { ...options, classArgs: classArgs[name] ?? {} });
    if (name === "BatchTuner") return listing(tuner);
    return name === "Hyperband" || name === "BOHB" ? withoutBudget(tuner) : tuner;
  });
}

/** Its parameters hold nothing but the space's. */
function withoutBudget(tuner: Tuner): Tuner {
  return {
    ...tuner,
    async generateParameters(parameterId, request) {
      const proposal = await tuner.generateParameters(parameterId, request);
      if (proposal.kind !== "parameters") return proposal;
      const { TRIAL_BUDGET: budget, ...parameters } = proposal.parameters as JsonObject;
      expect(budget).toBe(1);
      return { kind: "parameters", parameters };
    },
    recallParameters: ({ parameters, ...request }) =>
      tuner.recallParameters?.({
        ...request,
        parameters: { ...(parameters as JsonObject), TRIAL_BUDGET: 1 },
      }),
  };
}

/** Hears a number as both objectives, and everything else as it is. */
function ofTwoObjectives(options: TunerOptions): Tuner {
  const objectives = { loss: options.optimizeMode, cost: options.optimizeMode };
  const tuner = createBuiltinTuner("NSGA2", { ...options, classArgs: { ...classArgs["NSGA2"], objectives } });
  const both = (value: Json): Json => (typeof value === "number" ? { loss: value, cost: 2 * value } : value);
  return {
    ...tuner,
    receiveTrialResult: (result) => tuner.receiveTrialResult({ ...result, value: both(result.value) }),
    importData: (rows) => tuner.importData?.(rows.map((row) => ({ ...row, value: both(row.value) }))),
  };
}

function harness(make: (options: TunerOptions) => Tuner): TunerHarness {
  return {
    create(space, seed, optimizeMode = "minimize") {
      const tuner = make({ seed, optimizeMode, classArgs: {} });
      void tuner.updateSearchSpace(space);
      return tuner;
    },
  };
}

/** Lets BatchTuner run on a finite space: its points become the list. */
function listing(tuner: Tuner): Tuner {
  const list = (space: SearchSpace): SearchSpace => {
    const flat = flatten(space);
    const ranked = rankPoints(flat)!;
    const points = Array.from({ length: ranked.size }, (_, rank) => ranked.pointAt(rank));
    const options = points.map((point) => toParameters(flat, point));
    return { combine_params: { _type: "choice", _value: options } };
  };
  return { ...tuner, updateSearchSpace: (space) => tuner.updateSearchSpace(list(space)) };
}

/** For every rule, a tuner that breaks it on purpose. */
const mutants: Record<string, (good: Tuner, options: TunerOptions) => Tuner> = {
  "tuner/inside-space": (good) => ({
    ...good,
    generateParameters(id, request) {
      const proposal = good.generateParameters(id, request) as { parameters: JsonObject };
      const { units: _units, ...rest } = proposal.parameters;
      return { kind: "parameters", parameters: rest };
    },
  }),
  "tuner/same-seed": (_good, options) => tpe({ ...options, seed: fresh++ }),
  "tuner/other-seed": (_good, options) => tpe({ ...options, seed: 1 }),
  "tuner/exhausts-once": (good) => {
    let first: ReturnType<Tuner["generateParameters"]> | undefined;
    return {
      ...good,
      generateParameters: (id, request) =>
        id === 3 && first !== undefined ? first : (first = good.generateParameters(id, request)),
    };
  },
  "tuner/no-more-changes-nothing": (good) => {
    let wasted = 0;
    return {
      ...good,
      generateParameters(id, request) {
        const proposal = good.generateParameters(id, request) as { kind: string };
        if (proposal.kind === "no-more") wasted += 1;
        return proposal as ReturnType<Tuner["generateParameters"]>;
      },
      updateSearchSpace(space) {
        void good.updateSearchSpace(space);
        for (let i = 0; i < wasted; i++)
          void good.generateParameters(5000 + i, { trialJobId: "w", parameterIndex: i });
      },
    };
  },
  "tuner/survives-bad-results": (good) => ({
    ...good,
    receiveTrialResult(result) {
      if (!Number.isFinite(result.value)) throw new TypeError("not a number");
      return good.receiveTrialResult(result);
    },
  }),
  "tuner/pending-counted": (good) => ({
    ...good,
    generateParameters(parameterId, request) {
      const proposal = good.generateParameters(parameterId, request);
      const { trialJobId } = request;
      void good.trialEnd?.({ parameterId, trialJobId, outcome: "abandoned" });
      return proposal;
    },
  }),
  "tuner/abandoned-is-free": (good) => ({
    ...good,
    receiveTrialResult: (result) =>
      result.outcome === "abandoned" ? undefined : good.receiveTrialResult(result),
    trialEnd: (end) => (end.outcome === "abandoned" ? undefined : good.trialEnd?.(end)),
  }),
  "tuner/import-counts": (good) => ({
    ...good,
    importData: (rows) => good.importData?.(rows.filter(({ value }) => Boolean(value))),
  }),
  "tuner/import-tolerates": (good) => ({
    ...good,
    importData(rows) {
      for (const { parameters } of rows)
        if (typeof parameters !== "object") throw new TypeError("expected an object");
    },
  }),
  "tuner/new-space": (good) => {
    let told = false;
    return {
      ...good,
      updateSearchSpace(space) {
        if (!told) void good.updateSearchSpace(space);
        told = true;
      },
    };
  },
  "tuner/keeps-arguments": (good) => ({
    ...good,
    receiveTrialResult(result) {
      Object.assign(result, { seen: true });
      return good.receiveTrialResult(result);
    },
  }),
  "tuner/repeats-are-harmless": (good) => {
    const seen = new Set<number>();
    return {
      ...good,
      receiveTrialResult(result) {
        if (seen.has(result.parameterId)) throw new Error("heard twice");
        seen.add(result.parameterId);
        return good.receiveTrialResult(result);
      },
    };
  },
  "tuner/recalls": (good) => ({ ...good, recallParameters: () => {} }),
  "tuner/odd-ranges": (good) => ({
    ...good,
    generateParameters(id, request) {
      const proposal = good.generateParameters(id, request) as { parameters: JsonObject };
      const { fixed } = proposal.parameters;
      if (fixed === undefined) return proposal as ReturnType<Tuner["generateParameters"]>;
      return { kind: "parameters", parameters: { ...proposal.parameters, fixed: (fixed as number) + 1e-9 } };
    },
  }),
  "tuner/many-dimensions": (good) => {
    let last: ReturnType<Tuner["generateParameters"]> | undefined;
    return {
      ...good,
      generateParameters: (id, request) =>
        id === 24 && last !== undefined ? last : (last = good.generateParameters(id, request)),
    };
  },
  "tuner/twenty-at-once": (good) => ({
    ...good,
    generateParameters(parameterId, request) {
      const proposal = good.generateParameters(parameterId, request);
      const { trialJobId } = request;
      void good.trialEnd?.({ parameterId, trialJobId, outcome: "abandoned" });
      return proposal;
    },
  }),
  "tuner/learns-to-minimize": (_good, options) => tpe({ ...options, optimizeMode: "maximize" }),
  "tuner/learns-to-maximize": (_good, options) => tpe({ ...options, optimizeMode: "minimize" }),
};

let fresh = 100;
const tpe = (options: TunerOptions): Tuner => createBuiltinTuner("TPE", { ...options, classArgs: {} });

describe("a mutant breaks", () => {
  for (const rule of tunerRules)
    test(rule.id, async () => {
      const broken = harness((options) => mutants[rule.id]!(tpe(options), options));
      await expect(rule.check(broken)).rejects.toThrow();
    });
});
