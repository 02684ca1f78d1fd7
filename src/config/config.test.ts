import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isPolyphaseError } from "../model/index.ts";
import { type ConfigError, configFromObject, type LoadedConfig } from "./index.ts";
import { loadConfig, loadSearchSpace, parseConfig } from "./index.ts";

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), "config-"));
  mkdirSync(path.join(directory, "code"));
  mkdirSync(path.join(directory, "home"));
  write("search_space.json", '{"lr": {"_type": "loguniform", "_value": [1e-5, 1e-1]}}');
  write("code/tuner.mjs", "export class Mine {}");
});
afterAll(() => rmSync(directory, { recursive: true }));

function write(name: string, text: string | Uint8Array): string {
  const file = path.join(directory, name);
  writeFileSync(file, text);
  return file;
}

const names = { tunerNames: ["TPE", "Random", "GridSearch", "BatchTuner"], assessorNames: ["Medianstop"] };

function parse(text: string, file = "experiment.yml"): LoadedConfig {
  return parseConfig(text, { file, directory, env: { HOME: path.join(directory, "home") }, ...names });
}

/** The faults of a config, one line each, as people see them. */
function faults(text: string, file?: string): readonly string[] {
  const error = failure(() => parse(text, file));
  return error.message
    .split("\n")
    .slice(1)
    .map((line) => line.trim());
}

function failure(run: () => unknown): ConfigError {
  try {
    run();
  } catch (error) {
    if (isPolyphaseError(error) && error.code === "config-invalid") return error as ConfigError;
    throw error;
  }
  throw new Error("expected a config-invalid error");
}

const rest = `searchSpacePath: search_space.json
tuner: TPE
trial: {command: python3 trial.py}
`;

const seedConfig = `authorName: default
experimentName: multiphase experiment
trialConcurrency: 2
maxExecDuration: 1h
maxTrialNum: 8
trainingServicePlatform: local
searchSpacePath: search_space.json
multiPhase: true
useAnnotation: false
tuner: {builtinTunerName: TPE, classArgs: {optimize_mode: maximize}}
trial: {command: python3 mytrial.py, codeDir: ., gpuNum: 0}
`;

describe("a good config", () => {
  test("a classic multi-phase config loads as it is, without a warning", async () => {
    const file = write("classic.yml", seedConfig);
    const { config, warnings } = await loadConfig(file, names);
    expect(warnings).toEqual([]);
    expect(config).toEqual({
      authorName: "default",
      experimentName: "multiphase experiment",
      description: "",
      tags: [],
      trialConcurrency: 2,
      maxExecDurationMs: 3_600_000,
      maxTrialNum: 8,
      maxPhaseNum: null,
      maxPhasesPerTrial: null,
      multiPhase: true,
      phaseMode: "worker",
      objective: "last",
      gracePeriodMs: 300_000,
      phaseTimeoutMs: null,
      tunerTimeoutMs: 600_000,
      maxTrialRetries: 0,
      seed: null,
      logDir: null,
      logLevel: "info",
      durability: "normal",
      whenExhausted: "repeat",
      searchSpace: { lr: { _type: "loguniform", _value: [1e-5, 1e-1] } },
      tuner: { kind: "builtin", name: "TPE", classArgs: {} },
      assessor: null,
      optimizeMode: "maximize",
      trial: { command: "python3 mytrial.py", codeDir: directory, gpuNum: 0, env: {}, copyCodeDir: false },
      trainingService: {
        platform: "local",
        options: { maxTrialNumPerGpu: 1, useActiveGpu: false },
      },
    });
  });

  test("a file with NNI's authorName goes on in a space that has been searched, unless it says otherwise", () => {
    expect(parse(`authorName: me\n${rest}`).config.whenExhausted).toBe("repeat");
    expect(parse(`authorName: me\nwhenExhausted: end\n${rest}`).config.whenExhausted).toBe("end");
    expect(parse(rest).config.whenExhausted).toBeUndefined();
  });

  test("every key of ours arrives in its unit", () => {
    const { config } = parse(`
tags: [mnist, small]
maxPhaseNum: 100
maxPhasesPerTrial: 10
multiPhase: true
phaseMode: episode
objective: mean
gracePeriod: 90
phaseTimeout: 1.5h
tunerTimeout: 2m
maxExecDuration: 2d
maxTrialRetries: 3
seed: 7
durability: full
debug: true
logDir: ~/logs
searchSpace: {x: {_type: uniform, _value: [0, 1]}}
tuner: {builtinTunerName: TPE, classArgs: {optimize_mode: minimize, n_startup: 5}}
trial: {command: ./run, codeDir: code, gpuNum: 1, copyCodeDir: true, env: {OMP_NUM_THREADS: 1, FAST: true, NAME: a b}}
localConfig: {gpuIndices: "0, 2", maxTrialNumPerGpu: 2, useActiveGpu: true}
`);
    expect(config).toMatchObject({
      tags: ["mnist", "small"],
      maxPhaseNum: 100,
      maxPhasesPerTrial: 10,
      phaseMode: "episode",
      objective: "mean",
      gracePeriodMs: 90_000,
      phaseTimeoutMs: 5_400_000,
      tunerTimeoutMs: 120_000,
      maxExecDurationMs: 172_800_000,
      maxTrialRetries: 3,
      seed: 7,
      durability: "full",
      logLevel: "debug",
      logDir: path.join(directory, "home", "logs"),
      searchSpace: { x: { _type: "uniform", _value: [0, 1] } },
      tuner: { kind: "builtin", name: "TPE", classArgs: { n_startup: 5 } },
      optimizeMode: "minimize",
      trial: {
        command: "./run",
        codeDir: path.join(directory, "code"),
        gpuNum: 1,
        copyCodeDir: true,
        env: { OMP_NUM_THREADS: "1", FAST: "true", NAME: "a b" },
      },
      trainingService: { options: { gpuIndices: [0, 2], maxTrialNumPerGpu: 2, useActiveGpu: true } },
    });
  });

  test("a tuner's own class keeps all its arguments and gets an absolute directory", () => {
    const { config } = parse(`
tuner: {codeDir: code, classFileName: tuner.mjs, className: Mine, classArgs: {optimize_mode: minimize, seed: 4}}
trial: {command: ./run}
`);
    expect(config.tuner).toEqual({
      kind: "custom",
      codeDir: path.join(directory, "code"),
      classFileName: "tuner.mjs",
      className: "Mine",
      classArgs: { optimize_mode: "minimize", seed: 4 },
    });
    expect(config).toMatchObject({ optimizeMode: "minimize", seed: 4, searchSpace: null });
  });

  test("keys without a value, comments, anchors and merged mappings are YAML as everywhere", () => {
    const { config } = parse(`# an experiment
description:
logDir: ~ # nothing
tuner: {builtinTunerName: Random, classArgs: &args {a: 1}}
trial:
  command: "true"
  env: {<<: *args, B: 2}
searchSpacePath: search_space.json
`);
    expect(config).toMatchObject({ description: "", logDir: null, trial: { env: { a: "1", B: "2" } } });
  });

  test("what Python's yaml.dump makes of an OrderedDict and of tuples is a config too, with places", () => {
    const dumped = (trial: string): string => `!!python/object/apply:collections.OrderedDict
- - - searchSpacePath
    - !!python/unicode 'search_space.json'
  - - maxTrialNum
    - 3
  - - localConfig
    - gpuIndices: !!python/tuple
      - 0
      - 1
  - - tuner
    - !!python/object/apply:collections.OrderedDict
      - - - builtinTunerName
          - !!python/str 'TPE'
        - - classArgs
          - !!python/object/apply:collections.OrderedDict []
  - - trial
    - ${trial}
`;
    const { config } = parse(dumped("{command: python3 trial.py, gpuNum: 1}"));
    expect(config).toMatchObject({ maxTrialNum: 3, tuner: { name: "TPE" } });
    expect(config.trial.command).toBe("python3 trial.py");
    expect(faults(dumped("{commands: x}"))[0]).toMatch(/^experiment.yml:17:8: trial.commands: /);
    const [nothing] = faults(dumped("!!python/object/apply:collections.OrderedDict []"));
    expect(nothing).toMatch(/^experiment.yml:17:53: trial.command: /);
    for (const odd of ["[[b]]", "[], 1", "{}", "1"]) {
      const found = faults(`a: !!python/object/apply:collections.OrderedDict [${odd}]`);
      expect(found).toEqual([
        "experiment.yml:1:4: expected YAML: expected a list of pairs in an OrderedDict",
      ]);
    }
    const twice = faults("a: !!python/object/apply:collections.OrderedDict [[[b, 1], [b, 2]]]");
    expect(twice).toEqual(['experiment.yml:1:61: expected each key once, got "b" again']);
  });

  test("JSON with comments, tabs and trailing commas is a config too", () => {
    const { config } = parse(
      `// comment\n{\n\t"tuner": "TPE", /* "x": 1 */\n\t"searchSpacePath": "search_space.json",\n` +
        `\t"trial": {"command": "echo // \\"no comment\\"",},\n}`,
      "experiment.json",
    );
    expect(config.trial.command).toBe('echo // "no comment"');
  });

  test("the result cannot be changed", () => {
    const { config } = parse(rest);
    expect(() => Object.assign(config.trial.env, { A: "1" })).toThrow(TypeError);
  });

  test("a search space in YAML, with comments and numbers like 1e-3", () => {
    write(
      "space.yml",
      "# two\nlr: {_type: uniform, _value: [1e-3, .5]}\nn: {_type: choice, _value: [a, 1]}\n",
    );
    const { config } = parse(rest.replace("search_space.json", "space.yml"));
    expect(config.searchSpace).toEqual({
      lr: { _type: "uniform", _value: [0.001, 0.5] },
      n: { _type: "choice", _value: ["a", 1] },
    });
  });

  test("a search space in JSON, with comments and numbers like 1e-3", () => {
    write("commented.json", '{ // two\n "lr": {"_type": "uniform", "_value": [1e-3, 0.5]} /* end */ }');
    const { config } = parse(rest.replace("search_space.json", "commented.json"));
    expect(config.searchSpace).toEqual({ lr: { _type: "uniform", _value: [0.001, 0.5] } });
  });
});

describe("faults", () => {
  test("all of them come at once, each with line, column, what was expected and what came", () => {
    const found = faults(`trialConcurency: 2
trialConcurrency: 0
maxExecDuration: 1 hour
multiPhase: y
phaseMode: episodes
searchSpacePath: nowhere.json
tuner:
  builtinTunerName: tpe
  classArgs: {optimize_mode: maximise}
trial:
  codeDir: missing
  gpuNum: some
`);
    expect(found).toEqual([
      'experiment.yml:1:1: trialConcurency: unknown key (did you mean "trialConcurrency"?)',
      "experiment.yml:2:19: trialConcurrency: expected a whole number from 1 to 99999, got 0",
      'experiment.yml:3:18: maxExecDuration: expected a duration such as 30s, 10m, 1h, 2d or a number of seconds, got "1 hour"',
      'experiment.yml:4:13: multiPhase: expected true or false, got "y" (write true)',
      'experiment.yml:5:12: phaseMode: expected "worker" or "episode", got "episodes" (did you mean "episode"?)',
      `experiment.yml:6:18: searchSpacePath: expected a file, got nothing at ${path.join(directory, "nowhere.json")}`,
      'experiment.yml:8:21: tuner.builtinTunerName: expected TPE, Random, GridSearch, BatchTuner, got "tpe" (did you mean "TPE"?)',
      'experiment.yml:9:30: tuner.classArgs.optimize_mode: expected "maximize" or "minimize", got "maximise" (did you mean "maximize"?)',
      "experiment.yml:11:3: trial.command: expected a shell command, got nothing",
      `experiment.yml:11:12: trial.codeDir: expected a directory, got nothing at ${path.join(directory, "missing")}`,
      'experiment.yml:12:11: trial.gpuNum: expected a whole number from 0 to 99999, got "some"',
    ]);
  });

  test("issues carry path, place and hint for programs", () => {
    const { issues } = failure(() => parse(`${rest}maxTrialNumber: 3\n`));
    expect(issues).toEqual([
      {
        file: "experiment.yml",
        line: 4,
        column: 1,
        path: ["maxTrialNumber"],
        message: "unknown key",
        hint: "here it is called maxTrialNum",
      },
    ]);
  });

  test("faults of the search space file stand beside those of the config, with their own places", () => {
    write(
      "bad.json",
      '{\n  // learning rate\n  "lr": {"_type": "uniform", "_value": [1, 0]},\n  "n": {"_type": "integer", "_value": [1, 2]}\n}',
    );
    const found = faults(`seed: -1\n${rest.replace("search_space.json", "bad.json")}`, "exp/experiment.yml");
    expect(found).toHaveLength(3);
    expect(found[0]).toMatch(/^exp\/experiment.yml:1:7: seed: /);
    expect(found[1]).toMatch(/^exp\/bad.json:3:\d+: lr\b/);
    expect(found[2]).toMatch(/^exp\/bad.json:4:\d+: n\b/);
  });

  test("faults of an inline search space have places in the config", () => {
    const found = faults(
      "tuner: TPE\ntrial: {command: x}\nsearchSpace:\n  lr: {_type: uniform, _value: [1, 0]}\n",
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^experiment.yml:4:\d+: searchSpace.lr/);
  });

  test.each([
    ["command: x\n", "experiment.yml:4:1: command: unknown key (belongs under trial)"],
    ["slurmConfig: {}\n", /belongs to training service slurm, not supported in this version/],
    ["trialCommand: x\n", "experiment.yml:4:1: trialCommand: unknown key (here it is called trial.command)"],
    [
      "trial_command: x\n",
      "experiment.yml:4:1: trial_command: unknown key (here it is called trial.command)",
    ],
    ["__proto__: {a: 1}\n", "experiment.yml:4:1: __proto__: unknown key"],
    ["constructor: 1\n", "experiment.yml:4:1: constructor: unknown key"],
    ["seed: 1.5\n", "experiment.yml:4:7: seed: expected a whole number of at least 0, got 1.5"],
    ["maxTrialNum: '3'\n", /got "3" \(numbers stand without quotes\)/],
    ["experimentName: 3\n", "experiment.yml:4:17: experimentName: expected text, got 3 (put it in quotes)"],
    ["tags: [a, 3]\n", "experiment.yml:4:11: tags[1]: expected text, got 3 (put it in quotes)"],
    ["gracePeriod: -5\n", /gracePeriod: expected a duration .*, got -5/],
    ["phaseTimeout: 0s\n", /phaseTimeout: expected a duration .*, got "0s"/],
    ["localConfig: {gpuIndices: 0;1}\n", /localConfig.gpuIndices: expected GPU indices .*, got "0;1"/],
    ["logDir: search_space.json\n", /logDir: expected a directory, got a file at /],
    ["advisor: BOHB\n", /tuner: expected no tuner beside an advisor, got both/],
    ["advisor: BOHP\n", /advisor: expected Hyperband, BOHB, got "BOHP" \(did you mean "?BOHB/],
    [
      "assessor: {builtinAssessorName: Ours}\n",
      /got "Ours" \(a class of your own is named by codeDir, classFileName and className\)/,
    ],
    ["assessor: {builtinAssessorName: Medianstp}\n", /expected Medianstop, got "Medianstp" \(did you mean/],
    ["useAnnotation: true\n", /searchSpacePath: expected no search space together with useAnnotation: true/],
    ["searchSpace: {}\n", /searchSpace: expected either searchSpacePath or searchSpace, got both/],
    [
      "trainingServicePlatform: moon\n",
      /expected local, got "moon" \(training service moon is not supported/,
    ],
    ["trainingServicePlatform: pai\n", /expected local, got "pai" \(training service pai is not supported/],
    ["trainingServicePlatform: locl\n", /expected local, got "locl" \(did you mean "local"\?\)/],
    ["trainingServicePlatform: function\n", /expected local, got "function"/],
  ])("%j", (line, fault) => {
    const found = faults(rest + line);
    expect(found).toContainEqual(typeof fault === "string" ? fault : expect.stringMatching(fault));
  });

  test("annotations stand in for a search space, and nasMode means something beside them only", () => {
    const text = "tuner: TPE\ntrial: {command: x, codeDir: code, nasMode: enas_mode}\n";
    const config = parse(`${text}useAnnotation: true\n`);
    expect(config.config).toMatchObject({ searchSpace: null, annotation: { nasMode: "enas_mode" } });
    expect(config.warnings).toEqual([]);
    const plain = parse(`${text}searchSpace: {x: {_type: choice, _value: [1]}}\n`);
    expect(plain.config).not.toHaveProperty("annotation");
    expect(plain.warnings).toEqual([expect.stringContaining("trial.nasMode: has no effect")]);
  });

  test.each([
    ["tuner: NetworkMorphism", /^experiment.yml:1:8: tuner: expected TPE, .* \(tuner NetworkMorphism is not/],
    ["tuner: {}", /tuner: expected builtinTunerName, or classFileName and className, got neither/],
    ["tuner: 5", /^experiment.yml:1:8: tuner: expected the tuner's name or a mapping, got 5/],
    [
      "tuner: {builtinTunerNam: TPE}",
      /^experiment.yml:1:9: tuner.builtinTunerNam: unknown key \(did you mean "bu/,
    ],
    [
      "tuner: {builtinTunerName: TPE, className: A}",
      /expected either builtinTunerName or a class of your own/,
    ],
    [
      "tuner: {classFileName: tuner.mjs, codeDir: code}",
      /tuner.className: expected the className of your tuner/,
    ],
    ["tuner: {classFileName: no.mjs, className: A}", /tuner.classFileName: expected a file, got nothing at /],
    [
      "tuner: {classFileName: a.mjs, className: A, codeDir: no}",
      /tuner.codeDir: expected a directory, got nothing/,
    ],
    [
      "tuner: {builtinTunerName: TPE, classArgs: [1]}",
      /tuner.classArgs: expected a mapping of arguments, got a li/,
    ],
    ["tuner: {builtinTunerName: TPE, classArgs: {seed: x}}", /tuner.classArgs.seed: expected a whole number/],
  ])("%j is the only fault", (tuner, fault) => {
    const found = faults(`${tuner}\n${rest.replace("tuner: TPE\n", "")}`);
    expect(found).toEqual([expect.stringMatching(fault)]);
  });

  test("an array whose constructor is anything is an array", () => {
    const tags = Object.assign(["a"], { constructor: 7 });
    const { config } = configFromObject(
      {
        tags,
        tuner: "TPE",
        searchSpace: { x: { _type: "uniform", _value: [0, 1] } },
        trial: { command: "x" },
      },
      { directory, env: {}, ...names },
    );
    expect(config.tags).toEqual(["a"]);
  });

  test("a space file by itself may be in the words of a class of the user's own; what is faulty in ours is said whole", () => {
    const own = write("own.yml", "mm: {_type: factor, _value: [1024, 2]}\n");
    expect(loadSearchSpace(own)).toEqual({ mm: { _type: "factor", _value: [1024, 2] } });
    const faulty = write("faulty.yml", "x: {_type: uniform, _value: [3]}\ny: 7\n");
    expect(() => loadSearchSpace(faulty)).toThrow(/\(2 faults\):\n.*:1:\d+: x\._value: .*\n.*:2:4: y: /);
  });

  test("a class is looked for in files of languages that are known; an advisor is written in Python", () => {
    write("tuner.rb", "");
    write("advisor.js", "");
    const without = rest.replace("tuner: TPE\n", "");
    expect(faults(`tuner: {classFileName: tuner.rb, className: A}\n${without}`)).toEqual([
      'experiment.yml:1:24: tuner.classFileName: expected a file ending in .py, .js, .mjs, .cjs, .ts, .mts, got "tuner.rb"',
    ]);
    expect(faults(`advisor: {classFileName: advisor.js, className: A}\n${without}`)).toEqual([
      'experiment.yml:1:26: advisor.classFileName: expected a file ending in .py, got "advisor.js"',
    ]);
  });

  test("NNI's built-in advisors are tuners", () => {
    const without = rest.replace("tuner: TPE\n", "");
    const section = "{builtinAdvisorName: Hyperband, classArgs: {R: 27, optimize_mode: minimize}}";
    const { config } = parse(`advisor: ${section}\n${without}`);
    expect(config).toMatchObject({
      tuner: { kind: "builtin", name: "Hyperband", classArgs: { R: 27 } },
      optimizeMode: "minimize",
      assessor: null,
    });
  });

  test("what only classes in Python heed is no fault and no remark with them", () => {
    write("tuner.py", "");
    const section =
      "{classFileName: tuner.py, className: A, gpuIndices: '0,2', includeIntermediateResults: true}";
    const { config, warnings } = parse(
      `multiThread: true\ntuner: ${section}\n${rest.replace("tuner: TPE\n", "")}`,
    );
    expect(warnings).toEqual([]);
    expect(config).toMatchObject({
      multiThread: true,
      tuner: { kind: "custom", gpuIndices: [0, 2], includeIntermediateResults: true },
    });
  });

  test("a class of the user's may have a search space in words of its own; a built-in tuner may not", () => {
    write("tuner.py", "");
    const space = "searchSpace: {tiles: {_type: factor, _value: [512, 3]}}\ntrial: {command: x}\n";
    const { config } = parse(`tuner: {classFileName: tuner.py, className: A}\n${space}`);
    expect(config.searchSpace).toEqual({ tiles: { _type: "factor", _value: [512, 3] } });
    expect(faults(`tuner: TPE\n${space}`)).toEqual([expect.stringContaining('got "factor"')]);
  });

  test("a built-in tuner needs a search space", () => {
    expect(faults("tuner: TPE\ntrial: {command: x}\n")).toEqual([
      "experiment.yml:1:1: searchSpacePath: expected searchSpacePath or searchSpace, got nothing",
    ]);
  });

  test("an empty mapping lacks a tuner and a trial", () => {
    expect(faults("{}")).toEqual([
      "experiment.yml:1:1: tuner: expected a tuner, got nothing",
      "experiment.yml:1:1: trial: expected a mapping with the command of the trial, got nothing",
    ]);
  });
});

describe("files that are no config", () => {
  test.each([
    ["", "experiment.yml:1:1: expected a mapping of config keys, got nothing (it is empty)"],
    ["# only a comment\n", /expected a mapping of config keys, got nothing/],
    ["- a\n- b\n", "experiment.yml:1:1: expected a mapping of config keys, got a list"],
    ["just words", 'experiment.yml:1:1: expected a mapping of config keys, got "just words"'],
    ["trial:\n\tcommand: x", "experiment.yml:2:1: expected spaces as indentation, got a tab"],
    ["seed: 1\nseed: 2", 'experiment.yml:2:1: expected each key once, got "seed" again'],
    ["a: 1\n---\nb: 2", /^experiment.yml:2:1: expected one document, got a second one/],
    ["a: 1\nb 2\nc: 3\n", 'experiment.yml:2:1: expected KEY: VALUE, got "b 2"'],
    ['a: "x\nb: 2\nc: 3\n', "experiment.yml:1:4: expected a closing quote, got none"],
    ['a: "x"\nb: \'2\nc: 3\n', "experiment.yml:2:4: expected a closing quote, got none"],
    ["a:\n  b:\n c: 1\n", /^experiment.yml:3:2: expected YAML: .* same column$/],
    ["a: [1, 2\nb: 3", /^experiment.yml:2:1: expected YAML: /],
    ["a: *nobody", /^experiment.yml: expected YAML that can be read: .*nobody/],
    ["a: !!python/object:os.system {}", /^experiment.yml:1:4: expected plain YAML: Unresolved tag/],
    ["a: !!binary aGVsbG8=", "experiment.yml:1:13: a: expected plain JSON, got a Buffer"],
    ["a: &a [*a]", "experiment.yml:1:8: a[0]: expected plain JSON, got a value that contains itself"],
  ])("%j", (text, fault) => {
    const found = faults(text);
    expect(found[0]).toEqual(typeof fault === "string" ? fault : expect.stringMatching(fault));
  });

  test("nesting without end is refused", () => {
    expect(faults(`a: ${"[".repeat(50_000)}`)[0]).toMatch(/^experiment.yml:1:/);
  });

  test("aliases that blow up are refused", () => {
    const levels = [..."abcdefghi"].map((name, level) => {
      const below = level === 0 ? "x" : `*${"abcdefghi"[level - 1]}`;
      return `${name}: &${name} [${Array.from({ length: 9 }, () => below).join(",")}]`;
    });
    expect(faults(levels.join("\n"))[0]).toMatch(/Excessive alias count/);
  });

  test("ten megabytes are refused without being parsed", () => {
    expect(faults(`description: ${"x".repeat(1e7)}`)[0]).toMatch(
      /at most 4 million characters, got 10.0 million/,
    );
  });

  test("JSON with a missing comma is explained by place", () => {
    expect(faults('{\n  "a": 1\n  "b": 2\n}', "experiment.json")).toEqual([
      expect.stringMatching(/^experiment.json:3:3: expected JSON: .*','/),
    ]);
    expect(faults('{"a": {', "experiment.json")).toEqual([
      expect.stringMatching(/^experiment.json:1:\d+: expected/),
    ]);
  });

  test("a value without quotes is no text in JSON, a key may be", () => {
    write("python.json", '{"act": {"_type": "choice",\n "_value": ["relu", None]}}');
    expect(faults(rest.replace("search_space.json", "python.json"))).toEqual([
      "python.json:2:21: expected JSON: a number, true, false, null, or text in double quotes, got None",
    ]);
    write("bare-keys.json", "{ lr: {_type: \"choice\", _value: [1, true, null, 'a']} }");
    expect(() => parse(rest.replace("search_space.json", "bare-keys.json"))).not.toThrow();
  });

  test("a missing file, a directory and a file that is no text", async () => {
    const binary = write("binary.yml", Uint8Array.of(0xff, 0xfe, 0x41));
    await expect(loadConfig(path.join(directory, "none.yml"))).rejects.toThrow(
      /expected a file, got nothing at/,
    );
    await expect(loadConfig(directory)).rejects.toThrow(/expected a file, got a directory at/);
    await expect(loadConfig(binary)).rejects.toThrow(/expected UTF-8 text in/);
    const latin1 = write("latin1.yml", Buffer.from("a: 1\nb: caf\u00e9\n", "latin1"));
    await expect(loadConfig(latin1)).rejects.toThrow(/expected UTF-8 text in .*, got other bytes in line 2/);
  });

  test("an empty search space file is no search space", () => {
    write("empty.json", "");
    expect(faults(rest.replace("search_space.json", "empty.json"))[0]).toMatch(/^empty.json:1:1: /);
  });
});

test("ten thousand faults in a search space are placed and shown in part", () => {
  const lines = Array.from({ length: 10_000 }, (_, i) => `  "p${i}": {"_type": "uniform", "_value": [1, 0]}`);
  write("huge.json", `{\n${lines.join(",\n")}\n}`);
  const { issues, message } = failure(() => parse(rest.replace("search_space.json", "huge.json")));
  expect(issues).toHaveLength(10_000);
  expect(issues[9_999]).toMatchObject({ file: "huge.json", line: 10_001 });
  expect(message.split("\n")).toHaveLength(27);
  expect(message).toContain("... and 9975 more");
});

test("whatever the text, the answer is a config or a config-invalid error", () => {
  const piece = fc.constantFrom(
    ..."{}[]:,-#&*!|>'\"% \n\t0",
    "tuner:",
    "trial:",
    "<<: ",
    "null",
    "\n  ",
    "\u0000",
    "/*",
  );
  const position = fc.nat(seedConfig.length);
  const damaged = fc
    .array(fc.tuple(position, position, fc.array(piece, { maxLength: 4 })), { minLength: 1, maxLength: 3 })
    .map((edits) =>
      edits.reduce((text, [from, length, pieces]) => {
        return text.slice(0, from) + pieces.join("") + text.slice(from + (length % 5));
      }, seedConfig),
    );
  fc.assert(
    fc.property(damaged, fc.constantFrom("experiment.yml", "experiment.json"), (text, file) => {
      try {
        expect(parse(text, file).config.tuner).toBeDefined();
      } catch (error) {
        expect(error).toMatchObject({ code: "config-invalid", issues: { length: expect.any(Number) } });
      }
    }),
    { seed: 1, numRuns: 300 },
  );
});

describe("warnings", () => {
  test.each([
    ["python3 trial.py", "code/nni.py"],
    ["sh -c 'cd . && python3 sub/trial.py --lr 1'", "code/sub/nni/__init__.py"],
  ])("%s beside %s does not find the trial client", (command, inTheWay) => {
    const text = `${rest}  codeDir: code\n`.replace(
      "{command: python3 trial.py}\n",
      `\n  command: ${JSON.stringify(command)}\n`,
    );
    mkdirSync(path.join(directory, path.dirname(inTheWay)), { recursive: true });
    expect(parse(text).warnings).toEqual([]);
    const file = write(inTheWay, "");
    expect(parse(text).warnings).toEqual([expect.stringContaining(`import nni in the trial finds ${file}`)]);
    rmSync(file);
  });

  test.each([
    ["PYTHONPATH=. python3 trial.py", "the command"],
    ["cd src && export PYTHONPATH=$(pwd); python3 trial.py", "the command"],
    ["sh -c 'PYTHONPATH=\"a b\" python3 trial.py'", "the command"],
    ["bash code/run.sh --lr 1", "code/run.sh:4"],
    ["./code/run", "code/run:2"],
    ["PYTHONPATH=.:$PYTHONPATH python3 trial.py", undefined],
    ['PYTHONPATH="src:${PYTHONPATH}" python3 trial.py', undefined],
    ["PYTHONPATH=. python3 a.py && PYTHONPATH=src:$PYTHONPATH python3 trial.py", "the command"],
    ["PYTHONPATH=src:$PYTHONPATH python3 a.py && PYTHONPATH=. python3 trial.py", "the command"],
    ["echo '#1'; PYTHONPATH=. python3 trial.py", "the command"],
    ["python3 trial.py # PYTHONPATH=.", undefined],
    ["MYPYTHONPATH=. python3 trial.py", undefined],
    ["bash code/kept.sh", undefined],
    ["python3 code/notes", undefined],
  ])("%s, which sets PYTHONPATH: warned of is %s", (command, place) => {
    write("code/run.sh", "# trains\n# PYTHONPATH=old\nset -e\nexport PYTHONPATH=`pwd`\npython3 trial.py\n");
    write("code/run", "#!/usr/bin/env bash\nPYTHONPATH=src exec python3 trial.py\n");
    write("code/kept.sh", "export PYTHONPATH=$PWD:$PYTHONPATH\n");
    write("code/notes", "PYTHONPATH=. is what we used\n");
    const { warnings } = parse(
      rest.replace("{command: python3 trial.py}\n", `\n  command: ${JSON.stringify(command)}\n`),
    );
    const warned = (where: string): unknown =>
      expect.stringContaining(
        `${where === "the command" ? where : path.join(directory, where)} sets PYTHONPATH without what it was`,
      );
    expect(warnings).toEqual(place === undefined ? [] : [warned(place)]);
  });

  test.each([
    ["multiThread: true", /^experiment.yml:4:1: multiThread: has no effect/],
    ["versionCheck: true", /versionCheck: has no effect/],
    ["nniManagerIp: 10.0.0.1", /nniManagerIp: has no effect/],
    ["logCollection: http", /logCollection: has no effect/],
    ["multiPhase: true", /^experiment.yml:4:1: multiPhase: .*the trial must end by itself/],
    ["maxPhasesPerTrial: 3", /maxPhasesPerTrial: .* only once without multiPhase: true/],
    ["phaseMode: episode", /phaseMode: .* without multiPhase: true/],
    ["objective: max", /objective: has no effect without phaseMode: episode/],
    ["localConfig: {gpuIndices: 0}", /localConfig.gpuIndices: has no effect/],
  ])("%s", (line, warning) => {
    expect(parse(`${rest}${line}\n`).warnings).toEqual([expect.stringMatching(warning)]);
  });

  test.each(["multiThread: false", "versionCheck: false", "logCollection: none", "debug: false"])(
    "none for %s",
    (line) => {
      expect(parse(`${rest}${line}\n`).warnings).toEqual([]);
    },
  );
});

describe("settings from an object", () => {
  const good = { searchSpace: { x: { _type: "uniform", _value: [0, 1] } }, tuner: "Random" };
  const from = (input: unknown): LoadedConfig => configFromObject(input, { directory, env: {}, ...names });

  test("an in-process experiment needs no trial section", () => {
    const { config } = from({
      ...good,
      trainingServicePlatform: "function",
      maxPhaseNum: 5,
      seed: undefined,
    });
    expect(config).toMatchObject({ maxPhaseNum: 5, trainingService: { platform: "function", options: {} } });
  });

  test("the object stays as it was and the result does not change with it", () => {
    const input = { ...good, trial: { command: "x", env: { A: "1" } } };
    const { config } = from(input);
    input.trial.env.A = "2";
    expect(config.trial.env).toEqual({ A: "1" });
  });

  test("faults have paths instead of places", () => {
    const error = failure(() => from({ ...good, maxPhaseNum: 0, trial: { comand: "x" } }));
    expect(error.issues.map(({ path, file, line }) => ({ path, file, line }))).toEqual([
      { path: ["maxPhaseNum"], file: null, line: null },
      { path: ["trial", "comand"], file: null, line: null },
    ]);
    expect(error.message).toContain('  trial.comand: unknown key (did you mean "command"?)');
  });

  test.each([
    [undefined, /got nothing/],
    [[], /got an empty list/],
    [{ ...good, tuner: () => 1 }, /tuner: expected plain JSON, got a function/],
    [{ ...good, tags: new Date(0) }, /tags: expected plain JSON, got a Date/],
    [{ ...good, searchSpace: { x: { _type: "uniform", _value: [1, 0] } } }, /searchSpace.x/],
  ])("bad input %#", (input, fault) => {
    expect(failure(() => from(input)).message).toMatch(fault);
  });
});

describe("secrets", () => {
  const withEnv = (text: string, env: object): LoadedConfig =>
    parseConfig(text, { file: "experiment.yml", directory, env: { ...env }, ...names });

  test("come from the environment of whoever starts the experiment, and are known as such", () => {
    const { config, warnings } = withEnv(
      `searchSpacePath: search_space.json
secrets: [trial.env.GREETING, tuner.classArgs.deep, tuner.classArgs.list]
tuner: {builtinTunerName: TPE, classArgs: {deep: {a: [x, 5]}, list: [yes-it-is], bearer: "Bearer \${env:KEY}"}}
trial:
  command: run $KEY
  env: {KEY: "\${env:KEY}", TWO: "\${env:KEY}-\${env:OTHER}", LITERAL: "$\${env:NO}", GREETING: hello, PLAIN: a}
`,
      { KEY: "k-1", OTHER: "k-2" },
    );
    expect(warnings).toEqual([]);
    const { env } = config.trial;
    expect(env).toEqual({ KEY: "k-1", TWO: "k-1-k-2", LITERAL: "${env:NO}", GREETING: "hello", PLAIN: "a" });
    expect(config.tuner.classArgs).toMatchObject({ bearer: "Bearer k-1" });
    expect(config.secrets?.toSorted()).toEqual([
      "trial.env.GREETING",
      "trial.env.KEY",
      "trial.env.TWO",
      "tuner.classArgs.bearer",
      "tuner.classArgs.deep.a[0]",
      "tuner.classArgs.deep.a[1]",
      "tuner.classArgs.list[0]",
    ]);
  });

  test("that are not there, or stand where all would see them, are faults with their place", () => {
    const text = `experimentName: "\${env:HOME}"
searchSpacePath: search_space.json
tuner: TPE
secrets: [trial.env.NO, experimentName, trial.env.KEY]
trial:
  command: run \${env:KEY}
  env: {KEY: "\${env:UNSET}", EMPTY: "a\${env:EMPTY}"}
`;
    const error = failure(() => withEnv(text, { HOME: "/home/me", EMPTY: "" }));
    const lines = error.issues.map(({ line, column, message }) => `${line}:${column}: ${message}`);
    expect(lines).toEqual([
      "1:17: expected no ${env:HOME} here, where everybody would see it",
      '4:11: expected the place of a setting, such as trial.env.NAME, got "trial.env.NO"',
      '4:25: expected the place of a setting, such as trial.env.NAME, got "experimentName"',
      "6:12: expected no ${env:KEY} here, where everybody would see it",
      "7:14: expected a value in the environment variable UNSET, which is not set",
      "7:37: expected a value in the environment variable EMPTY, which is empty",
    ]);
  });

  test("are not shown by messages about other faults", () => {
    const text = (value: string): string =>
      `${rest}tuner: {builtinTunerName: TPE, classArgs: {seed: ${value}}}\n`;
    const shown = failure(() => withEnv(text("not-hidden").replace("tuner: TPE\n", ""), {}));
    expect(shown.message).toContain("not-hidden");
    const hidden = failure(() =>
      withEnv(text('"\${env:KEY}"').replace("tuner: TPE\n", ""), { KEY: "canary-of-the-config" }),
    );
    expect(hidden.message).toContain("***");
    expect(JSON.stringify(hidden.issues) + hidden.message).not.toContain("canary");
  });

  test.each([
    ["run --api-key sk-123", "api-key"],
    ['run --token="$TOKEN"', "token"],
    ["WANDB_API_KEY=abc python3 trial.py", "WANDB_API_KEY"],
    ["run --quick --password='abc def'", "password"],
  ])("in the command %s deserve a warning", (command, name) => {
    const { warnings } = parse(rest.replace("python3 trial.py", JSON.stringify(command)));
    expect(warnings).toEqual([expect.stringContaining(`shows ${name} to every user`)]);
    expect(warnings[0]).not.toMatch(/sk-123|abc/);
  });

  test.each([
    "TOKEN=$TOKEN run",
    "run --max-tokens 100",
    'TOKEN="$TOKEN" run',
    "run --token --quick",
    "token x",
  ])("are not in the command %s", (command) => {
    expect(parse(rest.replace("python3 trial.py", JSON.stringify(command))).warnings).toEqual([]);
  });
});
