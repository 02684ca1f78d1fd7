import fc from "fast-check";
import { brokenRules } from "./rules.ts";
import { scenarios } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";
import { simulate } from "./simulate.ts";
import { storyOf } from "./story.ts";

export interface PlayOptions {
  readonly runs: number;
  readonly seed: number;
  /** Of the one run to play, as a failure named it; undefined for all. */
  readonly path: string | undefined;
}

/** Shrinking may take this many runs: a smaller scenario is a comfort, not a need. */
const shrinkingRuns = 500;

/** Plays so many scenarios and checks every rule after each; throws with the smallest one found that breaks any. */
export async function playScenarios({ runs, seed, path }: PlayOptions): Promise<void> {
  let shrinking = 0;
  const property = fc.asyncProperty(scenarios, async (scenario) => {
    if (shrinking > shrinkingRuns) return;
    const broken = brokenRules(await simulate(scenario));
    if (broken.length > 0 || shrinking > 0) shrinking += 1;
    if (broken.length > 0) throw new Error("broken");
  });
  const { failed, counterexample, counterexamplePath } = await fc.check(property, {
    seed,
    numRuns: path === undefined ? runs : 1,
    ...(path !== undefined && { path, endOnFailure: true }),
  });
  if (!failed || !counterexample) return;
  throw new Error(await report(counterexample[0], seed, counterexamplePath ?? "0"));
}

async function report(scenario: Scenario, seed: number, path: string): Promise<string> {
  const run = await simulate(scenario);
  const broken = brokenRules(run).map(({ id, message }) => `${id}: ${message}`);
  return [
    `seed ${seed}, path ${path}. Play it again: npm run simulate -- --seed ${seed} --path ${path}`,
    ...broken,
    JSON.stringify(scenario),
    storyOf(run),
  ].join("\n\n");
}
