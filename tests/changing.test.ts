/** People change running experiments from the command line, while real trials run and managers are killed. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DeedView, ExperimentView, ImportAnswer, PhaseView } from "../src/model/http.ts";
import { isAlive, isBuilt, json, run, until } from "./support/program.ts";
import type { Created } from "./support/program.ts";
import type { Project, Settings } from "./support/project.ts";
import { scratchProject } from "./support/project.ts";

let project: Project;
beforeEach(() => void (project = scratchProject()));
afterEach(async () => {
  await run(project, "stop", "--all");
  await project.dispose();
});

/** Takes a moment for each phase; says which process does. */
const steadyTrial = `import os, time, polyphase
open("pid-" + str(os.getpid()), "w").close()
for parameters in polyphase.phases():
    time.sleep(0.01)
    polyphase.report_final_result(parameters["x"])
`;

const create = (settings: Settings = {}): Promise<Created> =>
  json(
    project,
    "create",
    "-c",
    project.configure({ python: steadyTrial, maxPhaseNum: 100_000, ...settings }),
  );
const status = (id: string): Promise<ExperimentView> => json(project, "status", id);
const phases = (id: string): Promise<PhaseView[]> => json(project, "phase", "list", id);

async function killManager(pid: number): Promise<void> {
  process.kill(pid, "SIGKILL");
  await until(() => !isAlive(pid));
}

async function ended(id: string): Promise<ExperimentView> {
  await until(async () => (await status(id)).pid === null);
  return status(id);
}

describe.skipIf(!isBuilt)("a running experiment", () => {
  test("is paused, changed and fed; its manager is killed; resumed, all is as it was, and it goes on so", async () => {
    const { id, pid } = await create();
    await until(async () => ((await status(id)).phases["succeeded"] ?? 0) > 3);
    const paused = await run(project, "pause", id, "--reason", "lunch");
    expect(paused.stdout).toContain(`is PAUSED: lunch\n`);
    expect(paused.stdout).toContain(`polyphase unpause ${id}`);
    await until(async () => (await status(id)).phases["running"] === 0);

    project.write("space.json", '{ "x": { "_type": "uniform", "_value": [2, 3] } }');
    const more = [
      "--name",
      "second",
      "--tag",
      "a, b",
      "--max-exec-duration",
      "2h",
      "--search-space",
      "space.json",
    ];
    const updated = await run(
      project,
      "update",
      id,
      "--concurrency",
      "2",
      "--max-trial-num",
      "none",
      ...more,
    );
    expect(updated).toMatchObject({ exitCode: 0, stderr: "" });
    expect(updated.stdout).toMatch(/^experiment \w+ \(second\) from now on$/m);
    expect(updated.stdout).toMatch(/^ {2}maxExecDurationMs +2 h 00 min$/m);
    expect(updated.stdout).toMatch(/^ {2}maxTrialNum +no limit$/m);

    const added = await run(project, "trial", "add", id, "--parameters", '[{"x": 2.5}, {"x": 7}]');
    expect(added.stderr).toBe('warning: outside of the search space: {"x":7}\n');
    expect(added.stdout).toBe("added 2 configurations: the next requests get them\n");
    project.write(
      "nni.json",
      '[{"parameter": {"x": 2.25}, "value": 1}, {"parameter": {"x": 9}, "value": 1}]',
    );
    expect(await json<ImportAnswer>(project, "import", id, "nni.json")).toMatchObject({
      taken: 1,
      outside: 1,
    });

    const total = (await status(id)).phases["total"] as number;
    await killManager(pid);
    expect(await status(id)).toMatchObject({
      status: "STOPPED",
      statusReason: /stays paused/,
      pauseCause: null,
    });
    const resumed = await run(project, "resume", id);
    expect(resumed.stdout).toContain(`still PAUSED: polyphase unpause ${id}`);
    expect(await status(id)).toMatchObject({
      status: "PAUSED",
      statusReason: "lunch",
      name: "second",
      tags: ["a", "b"],
      trialConcurrency: 2,
      maxExecDurationMs: 7_200_000,
      waitingAdditions: 2,
      importedCount: 1,
      phases: { total },
    });
    expect(await json(project, "list")).toMatchObject([{ id, name: "second", status: "PAUSED" }]);
    expect((await run(project, "status", id)).stdout).toMatch(
      /^status +PAUSED: lunch\nto go on +polyphase unpause/m,
    );

    expect(await json(project, "update", id, "--max-phase-num", String(total + 20))).toMatchObject({
      maxPhaseNum: total + 20,
    });
    expect(await json(project, "unpause", id)).toMatchObject({ status: "RUNNING", pauseCause: null });
    expect(await ended(id)).toMatchObject({ status: "DONE", phases: { succeeded: total + 20 } });
    const late = (await phases(id)).slice(total);
    expect(late.slice(0, 2)).toMatchObject([
      { origin: "person", parameters: { x: 2.5 } },
      { origin: "person", parameters: { x: 7 } },
    ]);
    for (const { parameters, origin } of late.slice(2)) {
      expect(origin).toBe("tuner");
      expect((parameters as { x: number }).x).toBeGreaterThanOrEqual(2);
    }
    expect(project.files("pid-")).toHaveLength(2); // the first process lives on; the second is the raised concurrency

    const deeds = await json<DeedView[]>(project, "audit", id);
    const names = ["pause", "update", "add-parameters", "add-parameters", "import", "update", "unpause"];
    expect(deeds.map(({ action }) => action)).toEqual(names);
    const by = {
      token: "admin",
      address: "127.0.0.1",
      agent: expect.stringMatching(/^polyphase\/\d/) as string,
    };
    for (const deed of deeds) expect(deed.by).toEqual(by);
    const audit = (await run(project, "audit", id)).stdout;
    expect(audit).toMatch(/^When +Who +What +Details$/m);
    expect(audit).toMatch(/ admin from 127\.0\.0\.1 \(polyphase\/\S+\) +pause +reason: lunch$/m);
  });

  test("is refused what is faulty, with its place, and goes on unchanged", async () => {
    const { id } = await create({
      searchSpace: { x: { _type: "randint", _value: [0, 1_000_000] } },
      tuner: { builtinTunerName: "GridSearch" },
    });
    project.write("space.yml", "x:\n  _type: uniform\n  _value: [3]\ny: 7\n");
    const faulty = await run(project, "update", id, "--search-space", "space.yml");
    expect(faulty).toMatchObject({ exitCode: 1, stdout: "" });
    expect(faulty.stderr).toContain("the search space is not valid (2 faults)");
    expect(faulty.stderr).toMatch(
      /^ {2}space\.yml:3:11: x\._value: expected .*\n {2}space\.yml:4:4: y: expected/m,
    );

    project.write("wide.json", '{ "x": { "_type": "uniform", "_value": [0, 1] } }');
    const unsupported = await run(project, "update", id, "--search-space", "wide.json");
    expect(unsupported).toMatchObject({ exitCode: 1, stdout: "" });
    expect(unsupported.stderr).toContain("GridSearch");
    expect(await json(project, "audit", id)).toEqual([]);

    await json(project, "stop", id);
    const resumed = await run(project, "resume", id, "--search-space", "wide.json");
    expect(resumed.exitCode).toBe(1);
    expect(resumed.stderr).toContain("GridSearch");
    for (const argv of [
      ["update", id, "--name", "x"],
      ["import", id, "nothing.json"],
      ["pause", id],
    ]) {
      const { exitCode, stderr } = await run(project, ...argv);
      expect([argv[0], exitCode]).toEqual([argv[0], 1]);
      expect(stderr).toContain(`hint: resume it first: polyphase resume ${id}`);
    }
  });

  test("learns from what another one exported, as JSON and as CSV", async () => {
    const first = await create({ maxPhaseNum: 8 });
    await ended(first.id);
    for (const file of ["out.json", "out.csv"]) await run(project, "export", first.id, "-f", file);
    const { id } = await create({ tuner: { builtinTunerName: "TPE" } });
    for (const file of ["out.json", "out.csv"]) {
      const { stdout, stderr } = await run(project, "import", id, file);
      expect({ file, stdout, stderr }).toEqual({ file, stdout: "imported 8 of 8 rows\n", stderr: "" });
    }
    expect(await status(id)).toMatchObject({ importedCount: 16, status: "RUNNING" });
  });
});

test.skipIf(!isBuilt)(
  "an experiment that is DONE goes on with other limits, and only with them",
  async () => {
    const { id } = await create({ maxPhaseNum: 4 });
    expect(await ended(id)).toMatchObject({ status: "DONE" });
    const refused = await run(project, "resume", id);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(new RegExp(`hint: polyphase resume ${id} with --max-phase-num`));
    await json(project, "resume", id, "--max-phase-num", "10", "--concurrency", "2");
    expect(await ended(id)).toMatchObject({ status: "DONE", phases: { succeeded: 10 }, maxPhaseNum: 10 });
    expect(await json(project, "audit", id)).toMatchObject([
      { action: "update", by: { token: "owner" }, details: { maxPhaseNum: 10, trialConcurrency: 2 } },
    ]);
  },
);

describe.skipIf(!isBuilt)("a tuner of the user's own that hangs", () => {
  const tuner = (fourth: string): string => `export class Mine {
  updateSearchSpace() {}
  generateParameters(id) {
    if (id === 3) ${fourth}
    return { kind: "parameters", parameters: { x: id } };
  }
  receiveTrialResult() {}
}
`;
  const hanging = {
    tuner: { codeDir: ".", classFileName: "tuner.mjs", className: "Mine" },
    tunerTimeout: "3s",
    maxPhaseNum: 6,
  };

  test("pauses a background experiment; after the file is mended, unpause goes on with the same process", async () => {
    project.write("tuner.mjs", tuner("for (;;);"));
    const { id } = await create(hanging);
    await until(async () => (await status(id)).status === "PAUSED");
    const { stdout } = await run(project, "status", id);
    expect(stdout).toMatch(/^status +PAUSED: the tuner has not come back from generateParameters for 3 s/m);
    expect(stdout).toMatch(new RegExp(`^to go on +mend the tuner, then polyphase unpause ${id}$`, "m"));
    expect(await status(id)).toMatchObject({ pauseCause: "tuner", phases: { succeeded: 3 } });

    await run(project, "unpause", id); // nothing was mended
    await until(async () => (await status(id)).status === "PAUSED");
    project.write("tuner.mjs", tuner("id = 30;"));
    await run(project, "unpause", id);
    expect(await ended(id)).toMatchObject({
      status: "DONE",
      phases: { succeeded: 6 },
      trialJobs: { total: 1 },
    });
    const given = (await phases(id)).map((phase) => (phase.parameters as { x: number }).x);
    expect(given).toEqual([0, 1, 2, 30, 4, 5]);
    expect(project.files("pid-")).toHaveLength(1);
  });

  test("ends an experiment in the foreground with ERROR", async () => {
    project.write("tuner.mjs", tuner("for (;;);"));
    const config = project.configure({ python: steadyTrial, ...hanging });
    const { exitCode, stdout } = await run(project, "run", "-c", config);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^status +ERROR: the tuner has not come back from generateParameters for 3 s/m);
  });
});
