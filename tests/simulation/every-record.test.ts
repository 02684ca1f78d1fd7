/** A crash at every record: the experiment is stopped hard when so many records are durable, recovered and finished. */
import { describe, expect, test } from "vitest";
import { brokenRules } from "./rules.ts";
import { peace, steadyConfig } from "./scenario.ts";
import type { Kill, Scenario } from "./scenario.ts";
import { simulate } from "./simulate.ts";
import type { Run } from "./simulate.ts";
import { reproducibleTuners } from "./tuners.ts";
import type { SimulatedTuner } from "./tuners.ts";

const limits = { maxPhaseNum: 7, maxPhasesPerTrial: 3 };

describe.each(reproducibleTuners)("%s", (tuner) => {
  test.each(["manager", "process", "both", "tuner"] as const)(
    "ends as the undisturbed experiment does when at any record the %s is killed",
    async (whom) => {
      const scenario = steady(tuner, 1);
      const undisturbed = await simulate(scenario);
      expect(undisturbed.status).toBe("DONE");
      for (let count = 1; count <= undisturbed.records.length; count++)
        await expectSound(undisturbed, { whom, count });
    },
  );

  test("loses nothing when at any record the manager of three jobs is killed", async () => {
    const undisturbed = await simulate(steady(tuner, 3));
    for (let count = 1; count <= undisturbed.records.length; count++)
      await expectSound(undisturbed, { whom: "manager", count });
  });
});

describe("an experiment with an assessor", () => {
  test.each(["manager", "process", "both", "tuner"] as const)(
    "ends as the undisturbed one does when at any record the %s is killed",
    async (whom) => {
      const undisturbed = await simulate({ ...steady("learning", 1), assessor: true });
      expect(undisturbed.state.counts).toMatchObject({ stopped: 4, succeeded: 3 });
      for (let count = 1; count <= undisturbed.records.length; count++) {
        const kills = [{ whom, count, when: "record" as const }];
        const run = await simulate({ ...undisturbed.scenario, kills }, { undisturbed });
        expect([count, brokenRules(run)]).toEqual([count, []]);
      }
    },
  );
});

function steady(tuner: SimulatedTuner, trialConcurrency: number): Scenario {
  const config = steadyConfig({ ...limits, trialConcurrency });
  return { ...peace, seed: 11, tuner, assessor: false, steady: true, onTunerFailure: "pause", config };
}

/** Where several jobs run, only the rules hold that need no comparison. */
async function expectSound(undisturbed: Run, kill: Pick<Kill, "whom" | "count">): Promise<void> {
  const { scenario } = undisturbed;
  const run = await simulate({ ...scenario, kills: [{ ...kill, when: "record" }] }, { undisturbed });
  const compared = scenario.config.trialConcurrency === 1;
  const broken = brokenRules(run).filter(({ id }) => compared || id !== "as-undisturbed");
  expect([kill.count, broken]).toEqual([kill.count, []]);
  expect(run.status).toBe("DONE");
  expect(run.state.counts).toMatchObject({ running: 0, succeeded: limits.maxPhaseNum });
}
