/** Managers that are killed, hung up on and asked to terminate; who resumes them, and who ends what they leave. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { renameSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { experimentDirectory, readManagerFile } from "../src/manager/index.ts";
import { journalPath } from "../src/manager/home.ts";
import { readSupervisorFile } from "../src/manager/supervisor-file.ts";
import type { ExperimentView } from "../src/model/http.ts";
import { processesOf } from "./support/processes.ts";
import { bin, isAlive, isBuilt, json, run, start, until } from "./support/program.ts";
import type { Created } from "./support/program.ts";
import type { Project, Settings } from "./support/project.ts";
import { scratchProject } from "./support/project.ts";

let project: Project;
beforeEach(() => void (project = scratchProject()));
afterEach(() => project.dispose());

/** One phase after the other, as slowly as files called `go-K` appear; its pid is in a file. */
const steppingTrial = `import os, time, polyphase
for count, parameters in enumerate(polyphase.phases()):
    open("up-%d" % os.getpid(), "w").close()
    while not os.path.exists("go-%d" % count):
        time.sleep(0.01)
    polyphase.report_final_result(parameters["x"])
`;

const create = (settings: Settings = {}, ...more: readonly string[]): Promise<Created> => {
  const config = project.configure({ python: steppingTrial, maxPhaseNum: 4, ...settings });
  return json(project, "create", "-c", config, ...more);
};

const directoryOf = (id: string): string => experimentDirectory(project.home, id);
const manager = (id: string): number => readManagerFile(directoryOf(id))?.pid ?? 0;
const supervisor = (id: string): ReturnType<typeof readSupervisorFile> => readSupervisorFile(directoryOf(id));
const trials = (): readonly number[] => project.files("up-").map((name) => Number(name.slice("up-".length)));

async function kill(pid: number): Promise<void> {
  process.kill(pid, "SIGKILL");
  await until(() => !isAlive(pid));
}

/** Another manager than that one has the experiment, and has said so in the journal. */
async function resumed(id: string, before: number): Promise<number> {
  await until(() => readManagerFile(directoryOf(id))?.alive === true && manager(id) !== before);
  await until(() =>
    project.journal(id).some((fact) => fact.kind === "manager-started" && fact.pid === manager(id)),
  );
  return manager(id);
}

interface Listed {
  readonly id: string;
  readonly status: string;
  readonly killed: boolean;
  readonly supervisor: {
    readonly alive: boolean;
    readonly restarts: number;
    readonly gaveUp: string | null;
  } | null;
}
const fiveDeaths = /^its manager died 5 times within a minute(: .*)?$/;
const listed = async (): Promise<Listed | undefined> => (await json<Listed[]>(project, "list"))[0];

describe.skipIf(!isBuilt)("create --restart", () => {
  test("resumes after each kill -9, the same trial process goes on, and nobody is left when it is DONE", async () => {
    const { id, pid } = await create({}, "--restart");
    expect(await listed()).toMatchObject({ supervisor: { alive: true, restarts: 0, gaveUp: null } });
    let current = pid;
    for (const step of [0, 1, 2]) {
      await until(() => project.state(id).phases.size === step + 1 && trials().length === 1);
      await kill(current);
      current = await resumed(id, current);
      project.write(`go-${step}`, "");
    }
    expect(trials()).toHaveLength(1);
    await until(() => supervisor(id)?.restarts === 3);
    expect((await run(project, "status", id)).stdout).toMatch(
      /restart +whenever its manager dies .*; 3 times so far/,
    );
    project.write("go-3", "");
    await until(() => readManagerFile(directoryOf(id))?.alive === false);
    expect(project.state(id)).toMatchObject({ status: "DONE", counts: { succeeded: 4, failed: 0 } });
    await until(() => processesOf(project.cwd).length === 0);
    expect(supervisor(id)).toBeUndefined();
  });

  test("gives up after five deaths within a minute, says so, and resume --restart begins anew", async () => {
    const { id, pid } = await create({}, "--restart");
    let current = pid;
    for (let death = 1; death <= 5; death++) {
      await kill(current);
      if (death === 5) break;
      current = await resumed(id, current);
      await until(() => supervisor(id)?.restarts === death);
    }
    await until(() => supervisor(id)?.alive === false);
    expect(await listed()).toMatchObject({
      killed: true,
      // The last one may have been killed while it was still starting: then that is said too.
      supervisor: { alive: false, gaveUp: expect.stringMatching(fiveDeaths) as string },
    });
    expect((await run(project, "list")).stdout).toContain(
      "killed; trial jobs may wait; given up to resume it",
    );
    const { stdout } = await run(project, "status", id);
    expect(stdout).toMatch(
      /restart +given up: its manager died 5 times within a minute(: [^;]*)?; 4 times so far/,
    );
    const again = await json<Created>(project, "resume", id, "--restart");
    expect(supervisor(id)).toMatchObject({ alive: true, gaveUp: null });
    await kill(again.pid);
    await resumed(id, again.pid);
    await json(project, "stop", id);
    await until(() => processesOf(project.cwd).length === 0);
  });

  test("tries again where the journal cannot be read for a while", async () => {
    const { id, pid } = await create({}, "--restart");
    const journal = journalPath(directoryOf(id));
    renameSync(journal, `${journal}.aside`);
    await kill(pid);
    await until(() => (supervisor(id)?.restarts ?? 0) >= 1);
    renameSync(`${journal}.aside`, journal);
    await resumed(id, pid);
    await json(project, "stop", id);
    await until(() => processesOf(project.cwd).length === 0);
  });

  test("does not resume what somebody has stopped; what dies while it is being stopped is stopped", async () => {
    const stubborn = `import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n${steppingTrial}`;
    const { id, pid } = await create({ python: stubborn, gracePeriod: "2s" }, "--restart");
    await until(() => trials().length === 1);
    await json(project, "stop", id, "--timeout", "0");
    await until(() => project.state(id).status === "STOPPING");
    await kill(pid);
    await until(() => project.state(id).status === "STOPPED");
    await until(() => processesOf(project.cwd).length === 0);
    expect(project.state(id)).toMatchObject({ status: "STOPPED", statusReason: "stopped by a person" });
    expect(supervisor(id)).toBeUndefined();
  });

  test("its supervisor may be killed: the manager goes on, and list no longer promises anything", async () => {
    const { id, pid } = await create({}, "--restart");
    await kill(supervisor(id)?.pid as number);
    expect(await listed()).toMatchObject({ status: "RUNNING", killed: false, supervisor: null });
    expect(isAlive(pid)).toBe(true);
    for (const step of [0, 1, 2, 3]) project.write(`go-${step}`, "");
    await until(() => !isAlive(pid));
    expect(project.state(id).status).toBe("DONE");
  });

  test("delete ends the supervisor of a killed manager first", async () => {
    const { id, pid } = await create({}, "--restart");
    await until(() => trials().length === 1);
    process.kill(supervisor(id)?.pid as number, "SIGSTOP");
    await kill(pid);
    expect(await listed()).toMatchObject({ killed: true });
    const deleting = json(project, "delete", id, "--yes");
    process.kill(supervisor(id)?.pid as number, "SIGCONT");
    await deleting.catch(() => undefined); // refused where the supervisor was faster
    if ((await listed()) !== undefined) {
      await json(project, "stop", id);
      await json(project, "delete", id, "--yes");
    }
    expect(await listed()).toBeUndefined();
    await until(() => processesOf(project.cwd).length === 0);
  });
});

describe.skipIf(!isBuilt)("stop ID of an experiment whose manager was killed", () => {
  test("ends its trial jobs and closes it; list has said that they wait", async () => {
    const { id, pid } = await create({ trialConcurrency: 2 });
    await until(() => trials().length === 2);
    await kill(pid);
    expect(trials().every(isAlive)).toBe(true);
    expect(await listed()).toMatchObject({ status: "STOPPED", killed: true, supervisor: null });
    expect((await run(project, "list")).stdout).toContain("killed; trial jobs may wait");
    expect((await run(project, "status", id)).stdout).toMatch(
      /killed +its trial jobs may wait: polyphase resume/,
    );

    expect(await json(project, "stop", id)).toEqual({ id, status: "STOPPED", running: false });
    expect(processesOf(project.cwd)).toEqual([]);
    expect(await listed()).toMatchObject({ status: "STOPPED", killed: false });
    const { status, statusReason, counts, trialJobs } = project.state(id);
    expect({ status, statusReason, counts }).toMatchObject({
      status: "STOPPED",
      statusReason: "stopped by a person",
      counts: { cancelled: 2, running: 0 },
    });
    expect([...trialJobs.values()].map((job) => job.status)).toEqual(["cancelled", "cancelled"]);
    expect(project.journal(id)).toContainEqual(
      expect.objectContaining({
        kind: "person-acted",
        action: "stop",
        by: expect.objectContaining({ token: "owner" }) as object,
      }),
    );
    const records = project.journal(id).length;
    await json(project, "stop", id);
    expect(project.journal(id)).toHaveLength(records);
  });

  test("also with --all; and it can be resumed afterwards", async () => {
    const { id, pid } = await create();
    await until(() => trials().length === 1);
    await kill(pid);
    expect(await json(project, "stop", "--all")).toEqual([{ id, status: "STOPPED", running: false }]);
    expect(trials().some(isAlive)).toBe(false);
    for (const step of [0, 1, 2, 3]) project.write(`go-${step}`, "");
    await json(project, "resume", id);
    await until(() => readManagerFile(directoryOf(id))?.alive === false);
    expect(project.state(id)).toMatchObject({ status: "DONE", counts: { succeeded: 3, cancelled: 1 } });
  });

  test("when somebody resumes it at the same moment, one of the two managers stops it", async () => {
    const { id, pid } = await create();
    await until(() => trials().length === 1);
    await kill(pid);
    const [stopped] = await Promise.all([run(project, "stop", id), run(project, "resume", id)]);
    expect(stopped.exitCode).toBe(0);
    await json(project, "stop", id);
    expect(processesOf(project.cwd)).toEqual([]);
    expect(project.state(id).status).toBe("STOPPED");
  });
});

describe.skipIf(!isBuilt)("signals", () => {
  test.each(["SIGTERM", "SIGINT"] as const)("%s to a background manager is a gentle stop", async (signal) => {
    const { id, pid } = await create({ trialConcurrency: 2 });
    await until(() => trials().length === 2);
    process.kill(pid, signal);
    await until(() => !isAlive(pid));
    expect(processesOf(project.cwd)).toEqual([]);
    expect(project.state(id)).toMatchObject({
      status: "STOPPED",
      statusReason: "its manager was asked to terminate",
      counts: { cancelled: 2 },
    });
  });

  test("SIGHUP is nothing to a background manager and its supervisor", async () => {
    const { id, pid } = await create({}, "--restart");
    await until(() => trials().length === 1);
    process.kill(supervisor(id)?.pid as number, "SIGHUP");
    process.kill(pid, "SIGHUP");
    for (const step of [0, 1, 2, 3]) project.write(`go-${step}`, "");
    await until(() => !isAlive(pid));
    expect(project.state(id)).toMatchObject({ status: "DONE", counts: { succeeded: 4 } });
    expect(project.journal(id).filter(({ kind }) => kind === "manager-started")).toHaveLength(1);
    await until(() => processesOf(project.cwd).length === 0);
  });

  test("a terminal that hangs up takes neither the manager nor the supervisor with it", async () => {
    const config = project.configure({ python: steppingTrial, maxPhaseNum: 4 });
    // A terminal of its own; it hangs up when the program that holds its other end is gone.
    const terminal = `import os, pty, sys
pid, master = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:] + ["create", "-c", "${config}", "--restart"])
text = b""
while b"stop" not in text:
    text += os.read(master, 1024)
os.waitpid(pid, 0)
`;
    const env = { ...process.env, POLYPHASE_HOME: project.home };
    const options = { cwd: project.cwd, env, stdio: "ignore" } as const;
    const child = spawn("python3", ["-c", terminal, process.execPath, bin], options);
    await once(child, "exit");
    const id = (await listed())?.id as string;
    await until(() => trials().length === 1);
    const [first, watcher] = [manager(id), supervisor(id)?.pid as number];
    expect([first, watcher].every(isAlive)).toBe(true);
    await kill(first);
    await resumed(id, first);
    for (const step of [0, 1, 2, 3]) project.write(`go-${step}`, "");
    await until(() => readManagerFile(directoryOf(id))?.alive === false);
    expect(project.state(id).status).toBe("DONE");
    await until(() => processesOf(project.cwd).length === 0);
  });

  test("a terminal that hangs up on run stops the experiment gently", async () => {
    const program = start(project, [
      "run",
      "-c",
      project.configure({ python: steppingTrial, maxPhaseNum: 4 }),
    ]);
    await until(() => trials().length === 1);
    program.child.kill("SIGHUP");
    expect((await program.outcome).exitCode).toBe(130);
    expect(processesOf(project.cwd)).toEqual([]);
    const [experiment] = await json<ExperimentView[]>(project, "list");
    expect(experiment).toMatchObject({ status: "STOPPED" });
  });
});
