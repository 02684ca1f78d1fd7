/** NNI's built-in advisors, in multi-phase experiments: the configs and trials as NNI's users wrote them. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { isBuilt, json, run } from "../support/program.ts";
import type { Project } from "../support/project.ts";
import { scratchProject } from "../support/project.ts";

let project: Project;
beforeEach(() => void (project = scratchProject()));
afterEach(() => project.dispose());

/** As in NNI's example: the budget is a number of epochs. It fails for some configurations. */
const trial = `import nni

while True:
    params = nni.get_next_parameter()
    if params is None:
        break
    assert type(params["TRIAL_BUDGET"]) is int, params
    epochs = params.pop("TRIAL_BUDGET")
    accuracy = 0.0
    for epoch in range(epochs):
        accuracy = (params["x"] + params["units"] / 100) * (1 - 0.5 ** (epoch + 1))
        nni.report_intermediate_result(accuracy)
    nni.report_final_result(accuracy if params["units"] != 13 else float("nan"))
`;

const yaml = (advisor: string, classArgs: string): string => `authorName: default
experimentName: advisor
trialConcurrency: 3
maxExecDuration: 1h
maxTrialNum: 3
maxPhaseNum: 60
multiPhase: true
trainingServicePlatform: local
searchSpacePath: search_space.json
useAnnotation: false
seed: 11
advisor:
  builtinAdvisorName: ${advisor}
  classArgs:
    optimize_mode: maximize
${classArgs}trial:
  command: python3 trial.py
  codeDir: .
  gpuNum: 0
`;

test.skipIf(!isBuilt).each([
  ["Hyperband", "    R: 9\n    eta: 3\n"],
  ["BOHB", "    min_budget: 1\n    max_budget: 9\n    eta: 3\n"],
])(
  "%s: sixty evaluations in three trials, the best of each rung with three times the budget",
  async (name, args) => {
    project.write("trial.py", trial);
    project.write(
      "search_space.json",
      JSON.stringify({
        x: { _type: "uniform", _value: [0, 1] },
        units: { _type: "randint", _value: [10, 20] },
      }),
    );
    project.write("config.yml", yaml(name, args));
    const { exitCode, stdout, stderr } = await run(project, "run", "-c", "config.yml", "--json");
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const { id } = JSON.parse(stdout) as { id: string };
    const { phases, trialJobs, status } = project.state(id);
    expect([status, trialJobs.size, phases.size]).toEqual(["DONE", 3, 60]);

    const all = [...phases.values()].map(({ parameters, intermediateResults, value }) => ({
      ...(parameters as { x: number; units: number; TRIAL_BUDGET: number }),
      epochs: intermediateResults.length,
      value,
    }));
    expect(all.every(({ epochs, TRIAL_BUDGET: budget }) => epochs === budget)).toBe(true);
    // The first bracket: nine draws, of which three go on, and one of those.
    const first = all.filter(({ TRIAL_BUDGET: budget }) => budget === 1).slice(0, 9);
    const merit = ({ x, units }: { x: number; units: number }): number =>
      units === 13 ? -1 : x + units / 100;
    const best = first.toSorted((one, other) => merit(other) - merit(one)).slice(0, 3);
    const withBudget = (budget: number) =>
      all.filter((each) => each.TRIAL_BUDGET === budget).map(({ x }) => x);
    expect(withBudget(3)).toEqual(expect.arrayContaining(best.map(({ x }) => x)));
    expect(withBudget(9)).toContain(best[0]!.x);
    expect(await json(project, "replay", id)).toMatchObject({ same: 60, different: 0 });
  },
);
