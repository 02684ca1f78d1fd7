import { seeded } from "../../src/model/index.ts";
import type { JsonObject, Proposal, SearchSpace, Tuner } from "../../src/model/index.ts";
import { builtinTunerNames, createBuiltinTuner } from "../../src/tuners/index.ts";
import { spaceOfX } from "../support/world.ts";
import type { Ground } from "./ground.ts";

/** The built-in ones; `learning`, whose every proposal depends on every call before; and one that has whims. */
export type SimulatedTuner =
  "TPE" | "Random" | "QMC" | "GridSearch" | "BatchTuner" | "learning" | "whimsical";

/** Those whose proposals depend on nothing but their seed and what they are told. */
export const reproducibleTuners: readonly SimulatedTuner[] = [
  "learning",
  ...(builtinTunerNames as readonly SimulatedTuner[]),
];

const richSpace: SearchSpace = {
  x: { _type: "uniform", _value: [0, 1] },
  layers: { _type: "randint", _value: [1, 6] },
  optimizer: {
    _type: "choice",
    _value: ["sgd", { _name: "adam", beta: { _type: "uniform", _value: [0.8, 0.99] } }],
  },
};
const listSpace: SearchSpace = {
  combine_params: { _type: "choice", _value: [0, 1, 1, 2, 3, 4, 5, 6].map((x) => ({ x })) },
};

/** Another space of the same kind. */
export function otherSpaceOf(name: SimulatedTuner): SearchSpace {
  if (name !== "BatchTuner") return { ...spaceOf(name), x: { _type: "uniform", _value: [0.5, 2] } };
  return { combine_params: { _type: "choice", _value: [6, 7, 8].map((x) => ({ x })) } };
}

export function spaceOf(name: SimulatedTuner): SearchSpace {
  if (name === "whimsical" || name === "learning") return spaceOfX;
  return name === "BatchTuner" ? listSpace : richSpace;
}

/** Few startup trials, so that TPE's model is used within a short experiment. */
const classArgs: { readonly [name: string]: JsonObject } = {
  TPE: { n_startup_trials: 3, n_ei_candidates: 8 },
  GridSearch: { grid_points: 3 },
  NSGA2: { population_size: 4 },
  Hyperband: { R: 9 },
  BOHB: { min_budget: 1, max_budget: 9 },
};

/** A new one, as a new process would have it; `number` of the tuners so far. */
export function makeTuner(ground: Ground, number: number): Tuner {
  const { tuner: name, config } = ground.scenario;
  if (name === "whimsical") return whimsicalTuner(ground, number);
  if (name === "learning") return learningTuner(ground);
  return createBuiltinTuner(name, {
    optimizeMode: config.optimizeMode ?? "maximize",
    seed: ground.scenario.seed,
    classArgs: classArgs[name] ?? {},
  });
}

/** Answers by chance, which depends on what it has heard; a wait or no-more changes nothing inside. */
function whimsicalTuner({ dice, schedule, scenario: { trouble } }: Ground, number: number): Tuner {
  let heard = 0;
  return {
    updateSearchSpace: () => {},
    async generateParameters(parameterId): Promise<Proposal> {
      const throws = dice("throw", parameterId, number) < trouble.fail;
      const whim = dice("whim", parameterId, heard);
      if (dice("think", parameterId, heard) < trouble.slow / 2) await schedule.pause(700);
      if (throws) throw new Error("singular");
      if (whim < trouble.wait) return { kind: "wait" };
      if (whim > 1 - trouble.noMore / 3) return { kind: "no-more" };
      return { kind: "parameters", parameters: { x: dice("x", parameterId) } };
    },
    receiveTrialResult: () => void (heard += 1),
  };
}

/** Draws as a seeded tuner does, and mixes in all that it is told. */
function learningTuner({ dice, schedule, scenario: { trouble } }: Ground): Tuner {
  let memory = 1;
  const learn = (what: number): number => (memory = seeded(memory * 1_000 + what).next() * 1_000_000);
  return {
    updateSearchSpace: () => {},
    async generateParameters(parameterId) {
      if (dice("think", parameterId) < trouble.slow) await schedule.pause(300);
      return { kind: "parameters", parameters: { x: learn(parameterId) } };
    },
    receiveTrialResult({ parameterId, value }) {
      learn(typeof value === "number" && !Number.isNaN(value) ? value : -1 - parameterId);
    },
  };
}
