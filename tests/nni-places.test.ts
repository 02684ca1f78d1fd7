/** The places where NNI kept an experiment's files, which `nnictl` makes lead to ours. Needs `npm run build`. */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { experimentDirectory } from "../src/manager/index.ts";
import type { Outcome } from "./support/program.ts";
import { isBuilt, nnictlBin, run, until } from "./support/program.ts";
import type { Project } from "./support/project.ts";
import { scratchProject } from "./support/project.ts";

let project: Project;
let userHome: string;
beforeEach(() => {
  project = scratchProject();
  userHome = join(project.cwd, "user");
  mkdirSync(userHome);
});
afterEach(async () => {
  await run(project, "stop", "--all");
  await project.dispose();
});

function nnictl(...argv: readonly string[]): Promise<Outcome> {
  return run({ ...project, bin: nnictlBin, env: { HOME: userHome }, input: "y\n" }, ...argv);
}

async function create(settings = {}, ...more: readonly string[]): Promise<{ id: string; text: string }> {
  const config = project.configure({ maxTrialNum: 1, maxPhasesPerTrial: 1, ...settings });
  const { exitCode, stdout } = await nnictl("create", "-c", config, "-p", "0", ...more);
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining("Successfully started experiment!")]);
  return { id: /^The experiment id is (\w{8})$/m.exec(stdout)?.[1] as string, text: stdout };
}

const at = (...parts: readonly string[]): string => join(userHome, ...parts);
const text = (...parts: readonly string[]): string => readFileSync(at(...parts), "utf8");
const namesIn = (...parts: readonly string[]): readonly string[] => readdirSync(at(...parts)).sort();
const experiments = join("nni", "experiments");
const ofNnictl = join(".local", "nnictl");

/** As NNI's own test scripts find out. */
const saysDone = async (log: string): Promise<void> =>
  until(() => readFileSync(log, "utf8").includes("Experiment done"));

/** A tuner in Python: it has a log of its own. */
const pythonTuner = { codeDir: ".", classFileName: "own.py", className: "Own" };
const own = `import nni.tuner
class Own(nni.tuner.Tuner):
    def update_search_space(self, space): print("heard of", *space)
    def generate_parameters(self, id, **more): return {"x": 0.5}
    def receive_trial_result(self, *args, **more): pass
`;

describe.skipIf(!isBuilt || process.platform === "win32")("the places where NNI had its files", () => {
  test("lead to the logs and the trials of an experiment, and go with it", async () => {
    project.write("own.py", own);
    const { id } = await create({ tuner: pythonTuner });
    await saysDone(at(experiments, id, "log", "nnimanager.log"));
    expect(text(experiments, id, "log", "dispatcher.log")).toContain("heard of x");
    const [job = ""] = namesIn(experiments, id, "trials");
    expect(namesIn(experiments, id, "trials", job)).toEqual(
      expect.arrayContaining(["parameter.cfg", "stderr", "trial.log"]),
    );
    expect(text(ofNnictl, id, "stdout")).toBe(text(experiments, id, "log", "nnimanager.log"));
    expect(text(ofNnictl, id, "stderr")).toBe("");

    const { id: neighbour } = await create();
    await saysDone(at(experiments, neighbour, "log", "nnimanager.log"));
    expect((await nnictl("experiment", "delete", id)).stdout).toContain(`Delete experiment ${id} success.`);
    expect([namesIn(experiments), namesIn(ofNnictl)]).toEqual([[neighbour], [neighbour]]);

    expect((await run({ ...project, env: { HOME: userHome } }, "delete", neighbour, "--yes")).exitCode).toBe(
      0,
    );
    expect([namesIn(experiments), namesIn(ofNnictl)]).toEqual([[], []]);
  });

  test("are NNI's own where the experiment is in a logDir", async () => {
    const { id } = await create({ logDir: "logs" });
    await saysDone(join(project.cwd, "logs", id, "log", "nnimanager.log"));
    expect(existsSync(at("nni"))).toBe(false);
    expect(namesIn(ofNnictl, id)).toEqual(["stderr", "stdout"]);
    await nnictl("experiment", "delete", id);
    expect([readdirSync(join(project.cwd, "logs")), namesIn(ofNnictl)]).toEqual([[], []]);
  });

  test("are there in the foreground, too, and for an experiment that nnictl goes on with", async () => {
    const { id } = await create({}, "--foreground");
    expect(text(experiments, id, "log", "nnimanager.log")).toContain("Experiment done");
    expect(namesIn(ofNnictl, id)).toEqual(["stdout"]);

    const config = project.configure({ maxTrialNum: 2, trial: { command: "sleep 60" } });
    const { stdout } = await run(project, "create", "-c", config, "--json");
    const other = (JSON.parse(stdout) as { id: string }).id;
    await run(project, "stop", other);
    expect(namesIn(experiments)).toEqual([id]);
    await nnictl("resume", other, "-p", "0");
    expect(namesIn(experiments)).toEqual([id, other].sort());
    await nnictl("stop", other);
    expect(text(experiments, other, "log", "nnimanager.log")).toContain("Experiment is STOPPED");
    expect(text(experiments, other, "log", "nnimanager.log")).not.toContain("Experiment done");
  });

  test("stay with what is there already; a home that takes no links is warned about, and no more", async () => {
    writeFileSync(at("nni"), "a file of the user's");
    const { id, text: said } = await create();
    expect(said).toMatch(/^WARNING: the places where NNI had its files do not lead to .*ENOTDIR/m);
    const directory = experimentDirectory(project.home, id);
    await saysDone(join(directory, "log", "nnimanager.log"));
    expect(text("nni")).toBe("a file of the user's");

    mkdirSync(at(ofNnictl, id), { recursive: true });
    writeFileSync(at(ofNnictl, id, "stdout"), "the user's");
    await nnictl("resume", id, "-p", "0");
    expect(text(ofNnictl, id, "stdout")).toBe("the user's");
    await nnictl("experiment", "delete", id);
    expect(existsSync(directory)).toBe(false);
    expect(text(ofNnictl, id, "stdout")).toBe("the user's");
  });
});
