import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ExperimentConfig, Json } from "../model/index.ts";
import { configFromObject, configText, parseConfig } from "./index.ts";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "config-write-"));
  mkdirSync(join(directory, "code"));
  writeFileSync(join(directory, "code", "tuner.mjs"), "export class Mine {}");
});
afterAll(() => rmSync(directory, { recursive: true }));

/** As the file stands anywhere else. */
function loaded(text: string): ExperimentConfig {
  return parseConfig(text, { file: "clone.yml", directory: "/", env: {} }).config;
}

const fromObject = (input: unknown): ExperimentConfig =>
  configFromObject(input, { directory, env: {} }).config;

/** Texts and keys that YAML might take for something else. */
const tricky = fc.constantFrom(
  ...["", " ", "~", "null", "yes", "1e3", "0x1f", "<<", "- a", "a: b", "#", "&a", "*a", "!t", "%d", "`", "@"],
  ...["two\nlines\n", "\ttab", "'", '"', "{", "2001-01-01", ".nan", "ключ", "\u0000", "\u2028", " trailing "],
);
/** And what a config may mean by it. */
const meaning = fc.constantFrom(
  ...[
    "$${env:HOME}",
    "a $${env:HOME}",
    "$$$${env:A}$${env:B}",
    "sealed:x",
    "sealed:=x",
    "https://me:word@host/",
  ],
);
const someText = fc.oneof(tricky, meaning, fc.string({ unit: "binary", maxLength: 12 }));
const filled = someText.filter((text) => text !== "");
const key = fc.oneof(tricky, fc.string({ maxLength: 8 })).filter((name) => name !== "__proto__");
const json = fc
  .letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.constant(null),
      fc.boolean(),
      fc.double(),
      fc.integer(),
      someText,
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(key, tie("value"), { maxKeys: 3, noNullPrototype: true }),
    ),
  }))
  .value.map((value) => value);
const args = fc.dictionary(
  key.filter((name) => !["optimize_mode", "seed"].includes(name)),
  json,
  { maxKeys: 3, noNullPrototype: true },
);

const ms = fc.oneof(fc.constantFrom(1, 999, 1_000, 60_000, 86_400_000, Number.MAX_SAFE_INTEGER), fc.nat());
const durations = (least: number): fc.Arbitrary<string> => ms.map((value) => `${Math.max(least, value)}ms`);
const seed = fc.maxSafeNat();
const mode = fc.constantFrom("maximize", "minimize");

const builtin = fc.record(
  {
    builtinTunerName: fc.constantFrom("TPE", "Random"),
    classArgs: fc.tuple(args, fc.record({ optimize_mode: mode, seed }, { requiredKeys: [] })).map(merged),
  },
  { requiredKeys: ["builtinTunerName"] },
);
const custom = fc.record({
  codeDir: fc.constant("code"),
  classFileName: fc.constant("tuner.mjs"),
  className: filled,
  classArgs: fc.tuple(args, fc.record({ optimize_mode: mode, seed }, { requiredKeys: [] })).map(merged),
});

function merged([left, right]: readonly [object, object]): object {
  return { ...left, ...right };
}

const space = fc.constantFrom(
  { x: { _type: "uniform", _value: [0, 1e-30] } },
  {
    "a/b": {
      _type: "choice",
      _value: ["yes", true, 1, null, { _name: "<<", n: { _type: "randint", _value: [0, 3] } }],
    },
  },
);

const files = fc.record(
  {
    experimentName: filled,
    authorName: someText,
    description: someText,
    tags: fc.array(filled, { maxLength: 3 }),
    trialConcurrency: fc.integer({ min: 1, max: 99_999 }),
    maxTrialNum: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    maxPhaseNum: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    maxPhasesPerTrial: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    maxExecDuration: durations(1),
    gracePeriod: durations(0),
    phaseTimeout: durations(1),
    tunerTimeout: durations(1),
    maxTrialRetries: fc.integer({ min: 0, max: 1_000 }),
    multiPhase: fc.boolean(),
    phaseMode: fc.constantFrom("worker", "episode"),
    objective: fc.constantFrom("last", "max", "min", "mean", "sum"),
    seed,
    logDir: fc.constantFrom("logs", "/tmp/some where"),
    logLevel: fc.constantFrom("trace", "info", "fatal"),
    debug: fc.boolean(),
    durability: fc.constantFrom("normal", "full"),
    searchSpace: space,
    tuner: fc.oneof(builtin, custom, fc.constant("TPE")),
    trial: fc.record(
      {
        command: filled,
        codeDir: fc.constant("code"),
        gpuNum: fc.nat(8),
        copyCodeDir: fc.boolean(),
        env: fc.dictionary(
          key.filter((name) => /^[^=\0]+$/.test(name)),
          fc.oneof(someText, fc.integer(), fc.boolean()),
          { maxKeys: 3, noNullPrototype: true },
        ),
      },
      { requiredKeys: ["command"] },
    ),
    localConfig: fc.record(
      {
        gpuIndices: fc.array(fc.nat(9), { maxLength: 3 }),
        maxTrialNumPerGpu: fc.integer({ min: 1, max: 9 }),
        useActiveGpu: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ["tuner", "trial", "searchSpace"] },
);

describe("a config that is written to a file", () => {
  test("is loaded as the same config, whatever is in it", () => {
    fc.assert(
      fc.property(files, (file) => {
        const config = fromObject(file);
        expect(loaded(configText(config, { remark: "a remark\n\nof three lines" }))).toEqual(config);
      }),
      { numRuns: 150 },
    );
  });

  test("an experiment that ends where its space does still does so, also where the file names an author", () => {
    const { whenExhausted: _, ...config } = fromObject({
      authorName: "me",
      tuner: "TPE",
      trial: { command: "true", codeDir: "code" },
      searchSpace: { x: { _type: "choice", _value: [1, 2] } },
    });
    expect(loaded(configText(config))).toEqual({ ...config, whenExhausted: "end" });
  });

  test("without a search space, for a tuner that needs none", () => {
    const config = fromObject({
      tuner: { classFileName: "tuner.mjs", className: "Mine", codeDir: "code" },
      trial: { command: "true" },
    });
    expect(loaded(configText(config))).toEqual(config);
  });

  test("with a search space in the code: the user's own code is named, and read anew", () => {
    const config = fromObject({
      tuner: "TPE",
      trial: { command: "true", codeDir: "code", nasMode: "enas_mode" },
      useAnnotation: true,
    });
    const annotation = { codeDir: join(directory, "code"), nasMode: "enas_mode" };
    expect(config).toMatchObject({ annotation, searchSpace: null });
    const running: ExperimentConfig = {
      ...config,
      searchSpace: { "trial/x/uniform": { _type: "uniform", _value: [0, 1] } },
      trial: { ...config.trial, codeDir: "/experiments/AbCd/annotated-code" },
    };
    expect(loaded(configText(running))).toEqual(config);
  });

  test("reads as a person would have written it", () => {
    const config = fromObject({
      experimentName: "my search",
      maxExecDuration: "90m",
      multiPhase: true,
      tuner: "TPE",
      trial: { command: "python3 trial.py", codeDir: "code" },
      searchSpace: { x: { _type: "uniform", _value: [0, 1] } },
    });
    expect(configText(config, { remark: "From elsewhere." })).toBe(`# From elsewhere.
experimentName: my search
multiPhase: true
trialConcurrency: 1
maxExecDuration: 90m
gracePeriod: 5m
tunerTimeout: 10m
tuner:
  builtinTunerName: TPE
  classArgs:
    optimize_mode: maximize
trial:
  command: python3 trial.py
  codeDir: ${join(directory, "code")}
trainingServicePlatform: local
localConfig:
  maxTrialNumPerGpu: 1
  useActiveGpu: false
searchSpace:
  x:
    _type: uniform
    _value:
      - 0
      - 1
`);
  });
});
