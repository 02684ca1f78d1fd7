import { describe, expect, test } from "vitest";
import { type Desk, openDesk } from "../../conformance/tuner-desk.ts";
import type { Json, JsonObject, PhaseOutcome, SearchSpace, Tuner } from "../../model/index.ts";
import { seeded } from "../../model/index.ts";
import { createBuiltinTuner } from "../registry.ts";

const line: SearchSpace = { x: { _type: "uniform", _value: [0, 1] } };

interface Evaluation {
  readonly parameterId: number;
  readonly x: number;
  readonly budget: number;
}

function hyperband(classArgs: JsonObject, space: SearchSpace = line, seed = 1): Tuner {
  const tuner = createBuiltinTuner("Hyperband", { optimizeMode: "minimize", seed, classArgs });
  void tuner.updateSearchSpace(space);
  return tuner;
}

async function ask(desk: Desk): Promise<Evaluation> {
  const { parameterId, parameters } = await desk.ask();
  const { x, TRIAL_BUDGET: budget } = parameters as { x: number; TRIAL_BUDGET: number };
  return { parameterId, x, budget };
}

/** One job: each evaluation ends before the next is asked for. The loss is x. */
async function evaluate(
  desk: Desk,
  count: number,
  lossOf = (each: Evaluation): Json => each.x,
): Promise<Evaluation[]> {
  const all: Evaluation[] = [];
  for (let i = 0; i < count; i++) {
    const each = await ask(desk);
    all.push(each);
    await desk.tell(each.parameterId, lossOf(each), lossOf(each) === null ? "failed" : "succeeded");
  }
  return all;
}

const best = (all: readonly Evaluation[], count: number): number[] =>
  all
    .map(({ x }) => x)
    .toSorted((one, other) => one - other)
    .slice(0, count);
const xs = (all: readonly Evaluation[]): number[] => all.map(({ x }) => x);
const budgets = (all: readonly Evaluation[]): number[] => all.map(({ budget }) => budget);
const times = (count: number, value: number): number[] => Array<number>(count).fill(value);

describe("one job", () => {
  test("goes through the brackets as the paper has them, then through them again", async () => {
    const all = await evaluate(openDesk(hyperband({ R: 9 })), 44);
    const bracket = [...times(9, 1), ...times(3, 3), 9, ...times(5, 3), 9, ...times(3, 9)];
    expect(budgets(all)).toEqual([...bracket, ...bracket]);
  });

  test("the best of a rung go on, so that the best of a bracket is evaluated with the full budget", async () => {
    const all = await evaluate(openDesk(hyperband({})), 40);
    const [first, second, third, last] = [
      all.slice(0, 27),
      all.slice(27, 36),
      all.slice(36, 39),
      all.slice(39),
    ];
    expect(xs(second)).toEqual(best(first, 9));
    expect(xs(third)).toEqual(best(second, 3));
    expect(xs(last)).toEqual(best(first, 1));
  });

  test("failures and results that are none do not go on; a rung goes on with as many as there are", async () => {
    const lossOf = ({ x, budget }: Evaluation): Json =>
      budget > 1 ? x : x < 0.5 ? null : x < 0.8 ? "good" : x;
    const all = await evaluate(openDesk(hyperband({ R: 9 })), 9 + 3, lossOf);
    const usable = all.slice(0, 9).filter(({ x }) => x >= 0.8);
    expect(usable.length).toBeLessThan(3);
    expect(xs(all.slice(9, 9 + usable.length))).toEqual(best(usable, 3));
    expect(all[9 + usable.length]!.budget).toBe(9);
  });

  test("a bracket of which nothing is left is over", async () => {
    const all = await evaluate(openDesk(hyperband({ R: 9 })), 10, ({ budget }) => (budget === 1 ? null : 0));
    expect(budgets(all)).toEqual([...times(9, 1), 3]);
    expect(xs(all.slice(0, 9))).not.toContain(all[9]!.x);
  });

  test("-Infinity is the best result", async () => {
    const desk = openDesk(hyperband({ R: 3 }));
    const all = await evaluate(desk, 3, ({ parameterId }) => (parameterId === 1 ? -Infinity : -parameterId));
    expect(await ask(desk)).toMatchObject({ x: all[1]!.x, budget: 3 });
  });
});

describe("jobs at once", () => {
  test("never wait: while a rung runs, the next brackets are opened", async () => {
    const desk = openDesk(hyperband({ R: 9 }));
    const all = [];
    for (let i = 0; i < 22; i++) all.push(await ask(desk));
    expect(budgets(all)).toEqual([...times(9, 1), ...times(5, 3), ...times(3, 9), ...times(5, 1)]);
  });

  test("in whatever order they end, every rung is filled as planned and by the best of its own bracket", async () => {
    const desk = openDesk(hyperband({ R: 27 }));
    const random = seeded(5);
    const all: Evaluation[] = [];
    for (let i = 0; i < 600; i++) {
      all.push(await ask(desk));
      while (desk.open.size > random.next() * 16) {
        const at = [...desk.open.keys()][Math.floor(random.next() * desk.open.size)]!;
        await desk.tell(at, all[at]!.x);
      }
    }
    const fresh = all.filter(({ x }, place) => all.findIndex((each) => each.x === x) === place);
    const plan = [[27, 9, 3, 1], [12, 4, 1], [6, 2], [4]];
    for (let bracket = 0; bracket < 8; bracket++) {
      const counts = plan[bracket % 4]!;
      let rung = fresh.splice(0, counts[0]);
      for (const [stage, count] of counts.entries()) {
        const budget = 3 ** (4 - counts.length + stage);
        const wentOn = all.filter((each) => each.budget === budget && xs(rung).includes(each.x));
        expect(xs(wentOn).toSorted()).toEqual(best(rung, count).toSorted());
        rung = wentOn;
      }
    }
  });
});

describe("an evaluation that comes back without a result", () => {
  test.each<PhaseOutcome>(["abandoned", "cancelled"])(
    "%s: another configuration takes its place",
    async (outcome) => {
      const desk = openDesk(hyperband({ R: 3 }));
      const first = await ask(desk);
      await desk.tell(first.parameterId, null, outcome);
      const others = await evaluate(desk, 3);
      expect(budgets(others)).toEqual([1, 1, 1]);
      expect(await ask(desk)).toMatchObject({ x: best(others, 1)[0], budget: 3 });
    },
  );

  test("one that goes on is handed out once more, and then counts as failed", async () => {
    const desk = openDesk(hyperband({ R: 3 }));
    const [winner] = best(await evaluate(desk, 3), 1);
    for (let attempt = 0; attempt < 2; attempt++) {
      const again = await ask(desk);
      expect(again).toMatchObject({ x: winner, budget: 3 });
      await desk.tell(again.parameterId, null, "abandoned");
    }
    expect((await ask(desk)).x).not.toBe(winner);
  });
});

describe("a finite space", () => {
  const three: SearchSpace = { x: { _type: "randint", _value: [0, 3] } };

  test("is over when every configuration was evaluated with every budget, each once", async () => {
    const desk = openDesk(hyperband({ R: 9 }, three));
    const all = await evaluate(desk, 9);
    expect(new Set(all.map(({ x, budget }) => `${x} ${budget}`)).size).toBe(9);
    expect(await desk.request()).toEqual({ kind: "no-more" });
  });

  test("a rung that cannot be filled is over when what there is has ended", async () => {
    const all = await evaluate(openDesk(hyperband({ R: 9 }, three)), 7);
    expect(all.slice(3, 7)).toMatchObject([
      { x: 0, budget: 3 },
      { x: 1, budget: 3 },
      { x: 2, budget: 3 },
      { x: 0, budget: 9 },
    ]);
  });

  test("what is known of a larger budget counts, and is not evaluated again", async () => {
    const tuner = hyperband({ R: 3 }, three);
    await tuner.importData?.([{ parameters: { x: 0 }, value: 0 }]);
    const all = await evaluate(openDesk(tuner), 5);
    expect(all.filter(({ budget }) => budget === 3).map(({ x }) => x)).toEqual(
      expect.not.arrayContaining([0]),
    );
  });

  test("one configuration that two brackets send on is evaluated once", async () => {
    const desk = openDesk(hyperband({ R: 4, eta: 2 }, { x: { _type: "randint", _value: [0, 8] } }));
    const all: Evaluation[] = [];
    for (;;) {
      const answer = await desk.request();
      if (answer.kind === "parameters") {
        const { x, TRIAL_BUDGET: budget } = answer.parameters as { x: number; TRIAL_BUDGET: number };
        all.push({ parameterId: desk.lastId(), x, budget });
      }
      if (answer.kind === "parameters" && desk.open.size < 5) continue;
      const [oldest] = desk.open.keys();
      if (oldest === undefined) break;
      await desk.tell(oldest, all[oldest]!.x);
    }
    expect(all).toHaveLength(8 * 3);
    expect(new Set(all.map(({ x, budget }) => `${x} ${budget}`)).size).toBe(8 * 3);
  });
});

test("a result without a budget is one of a full evaluation", async () => {
  const tuner = hyperband({ R: 3, eta: 3 }, { x: { _type: "choice", _value: [0] } });
  await tuner.receiveTrialResult({
    parameterId: 0,
    parameters: { x: 0 },
    value: 1,
    outcome: "succeeded",
    trialJobId: "byHand",
  });
  const desk = openDesk(tuner, undefined, 1);
  expect(await ask(desk)).toMatchObject({ budget: 1 });
  expect(await desk.request()).toEqual({ kind: "no-more" });
});

test("a budget in the user's own space is replaced", async () => {
  const tuner = hyperband({ R: 9 }, { TRIAL_BUDGET: { _type: "randint", _value: [0, 99] }, ...line });
  expect(budgets(await evaluate(openDesk(tuner), 10))).toEqual([...times(9, 1), 3]);
});

test("a change of the space begins anew, with what is known", async () => {
  const tuner = hyperband({ R: 3 });
  const desk = openDesk(tuner);
  const late = await ask(desk);
  await evaluate(desk, 5);
  await tuner.updateSearchSpace({ x: { _type: "uniform", _value: [2, 3] } });
  await desk.tell(late.parameterId, late.x);
  const all = await evaluate(desk, 6);
  expect(budgets(all)).toEqual([1, 1, 1, 3, 3, 3]);
  for (const { x } of all) expect(x).toBeGreaterThanOrEqual(2);
});

test("what runs on when a finite space is changed is not handed out beside it", async () => {
  const tuner = hyperband({ R: 3 }, { x: { _type: "randint", _value: [0, 4] } });
  const desk = openDesk(tuner);
  const running = [await ask(desk), await ask(desk)];
  await tuner.updateSearchSpace({ x: { _type: "randint", _value: [0, 5] } });
  const rest: Evaluation[] = [];
  for (;;) {
    const answer = await desk.request();
    if (answer.kind !== "parameters") break;
    const { x, TRIAL_BUDGET: budget } = answer.parameters as { x: number; TRIAL_BUDGET: number };
    rest.push({ parameterId: desk.lastId(), x, budget });
    await desk.tell(desk.lastId(), x);
  }
  const all = [...running, ...rest].map(({ x, budget }) => `${x} ${budget}`);
  expect(all).toHaveLength(10);
  expect(new Set(all).size).toBe(10);
});

test("a tuner that is told of its proposals goes on with the same ones", async () => {
  for (const name of ["Hyperband", "BOHB"]) {
    const make = (): Tuner => {
      const classArgs = name === "BOHB" ? { min_budget: 1, max_budget: 9 } : { R: 9 };
      const tuner = createBuiltinTuner(name, { optimizeMode: "maximize", seed: 3, classArgs });
      void tuner.updateSearchSpace({ ...line, k: { _type: "choice", _value: ["a", "b"] } });
      return tuner;
    };
    const [lived, told] = [make(), make()];
    const random = seeded(8);
    const open: { parameterId: number; parameters: Json }[] = [];
    for (let parameterId = 0; parameterId < 200; parameterId++) {
      const request = { trialJobId: "job", parameterIndex: parameterId };
      const proposal = await lived.generateParameters(parameterId, request);
      const { parameters } = proposal as { parameters: Json };
      if (parameterId < 150) await told.recallParameters?.({ ...request, parameterId, parameters });
      else expect(await told.generateParameters(parameterId, request)).toEqual(proposal);
      open.push({ parameterId, parameters });
      while (open.length > 4 * random.next() + 1) {
        const [ended] = open.splice(Math.floor(open.length * random.next()), 1);
        const chance = random.next();
        const outcome = chance < 0.1 ? "abandoned" : chance < 0.2 ? "failed" : "succeeded";
        const value = outcome === "succeeded" ? (ended!.parameters as { x: number }).x : null;
        for (const tuner of [lived, told]) {
          await tuner.receiveTrialResult({ ...ended!, value, outcome, trialJobId: "job" });
          await tuner.trialEnd?.({ ...ended!, outcome, trialJobId: "job" });
        }
      }
    }
  }
});
