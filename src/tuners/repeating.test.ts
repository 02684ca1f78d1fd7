import { expect, test } from "vitest";
import type { Json, Proposal, SearchSpace, TrialResult, Tuner } from "../model/index.ts";
import { builtinTunerNames, createBuiltinTuner } from "./registry.ts";
import { repeatingTuner } from "./repeating.ts";

const twoPoints: SearchSpace = { test: { _type: "choice", _value: [1, 100] } };
const request = { trialJobId: "a", parameterIndex: 0 };

function resultOf(parameterId: number, parameters: Json): TrialResult {
  return { parameterId, parameters, value: 1, outcome: "succeeded", trialJobId: "a" };
}

async function play(tuner: Tuner, count: number): Promise<readonly Json[]> {
  await tuner.updateSearchSpace(twoPoints);
  const all: Json[] = [];
  for (let parameterId = 0; parameterId < count; parameterId++) {
    const proposal: Proposal = await tuner.generateParameters(parameterId, request);
    const parameters = (proposal as { parameters: Json }).parameters;
    all.push(parameters);
    await tuner.receiveTrialResult(resultOf(parameterId, parameters));
    await tuner.trialEnd?.({ parameterId, trialJobId: "a", outcome: "succeeded" });
  }
  return all;
}

const made = (name: string): Tuner =>
  repeatingTuner(createBuiltinTuner(name, { optimizeMode: "maximize", seed: 5, classArgs: {} }), 5);

const others: readonly string[] = ["BatchTuner", "NSGA2", "Hyperband", "BOHB"];
const ofOneSpace = builtinTunerNames.filter((name) => !others.includes(name));

test.each(ofOneSpace)(
  "%s: each point once, then points again, the same ones in another process",
  async (name) => {
    const all = await play(made(name), 40);
    const texts = all.map((parameters) => JSON.stringify(parameters));
    expect(new Set(texts)).toEqual(new Set(['{"test":1}', '{"test":100}']));
    expect(new Set(texts.slice(0, 2)).size).toBe(2);
    expect(new Set(texts.slice(2)).size).toBe(2);
    expect(await play(made(name), 40)).toEqual(all);
  },
);

test.each(ofOneSpace)(
  "%s: one that recalls its history goes on as the one that lived through it",
  async (name) => {
    const all = await play(made(name), 40);
    const tuner = made(name);
    await tuner.updateSearchSpace(twoPoints);
    for (const [parameterId, parameters] of all.slice(0, 20).entries()) {
      if (tuner.recallParameters) await tuner.recallParameters({ parameterId, parameters, ...request });
      else await tuner.generateParameters(parameterId, request);
      await tuner.receiveTrialResult(resultOf(parameterId, parameters));
    }
    for (const [place, parameters] of all.slice(20).entries())
      expect(await tuner.generateParameters(20 + place, request)).toEqual({ kind: "parameters", parameters });
  },
);

test("what comes of repeats is not told to the tuner, which knows the points already", async () => {
  const heard: number[] = [];
  const points: Proposal[] = [{ kind: "parameters", parameters: { test: 1 } }];
  await play(
    repeatingTuner(
      {
        updateSearchSpace: () => {},
        generateParameters: () => points.pop() ?? { kind: "no-more" },
        receiveTrialResult: ({ parameterId }) => void heard.push(parameterId),
        trialEnd: ({ parameterId }) => void heard.push(-parameterId),
      },
      1,
    ),
    5,
  );
  expect(heard).toEqual([0, -0]);
});

test("one that waits is waited for", async () => {
  const waiting = {
    updateSearchSpace: () => {},
    generateParameters: () => ({ kind: "wait" }) as const,
    receiveTrialResult: () => {},
  };
  const tuner = repeatingTuner(waiting, 1);
  await tuner.updateSearchSpace(twoPoints);
  expect(await tuner.generateParameters(0, request)).toEqual({ kind: "wait" });
});
