/** A user's project directory, with a home of its own, and the experiments that are started from it. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { loadConfig } from "../../src/config/index.ts";
import { fold, sqliteJournal } from "../../src/journal/index.ts";
import { experimentDirectory, startManager } from "../../src/manager/index.ts";
import type { ManagerOptions, RunningManager } from "../../src/manager/index.ts";
import type {
  ExperimentConfig,
  ExperimentState,
  JournalRecord,
  Phase,
  TrialJob,
} from "../../src/model/index.ts";
import { processesOf, processesOfGroup } from "./processes.ts";
import type { Place } from "./program.ts";
import { until } from "./program.ts";

export interface Project extends Place {
  write(name: string, text: string): void;
  read(name: string): string;
  remove(name: string): void;
  /** Names of the files that begin like this, in order. */
  files(prefix: string): readonly string[];
  /** The lines of a file that hold JSON; none where it is not there. */
  lines<Line>(name: string): readonly Line[];
  /** Writes `config.yml`: a plain experiment with `trial.py`, changed by `settings`. Its name. */
  configure(settings?: Settings): string;
  /** The config that `configure` writes, as read and checked. */
  load(settings?: Settings): Promise<ExperimentConfig>;
  /** Starts an experiment in this process. */
  start(settings?: Settings, options?: Partial<ManagerOptions>): Promise<RunningManager>;
  /** Starts an experiment in this process and goes with it to its end. */
  finish(settings?: Settings): Promise<Finished>;
  journal(experimentId: string): readonly JournalRecord[];
  state(experimentId: string): ExperimentState;
  /** Closes and removes all; throws where a process is left that was started from here. */
  dispose(): Promise<void>;
}

/** Keys of the config file; `python` is the text of `trial.py`. */
export type Settings = { readonly python?: string } & { readonly [key: string]: unknown };

/** An experiment that has ended. */
export interface Finished {
  readonly id: string;
  readonly directory: string;
  readonly state: ExperimentState;
  readonly jobs: readonly TrialJob[];
  readonly phases: readonly Phase[];
  /** What the first trial job has printed. */
  printed(stream: "stdout" | "stderr"): string;
}

/** Reports `x` of each phase until there is no more. */
export const plainTrial = `import polyphase
for parameters in polyphase.phases():
    polyphase.report_final_result(parameters["x"])
`;

/** A trial job that does nothing until the file \`go\` is there; its environment is in the file \`env-JOB\`. */
export const idleCommand =
  "env > draft-$POLYPHASE_TRIAL_JOB_ID && mv draft-$POLYPHASE_TRIAL_JOB_ID env-$POLYPHASE_TRIAL_JOB_ID; while [ ! -e go ]; do sleep 0.02; done";

const plainConfig = {
  experimentName: "whole system",
  multiPhase: true,
  gracePeriod: "2s",
  searchSpace: { x: { _type: "uniform", _value: [0, 1] } },
  tuner: { builtinTunerName: "Random", classArgs: { optimize_mode: "maximize" } },
  trial: { command: "python3 trial.py", codeDir: "." },
};

export function scratchProject(): Project {
  const cwd = mkdtempSync(join(tmpdir(), "polyphase-whole-"));
  const home = join(cwd, ".home");
  const managers: RunningManager[] = [];
  const path = (name: string): string => join(cwd, name);
  const project: Project = {
    home,
    cwd,
    write(name, text) {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), text);
    },
    remove: (name) => rmSync(path(name)),
    read: (name) => readFileSync(path(name), "utf8"),
    files: (prefix) =>
      readdirSync(cwd)
        .filter((name) => name.startsWith(prefix))
        .sort(),
    lines: (name) => (project.files(name).includes(name) ? jsonLines(project.read(name)) : []),
    configure({ python = plainTrial, ...settings } = {}) {
      project.write("trial.py", python);
      project.write("config.yml", JSON.stringify({ ...plainConfig, ...settings }, null, 2));
      return "config.yml";
    },
    load: async (settings) => (await loadConfig(path(project.configure(settings)))).config,
    async start(settings, options) {
      const config = await project.load(settings);
      const manager = await startManager({ home, config, ...options });
      managers.push(manager);
      return manager;
    },
    async finish(settings) {
      const manager = await project.start(settings);
      await manager.ended;
      await manager.close();
      return finished(manager, project.state(manager.experimentId));
    },
    journal: (id) => readJournal(experimentDirectory(home, id)).map(({ record }) => record),
    state: (id) => fold(readJournal(experimentDirectory(home, id))),
    async dispose() {
      await Promise.all(managers.map((manager) => manager.close()));
      const left = processesOf(cwd);
      for (const { pid } of left) kill(pid);
      await until(() => processesOf(cwd).length === 0);
      rmSync(cwd, { recursive: true, force: true });
      if (left.length > 0)
        throw new Error(
          `processes were left: ${left.map(({ pid, command }) => `${pid} ${command}`).join("; ")}`,
        );
    },
  };
  return project;
}

function finished({ experimentId, directory }: RunningManager, state: ExperimentState): Finished {
  const jobs = [...state.trialJobs.values()];
  return {
    id: experimentId,
    directory,
    state,
    jobs,
    phases: [...state.phases.values()],
    printed: (stream) => readFileSync(join(directory, "trials", jobs[0]?.id ?? "", stream), "utf8"),
  };
}

function readJournal(directory: string): { readonly seq: number; readonly record: JournalRecord }[] {
  const journal = sqliteJournal(join(directory, "journal.sqlite"), { readOnly: true });
  try {
    return [...journal.read()];
  } finally {
    journal.close();
  }
}

/** A line that is just being written does not count. */
function jsonLines<Line>(text: string): Line[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // gone by itself
  }
}

/** Living processes of the group that each trial job was started in. */
export function processesOfJobs(jobs: Iterable<TrialJob>): readonly number[] {
  return [...jobs].flatMap((job) => processesOfGroup(Number(job.handle?.["pid"])).map(({ pid }) => pid));
}
