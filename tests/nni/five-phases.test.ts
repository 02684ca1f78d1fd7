/** Experiments as NNI's users wrote them: trials of five phases, four at once, eight in all, under one tuner after the other. */
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createBuiltinTuner } from "../../src/tuners/index.ts";
import { contains, flatten, parseSearchSpace } from "../../src/space/index.ts";
import type { Json, JsonObject, SearchSpace } from "../../src/model/index.ts";
import { run } from "../support/program.ts";
import type { Project } from "../support/project.ts";
import { scratchProject } from "../support/project.ts";

let project: Project;
beforeEach(() => void (project = scratchProject()));
afterEach(() => project.dispose());

/** Each phase reports a curve and a result that only its own parameters give; the text that it prints has no line ends. */
const fivePhases = `import nni

for index in range(5):
    params = nni.get_next_parameter()
    if params is None:
        break
    score = sum(value for value in params.values())
    print("phase", index, "of", nni.get_trial_id(), end=" ")
    for step in range(3):
        nni.report_intermediate_result(score * (step + 1) / 4)
    nni.report_final_result({"default": score, "index": index})
`;

const numbers: JsonObject = {
  layers: { _type: "choice", _value: [1, 2, 3, 5, 7] },
  rate: { _type: "uniform", _value: [0.001, 0.1] },
  units: { _type: "randint", _value: [10, 20] },
};
const grid: JsonObject = {
  layers: { _type: "choice", _value: [1, 2, 3, 5, 7] },
  units: { _type: "randint", _value: [0, 8] },
};
const batch: JsonObject = {
  combine_params: {
    _type: "choice",
    _value: Array.from({ length: 40 }, (_, place) => ({ layers: place % 8, units: place })),
  },
};

const yaml = (tuner: string, classArgs: string): string => `authorName: nni
experimentName: five phases
maxExecDuration: 1h
maxTrialNum: 8
trialConcurrency: 4
searchSpacePath: ./search_space.json
tuner:
  builtinTunerName: ${tuner}
${classArgs}trial:
  codeDir: ./
  command: python3 five_phases.py
  gpuNum: 0
useAnnotation: false
multiPhase: true
multiThread: false
trainingServicePlatform: local
`;

const mode = "  classArgs:\n    optimize_mode: maximize\n";

test.each<[string, JsonObject, string]>([
  ["TPE", numbers, mode],
  ["Evolution", numbers, `${mode}    population_size: 8\n`],
  ["MetisTuner", numbers, mode],
  ["GridSearch", grid, ""],
  ["BatchTuner", batch, ""],
])(
  "%s: forty phases in eight trials, each with the results of its own parameters",
  async (tuner, space, args) => {
    project.write("five_phases.py", fivePhases);
    project.write("search_space.json", JSON.stringify(space));
    project.write("config.yml", yaml(tuner, args));
    const { exitCode, stdout, stderr } = await run(project, "run", "-c", "config.yml", "--json");
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const { id } = JSON.parse(stdout) as { id: string };
    const { status, trialJobs, phases } = project.state(id);
    expect(status).toBe("DONE");
    expect([...trialJobs.values()].map((job) => job.parameterIds.length)).toEqual(Array(8).fill(5));
    for (const { parameters, parameterIndex, value, intermediateResults } of phases.values()) {
      const score = Object.values(parameters as { [name: string]: number }).reduce((a, b) => a + b, 0);
      expect(value).toEqual({ default: score, index: parameterIndex });
      expect(intermediateResults.map((result) => result.value)).toEqual(
        [1, 2, 3].map((step) => (score * step) / 4),
      );
    }
    const seen = new Set([...phases.values()].map(({ parameters }) => JSON.stringify(parameters)));
    if (space !== numbers) expect(seen.size).toBe(40);
  },
);

test.each(["TPE", "Evolution", "MetisTuner"])(
  "%s goes on in a space of two points, as it did in NNI",
  async (tuner) => {
    project.write("five_phases.py", fivePhases);
    project.write("search_space.json", '{ "x": { "_type": "choice", "_value": [1, 2] } }');
    project.write("config.yml", yaml(tuner, mode));
    const { stdout } = await run(project, "run", "-c", "config.yml", "--json");
    const { trialJobs } = project.state((JSON.parse(stdout) as { id: string }).id);
    expect([...trialJobs.values()].map((job) => job.parameterIds.length)).toEqual(Array(8).fill(5));
  },
);

/** By the tables of NNI's documentation: which tuner searches which types. */
const everyType: SearchSpace = parseSearchSpace({
  choice_str: { _type: "choice", _value: ["cat", "dog", "elephant", "cow", "sheep", "panda"] },
  choice_num: { _type: "choice", _value: [10, 20, 30, 40, 50] },
  randint: { _type: "randint", _value: [1, 10] },
  uniform: { _type: "uniform", _value: [0, 1] },
  quniform: { _type: "quniform", _value: [1, 10, 2] },
  loguniform: { _type: "loguniform", _value: [0.01, 1] },
  qloguniform: { _type: "qloguniform", _value: [1, 100, 5] },
  normal: { _type: "normal", _value: [5, 0.1] },
  qnormal: { _type: "qnormal", _value: [5, 2, 0.5] },
  lognormal: { _type: "lognormal", _value: [0, 1] },
  qlognormal: { _type: "qlognormal", _value: [2, 1, 0.5] },
  choice_mixed: {
    _type: "choice",
    _value: [{ _name: "conv", kernel: { _type: "choice", _value: [1, 2, 3] } }, { _name: "none" }],
  },
});
const numeric = ["choice_num", "randint", "uniform", "quniform"];
const supported: { readonly [tuner: string]: readonly string[] } = {
  TPE: Object.keys(everyType),
  Random: Object.keys(everyType),
  Anneal: Object.keys(everyType),
  Evolution: Object.keys(everyType),
  SMAC: ["choice_str", ...numeric, "loguniform"],
  GPTuner: [...numeric, "loguniform", "qloguniform"],
  MetisTuner: numeric,
  GridSearch: ["choice_str", "choice_num", "randint", "quniform"],
};

test.each(Object.entries(supported))(
  "%s searches each type that it did, and all together",
  async (name, types) => {
    const spaces = [types, ...types.map((type) => [type])].map((chosen) =>
      Object.fromEntries(chosen.map((type) => [type, everyType[type]])),
    ) as readonly SearchSpace[];
    for (const space of spaces) {
      const tuner = createBuiltinTuner(name, { optimizeMode: "maximize", seed: 3, classArgs: {} });
      await tuner.updateSearchSpace(space);
      for (let parameterId = 0; parameterId < 15; parameterId++) {
        const proposal = await tuner.generateParameters(parameterId, { trialJobId: "a", parameterIndex: 0 });
        if (proposal.kind === "no-more") break;
        const parameters = (proposal as { parameters: Json }).parameters;
        expect(contains(flatten(space), parameters), JSON.stringify(parameters)).toBe(true);
        const result = { parameterId, parameters, value: parameterId % 4, trialJobId: "a" };
        await tuner.receiveTrialResult({ ...result, outcome: "succeeded" });
      }
    }
  },
);

test("a nested space gives each phase the options of its own choice", async () => {
  const layer = {
    _type: "choice",
    _value: [
      { _name: "Empty" },
      {
        _name: "Conv",
        kernel_size: { _type: "choice", _value: [1, 2, 3, 5] },
        padding: { _type: "randint", _value: [0, 4] },
      },
      { _name: "Max_pool", pooling_size: { _type: "choice", _value: [2, 3, 5] } },
    ],
  };
  const { phases, state } = await project.finish({
    python: `import nni
names = {"Empty": {"_name"}, "Conv": {"_name", "kernel_size", "padding"}, "Max_pool": {"_name", "pooling_size"}}
for _ in range(6):
    params = nni.get_next_parameter()
    assert all(set(params[key]) == names[params[key]["_name"]] for key in ("layer0", "layer1")), params
    nni.report_final_result(len(params["layer0"]))
`,
    searchSpace: { layer0: layer, layer1: layer },
    tuner: { builtinTunerName: "TPE", classArgs: { optimize_mode: "maximize" } },
    maxTrialNum: 2,
  });
  expect([state.status, state.counts.succeeded]).toEqual(["DONE", 12]);
  const kinds = phases.map(({ parameters }) => (parameters as { layer0: { _name: string } }).layer0._name);
  expect(new Set(kinds).size).toBeGreaterThan(1);
});

test("a Medianstop that stops phases leaves the trial to go on with the next one", async () => {
  const { phases, state, jobs } = await project.finish({
    python: `import nni
while True:
    params = nni.get_next_parameter()
    if params is None:
        break
    for step in range(1, 6):
        nni.report_intermediate_result(params["x"] * step)
    nni.report_final_result(params["x"] * 5)
`,
    maxPhaseNum: 30,
    assessor: { builtinAssessorName: "Medianstop", classArgs: { optimize_mode: "maximize", start_step: 2 } },
  });
  expect(state.status).toBe("DONE");
  expect(jobs).toHaveLength(1);
  const stopped = phases.filter(({ outcome }) => outcome === "stopped");
  expect(stopped.length).toBeGreaterThan(3);
  expect(stopped.every((phase) => phase.stoppedBy === "assessor")).toBe(true);
  expect(stopped.every((phase) => phase.intermediateResults.length >= 2)).toBe(true);
  expect(state.counts.succeeded + stopped.length).toBe(30);
});

test("the trial's directory has what scripts look for", async () => {
  const { directory, jobs, phases } = await project.finish({ maxPhaseNum: 1 });
  const trial = join(".home/experiments", directory.split("/").at(-1) ?? "", "trials", jobs[0]?.id ?? "");
  expect(JSON.parse(project.read(join(trial, "parameter.cfg")))).toEqual({
    parameter_id: 0,
    parameter_source: "algorithm",
    parameters: phases[0]?.parameters,
    trial_job_id: jobs[0]?.id,
    parameter_index: 0,
  });
  expect(project.read(join(trial, ".nni/state"))).toMatch(/^0 \d{13}\n$/);
  expect(project.read(join(trial, "trial.log"))).toBe("");
});
