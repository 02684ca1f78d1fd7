/** The rules hold because they are kept, not because they see nothing: each one catches an experiment with a flaw. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mutants } from "./mutants.ts";
import type { Mutant } from "./mutants.ts";
import { brokenRules, rules } from "./rules.ts";
import { scenarios } from "./scenario.ts";
import { simulate } from "./simulate.ts";

/** A tenth of what `npm run simulate` plays. */
const budget = 1_000;
const sample = fc.sample(scenarios, { seed: 1, numRuns: budget });

describe("the simulation catches an experiment that", () => {
  test.each(mutants.map((mutant) => [mutant.flaw, mutant] as const))("%s", async (_flaw, mutant) => {
    const runs = await runsUntilCaught(mutant);
    console.log(`${mutant.breaks} caught "${mutant.flaw}" in run ${runs}`);
    expect(runs).toBeLessThanOrEqual(budget);
  });

  test("breaks any one of the rules", () => {
    expect(new Set(mutants.map(({ breaks }) => breaks))).toEqual(new Set(rules.map(({ id }) => id)));
  });
});

async function runsUntilCaught(mutant: Mutant): Promise<number> {
  for (const [place, scenario] of sample.entries()) {
    const broken = brokenRules(await simulate(scenario, { mutant }));
    if (broken.some(({ id }) => id === mutant.breaks)) return place + 1;
  }
  return Infinity;
}
