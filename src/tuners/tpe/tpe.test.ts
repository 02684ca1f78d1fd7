import { describe, expect, test } from "vitest";
import type { Json, JsonObject, PhaseOutcome, SearchSpace, Tuner } from "../../model/index.ts";
import { ask, run, tell } from "../../../tests/support/ask-tell.ts";
import { learner, learnerLoss } from "../../../tests/support/landscapes.ts";
import { createBuiltinTuner } from "../registry.ts";

function open(space: SearchSpace, seed = 1, classArgs: JsonObject = {}): Tuner {
  const tuner = createBuiltinTuner("TPE", { optimizeMode: "minimize", seed, classArgs });
  void tuner.updateSearchSpace(space);
  return tuner;
}

const line: SearchSpace = { x: { _type: "uniform", _value: [0, 1] } };
const square: SearchSpace = { ...line, y: { _type: "uniform", _value: [0, 1] } };

test("finds the minimum of (x - 0.3)^2 to 0.01 in 60 phases for 9 of 10 seeds", () => {
  const found = Array.from({ length: 10 }, (_, seed) => {
    const tried = run(open(line, seed), 60, ({ x }) => (x! - 0.3) ** 2);
    return Math.min(...tried.map(({ x }) => Math.abs(x! - 0.3)));
  });
  expect(found.filter((distance) => distance < 0.01).length).toBeGreaterThanOrEqual(9);
});

test("learns that two parameters belong together", () => {
  // A narrow diagonal valley: no single parameter tells where it is.
  const late = [1, 2, 3, 4, 5].map((seed) => {
    const tried = run(
      open(square, seed),
      120,
      ({ x, y }) => 10 * (x! - y!) ** 2 + 0.1 * Math.abs(x! + y! - 1),
    );
    const last = tried.slice(100);
    return last.reduce((sum, { x, y }) => sum + Math.abs(x! - y!), 0) / last.length;
  });
  // Two independent uniform numbers are 1/3 apart.
  expect(late.toSorted((one, other) => one - other)[2]).toBeLessThan(0.12);
});

test("keeps other jobs away from points that are being evaluated", () => {
  const evaluate = ({ x, y }: Record<string, number>): number => (x! - 0.5) ** 2 + (y! - 0.5) ** 2;
  /** How far apart 16 proposals are that run at once, or that are given back one by one. */
  const spreadOf = (seed: number, atOnce: boolean): number => {
    const tuner = open(square, seed);
    run(tuner, 60, evaluate);
    const xs = Array.from({ length: 16 }, (_, i) => {
      const { x } = ask(tuner, 100 + i);
      if (!atOnce) tell(tuner, 100 + i, null, "abandoned");
      return x!;
    });
    const mean = xs.reduce((sum, x) => sum + x, 0) / 16;
    return Math.sqrt(xs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 16);
  };
  const seeds = Array.from({ length: 12 }, (_, i) => i + 1);
  const mean = (atOnce: boolean): number => seeds.reduce((sum, seed) => sum + spreadOf(seed, atOnce), 0) / 12;
  expect(mean(true)).toBeGreaterThan(1.1 * mean(false));
});

test("settles a nested choice and tunes what is inside", () => {
  const best = [1, 2, 3, 4, 5].map((seed) =>
    Math.min(...run(open(learner, seed), 80, learnerLoss).map(learnerLoss)),
  );
  expect(best.toSorted((one, other) => one - other)[2]).toBeLessThan(0.02);
});

describe("results", () => {
  const proposalsAfter = (values: readonly (readonly [Json, PhaseOutcome])[]): Record<string, number>[] => {
    const tuner = open(square, 4);
    for (const [id, [value, outcome]] of values.entries()) {
      ask(tuner, id);
      tell(tuner, id, value, outcome);
    }
    return [ask(tuner, 500), ask(tuner, 501)];
  };
  const good = Array.from({ length: 15 }, (_, i) => [i, "succeeded"] as const);

  test("NaN, text and failures all count as the worst rows", () => {
    const [nan, ...others] = (
      [
        [NaN, "succeeded"],
        ["oops", "succeeded"],
        [null, "failed"],
        [Infinity, "succeeded"],
      ] as const
    ).map((bad) =>
      proposalsAfter([...good, bad, ...good.map(([value]) => [value + 0.5, "succeeded"] as const)]),
    );
    for (const other of others) expect(other).toEqual(nan);
  });

  test("a stopped phase counts by the value that it carries", () => {
    expect(proposalsAfter([...good, [3.5, "stopped"]])).toEqual(
      proposalsAfter([...good, [3.5, "succeeded"]]),
    );
  });

  test("an object counts by its default", () => {
    expect(proposalsAfter([...good, [{ default: 3.5, size: 9 }, "succeeded"]])).toEqual(
      proposalsAfter([...good, [3.5, "succeeded"]]),
    );
  });

  test("many failures leave few good rows, not bad ones that pass for good", () => {
    const tuner = open(line, 2);
    run(tuner, 200, ({ x }) => (x! > 0.4 ? null : (x! - 0.2) ** 2));
    const late = Array.from({ length: 20 }, (_, i) => ask(tuner, 300 + i).x!);
    expect(late.filter((x) => x < 0.4).length).toBeGreaterThanOrEqual(15);
  });
});

test("imported results replace the startup draws", () => {
  const tuner = open(line, 1);
  const rows = Array.from({ length: 30 }, (_, i) => ({
    parameters: { x: i / 30 },
    value: Math.abs(i / 30 - 0.7),
  }));
  void tuner.importData?.(rows);
  const proposals = Array.from({ length: 10 }, (_, i) => ask(tuner, i).x!);
  expect(proposals.filter((x) => Math.abs(x - 0.7) < 0.2).length).toBeGreaterThanOrEqual(8);
});

test("a space that grows keeps what was learnt, also of the phases that still run", () => {
  const tuner = open(line, 6);
  run(tuner, 40, ({ x }) => (x! - 0.9) ** 2);
  ask(tuner, 40);
  void tuner.updateSearchSpace({ x: { _type: "uniform", _value: [0, 2] } });
  tell(tuner, 40, 0);
  const proposals = Array.from({ length: 20 }, (_, i) => {
    const { x } = ask(tuner, 50 + i);
    tell(tuner, 50 + i, (x! - 0.9) ** 2);
    return x!;
  });
  // Of draws from the new prior, three in ten would be so near.
  expect(proposals.filter((x) => Math.abs(x - 0.9) < 0.3).length).toBeGreaterThanOrEqual(13);
});

test("prefers good points also when the best ones of a finite space are used up", () => {
  const space: SearchSpace = { x: { _type: "randint", _value: [0, 400] } };
  const tried = run(open(space, 8), 100, ({ x }) => Math.abs(x! - 200));
  const values = tried.map(({ x }) => x!);
  expect(new Set(values).size).toBe(100);
  // The last thirty are new points, and near the minimum although its closest neighbours are gone.
  const late = values.slice(70).map((x) => Math.abs(x - 200));
  expect(late.reduce((sum, distance) => sum + distance, 0) / 30).toBeLessThan(50);
});

test("NNI's class args change nothing: running phases always count", () => {
  const evaluate = ({ x }: Record<string, number>): number => x!;
  const plain = run(open(line, 9), 30, evaluate);
  const withArgs = run(open(line, 9, { parallel_optimize: false, constant_liar_type: "max" }), 30, evaluate);
  expect(withArgs).toEqual(plain);
});

test("more startup draws put the model off", () => {
  const evaluate = ({ x }: Record<string, number>): number => (x! - 0.3) ** 2;
  const early = run(open(line, 9), 30, evaluate);
  const late = run(open(line, 9, { n_startup_trials: 30 }), 30, evaluate);
  expect(late.slice(0, 10)).toEqual(early.slice(0, 10));
  expect(late[10]).not.toEqual(early[10]);
});
