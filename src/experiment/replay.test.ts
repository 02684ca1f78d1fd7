/** Every proposal once more: from journals of experiments that were killed, changed and fed by people. */
import { describe, expect, test } from "vitest";
import { memoryJournal } from "../journal/index.ts";
import type { Journal } from "../journal/index.ts";
import type { Experiment } from "./index.ts";
import { inlineTunerHost, replayProposals } from "./index.ts";
import type { Json, SearchSpace, Tuner } from "../model/index.ts";
import { builtinTuners, createBuiltinTuner } from "../tuners/index.ts";
import type { functionTrainingService } from "../training/function/index.ts";
import { countingTuner, virtualClock, world } from "../../tests/support/world.ts";

const nested: SearchSpace = {
  rate: { _type: "loguniform", _value: [1e-5, 1] },
  layer: {
    _type: "choice",
    _value: [
      { _name: "dense", units: { _type: "randint", _value: [1, 65] } },
      { _name: "conv", size: { _type: "choice", _value: [3, 5, 7] } },
    ],
  },
};

/** What each built-in tuner can search. */
const spaces: { readonly [tuner: string]: SearchSpace } = {
  GridSearch: {
    rate: { _type: "quniform", _value: [0, 1, 0.1] },
    layer: nested["layer"] as SearchSpace[string],
  },
  BatchTuner: {
    combine_params: { _type: "choice", _value: Array.from({ length: 30 }, (_, place) => ({ rate: place })) },
  },
};

const spaceOf = (name: string): SearchSpace => spaces[name] ?? nested;
const builtin = (name: string, seed = 7): Tuner =>
  createBuiltinTuner(name, { optimizeMode: "minimize", seed, classArgs: {} });

type Job = Parameters<Parameters<typeof functionTrainingService>[0]>[0];

/** Each third phase ends without a result, one result is no number. */
async function unevenTrial(experiment: Experiment, job: Job): Promise<void> {
  for (let index = Number(job.env["POLYPHASE_PARAMETER_INDEX"]); ; index++) {
    const answer = await experiment.requestParameters(job.trialJobId, index);
    if (answer.kind !== "parameters") return;
    if (index % 3 === 2) continue;
    const { rate } = answer.parameters as { rate: number };
    const value = index === 1 ? NaN : (rate - 0.3) ** 2;
    await experiment.reportFinalResult(job.trialJobId, { parameterIndex: index, value });
  }
}

const config = (name: string): object => ({
  config: { trialConcurrency: 4, maxPhaseNum: 60, searchSpace: spaceOf(name), optimizeMode: "minimize" },
  trial: unevenTrial,
});

/** The journal as a manager leaves it that is killed after its record `last`. */
function cut(journal: Journal, last: number): Journal {
  const kept = memoryJournal();
  kept.append([...journal.read()].filter(({ seq }) => seq <= last).map(({ record }) => record));
  return kept;
}

async function killedAndResumed(name: string, last: number): Promise<Journal> {
  const first = world({ ...config(name), makeTuner: () => builtin(name) });
  await first.experiment.ended;
  const journal = cut(first.journal, last);
  const clock = virtualClock(first.clock.now());
  const second = world({ ...config(name), makeTuner: () => builtin(name), journal, clock, recover: true });
  await second.experiment.ended;
  return journal;
}

describe.each(Object.keys(builtinTuners))("%s, four jobs at once, killed and resumed", (name) => {
  test.each([40, 71, 120])("after record %i proposes the same again", async (last) => {
    const journal = await killedAndResumed(name, last);
    const proposed = [...journal.read()].filter(({ record }) => record.kind === "phase-proposed").length;
    expect(proposed).toBeGreaterThanOrEqual(30);
    const counted: (readonly number[])[] = [];
    const replay = await replayProposals(journal.read(), inlineTunerHost(builtin(name)), (...counts) =>
      counted.push(counts),
    );
    expect(replay).toEqual({ same: proposed, different: 0, byPeople: 0, first: null });
    expect(counted.at(-1)).toEqual([proposed, proposed]);
  });
});

test("another seed is found at the first phase, with both sides and its place", async () => {
  const { experiment, journal } = world({ ...config("Random"), makeTuner: () => builtin("Random") });
  await experiment.ended;
  const replay = await replayProposals(journal.read(), inlineTunerHost(builtin("Random", 8)));
  expect(replay).toMatchObject({ same: 0, different: 60, first: { parameterId: 0, parameterIndex: 0 } });
  const { first } = replay;
  const [record] = [...journal.read()].filter(({ seq }) => seq === first?.seq);
  expect(record?.record).toMatchObject({
    kind: "phase-proposed",
    parameterId: 0,
    parameters: first?.recorded,
  });
  expect(first?.derived).toMatchObject({ kind: "parameters" });
  expect(first?.derived).not.toMatchObject({ parameters: first?.recorded });
});

test("a tuner that was changed is found where it first says something else, or nothing", async () => {
  const { experiment, journal } = world({ config: { maxPhaseNum: 9 } });
  await experiment.ended;
  const better = { ...countingTuner(), recallParameters: () => {} };
  const changed: Tuner = {
    ...better,
    generateParameters: (id, request) =>
      id === 5 ? { kind: "parameters", parameters: { x: -1 } } : better.generateParameters(id, request),
  };
  expect(await replayProposals(journal.read(), inlineTunerHost(changed))).toMatchObject({
    same: 8,
    different: 1,
    first: { parameterId: 5, recorded: { x: 5 }, derived: { kind: "parameters", parameters: { x: -1 } } },
  });
  expect(await replayProposals(journal.read(), inlineTunerHost(countingTuner(7)))).toMatchObject({
    same: 7,
    different: 2,
    first: { parameterId: 7, derived: { kind: "no-more" } },
  });
});

test("the order of keys is no difference", async () => {
  const says = (parameters: Json): Tuner => ({
    ...countingTuner(),
    generateParameters: () => ({ kind: "parameters", parameters }),
  });
  const made = world({ config: { maxPhaseNum: 2 }, tuner: says({ x: 1, y: NaN }) });
  await made.experiment.ended;
  const again = inlineTunerHost(says({ y: NaN, x: 1 }));
  expect(await replayProposals(made.journal.read(), again)).toMatchObject({ same: 2, different: 0 });
});

test("what people have added is counted and not compared; what they have changed and imported is heard", async () => {
  const tuner = builtin("TPE");
  const made = world({ ...config("TPE"), tuner });
  const rows = [{ parameters: { rate: 0.3, layer: { _name: "conv", size: 3 } }, value: 0 }];
  await made.experiment.addParameters({ rate: 0.5, layer: { _name: "conv", size: 5 } });
  await made.experiment.importPoints(rows);
  const { layer } = nested as { layer: SearchSpace[string] };
  await made.experiment.update({ searchSpace: { rate: { _type: "uniform", _value: [0, 0.5] }, layer } });
  await made.experiment.ended;
  const records = [...made.journal.read()];
  expect(await replayProposals(records, inlineTunerHost(builtin("TPE")))).toEqual({
    same: 59,
    different: 0,
    byPeople: 1,
    first: null,
  });
  const unheard = records.filter(({ record }) => record.kind !== "config-changed");
  expect(await replayProposals(unheard, inlineTunerHost(builtin("TPE")))).not.toMatchObject({ different: 0 });
});

test("a tuner that fails is said to", async () => {
  const { experiment, journal } = world({ config: { maxPhaseNum: 3 } });
  await experiment.ended;
  const failing: Tuner = {
    ...countingTuner(),
    receiveTrialResult() {
      throw new Error("no more of this");
    },
  };
  await expect(replayProposals(journal.read(), inlineTunerHost(failing))).rejects.toMatchObject({
    code: "tuner-failed",
  });
});
