import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { JsonObject, Tuner } from "../model/index.ts";
import { builtinTuners, createBuiltinTuner } from "./registry.ts";

const make = (name: string, classArgs: JsonObject = {}): Tuner =>
  createBuiltinTuner(name, { optimizeMode: "minimize", seed: 1, classArgs });

const elevenObjectives = Object.fromEntries(
  Array.from({ length: 11 }, (_, i) => [`f${i}`, "minimize"] as const),
);

test("every built-in tuner can be made without class args", () => {
  for (const name of Object.keys(builtinTuners)) expect(make(name)).toHaveProperty("generateParameters");
});

test.each([
  ["Tpe", /did you mean "?TPE/i],
  ["gridsearch", /did you mean "?GridSearch/i],
  ["Batch", /codeDir/],
  ["toString", /codeDir/],
])("an unknown name, %s, is refused with a hint", (name, hint) => {
  expect(() => make(name)).toThrow(
    expect.objectContaining({ code: "unknown-tuner", hint: expect.stringMatching(hint) as string }),
  );
});

describe("class args", () => {
  test.each<readonly [string, JsonObject, RegExp]>([
    ["TPE", { n_startup_trials: 2.5 }, /"n_startup_trials" expected an integer of at least 0, came 2.5/],
    ["TPE", { n_ei_candidates: 0 }, /"n_ei_candidates" expected an integer of at least 1, came 0/],
    ["TPE", { parallel_optimize: "yes" }, /"parallel_optimize" expected true or false, came "yes"/],
    ["TPE", { constant_liar_type: "median" }, /expected one of min, max, mean, came "median"/],
    ["QMC", { scramble: 1 }, /"scramble" expected true or false, came 1/],
    ["GridSearch", { order: 3 }, /"order" expected one of sequential, spread, came 3/],
    ["Evolution", { population_size: 1 }, /"population_size" expected an integer of at least 2, came 1/],
    [
      "NSGA2",
      { objectives: {} },
      /"objectives" expected 1 to 10 names, each maximize or minimize, .* came \{\}/,
    ],
    ["NSGA2", { objectives: { speed: "faster" } }, /came \{"speed":"faster"\}/],
    ["NSGA2", { objectives: ["accuracy"] }, /"objectives" expected .* came \["accuracy"\]/],
    ["NSGA2", { objectives: elevenObjectives }, /"objectives" expected 1 to 10 names/],
    ["NSGA2", { mutation_prob: 1.5 }, /"mutation_prob" expected a number from 0 to 1, came 1.5/],
    ["NSGA2", { crossover: "two-point" }, /"crossover" expected one of uniform, sbx/],
    ["BOHB", { min_budget: 0 }, /expected 0 < min_budget <= max_budget, came 0 and 3/],
    ["BOHB", { min_budget: 4 }, /expected 0 < min_budget <= max_budget, came 4 and 3/],
    ["BOHB", { min_budget: 1e-308, max_budget: 1e308 }, /expected max_budget <= 2\^53 min_budget, came/],
    ["Anneal", { shrink_coef: 1 }, /unknown class arg "shrink_coef"; expected optimize_mode, seed/],
    ["Random", { population: 3 }, /unknown class arg "population"; expected optimize_mode, seed/],
  ])("%s refuses %j", (name, classArgs, message) => {
    expect(() => make(name, classArgs)).toThrow(
      expect.objectContaining({
        code: "tuner-class-args",
        message: expect.stringMatching(message) as string,
      }),
    );
  });

  test("a misspelt one is answered with the right name", () => {
    expect(() => make("TPE", { n_startup_trial: 5 })).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/did you mean "?n_startup_trials/i) as string }),
    );
  });

  test("those of NNI are accepted, null counts as left out", () => {
    make("TPE", { parallel_optimize: true, constant_liar_type: "mean", n_startup_trials: null });
  });
});

test("docs/tuners.md names every tuner, class arg and default", () => {
  const page = readFileSync(new URL("../../docs/tuners.md", import.meta.url), "utf8");
  const lines = page.split("\n").filter((line) => line.startsWith("|"));
  const { rows } = lines.reduce<{ tuner: string; rows: string[] }>(
    ({ tuner, rows }, line) => {
      const named = /^\| `(\w+)`/.exec(line)?.[1] ?? (line.startsWith("|  ") ? tuner : "");
      return { tuner: named, rows: [...rows, `${named} ${line}`] };
    },
    { tuner: "", rows: [] },
  );
  for (const [name, { classArgs }] of Object.entries(builtinTuners)) {
    expect(rows.some((row) => row.startsWith(`${name} `))).toBe(true);
    for (const arg of classArgs) {
      const row = rows.find((each) => each.startsWith(`${name} `) && each.includes(`| \`${arg.name}\``));
      expect(row, `${name}: ${arg.name}`).toContain(
        arg.default === undefined ? "| - " : String(arg.default as number),
      );
    }
  }
});
