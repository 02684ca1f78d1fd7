import { describe, expect, test } from "vitest";
import { type Numbers, ask, run, tell } from "../../../tests/support/ask-tell.ts";
import { branin, braninLoss, nestedBowl, nestedBowlLoss } from "../../../tests/support/landscapes.ts";
import { type Json, type JsonObject, type SearchSpace, type Tuner, seeded } from "../../model/index.ts";
import { normalQuantile } from "../../space/index.ts";
import { createBuiltinTuner } from "../registry.ts";

function open(space: SearchSpace, seed = 1, classArgs: JsonObject = {}): Tuner {
  const tuner = createBuiltinTuner("MetisTuner", { optimizeMode: "minimize", seed, classArgs });
  void tuner.updateSearchSpace(space);
  return tuner;
}

const line: SearchSpace = { x: { _type: "uniform", _value: [0, 1] } };
const square: SearchSpace = { ...line, y: { _type: "uniform", _value: [0, 1] } };
const bowl = ({ x, y }: Numbers): number => (x! - 0.3) ** 2 + (y! - 0.6) ** 2;
const middleOf = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1]!;

describe("finds the minimum", () => {
  test("of Branin in 40 phases to 0.6, the median of ten seeds to 0.45", () => {
    const best = Array.from({ length: 10 }, (_, seed) =>
      Math.min(...run(open(branin, seed), 40, braninLoss).map(braninLoss)),
    );
    expect(middleOf(best)).toBeLessThan(0.45);
    expect(best.filter((each) => each < 0.6).length).toBeGreaterThanOrEqual(8);
  });

  test("of integers, grids and choices to the last", () => {
    const space: SearchSpace = {
      ...line,
      k: { _type: "randint", _value: [1, 101] },
      q: { _type: "quniform", _value: [0, 1, 0.125] },
      c: { _type: "choice", _value: ["a", "b", "c", "d"] },
    };
    type Parameters = { x: number; k: number; q: number; c: string };
    const loss = ({ x, k, q, c }: Parameters): number =>
      (x - 0.3) ** 2 + ((k - 37) / 20) ** 2 + 4 * (q - 0.625) ** 2 + "cadb".indexOf(c) / 2;
    const best = [1, 2, 3].map((seed) => Math.min(...run<Parameters>(open(space, seed), 60, loss).map(loss)));
    expect(middleOf(best)).toBeLessThan(0.005);
  });

  test("inside the right option of a nested choice", () => {
    const best = [1, 2, 3].map((seed) =>
      Math.min(...run(open(nestedBowl, seed), 45, nestedBowlLoss).map(nestedBowlLoss)),
    );
    expect(middleOf(best)).toBeLessThan(0.005);
  });

  test("and the maximum, where values are negative as well as positive", () => {
    const tuner = createBuiltinTuner("MetisTuner", { optimizeMode: "maximize", seed: 1, classArgs: {} });
    void tuner.updateSearchSpace(square);
    const value = (parameters: Numbers): number => 0.1 - bowl(parameters);
    expect(Math.max(...run(tuner, 35, value).map(value))).toBeGreaterThan(0.0999);
  });
});

/** The results of a noisy parabola of which one in twenty is off by `off`, and where those were. */
function noisy(seed: number, off: number): { loss(parameters: Numbers): number; outliers: Set<number> } {
  const random = seeded(seed);
  const seen = new Set<number>();
  const outliers = new Set<number>();
  return {
    outliers,
    loss({ x }) {
      const isOff = random.next() < 0.05;
      if (isOff && !seen.has(x!)) outliers.add(x!);
      seen.add(x!);
      return (x! - 0.3) ** 2 + 0.02 * normalQuantile(random.next() || 0.5) + (isOff ? off : 0);
    },
  };
}

function timesOf(proposals: readonly Numbers[]): Map<number, number> {
  const times = new Map<number, number>();
  for (const { x } of proposals) times.set(x!, (times.get(x!) ?? 0) + 1);
  return times;
}

describe("re-sampling", () => {
  test.each([1, -1])("evaluates results that are off by %d again, three times in all at most", (off) => {
    const distances: number[] = [];
    let [again, ofOutliers, outliers] = [0, 0, 0];
    for (const seed of [1, 2, 3]) {
      const noise = noisy(seed, off);
      const tuner = open(line, seed, { no_resampling: false });
      const values: number[] = [];
      const proposals = run(tuner, 90, (parameters) => {
        values.push(noise.loss(parameters));
        return values.at(-1)!;
      });
      const times = timesOf(proposals);
      expect(Math.max(...times.values())).toBeLessThanOrEqual(3);
      const repeated = [...times].filter(([, count]) => count > 1).map(([x]) => x);
      again += repeated.length;
      outliers += noise.outliers.size;
      ofOutliers += repeated.filter((x) => noise.outliers.has(x)).length;
      const optimum = open(line, seed, { exploration_probability: 0 });
      void optimum.importData?.(proposals.map((parameters, i) => ({ parameters, value: values[i]! })));
      distances.push(Math.abs(ask(optimum, 0)["x"]! - 0.3));
    }
    expect(middleOf(distances)).toBeLessThan(0.05);
    expect(ofOutliers / outliers).toBeGreaterThan(0.5);
    expect(ofOutliers / again).toBeGreaterThan(0.3);
  });

  test("begins when 50 points have results, and only where it is asked for", () => {
    const repeatsWith = (classArgs: JsonObject): number => {
      const { loss } = noisy(2, 1);
      const proposals = run(open(line, 2, classArgs), 80, loss).map(({ x }) => x);
      return proposals.findIndex((x, i) => proposals.indexOf(x) < i);
    };
    expect(repeatsWith({})).toBe(-1);
    expect(repeatsWith({ no_resampling: false })).toBeGreaterThanOrEqual(50);
  });

  /** A tuner that knows 60 results of a parabola, and these of one more point. */
  const suspecting = (...losses: readonly number[]): Tuner => {
    const tuner = open(line, 1, { no_resampling: false, exploration_probability: 1 });
    const xs = Array.from({ length: 60 }, (_, i) => i / 60 + 0.001 * ((i * 0.618) % 1));
    const rows = xs.map((x) => ({ parameters: { x }, value: (x - 0.3) ** 2 + 0.01 * Math.sin(1e4 * x) }));
    void tuner.importData?.([...rows, ...losses.map((value) => ({ parameters: { x: 0.32 }, value }))]);
    return tuner;
  };

  test("gives a point up after three evaluations, however far off it is", () => {
    expect(ask(suspecting(-1), 0)["x"]!).toBe(0.32);
    expect(ask(suspecting(-1, -0.5), 0)["x"]!).toBe(0.32);
    expect(ask(suspecting(-1, -0.5, -0.7), 0)["x"]!).not.toBe(0.32);
  });

  test("gives a point up that jobs do not evaluate", () => {
    const tuner = suspecting(-1);
    const proposals = Array.from({ length: 5 }, (_, id) => {
      const { x } = ask(tuner, id);
      tell(tuner, id, null, "abandoned");
      return x;
    });
    expect(proposals.filter((x) => x === 0.32)).toHaveLength(2);
  });

  test("makes the median of its results count", () => {
    const tuner = open(line, 1, { exploration_probability: 0 });
    const values = [...Array(11).keys()].map((i) => ({ x: i / 10, value: (i / 10 - 0.3) ** 2 }));
    const once = values.filter(({ x }) => x !== 0.3);
    const often = [0, 0.001, 5].map((value) => ({ x: 0.3, value }));
    void tuner.importData?.([...once, ...often].map(({ x, value }) => ({ parameters: { x }, value })));
    expect(ask(tuner, 0)["x"]!).toBeCloseTo(0.3, 1);
  });

  test("in a finite space every point comes once at least and three times at most, then no-more", () => {
    const space: SearchSpace = { x: { _type: "randint", _value: [0, 80] } };
    const { loss } = noisy(4, 1);
    const tuner = open(space, 4, { no_resampling: false });
    const proposals: Numbers[] = [];
    for (let id = 0; id <= 240; id++) {
      const proposal = tuner.generateParameters(id, { trialJobId: "a", parameterIndex: id });
      if (!("parameters" in proposal)) {
        expect(proposal).toEqual({ kind: "no-more" });
        break;
      }
      const parameters = proposal.parameters as Numbers;
      proposals.push(parameters);
      // One that is to be evaluated again and is not is known all the same.
      const isAgain = proposals.findIndex(({ x }) => x === parameters["x"]) < proposals.length - 1;
      if (isAgain && id % 2 === 0) tell(tuner, id, null, "abandoned");
      else tell(tuner, id, loss({ x: parameters["x"]! / 80 }));
    }
    const times = [...timesOf(proposals).values()];
    expect(times).toHaveLength(80);
    expect(proposals.length).toBeGreaterThan(80);
    expect(Math.max(...times)).toBeLessThanOrEqual(3);
  });
});

describe("class args", () => {
  test("exploration_probability 0 and no_candidates propose the predicted optimum", () => {
    const afterTheCold = (classArgs: JsonObject): number =>
      middleOf(
        run(open(square, 3, classArgs), 20, bowl)
          .slice(10)
          .map(bowl),
      );
    for (const classArgs of [{ exploration_probability: 0 }, { no_candidates: true }])
      expect(afterTheCold(classArgs)).toBeLessThan(1e-3);
    expect(afterTheCold({ exploration_probability: 1 })).toBeGreaterThan(2e-3);
  });

  test("where the predicted optimum was evaluated, no_candidates draws from the prior", () => {
    const space: SearchSpace = { x: { _type: "quniform", _value: [0, 1, 0.0001] } };
    const near = (classArgs: JsonObject): number =>
      run(open(space, 3, classArgs), 40, ({ x }) => (x! - 0.3) ** 2).filter(
        ({ x }) => Math.abs(x! - 0.3) < 0.15,
      ).length;
    expect(near({ no_candidates: true })).toBeLessThan(near({ exploration_probability: 0 }));
  });

  test("cold_start_num points do not depend on results", () => {
    const coldOf = (classArgs: JsonObject): number => {
      const [one, other] = [bowl, (parameters: Numbers) => -bowl(parameters)].map((loss) =>
        run(open(square, 6, { ...classArgs, exploration_probability: 0 }), 20, loss),
      );
      return one!.findIndex((parameters, id) => parameters["x"] !== other![id]!["x"]);
    };
    expect(coldOf({})).toBe(10);
    expect(coldOf({ cold_start_num: 4 })).toBe(4);
  });

  test("selection_num_starting_points may be one", () => {
    const best = Math.min(...run(open(square, 1, { selection_num_starting_points: 1 }), 30, bowl).map(bowl));
    expect(best).toBeLessThan(0.01);
  });
});

describe("many jobs at once", () => {
  test("twenty get points that are apart, and learn", () => {
    const tuner = open(branin, 3);
    const places: Numbers[] = [];
    const found: number[] = [];
    for (let id = 0; id < 80; id++) {
      places.push(ask(tuner, id));
      if (id < 19) continue;
      found.push(braninLoss(places[id - 19]!));
      tell(tuner, id - 19, found.at(-1)!);
    }
    expect(Math.min(...found)).toBeLessThan(0.7);
    const round = places.slice(20, 40);
    for (const [i, one] of round.entries())
      for (const other of round.slice(i + 1))
        expect(Math.hypot(one["x1"]! - other["x1"]!, one["x2"]! - other["x2"]!)).toBeGreaterThan(1e-3);
  });

  test("a suspect that others evaluate again is not evaluated more often", () => {
    const { loss } = noisy(2, 1);
    const tuner = open(line, 2, { no_resampling: false });
    const first = run(tuner, 60, loss);
    const rest = Array.from({ length: 20 }, (_, i) => ask(tuner, 60 + i));
    expect(Math.max(...timesOf([...first, ...rest]).values())).toBeLessThanOrEqual(3);
  });
});

describe("results that are none", () => {
  test("a region that fails is left alone", () => {
    const tuner = open(square, 2);
    let failures = 0;
    for (let id = 0; id < 50; id++) {
      const { x, y } = ask(tuner, id);
      // Everything grows better towards the region that fails.
      if (x! > 0.8) tell(tuner, id, null, "failed");
      else tell(tuner, id, -x! + (y! - 0.5) ** 2);
      if (x! > 0.8 && id >= 25) failures += 1;
    }
    expect(failures).toBeLessThan(13);
  });

  test("infinities count as the extremes, NaN and failures as nothing", () => {
    const tuner = open(line, 2, { cold_start_num: 4 });
    for (const [id, value] of [3, -Infinity, Infinity, NaN, 2, 5, "odd"].entries()) {
      ask(tuner, id);
      tell(tuner, id, value);
    }
    expect(ask(tuner, 7)["x"]!).toBeLessThanOrEqual(1);
  });

  test("the same loss everywhere, none but infinite ones, and failures alone are survived", () => {
    for (const value of [1, -Infinity, null])
      expect(new Set(run(open(square, 2), 25, () => value).map(({ x, y }) => `${x} ${y}`)).size).toBe(25);
  });
});

describe("what came before", () => {
  test.each<JsonObject>([{ no_resampling: false }, { no_resampling: false, exploration_probability: 0 }])(
    "a tuner with %j that is told of 70 phases goes on as the one that lived them",
    (classArgs) => {
      const [lived, told] = [open(line, 4, classArgs), open(line, 4, classArgs)];
      const { loss } = noisy(1, 1);
      for (let id = 0; id < 70; id++) {
        const parameters = ask(lived, id);
        void told.recallParameters?.({ trialJobId: "a", parameterIndex: id, parameterId: id, parameters });
        if (id % 9 === 3) continue;
        const value = loss(parameters);
        for (const tuner of [lived, told]) tell(tuner, id, value);
      }
      for (const id of [70, 71, 72]) expect(ask(told, id)).toEqual(ask(lived, id));
    },
  );

  test("imported and customized results take the place of the cold start", () => {
    const rows = Array.from({ length: 12 }, (_, i): { parameters: Json; value: number } => {
      const x = (i + 0.5) / 12;
      return { parameters: { x }, value: (x - 0.3) ** 2 };
    });
    const imported = open(line, 1, { exploration_probability: 0 });
    void imported.importData?.(rows);
    const customized = open(line, 1, { exploration_probability: 0 });
    for (const [i, row] of rows.entries())
      void customized.receiveTrialResult({
        ...row,
        parameterId: 100 + i,
        outcome: "succeeded",
        trialJobId: "b",
      });
    for (const tuner of [imported, customized]) expect(ask(tuner, 0)["x"]!).toBeCloseTo(0.3, 1);
  });

  test("after a change of the space what is still inside counts", () => {
    const tuner = open(square, 1, { exploration_probability: 0 });
    run(tuner, 30, bowl);
    void tuner.updateSearchSpace({ ...square, x: { _type: "uniform", _value: [-1, 2] } });
    expect(bowl(ask(tuner, 30))).toBeLessThan(0.01);
  });

  test("a long history is thinned out: the best and the newest count", () => {
    const tuner = open(square, 1, { exploration_probability: 0 });
    const rows = Array.from({ length: 1200 }, (_, i) => {
      const parameters = { x: (i * 0.618) % 1, y: (i * 0.755) % 1 };
      return { parameters, value: bowl(parameters) };
    });
    void tuner.importData?.(rows);
    expect(bowl(ask(tuner, 0))).toBeLessThan(0.01);
  });
});
