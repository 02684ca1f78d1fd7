import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fakeIo } from "../../../tests/support/fake-io.ts";
import { experimentDirectory, writeManagerFile } from "../../manager/home.ts";
import { version } from "../../manager/version.ts";
import type { ExperimentStatus } from "../../model/index.ts";
import { catalogue } from "./catalogue.ts";
import { pointsCsv } from "./commands/experiment-export.ts";
import { nnictl } from "./main.ts";
import { nniJson } from "./nni-json.ts";

let home: string;
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), "polyphase-nnictl-"))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

async function run(...argv: readonly string[]) {
  const io = fakeIo();
  const exitCode = await nnictl(argv, { POLYPHASE_HOME: home }, io);
  return { exitCode, ...io.written };
}

/** An experiment whose manager is this process, while it runs, and otherwise one that has gone. */
function experiment(id: string, status: ExperimentStatus, createdAt = 0): void {
  const directory = experimentDirectory(home, id);
  mkdirSync(directory, { recursive: true });
  const alive = status === "RUNNING";
  const url = alive ? "http://127.0.0.1:9" : null;
  const file = {
    id,
    name: `name of ${id}`,
    status,
    statusReason: null,
    url,
    publicUrl: url,
    platform: "local",
  };
  writeManagerFile(directory, { ...file, createdAt, endedAt: alive ? null : createdAt + 1 });
  writeFileSync(join(directory, "token"), "secret\n");
  if (alive) return;
  const gone = { ...file, createdAt, endedAt: createdAt + 1, pid: 4_000_000, processStart: "before" };
  writeFileSync(join(directory, "manager.json"), JSON.stringify(gone));
}

/** NNI 1.4's commands with their flags, all of which are taken. */
const reference: readonly string[] = [
  "create --config -c --port -p --debug -d --foreground -f",
  "resume --port -p --debug -d --foreground -f",
  "view --port -p",
  "stop --port -p --all -a",
  "update searchspace --filename -f",
  "update concurrency --value -v",
  "update duration --value -v",
  "update trialnum --value -v",
  "trial ls",
  "trial kill --trial_id -T",
  "trial codegen --trial_id -T",
  "experiment show",
  "experiment status",
  "experiment list --all",
  "experiment delete --all",
  "experiment export --type -t --filename -f",
  "experiment import --filename -f",
  "platform clean --config -c",
  "config show",
  "log stdout --tail -T --head -H --path",
  "log stderr --tail -T --head -H --path",
  "log trial --trial_id -T",
  "webui url",
  "tensorboard start --trial_id -T --port",
  "tensorboard stop",
  "package install --name -n",
  "package show",
  "ss_gen --trial_command -t --trial_dir -d --file -f",
  "top --time -t",
];

describe("the commands of NNI 1.4", () => {
  const cases = reference
    .map((line) => line.split(" "))
    .map((words) => ({
      command: words.filter((word) => !word.startsWith("-")),
      flags: words.filter((word) => word.startsWith("-")),
    }));

  test.each(cases)("$command takes $flags", async ({ command, flags }) => {
    const { exitCode, stdout } = await run(...command, "--help");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage: nnictl ${command.join(" ")} `));
    for (const flag of flags) expect(stdout).toMatch(new RegExp(`(^|[ ,])${flag}(,| |$)`, "m"));
  });

  test("are all there is", () => {
    expect(catalogue.map(({ path }) => path).sort()).toEqual(cases.map(({ command }) => command).sort());
  });

  test.each([["--version"], ["-v"]])("%s prints the version", async (flag) => {
    expect(await run(flag)).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: "" });
  });

  test.each([
    ["create"],
    ["update", "concurrency", "-v", "0"],
    ["update", "concurrency", "-v", "1001"],
    ["experiment", "export", "-t", "xml", "-f", "x"],
    ["trial", "kill"],
    ["nonsense"],
  ])("wrong usage: %s %s %s %s", async (...argv) => {
    expect(await run(...argv.filter((word) => word !== undefined))).toMatchObject({
      exitCode: 2,
      stdout: "",
    });
  });

  test.each([
    [["platform", "clean", "-c", "x.yml"], "polyphase delete ID"],
    [["package", "install", "-n", "PPOTuner"], "TPE"],
  ])("%j is refused with what to do instead", async (argv, instead) => {
    const { exitCode, stdout } = await run(...argv);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^ERROR: \w/);
    expect(stdout).toContain(instead);
  });
});

describe("which experiment is meant, where no id is given", () => {
  const url = async (): Promise<string> => (await run("webui", "url")).stdout;

  test("the only one that runs", async () => {
    experiment("running1", "RUNNING");
    experiment("done1234", "DONE", 5);
    expect(await url()).toBe("INFO: Web UI url: http://127.0.0.1:9/?token=secret\n");
  });

  test("none of several, which are listed", async () => {
    experiment("running1", "RUNNING");
    experiment("running2", "RUNNING", 1);
    experiment("done1234", "DONE", 2);
    const text = await url();
    expect(text).toContain("ERROR: There are multiple experiments, please set the experiment id...\n");
    expect(text.match(/^Id: \w+/gm)).toEqual(["Id: running2", "Id: running1"]);
  });

  test("the newest, where it has come to its own end and none runs", async () => {
    experiment("older123", "STOPPED");
    experiment("done1234", "DONE", 1);
    expect(await url()).toContain("ERROR: experiment done1234 is not running: it is DONE");
    experiment("newer123", "STOPPED", 2);
    expect(await url()).toContain("ERROR: There is no experiment running!");
  });
});

test.each([[[]], [["--port", "7"]], [["--all"]]])("stop %j is no error where nothing runs", async (argv) => {
  experiment("done1234", "DONE");
  const { exitCode, stdout } = await run("stop", ...argv);
  expect([exitCode, stdout]).toEqual([0, "INFO: There is no experiment running...\n"]);
});

test.each([
  [["all"], "use: nnictl stop --all"],
  [["x*"], "No experiment that is running begins with x"],
  [["unheard"], 'there is no experiment "unheard"'],
])("stop %j is an error", async (argv, message) => {
  experiment("done1234", "DONE");
  const { exitCode, stdout } = await run("stop", ...argv);
  expect(exitCode).toBe(1);
  expect(stdout).toContain(message);
});

test("a running experiment is not resumed, and not deleted", async () => {
  experiment("running1", "RUNNING");
  expect((await run("resume", "running1")).stdout).toContain(
    "ERROR: Only stopped experiments can be resumeed!",
  );
  expect((await run("experiment", "delete", "running1")).stdout).toContain(
    "ERROR: experiment running1 is running",
  );
});

describe("experiment list", () => {
  test("shows what was not stopped, and all with --all", async () => {
    experiment("stopped1", "STOPPED");
    experiment("done1234", "DONE", 1_000);
    const ids = async (...more: readonly string[]): Promise<unknown> =>
      (await run("experiment", "list", ...more)).stdout.match(/^Id: \w+/gm);
    expect(await ids()).toEqual(["Id: done1234"]);
    expect(await ids("--all")).toEqual(["Id: done1234", "Id: stopped1"]);
  });

  test("says so where there is none", async () => {
    const { exitCode, stdout } = await run("experiment", "list");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("WARNING: There is no experiment running...");
  });
});

test("JSON as nnictl lays it out, whatever its texts look like", () => {
  const value = { b: ['": ', { z: 1, a: '\n"k": 2' }], a: {} };
  expect(nniJson(value)).toBe(
    '{\n    "a":{},\n    "b":[\n        "\\": ",\n        {\n            "a":"\\n\\"k\\": 2",\n            "z":1\n        }\n    ]\n}',
  );
  expect(JSON.parse(nniJson(value))).toEqual(value);
});

test("CSV: NaN and the infinities are text, also as parts of a result", () => {
  const value = '{"default":-Infinity,"loss":NaN,"why":"a \\"NaN\\", or Infinity"}';
  expect([...pointsCsv([{ parameter: { x: 1 }, value, id: "AbcDe" }])].join("")).toBe(
    'x,id,reward,loss,why\r\n1,AbcDe,-Infinity,NaN,"a ""NaN"", or Infinity"\r\n',
  );
});

test("CSV: a column for each parameter and each part of a result", () => {
  const points = [
    { parameter: { x: 1, layer: { _name: "conv", size: 3 } }, value: "0.5", id: "AbcDe" },
    { parameter: { x: 2, layer: { _name: "pool" } }, value: '{"default":1,"loss":2}', id: "AbcDe" },
    { parameter: 7, value: "NaN", id: "Fghij" },
  ];
  expect([...pointsCsv(points)].join("")).toBe(
    [
      "x,layer/_name,layer/size,id,reward,loss,parameter",
      "1,conv,3,AbcDe,0.5,,",
      "2,pool,,AbcDe,1,2,",
      ",,,Fghij,NaN,,7",
      "",
    ].join("\r\n"),
  );
});
