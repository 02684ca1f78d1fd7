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
  "%s: sixty evaluations in three trials, and only the best of each rung with three times the budget",
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
    const { phases, status } = project.state(id);
    expect([status, phases.size]).toEqual(["DONE", 60]);

    const all = [...phases.values()].map(({ parameters, intermediateResults }) => ({
      ...(parameters as { x: number; units: number; TRIAL_BUDGET: number }),
      epochs: intermediateResults.length,
    }));
    expect(all.every(({ epochs, TRIAL_BUDGET: budget }) => epochs === budget)).toBe(true);
    const merit = ({ x, units }: { x: number; units: number }): number =>
      units === 13 ? -1 : x + units / 100;
    const isFirst = ({ x }: { x: number }, place: number): boolean =>
      all.findIndex((each) => each.x === x) === place;
    const fresh = all.filter(isFirst);
    let wentOn = 0;
    // Which jobs are quick is chance, and so is how far a bracket comes; but only the best of its rung go on.
    for (let bracket = 0; fresh.length > 0; bracket++) {
      const [size, next] = [
        [9, 3],
        [5, 1],
        [3, 0],
      ][bracket % 3] as [number, number];
      const rung = fresh.splice(0, size);
      const budget = rung[0]!.TRIAL_BUDGET;
      expect(rung.map((each) => each.TRIAL_BUDGET)).toEqual(Array(rung.length).fill(3 ** (bracket % 3)));
      const best = rung.toSorted((one, other) => merit(other) - merit(one)).slice(0, next);
      const further = all.filter((each) => each.TRIAL_BUDGET > budget && rung.some(({ x }) => x === each.x));
      for (const { x } of further) expect(best.map((each) => each.x)).toContain(x);
      wentOn += further.length;
    }
    expect(wentOn).toBeGreaterThan(0);
    expect(await json(project, "replay", id)).toMatchObject({ same: 60, different: 0 });
  },
);
