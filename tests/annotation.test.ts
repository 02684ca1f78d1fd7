/** `useAnnotation: true`, from the command line to the trial: the search space is in the code, and the code is the user's. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { experimentDirectory, readManagerFile, startManager } from "../src/manager/index.ts";
import { processesOf } from "./support/processes.ts";
import { isBuilt, json, run, until } from "./support/program.ts";
import type { Created } from "./support/program.ts";
import type { Project } from "./support/project.ts";
import { scratchProject } from "./support/project.ts";

let project: Project;
beforeEach(() => {
  project = scratchProject();
  project.write("code/trial.py", trial);
  project.write("code/layers.py", layers);
  project.write("code/data/scale.txt", "100");
  project.write("code/notes.md", "not code");
});
afterEach(() => project.dispose());

/** Each phase reports what it was given; `rate` in the code itself is far outside the space. */
const trial = `"""A trial with annotations."""
from layers import Net

scale = int(open("data/scale.txt").read())
for _ in range(1000):
    """@nni.get_next_parameter()"""
    """@nni.variable(
        nni.uniform(0, 1),
        name=rate)"""
    rate = -5  # by hand
    net = Net()
    """@nni.function_choice(net.single(rate), net.double(rate), name=net.double)"""
    value = net.single(rate)
    """@nni.report_intermediate_result(rate)"""
    """@nni.report_final_result({"default": value, "rate": rate, "size": net.size, "scale": scale})"""
`;

const layers = `import nni
class Net:
    def __init__(self):
        self.size = nni.choice(8, "sixteen", 4 * 8, name="size")
    def single(self, x): return x
    def double(self, x): return 2 * x
`;

const searchSpace = {
  "layers/size/choice": { _type: "choice", _value: [8, "sixteen", "(4 * 8)"] },
  "trial/rate/uniform": { _type: "uniform", _value: [0, 1] },
  "trial/net.double/function_choice": { _type: "choice", _value: ["net.single(rate)", "net.double(rate)"] },
};

const settings = {
  searchSpace: undefined,
  useAnnotation: true,
  maxPhaseNum: 14, // TPE models after ten
  tuner: { builtinTunerName: "TPE" },
  trial: { command: "python3 trial.py", codeDir: "code" },
  seed: 7,
};

interface Given {
  readonly "trial/rate/uniform": number;
  readonly "layers/size/choice": string | number;
  readonly "trial/net.double/function_choice": string;
}

const originals = (): string => {
  const hash = createHash("sha256");
  for (const name of readdirSync(join(project.cwd, "code"), { recursive: true, encoding: "utf8" }).sort()) {
    const file = join(project.cwd, "code", name);
    if (statSync(file).isFile())
      hash.update(`${name} ${statSync(file).mtimeMs} ${readFileSync(file, "hex")}\n`);
    else hash.update(`${name}\n`);
  }
  return hash.digest("hex");
};

const directoryOf = (id: string): string => experimentDirectory(project.home, id);

async function created(changes: object = {}): Promise<string> {
  const { id } = await json<Created>(project, "create", "-c", project.configure({ ...settings, ...changes }));
  return id;
}

async function ended(id: string): Promise<void> {
  await until(() => readManagerFile(directoryOf(id))?.alive === false);
}

describe.skipIf(!isBuilt)("an annotated trial", () => {
  test("gets the values of its own phase, every phase, and the originals stay as they were", async () => {
    const before = originals();
    const id = await created();
    await ended(id);
    const { config, status, phases, trialJobs } = project.state(id);
    expect(status).toBe("DONE");
    expect(config.searchSpace).toEqual(searchSpace);
    expect(config.trial.codeDir).toBe(join(directoryOf(id), "annotated-code"));
    expect([...trialJobs.values()].map((job) => job.status)).toEqual(["succeeded"]);
    expect(phases.size).toBe(14);
    for (const phase of phases.values()) {
      const given = phase.parameters as unknown as Given;
      const rate = given["trial/rate/uniform"];
      const size = given["layers/size/choice"];
      const factor = given["trial/net.double/function_choice"] === "net.double(rate)" ? 2 : 1;
      expect(phase.value).toEqual({
        default: factor * rate,
        rate,
        size: size === "(4 * 8)" ? 32 : size,
        scale: 100,
      });
    }
    expect(new Set([...phases.values()].map(({ value }) => (value as { rate: number }).rate)).size).toBe(14);
    expect(originals()).toBe(before);
    expect(await json(project, "replay", id)).toMatchObject({ same: 14, different: 0 });
  });

  test("goes on after a kill with the copy, whatever the user has done to his code, and the copy is private", async () => {
    const waiting = `net = Net()
    import os, time
    while _ > 2 and not os.path.exists("go"): time.sleep(0.01)`;
    project.write("code/trial.py", trial.replace("net = Net()", waiting));
    const { id, pid } = await json<Created>(project, "create", "-c", project.configure(settings));
    const copy = join(directoryOf(id), "annotated-code");
    await until(() => project.state(id).phases.size > 3);
    process.kill(pid, "SIGKILL");
    await until(() => readManagerFile(directoryOf(id))?.alive === false);
    project.write("code/trial.py", "broken (");
    expect(statSync(copy).mode & 0o777).toBe(0o700);
    await json(project, "resume", id);
    writeFileSync(join(copy, "go"), "");
    await ended(id);
    expect(project.state(id).counts.succeeded).toBe(14);
    await run(project, "delete", id, "--yes");
    expect(existsSync(directoryOf(id))).toBe(false);
  });

  test("is annotated anew in a clone, from the code as it is then", async () => {
    const id = await created({ maxPhaseNum: 2, trial: { ...settings.trial, nasMode: "enas_mode" } });
    await ended(id);
    const { stdout } = await run(project, "clone", id, "-f", "-");
    expect(parse(stdout)).toMatchObject({
      useAnnotation: true,
      trial: { codeDir: join(project.cwd, "code"), nasMode: "enas_mode" },
    });
    expect(parse(stdout)).not.toHaveProperty("searchSpace");
    project.write("code/trial.py", trial.replace("nni.uniform(0, 1)", "nni.uniform(2, 3)"));
    const clone = await json<Created>(project, "clone", id, "--start");
    await ended(clone.id);
    const { searchSpace: other } = project.state(clone.id).config;
    expect(other).toEqual({
      ...searchSpace,
      "trial/rate/uniform": { _type: "uniform", _value: [2, 3] },
    });
  });

  test("may stand beside the state of experiments, which is not copied", async () => {
    mkdirSync(join(project.cwd, "code", "logs"));
    const changes = { maxPhaseNum: 1, logDir: "code/logs" };
    const [first, second] = [await created(changes), await created(changes)];
    await Promise.all([ended(first), ended(second)]);
    for (const id of [first, second]) {
      expect(project.state(id).status).toBe("DONE");
      expect(readdirSync(join(directoryOf(id), "annotated-code", "logs"))).toEqual([]);
    }
  });
});

describe.skipIf(!isBuilt)("what is wrong with annotations", () => {
  const faulty = (): string => {
    project.write("code/layers.py", layers.replace("4 * 8", "8.0"));
    project.write(
      "code/trial.py",
      trial.replace("uniform(0, 1)", "uniform(1, 0)").replace("rate = -5", "rates = -5"),
    );
    return project.configure({ ...settings, logDir: "logs" });
  };

  test.each(["validate", "run", "create"])(
    "is all said by %s, with file and line, and nothing is left",
    async (command) => {
      const config = faulty();
      const all = (): readonly string[] => readdirSync(project.cwd, { recursive: true, encoding: "utf8" });
      const before = all();
      const { exitCode, stdout, stderr } = await run(project, command, "-c", config);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
      expect(stderr).toContain("the annotated code is not valid (2 faults):\n");
      expect(stderr).toContain(
        "code/layers.py:4: nni.choice: expected options that differ, got 8.0 for two of them\n",
      );
      expect(stderr).toContain(
        "code/trial.py:7: @nni.variable: expected an assignment to rate after it, got one to rates\n",
      );
      await until(() => processesOf(project.cwd).length === 0); // a manager that failed is on its way out
      const left = all().filter((name) => !before.includes(name) && !/^\.home(\/experiments)?$/.test(name));
      expect(left).toEqual([]);
    },
  );

  test("is in the JSON of validate", async () => {
    const { exitCode, stdout } = await run(project, "validate", "-c", faulty(), "--json");
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      valid: false,
      code: "config-invalid",
      issues: [
        { file: "code/layers.py", line: 4 },
        { file: "code/trial.py", line: 7 },
      ],
    });
  });

  test("a config that is valid is shown with its search space, and nothing is made", async () => {
    const { config } = await json<{ config: object }>(project, "validate", "-c", project.configure(settings));
    expect(config).toMatchObject({ searchSpace, trial: { codeDir: join(project.cwd, "code") } });
    expect(existsSync(project.home)).toBe(false);
  });

  test("code without any annotation, a tuner that cannot search the space, a Python that is not there", async () => {
    project.write("code/trial.py", "print('plain')\n");
    project.write("code/layers.py", "");
    const config = project.configure(settings);
    const before = originals();
    expect((await run(project, "validate", "-c", config)).stderr).toContain("no annotation was found");
    expect(originals()).toBe(before);
    project.write("code/trial.py", '"""@nni.mutable_layers({layer_choice: [f], layer_output: y})"""\n');
    expect((await run(project, "validate", "-c", config)).stderr).toMatch(
      /mutable_layer.*tuner for architectures/s,
    );
    const env = { POLYPHASE_PYTHON: "/no/such/python" };
    const { stderr } = await run({ ...project, env }, "validate", "-c", config);
    expect(stderr).toContain(
      "useAnnotation needs Python 3.8 or newer, and /no/such/python cannot be started",
    );
  });

  test("a file of the user's that is named like a module of Python's does no harm", async () => {
    project.write("code/ast.py", "raise SystemExit('the wrong one')\n");
    const { exitCode, stderr } = await run(project, "validate", "-c", project.configure(settings));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });
});

test("a copy that cannot be made leaves no experiment behind", async () => {
  const config = await project.load(settings);
  // The longest path that the system takes: in the copy it would be longer.
  let deep = join(project.cwd, "code");
  while (deep.length < 4_070) deep = join(deep, "d".repeat(Math.min(200, 4_075 - deep.length)));
  mkdirSync(deep, { recursive: true });
  await expect(
    startManager({ home: project.home, config: { ...config, logDir: join(project.cwd, "logs") } }),
  ).rejects.toThrow(/File name too long/);
  expect(readdirSync(join(project.home, "experiments"))).toEqual([]);
  expect(readdirSync(join(project.cwd, "logs"))).toEqual([]);
});
