import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { builtinAssessorNames } from "../assessors/index.ts";
import { builtinTunerNames } from "../tuners/index.ts";
import { type ConfigError, configFromObject, loadConfig, type LoadedConfig } from "./index.ts";

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../tests/fixtures/nni/${name}`, import.meta.url));

const load = (name: string): Promise<LoadedConfig> =>
  loadConfig(fixture(name), {
    tunerNames: builtinTunerNames,
    assessorNames: builtinAssessorNames,
    env: { HOME: "/nowhere" },
  });

describe("NNI's config files", () => {
  test("every key of platform local is accepted; what has no effect is said once each", async () => {
    const { config, warnings } = await load("local.yml");
    expect(config).toMatchObject({
      experimentName: "digits",
      trialConcurrency: 2,
      maxExecDurationMs: 999 * 86_400_000,
      maxTrialNum: 20,
      tuner: { kind: "builtin", name: "TPE" },
      assessor: { kind: "builtin", name: "Curvefitting", classArgs: { epoch_num: 20, gap: 2 } },
      trainingService: { platform: "local", options: { gpuIndices: [0, 1], maxTrialNumPerGpu: 2 } },
    });
    const about = warnings.map((warning) => /:\d+:\d+: ([\w.]+): /.exec(warning)?.[1]);
    expect(new Set(about).size).toBe(about.length);
    for (const path of ["machineList", "paiConfig", "trial.cpuNum", "tuner.classArgs.constant_liar_type"])
      expect(about).toContain(path);
    expect(about).not.toContain("tuner.classArgs.parallel_optimize");
    expect(warnings.find((warning) => warning.includes("trial.cpuNum"))).toMatch(
      /has no effect, nor have memoryMB, image: belongs to pai or paiYarn, and trainingServicePlatform is local$/,
    );
    expect(warnings.join()).not.toContain("bob-secret");
  });

  test.each(["remote", "pai", "paiYarn", "kubeflow", "frameworkcontroller"])(
    "of platform %s is refused for its platform, and for nothing else",
    async (platform) => {
      const name = platform === "paiYarn" ? "pai-yarn.yml" : `${platform}.yml`;
      const { issues } = (await load(name).catch((error: unknown) => error)) as ConfigError;
      expect(issues).toMatchObject([
        {
          path: ["trainingServicePlatform"],
          message: `expected local, got "${platform}"`,
          hint: `training service ${platform} is not supported in this version`,
        },
      ]);
    },
  );

  const small = {
    tuner: "Random",
    searchSpace: { x: { _type: "choice", _value: ["no", "off"] } },
    trial: { command: "true" },
  };
  const loaded = (more: object) => configFromObject({ ...small, ...more }, { directory: "/", env: {} });

  test("yes and no, on and off are truth values where nothing else can be meant", () => {
    const local = { useActiveGpu: "on" };
    const { config } = loaded({ multiPhase: "yes", useAnnotation: "No", localConfig: local });
    expect(config).toMatchObject({ multiPhase: true, trainingService: { options: { useActiveGpu: true } } });
    expect(config.annotation).toBeUndefined();
    expect(config.searchSpace).toEqual(small.searchSpace);
    expect(loaded({ experimentName: "no" }).config.experimentName).toBe("no");
  });

  test("gpuNum of an algorithm, as before NNI 1.1, is remarked upon where it asks for something", () => {
    const tuner = (gpuNum: number) => ({ tuner: { builtinTunerName: "Random", gpuNum } });
    expect(loaded(tuner(0)).warnings).toEqual([]);
    expect(loaded(tuner(1)).warnings).toEqual(["tuner.gpuNum: has no effect: algorithms run on the CPU"]);
  });

  test("of NNI 2 are told apart from one of ours with a slip", () => {
    const hintOn = (more: object): string | undefined => {
      try {
        loaded(more);
        return "no fault";
      } catch (error) {
        return (error as ConfigError).hint;
      }
    };
    expect(hintOn({ trialCommand: "run", trial_concurrency: 2, maxTrialNumber: 3 })).toContain("NNI 2");
    expect(hintOn({ maxTrialNumber: 3 })).toBeUndefined();
    expect(hintOn({ maxTrialNumber: 3, frobnicate: 1 })).toBeUndefined();
  });

  test.each([
    ["1h", 3_600_000],
    ["30m", 1_800_000],
    [3600, 3_600_000],
    ["3600", 3_600_000],
    ["45s", 45_000],
    ["999d", 86_313_600_000],
  ])("maxExecDuration: %j", (maxExecDuration, ms) => {
    const { config } = configFromObject(
      {
        maxExecDuration,
        tuner: "Random",
        searchSpace: { x: { _type: "choice", _value: [1] } },
        trial: { command: "true" },
      },
      { directory: "/", env: {} },
    );
    expect(config.maxExecDurationMs).toBe(ms);
  });
});
