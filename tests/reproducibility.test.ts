/** One seed, one sequence of phases: in another run, and through kills of the manager. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { experimentDirectory, readManagerFile } from "../src/manager/index.ts";
import { isAlive, isBuilt, json, until } from "./support/program.ts";
import type { Created } from "./support/program.ts";
import type { Project } from "./support/project.ts";
import { scratchProject } from "./support/project.ts";
import type { Settings } from "./support/project.ts";

let project: Project;
beforeEach(() => void (project = scratchProject()));
afterEach(() => project.dispose());

const total = 60;

/** Reports a number that follows from the parameters alone, each phase's after the file \`go-K\` for its tens is there. */
const steppingTrial = `import os, time, polyphase
for count, p in enumerate(polyphase.phases()):
    while not os.path.exists("go-%d" % (count // 20)):
        time.sleep(0.01)
    value = (p["x"] - 0.3) ** 2 + abs(p["rate"] - 0.01) + p["steps"] / 100 + len(p["layer"]["_name"])
    if count % 7 == 3:
        continue  # abandoned
    polyphase.report_final_result(float("nan") if count % 11 == 5 else value)
`;

const settings = (tuner: string): Settings => ({
  python: steppingTrial,
  seed: 20_260_101,
  maxPhaseNum: total,
  searchSpace: {
    x: { _type: "uniform", _value: [-1, 1] },
    rate: { _type: "loguniform", _value: [1e-5, 1] },
    steps: { _type: "quniform", _value: [0, 10, 0.1] },
    noise: { _type: "lognormal", _value: [0, 1] },
    layer: {
      _type: "choice",
      _value: [
        { _name: "dense", units: { _type: "randint", _value: [1, 65] } },
        { _name: "conv", size: { _type: "choice", _value: [3, 5, 7] } },
      ],
    },
  },
  tuner: { builtinTunerName: tuner, classArgs: { optimize_mode: "minimize" } },
});

const letGo = (...steps: readonly number[]): void => steps.forEach((step) => project.write(`go-${step}`, ""));

/** The parameters as the journal has them, byte for byte. */
const sequence = (id: string): readonly string[] =>
  [...project.state(id).phases.values()].map(({ parameters }) => JSON.stringify(parameters));

async function undisturbed(tuner: string): Promise<readonly string[]> {
  letGo(0, 1, 2);
  const { id, state } = await project.finish(settings(tuner));
  expect(state).toMatchObject({ status: "DONE", counts: { abandoned: 9, succeeded: total - 9 } });
  return sequence(id);
}

/** Killed with phase 20 and with phase 40 under way. */
async function killedTwice(tuner: string): Promise<readonly string[]> {
  const create = ["create", "-c", project.configure(settings(tuner))];
  let { id, pid } = await json<Created>(project, ...create);
  for (const step of [0, 1]) {
    letGo(step);
    await until(() => project.state(id).phases.size === (step + 1) * 20 + 1);
    process.kill(pid, "SIGKILL");
    await until(() => !isAlive(pid));
    ({ id, pid } = await json<Created>(project, "resume", id));
  }
  letGo(2);
  await until(() => readManagerFile(experimentDirectory(project.home, id))?.alive === false);
  expect(project.state(id)).toMatchObject({ status: "DONE", counts: { abandoned: 9, succeeded: total - 9 } });
  return sequence(id);
}

describe.skipIf(!isBuilt)("with one seed and trialConcurrency 1", () => {
  test.each(["Random", "TPE", "CmaEs"])(
    "%s proposes the same parameters, byte for byte, in two runs and in one that was killed twice",
    async (tuner) => {
      const first = await undisturbed(tuner);
      expect(first).toHaveLength(total);
      expect(new Set(first)).toHaveProperty("size", total);
      expect(await undisturbed(tuner)).toEqual(first);
      project.files("go-").forEach((name) => project.remove(name));
      expect(await killedTwice(tuner)).toEqual(first);
    },
  );

  test("another seed gives another sequence", async () => {
    letGo(0, 1, 2);
    const first = await project.finish(settings("TPE"));
    const second = await project.finish({ ...settings("TPE"), seed: 1 });
    expect(sequence(first.id).filter((parameters) => sequence(second.id).includes(parameters))).toEqual([]);
  });
});
