import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fakeIo } from "../../../tests/support/fake-io.ts";
import { loadConfig } from "../../config/index.ts";
import { builtinTunerNames } from "../../tuners/index.ts";
import { main } from "../main.ts";
import type { KeyReport } from "./key-reports.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "polyphase-import-"));
  cpSync(fileURLToPath(new URL("../../../tests/fixtures/nni", import.meta.url)), directory, {
    recursive: true,
  });
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const path = (name: string): string => join(directory, name);

async function imported(name: string, ...more: readonly string[]) {
  const io = fakeIo();
  const exitCode = await main(["import-nni", path(name), ...more], { POLYPHASE_HOME: directory }, io);
  return { exitCode, ...io.written };
}

interface Report {
  readonly written: string | null;
  readonly keys: readonly KeyReport[];
  readonly differences: readonly string[];
  readonly variables: readonly string[];
}

async function report(name: string, exitCode = 0): Promise<Report> {
  const done = await imported(name, "--json", "--force");
  expect(done.exitCode).toBe(exitCode);
  return JSON.parse(done.stdout) as Report;
}

const verdicts = ({ keys }: Report): unknown =>
  Object.fromEntries(keys.map(({ key, verdict }) => [key, verdict]));

const load = async (name: string) =>
  (await loadConfig(path(name), { tunerNames: builtinTunerNames, env: {} })).config;

/** The last part of a config; \`more\` before it. */
function config(more: string): string {
  writeFileSync(
    path("mine.yml"),
    `${more}\ntrial: { command: "true" }\nsearchSpacePath: search_space.json\n`,
  );
  return "mine.yml";
}

describe("import-nni", () => {
  test("writes a config that means the same, beside NNI's", async () => {
    const { written } = await report("local.yml");
    expect(written).toBe(path("local.polyphase.yml"));
    expect(await load("local.polyphase.yml")).toEqual(await load("local.yml"));
  });

  test("reads what Python's yaml.dump makes of an OrderedDict", async () => {
    const pairs = [
      "[trial, {command: 'true'}]",
      "[searchSpacePath, search_space.json]",
      "[tuner, {builtinTunerName: TPE}]",
    ];
    writeFileSync(
      path("dumped.yml"),
      `!!python/object/apply:collections.OrderedDict [[${pairs.join(", ")}]]`,
    );
    const found = await report("dumped.yml");
    expect(found.keys.map(({ key }) => key)).toEqual([
      "trial.command",
      "searchSpacePath",
      "tuner.builtinTunerName",
    ]);
    expect(await load("dumped.polyphase.yml")).toEqual(await load("dumped.yml"));
  });

  test("reads JSON with comments, as experiments do", async () => {
    const text =
      '// two\n{"tuner": "TPE", "searchSpacePath": "search_space.json", "trial": {"command": "true"}}';
    writeFileSync(path("commented.json"), text);
    const found = await report("commented.json");
    expect(found.keys.map(({ key }) => key)).toEqual(["tuner", "searchSpacePath", "trial.command"]);
  });

  test("tells what becomes of each key, and why", async () => {
    const found = await report("local.yml");
    expect(verdicts(found)).toMatchObject({
      authorName: "same",
      searchSpacePath: "renamed",
      debug: "renamed",
      nniManagerIp: "no effect",
      logCollection: "no effect",
      "tuner.classArgs.optimize_mode": "same",
      "tuner.classArgs.constant_liar_type": "no effect",
      "trial.command": "same",
      "trial.memoryMB": "no effect",
      machineList: "no effect",
    });
    expect(found.keys.filter(({ verdict, note }) => verdict === "no effect" && note === null)).toEqual([]);
  });

  test.each([
    ["kubeflow", "kubeflowConfig", "trial.worker"],
    ["pai", "paiConfig", "trial.image"],
    ["remote", "machineList", "machineList"],
  ])("a file for %s is explained, and nothing is written", async (platform, ...keys) => {
    const found = await report(`${platform}.yml`, 1);
    expect(found.written).toBeNull();
    expect(existsSync(path(`${platform}.polyphase.yml`))).toBe(false);
    for (const key of ["trainingServicePlatform", ...keys])
      expect(verdicts(found)).toMatchObject({ [key]: "not supported" });
    expect(verdicts(found)).toMatchObject({ "trial.codeDir": "same", searchSpacePath: "renamed" });
  });

  test("faults are shown at their keys, also those of keys that are not there", async () => {
    const found = await report(config("trialConcurency: 2\nmaxTrialNum: many"), 1);
    expect(verdicts(found)).toMatchObject({ trialConcurency: "fault", maxTrialNum: "fault", tuner: "fault" });
    writeFileSync(path("search_space.json"), '{ "x": { "_type": "uniform" } }');
    expect(verdicts(await report("local.yml", 1))).toMatchObject({
      searchSpacePath: "fault",
      debug: "renamed",
    });
  });

  test("says what will be different, where it will", async () => {
    const about = async (more: string): Promise<string> =>
      (await report(config(more))).differences.join("\n");
    expect(await about("tuner: { builtinTunerName: TPE }\nmultiPhase: true")).toMatch(
      /multiPhase: maxTrialNum counts trial jobs[^]*optimize_mode is not set/,
    );
    const limited =
      "tuner: { builtinTunerName: TPE, classArgs: { optimize_mode: minimize } }\nmultiPhase: true\n";
    expect(await about(`${limited}maxExecDuration: 1h`)).toMatch(/maxExecDuration: binds/);
    expect(await about(`${limited}maxExecDuration: 1h`)).not.toMatch(/counts trial jobs|optimize_mode/);
    expect(
      await about("tuner: { builtinTunerName: Evolution, classArgs: { optimize_mode: maximize } }"),
    ).toMatch(/population of 20/);
    expect(await about("tuner: { builtinTunerName: Random }")).toBe("");
  });

  test("overwrites only with --force, and writes where it is told", async () => {
    writeFileSync(path("there.yml"), "mine");
    const { exitCode, stderr } = await imported("local.yml", "-o", path("there.yml"));
    expect(exitCode).toBe(1);
    expect(stderr).toContain("there.yml is there already; nothing was written");
    expect(readFileSync(path("there.yml"), "utf8")).toBe("mine");
    const forced = await imported("local.yml", "-o", path("there.yml"), "--force");
    expect(forced.stdout).toMatch(/^Key +Here +Note\nauthorName +same\n/);
    expect(forced.stdout).toContain(`wrote ${path("there.yml")}\n`);
    expect(readFileSync(path("there.yml"), "utf8")).toMatch(/^# Made from local.yml, a config of NNI/);
  });

  test("secrets are not written: the new file asks the environment for them", async () => {
    const name = config(
      "tuner: { codeDir: code, classFileName: mine.mjs, className: Mine, classArgs: { api_key: k-1 } }",
    );
    writeFileSync(path("code/mine.mjs"), "export class Mine {}");
    expect((await report(name)).variables).toEqual(["TUNER_CLASSARGS_API_KEY"]);
    const text = readFileSync(path("mine.polyphase.yml"), "utf8");
    expect(text).toContain("${env:TUNER_CLASSARGS_API_KEY}");
    expect(text).not.toContain("k-1");
  });

  test.each(["", "- 1", "a: [", "just text"])("is no config at all: %j", async (text) => {
    writeFileSync(path("odd.yml"), text);
    const { exitCode, stderr } = await imported("odd.yml");
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^error: .*odd\.yml is no config: /);
  });
});
