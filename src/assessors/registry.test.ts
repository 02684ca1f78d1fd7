import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Assessor, JsonObject } from "../model/index.ts";
import { builtinAssessorNames, builtinAssessors, createBuiltinAssessor } from "./registry.ts";

const make = (name: string, classArgs: JsonObject = {}): Assessor =>
  createBuiltinAssessor(name, { optimizeMode: "maximize", seed: 1, classArgs });

test("every built-in assessor can be made without class args", () => {
  expect(builtinAssessorNames).toEqual(["Medianstop", "Curvefitting"]);
  for (const name of builtinAssessorNames) expect(make(name)).toHaveProperty("assessPhase");
});

test.each([
  ["MedianStop", /did you mean "Medianstop"/],
  ["curve-fitting", /did you mean "Curvefitting"/],
  ["toString", /codeDir/],
])("an unknown name, %s, is refused with a hint", (name, hint) => {
  expect(() => make(name)).toThrow(
    expect.objectContaining({ code: "unknown-assessor", hint: expect.stringMatching(hint) as string }),
  );
});

describe("class args", () => {
  test.each<readonly [string, JsonObject, RegExp]>([
    ["Medianstop", { start_step: -1 }, /"start_step" expected an integer of at least 0, came -1/],
    ["Medianstop", { start_step: "5" }, /"start_step" expected an integer of at least 0, came "5"/],
    ["Medianstop", { min_completed_trials: 0 }, /expected an integer of at least 1, came 0/],
    [
      "Medianstop",
      { epoch_num: 20 },
      /unknown class arg "epoch_num"; expected optimize_mode, seed, start_step/,
    ],
    ["Curvefitting", { epoch_num: 0 }, /"epoch_num" expected an integer of at least 1, came 0/],
    ["Curvefitting", { threshold: -0.5 }, /"threshold" expected a number of at least 0, came -0.5/],
    ["Curvefitting", { threshold: NaN }, /"threshold" expected a number of at least 0, came NaN/],
    ["Curvefitting", { gap: 0 }, /"gap" expected an integer of at least 1, came 0/],
    ["Curvefitting", { epochs: 20 }, /unknown class arg "epochs"; expected .* epoch_num/],
  ])("%s refuses %j", (name, classArgs, message) => {
    expect(() => make(name, classArgs)).toThrow(
      expect.objectContaining({
        code: "assessor-class-args",
        message: expect.stringMatching(message) as string,
      }),
    );
  });

  test("those of NNI are accepted, null counts as left out", () => {
    make("Curvefitting", { epoch_num: 20, start_step: 6, threshold: 1, gap: 1 });
    make("Medianstop", { start_step: null });
  });
});

test("docs/assessors.md names every assessor, class arg and default", () => {
  const page = readFileSync(new URL("../../docs/assessors.md", import.meta.url), "utf8");
  for (const [name, { classArgs }] of Object.entries(builtinAssessors)) {
    const section = page.split(`\n## ${name}\n`)[1]?.split("\n## ")[0];
    for (const arg of classArgs) {
      const row = section?.split("\n").find((line) => line.startsWith(`| \`${arg.name}\``));
      expect(row, `${name}: ${arg.name}`).toMatch(new RegExp(`\\| ${String(arg.default)} +\\|`));
    }
  }
});
