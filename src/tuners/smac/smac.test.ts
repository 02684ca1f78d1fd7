import { describe, expect, test } from "vitest";
import type { Json, JsonObject, PhaseOutcome, SearchSpace, Tuner } from "../../model/index.ts";
import { type Numbers, ask, run, tell } from "../../../tests/support/ask-tell.ts";
import { learner, learnerLoss } from "../../../tests/support/landscapes.ts";
import { createBuiltinTuner } from "../registry.ts";

function open(space: SearchSpace, seed = 1, classArgs: JsonObject = {}): Tuner {
  const tuner = createBuiltinTuner("SMAC", { optimizeMode: "minimize", seed, classArgs });
  void tuner.updateSearchSpace(space);
  return tuner;
}

const line: SearchSpace = { x: { _type: "uniform", _value: [0, 1] } };
const square: SearchSpace = { ...line, y: { _type: "uniform", _value: [0, 1] } };
const bowl = ({ x, y }: Numbers): number => (x! - 0.3) ** 2 + (y! - 0.6) ** 2;
const middleOf = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1]!;

test("finds the minimum of a bowl to 0.03 in 40 phases for 7 of 8 seeds", () => {
  const found = Array.from({ length: 8 }, (_, seed) =>
    Math.sqrt(Math.min(...run(open(square, seed), 40, bowl).map(bowl))),
  );
  expect(found.filter((distance) => distance < 0.03).length).toBeGreaterThanOrEqual(7);
});

test("settles a nested choice and tunes what is inside", () => {
  const best = [1, 2, 3, 4, 5].map((seed) =>
    Math.min(...run(open(learner, seed), 60, learnerLoss).map(learnerLoss)),
  );
  expect(middleOf(best)).toBeLessThan(0.02);
});

test("finds the one good option of many", () => {
  const space: SearchSpace = {
    model: { _type: "choice", _value: Array.from({ length: 40 }, (_, i) => `m${i}`) },
    x: { _type: "uniform", _value: [0, 1] },
  };
  const loss = ({ model, x }: { model: string; x: number }): number =>
    (model === "m17" ? 0 : 1 + Number(model.slice(1)) / 100) + (x - 0.5) ** 2;
  const best = [1, 2, 3].map((seed) =>
    Math.min(...run<{ model: string; x: number }>(open(space, seed), 70, loss).map(loss)),
  );
  expect(middleOf(best)).toBeLessThan(0.05);
});

describe("draws from the prior come between, also when requests come singly,", () => {
  /** What 60 single requests get after the same 12 phases, one by one. */
  const proposalsWith = (probability: number): Numbers[] => {
    const tuner = open(square, 3, { random_probability: probability, n_startup_trials: 12 });
    run(tuner, 12, bowl);
    return Array.from({ length: 60 }, (_, i) => {
      const proposal = ask(tuner, 12 + i);
      tell(tuner, 12 + i, null, "abandoned");
      return proposal;
    });
  };
  const drawn = proposalsWith(1).map(({ x }) => x);
  const sharesOf = (probability: number): number =>
    proposalsWith(probability).filter(({ x }, i) => x === drawn[i]).length / 60;

  test("as often as is asked for", () => {
    expect(sharesOf(0)).toBe(0);
    expect(Math.abs(sharesOf(0.4) - 0.4)).toBeLessThan(0.15);
  });
});

test("keeps other jobs away from points that are being evaluated", () => {
  /** How far apart 16 proposals are that run at once, or that are given back one by one. */
  const spreadOf = (seed: number, atOnce: boolean): number => {
    const tuner = open(square, seed, { random_probability: 0 });
    run(tuner, 40, bowl);
    const xs = Array.from({ length: 16 }, (_, i) => {
      const { x } = ask(tuner, 100 + i);
      if (!atOnce) tell(tuner, 100 + i, null, "abandoned");
      return x!;
    });
    const mean = xs.reduce((sum, x) => sum + x, 0) / 16;
    return Math.sqrt(xs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 16);
  };
  const seeds = Array.from({ length: 8 }, (_, i) => i + 1);
  const mean = (atOnce: boolean): number => seeds.reduce((sum, seed) => sum + spreadOf(seed, atOnce), 0) / 8;
  expect(mean(true)).toBeGreaterThan(1.1 * mean(false));
});

describe("config_dedup", () => {
  /** Infinitely many values, of which all but three are out of reach. */
  const space: SearchSpace = { x: { _type: "qnormal", _value: [0, 0.3, 1] } };

  test("answers no-more where no new configuration is found", () => {
    const tuner = open(space, 1, { config_dedup: true });
    const seen = new Set<number>();
    for (let id = 0; ; id++) {
      const proposal = tuner.generateParameters(id, { trialJobId: "a", parameterIndex: id });
      if (!("parameters" in proposal)) {
        expect(proposal).toEqual({ kind: "no-more" });
        break;
      }
      const { x } = proposal.parameters as { x: number };
      expect(seen).not.toContain(x);
      seen.add(x);
      tell(tuner, id, x);
    }
    expect(seen.size).toBeGreaterThanOrEqual(3);
  });

  test("left out, a configuration comes again rather than none", () => {
    expect(run(open(space), 30, ({ x }) => x!)).toHaveLength(30);
  });
});

describe("results", () => {
  const proposalsAfter = (values: readonly (readonly [Json, PhaseOutcome])[]): Numbers[] => {
    const tuner = open(square, 4);
    for (const [id, [value, outcome]] of values.entries()) {
      ask(tuner, id);
      tell(tuner, id, value, outcome);
    }
    return Array.from({ length: 4 }, (_, i) => ask(tuner, 500 + i));
  };
  const good = Array.from({ length: 12 }, (_, i) => [i, "succeeded"] as const);

  test("NaN, text, infinity and failures all rank worst", () => {
    const [nan, ...others] = (
      [
        [NaN, "succeeded"],
        ["oops", "succeeded"],
        [null, "failed"],
        [Infinity, "succeeded"],
        [1e300, "succeeded"],
      ] as const
    ).map((bad) => proposalsAfter([...good, bad]));
    for (const other of others) expect(other).toEqual(nan);
    expect(proposalsAfter([...good, [-1e300, "succeeded"]])).not.toEqual(nan);
  });

  test("a stopped phase counts by the value that it carries", () => {
    expect(proposalsAfter([...good, [3.5, "stopped"]])).toEqual(
      proposalsAfter([...good, [3.5, "succeeded"]]),
    );
  });

  test("count by their ranks: neither unit nor outliers play a part", () => {
    const scaled = good.map(([value]) => [-7 + 1e6 * value ** 3, "succeeded"] as const);
    expect(proposalsAfter(scaled)).toEqual(proposalsAfter(good));
  });

  test("where every phase fails, the search goes on", () => {
    const tried = run(open(square, 2), 30, () => null);
    expect(new Set(tried.map(({ x }) => x)).size).toBe(30);
  });

  test("of a configuration that comes twice are both learnt from", () => {
    const rows = Array.from({ length: 12 }, (_, i) => ({ parameters: { x: i / 12, y: 0.5 }, value: i }));
    const proposalAfter = (more: typeof rows): Numbers => {
      const tuner = open(square, 4);
      void tuner.importData?.([...rows, ...more]);
      return ask(tuner, 0);
    };
    expect(proposalAfter([{ parameters: rows[0]!.parameters, value: 11 }])).not.toEqual(proposalAfter([]));
  });
});

describe("the first proposals", () => {
  test("are spread evenly: each quarter of every range once in four", () => {
    const tried = run(open(square, 5), 4, bowl);
    for (const name of ["x", "y"])
      expect(new Set(tried.map((parameters) => Math.floor(4 * parameters[name]!))).size).toBe(4);
  });

  test("are as many as n_startup_trials, which do not depend on results", () => {
    const startupOf = (classArgs: JsonObject): number => {
      const [one, other] = [bowl, (parameters: Numbers) => -bowl(parameters)].map((loss) =>
        run(open(square, 6, { ...classArgs, random_probability: 0 }), 16, loss),
      );
      return one!.findIndex((parameters, id) => parameters["x"] !== other![id]!["x"]);
    };
    expect(startupOf({})).toBe(4);
    expect(startupOf({ n_startup_trials: 9 })).toBe(9);
  });

  test("are not repeated where an abandoned phase shifts the count", () => {
    const tuner = open(square, 7, { n_startup_trials: 12 });
    const seen = Array.from({ length: 12 }, (_, id) => {
      const { x } = ask(tuner, id);
      if (id === 5) tell(tuner, 2, null, "abandoned");
      return x;
    });
    expect(new Set(seen).size).toBe(12);
  });

  test("are left out where enough results were imported", () => {
    const tuner = open(line, 1, { random_probability: 0 });
    const rows = Array.from({ length: 30 }, (_, i) => ({
      parameters: { x: i / 30 },
      value: Math.abs(i / 30 - 0.7),
    }));
    void tuner.importData?.(rows);
    const proposals = Array.from({ length: 10 }, (_, id) => ask(tuner, id).x!);
    expect(proposals.filter((x) => Math.abs(x - 0.7) < 0.2).length).toBeGreaterThanOrEqual(8);
  });
});

test("learns from thousands of results at a bounded cost, the same way each time", () => {
  const rows = Array.from({ length: 3000 }, (_, i) => {
    const parameters = { x: (i * 0.618034) % 1, y: (i * 0.754878) % 1 };
    return { parameters, value: bowl(parameters) };
  });
  const proposals = [0, 1].map(() => {
    const tuner = open(square, 8, { random_probability: 0 });
    void tuner.importData?.(rows);
    return Array.from({ length: 3 }, (_, id) => ask(tuner, id));
  });
  expect(proposals[0]).toEqual(proposals[1]);
  for (const each of proposals[0]!) expect(bowl(each)).toBeLessThan(0.01);
});
