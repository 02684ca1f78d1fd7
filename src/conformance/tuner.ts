import assert from "node:assert/strict";
import type { Json, JsonObject, OptimizeMode, PhaseOutcome, SearchSpace, Tuner } from "../model/index.ts";
import { canonical } from "../model/index.ts";
import { contains, flatten } from "../space/index.ts";
import type { Rule } from "./rule.ts";
import { type Desk, type TunerHarness, openDesk } from "./tuner-desk.ts";
import { spaceRules } from "./tuner-spaces.ts";

export type { TunerHarness } from "./tuner-desk.ts";

/** Every type, and a nested choice. */
export const wideSpace: SearchSpace = {
  act: { _type: "choice", _value: ["relu", "tanh", 3, true, null] },
  units: { _type: "randint", _value: [1, 6] },
  dropout: { _type: "uniform", _value: [0, 0.7] },
  step: { _type: "quniform", _value: [1, 10, 4] },
  tenth: { _type: "quniform", _value: [0.1, 0.9, 0.1] },
  lr: { _type: "loguniform", _value: [1e-5, 1] },
  batch: { _type: "qloguniform", _value: [8, 512, 8] },
  shift: { _type: "normal", _value: [10, 3] },
  offset: { _type: "qnormal", _value: [0, 5, 2] },
  scale: { _type: "lognormal", _value: [0, 1] },
  size: { _type: "qlognormal", _value: [2, 1, 3] },
  model: {
    _type: "choice",
    _value: [
      { _name: "plain" },
      {
        _name: "conv",
        kernel: { _type: "choice", _value: [1, 3, 5] },
        pool: {
          _type: "choice",
          _value: [{ _name: "none" }, { _name: "max", width: { _type: "randint", _value: [2, 4] } }],
        },
      },
    ],
  },
};

/** Twelve points: 3 x (1 + 3). */
export const smallSpace: SearchSpace = {
  width: { _type: "randint", _value: [0, 3] },
  layer: {
    _type: "choice",
    _value: [{ _name: "none" }, { _name: "dense", units: { _type: "quniform", _value: [8, 24, 8] } }],
  },
};
const smallSize = 12;

const bowlSpace: SearchSpace = {
  x: { _type: "uniform", _value: [-5, 10] },
  y: { _type: "uniform", _value: [0, 15] },
};

/** What every tuner promises. Each rule makes its own tuners from the harness. */
export const tunerRules: readonly Rule<TunerHarness>[] = [
  {
    id: "tuner/inside-space",
    promise: "every proposal is complete, inside the space and of the right JSON type",
    async check({ create }) {
      const flat = flatten(wideSpace);
      const desk = openDesk(await create(wideSpace, 1));
      for (let i = 0; i < 40; i++) {
        const { parameterId, parameters } = await desk.ask();
        assert.ok(contains(flat, parameters), `outside the space: ${canonical(parameters)}`);
        await desk.tell(parameterId, Math.sin(i));
      }
    },
  },
  {
    id: "tuner/same-seed",
    promise: "the same seed and the same calls give the same proposals",
    async check({ create }) {
      const runs = [await create(smallSpace, 7), await create(smallSpace, 7)];
      const [one, other] = await Promise.all(runs.map((tuner) => firstProposals(tuner, smallSize)));
      assert.deepEqual(one, other);
    },
  },
  {
    id: "tuner/other-seed",
    promise: "another seed gives other proposals",
    async check({ create }) {
      const one = await firstProposals(await create(smallSpace, 7), 6);
      const other = await firstProposals(await create(smallSpace, 8), 6);
      assert.notDeepEqual(one, other);
    },
  },
  {
    id: "tuner/exhausts-once",
    promise: "every point of a finite space is proposed exactly once, then the answer is no-more",
    async check({ create }) {
      const seen = await exhaust(openDesk(await create(smallSpace, 3)));
      assert.equal(seen.length, smallSize);
      assert.equal(new Set(seen).size, smallSize);
    },
  },
  {
    id: "tuner/no-more-changes-nothing",
    promise: "an answer without parameters leaves the tuner as it was",
    async check({ create }) {
      const after = async (questions: number): Promise<Json[]> => {
        const tuner = await create(smallSpace, 5);
        const desk = openDesk(tuner);
        await exhaust(desk);
        for (let i = 0; i < questions; i++) assert.equal((await desk.request()).kind, "no-more");
        await tuner.updateSearchSpace({ ...smallSpace, width: { _type: "randint", _value: [0, 9] } });
        return firstProposals(tuner, 8, 1000);
      };
      assert.deepEqual(await after(4), await after(1));
    },
  },
  {
    id: "tuner/survives-bad-results",
    promise: "failed and stopped phases, NaN, infinities and results that are no numbers are survived",
    async check({ create }) {
      const flat = flatten(smallSpace);
      const desk = openDesk(await create(smallSpace, 2));
      const results: readonly [Json, PhaseOutcome][] = [
        [null, "failed"],
        [NaN, "succeeded"],
        [Infinity, "succeeded"],
        [-Infinity, "stopped"],
        ["good", "succeeded"],
        [{ default: 0.5, other: [1] }, "succeeded"],
        [{ other: 1 }, "succeeded"],
        [null, "stopped"],
        [null, "cancelled"],
      ];
      for (const [value, outcome] of results) {
        const { parameterId, parameters } = await desk.ask();
        assert.ok(contains(flat, parameters));
        await desk.tell(parameterId, value, outcome);
      }
    },
  },
  {
    id: "tuner/pending-counted",
    promise: "points that other jobs are evaluating are not proposed again",
    async check({ create }) {
      const desk = openDesk(await create(smallSpace, 4));
      const open = [];
      for (let i = 0; i < smallSize; i++) open.push(canonical((await desk.ask()).parameters));
      assert.equal(new Set(open).size, smallSize);
    },
  },
  {
    id: "tuner/abandoned-is-free",
    promise:
      "a point that was abandoned may come once more, so that the space is still covered; but not for ever",
    async check({ create }) {
      const desk = openDesk(await create(smallSpace, 6));
      const first = await desk.ask();
      await desk.tell(first.parameterId, null, "abandoned");
      const seen = await exhaust(desk);
      assert.ok(seen.includes(canonical(first.parameters)), "the abandoned point never came back");
      assert.equal(new Set(seen).size, smallSize);
      const restless = openDesk(await create(smallSpace, 6));
      let asked = 0;
      for (; asked <= 2 * smallSize; asked++) {
        const answer = await restless.request();
        if (answer.kind !== "parameters") break;
        await restless.tell(restless.lastId(), null, "abandoned");
      }
      assert.ok(asked <= 2 * smallSize, "a job that abandons everything is never told no-more");
    },
  },
  {
    id: "tuner/import-counts",
    promise: "an imported result is known, also where it is 0; one without a value is not",
    async check({ create }) {
      const zero = { width: 1, layer: { _name: "dense", units: 16 } };
      const empty = { width: 2, layer: { _name: "none" } };
      const tuner = await create(smallSpace, 9);
      await tuner.importData?.([
        { parameters: zero, value: 0 },
        { parameters: empty, value: null },
      ]);
      const seen = await exhaust(openDesk(tuner));
      assert.ok(!seen.includes(canonical(zero)), "the imported point was proposed again");
      assert.ok(seen.includes(canonical(empty)), "a row without a value counted as known");
      assert.equal(seen.length, smallSize - 1);
    },
  },
  {
    id: "tuner/import-tolerates",
    promise: "imported rows outside the space are passed over",
    async check({ create }) {
      const tuner = await create(smallSpace, 9);
      await tuner.importData?.([
        { parameters: { width: 99, layer: { _name: "none" } }, value: 1 },
        { parameters: "nonsense", value: 1 },
        { parameters: { width: 0 }, value: 1 },
      ]);
      assert.equal((await exhaust(openDesk(tuner))).length, smallSize);
    },
  },
  {
    id: "tuner/new-space",
    promise: "after a change of the space proposals are inside the new one, and rows still inside stay known",
    async check({ create }) {
      const wider: SearchSpace = { ...smallSpace, width: { _type: "randint", _value: [1, 6] } };
      const tuner = await create(smallSpace, 11);
      const desk = openDesk(tuner);
      const before = await exhaust(desk);
      await tuner.updateSearchSpace(wider);
      const after = await exhaust(desk);
      const flat = flatten(wider);
      for (const text of after) assert.ok(contains(flat, JSON.parse(text) as Json), `outside: ${text}`);
      const both = after.filter((text) => before.includes(text));
      assert.deepEqual(both, []);
      assert.equal(after.length, 20 - 8);
    },
  },
  {
    id: "tuner/keeps-arguments",
    promise: "arguments are never changed",
    async check({ create }) {
      const space = deepFreeze(structuredClone(smallSpace));
      const tuner = await create(space, 1);
      const rows = [{ parameters: { width: 0, layer: { _name: "none" } }, value: 2 }];
      await tuner.importData?.(deepFreeze(rows));
      const desk = openDesk(tuner, deepFreeze);
      for (let i = 0; i < 8; i++) await desk.tell((await desk.ask()).parameterId, { default: i });
      await tuner.updateSearchSpace(space);
    },
  },
  {
    id: "tuner/repeats-are-harmless",
    promise: "a result that comes twice, or for parameters that the tuner never proposed, does no harm",
    async check({ create }) {
      const after = async (times: number): Promise<string[]> => {
        const tuner = await create(smallSpace, 12);
        const desk = openDesk(tuner);
        for (let i = 0; i < 3; i++) {
          const { parameterId } = await desk.ask();
          for (let time = 0; time < times; time++) await desk.tell(parameterId, i);
        }
        const stranger = { parameterId: 500, trialJobId: "xxxxx", outcome: "succeeded" as const };
        await tuner.receiveTrialResult({ ...stranger, parameters: { other: 1 }, value: 3 });
        await tuner.trialEnd?.(stranger);
        return exhaust(desk);
      };
      const proposals = await after(2);
      assert.equal(proposals.length, smallSize - 3);
      assert.deepEqual(proposals, await after(1));
    },
  },
  {
    id: "tuner/recalls",
    promise: "a tuner that is told of a proposal goes on as the one that made it, where it offers to be told",
    async check({ create }) {
      for (const [space, phases] of [
        [smallSpace, 11],
        [wideSpace, 11],
        [bowlSpace, 60],
      ] as const) {
        const lived = await create(space, 13);
        const told = await create(space, 13);
        if (!told.recallParameters) return;
        for (let parameterId = 0; parameterId < phases; parameterId++)
          await proposeToBoth(lived, told, parameterId);
        for (let parameterId = phases; parameterId < phases + 3; parameterId++) {
          const request = { trialJobId: "a", parameterIndex: parameterId };
          const [one, other] = [lived, told].map((tuner) => tuner.generateParameters(parameterId, request));
          assert.deepEqual(await one, await other);
        }
      }
    },
  },
  {
    id: "tuner/learns-to-minimize",
    promise: "after 60 phases the proposals lie lower than the prior's, for most seeds",
    check: (harness) => learns(harness, "minimize"),
  },
  {
    id: "tuner/learns-to-maximize",
    promise: "after 60 phases the proposals lie higher than the prior's, for most seeds",
    check: (harness) => learns(harness, "maximize"),
  },
  ...spaceRules,
];

/** `lived` answers, `told` hears of the answer; every third phase stays open. */
async function proposeToBoth(lived: Tuner, told: Tuner, parameterId: number): Promise<void> {
  const request = { trialJobId: "a", parameterIndex: parameterId };
  const proposal = await lived.generateParameters(parameterId, request);
  if (proposal.kind !== "parameters") return;
  const { parameters } = proposal;
  const value = squareOfFirstNumber(parameters as JsonObject) + Math.cos(parameterId);
  await told.recallParameters?.({ ...request, parameterId, parameters: structuredClone(parameters) });
  if (parameterId % 3 === 2) return;
  const outcome = parameterId % 5 === 4 ? "abandoned" : "succeeded";
  for (const tuner of [lived, told]) {
    await tuner.receiveTrialResult({ parameterId, parameters, value, outcome, trialJobId: "a" });
    await tuner.trialEnd?.({ parameterId, outcome, trialJobId: "a" });
  }
}

function squareOfFirstNumber(parameters: JsonObject): number {
  return (Object.values(parameters).find((each) => typeof each === "number") as number) ** 2;
}

/** On a bowl whose prior mean is 40, the mean of proposals 41 to 60 must be below 15 for 4 of 5 seeds. */
async function learns({ create }: TunerHarness, mode: OptimizeMode): Promise<void> {
  let good = 0;
  for (const seed of [1, 2, 3, 4, 5]) {
    const desk = openDesk(await create(bowlSpace, seed, mode));
    let late = 0;
    for (let i = 0; i < 60; i++) {
      const { parameterId, parameters } = await desk.ask();
      const { x, y } = parameters as { x: number; y: number };
      const loss = (x - 3) ** 2 + (y - 5) ** 2;
      if (i >= 40) late += loss / 20;
      await desk.tell(parameterId, mode === "minimize" ? loss : -loss);
    }
    if (late < 15) good += 1;
  }
  assert.ok(good >= 4, `learnt for ${good} of 5 seeds`);
}

/** The first `count` proposals, each answered with a number that depends on it. */
async function firstProposals(tuner: Tuner, count: number, firstId = 0): Promise<Json[]> {
  const desk = openDesk(tuner, undefined, firstId);
  const proposals: Json[] = [];
  for (let i = 0; i < count; i++) {
    const { parameterId, parameters } = await desk.ask();
    proposals.push(parameters);
    await desk.tell(parameterId, ((parameters as JsonObject)["width"] as number) + i / 100);
  }
  return proposals;
}

/** Asks two jobs in turn until both hear no-more; the canonical texts of all proposals. At most 200. */
async function exhaust(desk: Desk): Promise<string[]> {
  const seen: string[] = [];
  for (;;) {
    assert.ok(seen.length <= 200, "a finite space never ends");
    const answer = await desk.request();
    if (answer.kind === "parameters") seen.push(canonical(answer.parameters));
    if (answer.kind === "parameters" && desk.open.size < 2) continue;
    const [oldest] = desk.open.keys();
    if (oldest !== undefined) await desk.tell(oldest, seen.length);
    else if (answer.kind === "no-more") return seen;
    else assert.fail(`the answer is "wait" while no phase is open`);
  }
}

function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === "object") {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
