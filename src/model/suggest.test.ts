import { expect, test } from "vitest";
import { closest } from "./suggest.ts";

const keys = ["trialConcurrency", "maxTrialNum", "seed", "tuner", "logDir", "codeDir"];

test.each([
  ["trialConcurency", "trialConcurrency"],
  ["trial_concurrency", "trialConcurrency"],
  ["MAX-TRIAL-NUM", "maxTrialNum"],
  ["tunre", "tuner"],
  ["sed", "seed"],
  ["logdri", "logDir"],
])("%s means %s", (word, meant) => {
  expect(closest(word, keys)).toBe(meant);
});

test.each(["banana", "x", "", "concurrency"])("%j means none of them", (word) => {
  expect(closest(word, keys)).toBeUndefined();
});
