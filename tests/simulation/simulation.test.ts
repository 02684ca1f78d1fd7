/**
 * Whole experiments on virtual time, in which any party dies at any moment and the network does its worst. A few hundred
 * here; `npm run simulate` plays thousands. See README.md beside this file.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { playScenarios } from "./play.ts";
import { scenarios } from "./scenario.ts";
import { simulate } from "./simulate.ts";

const { POLYPHASE_SIMULATION: given } = process.env;
const options = {
  runs: 300,
  seed: 1,
  path: undefined,
  ...(given === undefined ? {} : (JSON.parse(given) as object)),
};

describe("any experiment, whatever is killed and lost", () => {
  test(`keeps every rule (${options.runs} runs, seed ${options.seed})`, { timeout: 1_800_000 }, async () => {
    await playScenarios(options);
  });

  test("goes the same way with the same seed", async () => {
    for (const scenario of fc.sample(scenarios, { seed: options.seed, numRuns: 30 })) {
      const [first, second] = [await simulate(scenario), await simulate(scenario)];
      expect(second.lines).toEqual(first.lines);
      expect(second.seen).toEqual(first.seen);
    }
  });
});
