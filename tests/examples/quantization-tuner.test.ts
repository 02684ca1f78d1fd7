import { beforeEach, describe, expect, test } from "vitest";
import type { JsonObject, SearchSpace, Tuner } from "../../src/model/index.ts";

const tunerFile = new URL("../../examples/quantization/tuner.js", import.meta.url).href;
const { BitWidthTuner } = (await import(tunerFile)) as {
  BitWidthTuner: new (classArgs: JsonObject) => Tuner;
};

const space: SearchSpace = {
  first: { _type: "choice", _value: [8, 32, 16] },
  second: { _type: "choice", _value: [32, 16, 8] },
};

type Bits = { readonly first: number; readonly second: number };
/** A network's accuracy as a function of its bit widths; undefined: the phase gives none. */
type Accuracy = (bits: Bits) => number | undefined;

let tuner: Tuner;
let parameterId: number;

beforeEach(freshTuner);

async function freshTuner(): Promise<void> {
  tuner = new BitWidthTuner({ optimize_mode: "maximize", tolerance: 0.01 });
  await tuner.updateSearchSpace(space);
  parameterId = 0;
}

/** The next bit widths of a trial job, measured and told; undefined where its walk is over. */
async function step(trialJobId: string, accuracy: Accuracy, parameterIndex = 0): Promise<Bits | undefined> {
  const id = parameterId++;
  const proposal = await tuner.generateParameters(id, { trialJobId, parameterIndex });
  if (proposal.kind !== "parameters") return undefined;
  const bits = proposal.parameters as Bits;
  const measured = accuracy(bits);
  const outcome = measured === undefined ? "failed" : "succeeded";
  const value = measured === undefined ? null : { default: measured, accuracy: measured };
  await tuner.receiveTrialResult({ parameterId: id, parameters: bits, value, outcome, trialJobId });
  return bits;
}

/** All bit widths that a trial job tries, as "first/second". */
async function walk(trialJobId: string, accuracy: Accuracy): Promise<string[]> {
  const seen: string[] = [];
  for (
    let bits = await step(trialJobId, accuracy);
    bits;
    bits = await step(trialJobId, accuracy, seen.length)
  ) {
    seen.push(`${bits.first}/${bits.second}`);
    if (seen.length > 50) throw new Error(`the walk has no end: ${seen.join(" ")}`);
  }
  return seen;
}

const needs =
  (first: number, second: number): Accuracy =>
  (bits) =>
    bits.first >= first && bits.second >= second ? 0.9 : 0.5;

describe("the walk of one trial job", () => {
  test("goes down one layer after the other, from the widest to the narrowest, while the accuracy holds", async () => {
    expect(await walk("a", () => 0.9)).toEqual(["32/32", "16/32", "8/32", "8/16", "8/8"]);
  });

  test("goes back up where the accuracy drops, and on with the next layer", async () => {
    expect(await walk("a", needs(16, 16))).toEqual([
      "32/32",
      "16/32",
      "8/32",
      "16/32",
      "16/16",
      "16/8",
      "16/16",
    ]);
  });

  test("ends on bit widths that were measured as good enough", async () => {
    for (const accuracy of [needs(8, 8), needs(8, 16), needs(8, 32), needs(16, 8), needs(32, 32)]) {
      await freshTuner();
      const last = (await walk("a", accuracy)).at(-1)?.split("/").map(Number) as [number, number];
      expect(accuracy({ first: last[0], second: last[1] })).toBe(0.9);
    }
  });

  test("takes a loss within the tolerance, measured against the first phase", async () => {
    expect(await walk("a", (bits) => 0.9 - (bits.first < 32 ? 0.009 : 0))).toContain("8/8");
    expect(await walk("b", (bits) => 0.9 - (bits.first < 32 ? 0.011 : 0))).not.toContain("8/8");
  });

  test("counts a phase without an accuracy as a drop", async () => {
    expect(await walk("a", (bits) => (bits.first < 32 ? undefined : 0.9))).toEqual([
      "32/32",
      "16/32",
      "32/32",
      "32/16",
      "32/8",
    ]);
  });

  test("is over when the first phase gives no accuracy", async () => {
    expect(await walk("a", () => undefined)).toEqual(["32/32"]);
  });

  test("goes up further when the way back is not good enough any more", async () => {
    let calls = 0;
    // Good, good, bad, bad: from 8 back to 16, and from there to 32.
    expect((await walk("a", () => (calls++ < 2 || calls > 4 ? 0.9 : 0.5))).slice(0, 5)).toEqual([
      "32/32",
      "16/32",
      "8/32",
      "16/32",
      "32/32",
    ]);
  });
});

describe("several trial jobs", () => {
  test("take different orders of the layers", async () => {
    expect((await walk("a", () => 0.9)).at(1)).toBe("16/32");
    expect((await walk("b", () => 0.9)).at(1)).toBe("32/16");
  });

  test("go their ways undisturbed when they take turns", async () => {
    const alone = await walk("a", needs(16, 8));
    await freshTuner();
    const inTurns: string[] = [];
    for (let turn = 0; turn < alone.length; turn++) {
      const bits = await step("a", needs(16, 8), turn);
      await step("b", needs(32, 32), turn);
      inTurns.push(`${bits?.first}/${bits?.second}`);
    }
    expect(inTurns).toEqual(alone);
  });

  test("are told that there is no more as often as they ask", async () => {
    await walk("a", () => 0.9);
    for (let i = 0; i < 3; i++) {
      expect(await tuner.generateParameters(99, { trialJobId: "a", parameterIndex: 5 })).toEqual({
        kind: "no-more",
      });
    }
  });
});

test("results of parameters added by hand change no walk", async () => {
  await step("a", () => 0.9);
  await tuner.receiveCustomizedTrialResult?.({
    parameterId: 70,
    parameters: { first: 8, second: 8 },
    value: { accuracy: 0.1 },
    outcome: "succeeded",
    trialJobId: "a",
  });
  expect(await step("a", () => 0.9, 1)).toEqual({ first: 16, second: 32 });
});
