import fc from "fast-check";
import type { ExperimentConfig } from "../../src/model/index.ts";
import { peopleActions } from "./people.ts";
import type { PeopleAction } from "./people.ts";
import { reproducibleTuners } from "./tuners.ts";
import type { SimulatedTuner } from "./tuners.ts";

/** All that decides about a run. Plain JSON: it can be printed, shrunk and played again. */
export interface Scenario {
  /** Of every chance that is not spelled out below, and of the order of what happens at one moment. */
  readonly seed: number;
  readonly tuner: SimulatedTuner;
  /** Whether the strict assessor judges phases. */
  readonly assessor: boolean;
  /** Processes that do what their parameters say, and nothing else: such a run is compared with an undisturbed one. */
  readonly steady: boolean;
  readonly config: Partial<ExperimentConfig>;
  /** See ExperimentDeps. Where it pauses, somebody unpauses it later. */
  readonly onTunerFailure: "pause" | "end";
  /** How often, from 0 to 1. */
  readonly trouble: Trouble;
  readonly network: NetworkTrouble;
  readonly kills: readonly Kill[];
  readonly people: readonly { readonly at: number; readonly does: PeopleAction }[];
  /** How often somebody resumes the experiment after it has ended. */
  readonly resumes: number;
}

export interface Trouble {
  /** Processes. */
  readonly die: number;
  readonly hang: number;
  /** Answers of the whimsical tuner. */
  readonly wait: number;
  readonly noMore: number;
  readonly fail: number;
  /** Tuner and training service. */
  readonly slow: number;
  /** Jobs that the training service refuses, and such that it loses sight of. */
  readonly refuse: number;
}

/** What becomes of each message, request or answer. */
export interface NetworkTrouble {
  readonly drop: number;
  readonly duplicate: number;
  /** Up to so many milliseconds on the way, so that later messages overtake earlier ones. */
  readonly delayMs: number;
}

export interface Kill {
  readonly whom: "manager" | "process" | "both" | "tuner";
  /**
   * Commits and steps of the simulation are counted from 0, over all managers. `record`: when so many records are durable,
   * also in the midst of a commit.
   */
  readonly when: "before-commit" | "after-commit" | "step" | "record";
  readonly count: number;
}

export const peace: Pick<Scenario, "trouble" | "network" | "kills" | "people" | "resumes"> = {
  trouble: { die: 0, hang: 0, wait: 0, noMore: 0, fail: 0, slow: 0, refuse: 0 },
  network: { drop: 0, duplicate: 0, delayMs: 0 },
  kills: [],
  people: [],
  resumes: 0,
};

const chance = fc.constantFrom(0, 0, 0.02, 0.1, 0.3);
const seed = fc.noShrink(fc.integer({ min: 0, max: 2 ** 31 }));
const limit = (max: number): fc.Arbitrary<number | null> =>
  fc.option(fc.integer({ min: 1, max }), { nil: null });

const network: fc.Arbitrary<NetworkTrouble> = fc.record({
  drop: fc.constantFrom(0, 0.05, 0.2),
  duplicate: fc.constantFrom(0, 0.1, 0.4),
  delayMs: fc.constantFrom(0, 5, 500, 5_000),
});

const kills = (whom: readonly Kill["whom"][]): fc.Arbitrary<Kill[]> =>
  fc.array(
    fc.oneof(
      fc.record({
        whom: fc.constantFrom(...whom),
        when: fc.constantFrom("before-commit" as const, "after-commit" as const),
        count: fc.integer({ min: 0, max: 70 }),
      }),
      fc.record({
        whom: fc.constantFrom(...whom),
        when: fc.constant("step" as const),
        count: fc.integer({ min: 0, max: 400 }),
      }),
    ),
    { maxLength: 7 },
  );

/** Anything may go wrong. */
const anything: fc.Arbitrary<Scenario> = fc
  .record({
    seed,
    tuner: fc.constantFrom<SimulatedTuner[]>("whimsical", "whimsical", "whimsical", ...reproducibleTuners),
    assessor: fc.constantFrom(true, false),
    limits: fc.record({
      trialConcurrency: fc.integer({ min: 1, max: 4 }),
      maxTrialNum: limit(8),
      maxPhaseNum: limit(20),
      maxPhasesPerTrial: limit(5),
      maxExecDurationMs: fc.option(fc.integer({ min: 0, max: 30_000 }), { nil: null }),
      phaseTimeoutMs: fc.option(fc.integer({ min: 100, max: 10_000 }), { nil: null }),
      gracePeriodMs: fc.constantFrom(0, 500, 5_000),
      maxTrialRetries: fc.constantFrom(0, 1, 2),
      multiPhase: fc.constantFrom(true, true, true, false),
      optimizeMode: fc.constantFrom("maximize" as const, "minimize" as const),
    }),
    trouble: fc.record({
      die: chance,
      hang: chance,
      wait: chance,
      noMore: chance,
      fail: fc.constantFrom(0, 0, 0, 0.02),
      slow: fc.constantFrom(0, 0.5),
      refuse: fc.constantFrom(0, 0, 0.1),
    }),
    network,
    kills: kills(["manager", "manager", "process", "both", "tuner"]),
    people: fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: 30_000 }),
        does: fc.constantFrom(...(Object.keys(peopleActions) as PeopleAction[])),
      }),
      { maxLength: 5 },
    ),
    resumes: fc.constantFrom(0, 0, 1, 2),
    onTunerFailure: fc.constantFrom("pause" as const, "end" as const),
  })
  .map(({ limits, trouble, ...rest }) => ({ ...rest, steady: false, ...thatEnds(limits, trouble) }));

/** Without any limit an experiment may go on for ever; a process that hangs is ended by the time limit alone. */
function thatEnds(
  limits: Partial<ExperimentConfig>,
  trouble: Trouble,
): { config: Partial<ExperimentConfig>; trouble: Trouble } {
  const { maxExecDurationMs, maxPhaseNum } = limits;
  if (maxExecDurationMs !== null) return { config: limits, trouble };
  return { config: { ...limits, maxPhaseNum: maxPhaseNum ?? 12 }, trouble: { ...trouble, hang: 0 } };
}

/** One job at a time, whose processes do what their parameters say: whatever is killed, the outcome is the same. */
const steady: fc.Arbitrary<Scenario> = fc
  .record({
    seed,
    tuner: fc.constantFrom(...reproducibleTuners),
    assessor: fc.constantFrom(true, false),
    maxPhaseNum: fc.integer({ min: 1, max: 14 }),
    maxPhasesPerTrial: limit(5),
    network,
    slow: fc.constantFrom(0, 0.5),
    kills: kills(["manager", "process", "both", "tuner"]),
  })
  .map(({ slow, maxPhaseNum, maxPhasesPerTrial, ...rest }) => ({
    ...rest,
    steady: true,
    onTunerFailure: "pause" as const,
    config: steadyConfig({ maxPhaseNum, maxPhasesPerTrial }),
    trouble: { ...peace.trouble, slow },
    people: [],
    resumes: 0,
  }));

/** Killed processes are started again as often as it takes. */
export function steadyConfig(limits: Partial<ExperimentConfig>): Partial<ExperimentConfig> {
  return { trialConcurrency: 1, maxTrialRetries: 1_000, ...limits };
}

/** Without a liking for small numbers: short experiments have little to lose. */
export const scenarios: fc.Arbitrary<Scenario> = fc.noBias(
  fc.oneof({ arbitrary: anything, weight: 3 }, { arbitrary: steady, weight: 1 }),
);
