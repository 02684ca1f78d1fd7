/** One experiment with a home of its own, and the power to kill, stop and continue whatever belongs to it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fold, sqliteJournal } from "../../src/journal/index.ts";
import { experimentDirectory, readManagerFile } from "../../src/manager/index.ts";
import type { ManagerFile } from "../../src/manager/home.ts";
import { randomInteger, seeded } from "../../src/model/index.ts";
import type { Random } from "../../src/model/index.ts";
import { processesOf } from "../support/processes.ts";
import type { LivingProcess } from "../support/processes.ts";
import { isAlive, json, start } from "../support/program.ts";
import type { Place, Program } from "../support/program.ts";
import type { Evidence } from "./agreement.ts";
import { notingTrial, readLogs } from "./noting-trial.ts";

export const jobs = 8;

/** Sent by all arenas of this run. */
export const kills = { managers: 0, trials: 0 };

/** POLYPHASE_CHAOS_SEED repeats a run's choices; what happens at the chosen instants is the machine's. */
const seed = Number(process.env["POLYPHASE_CHAOS_SEED"] ?? Date.now() % 1_000_000);

export class Arena implements Place {
  readonly cwd: string = mkdtempSync(join(tmpdir(), "polyphase-chaos-"));
  readonly home: string;
  readonly env: NodeJS.ProcessEnv = {};
  readonly random: Random;
  id = "";
  /** Groups of trials of which a process was killed: each counts once. */
  readonly #hit = new Set<number>();

  constructor(name: string, home = ".home") {
    console.log(`${name}: seed ${seed}`);
    this.random = seeded(seed + name.length);
    this.home = join(this.cwd, home);
    mkdirSync(join(this.cwd, "notes"));
    writeFileSync(join(this.cwd, "trial.py"), notingTrial);
  }

  /** Starts the experiment, in the background as users do. */
  async create(settings: object = { maxTrialNum: jobs }): Promise<void> {
    const config = {
      experimentName: "chaos",
      multiPhase: true,
      trialConcurrency: jobs,
      maxTrialRetries: 1_000,
      searchSpace: { x: { _type: "uniform", _value: [0, 1] } },
      tuner: { builtinTunerName: "TPE", classArgs: { optimize_mode: "maximize" } },
      trial: { command: "python3 trial.py", codeDir: ".", env: { CHAOS_DIRECTORY: this.cwd } },
      ...settings,
    };
    writeFileSync(join(this.cwd, "config.json"), JSON.stringify(config));
    this.id = (await json<{ id: string }>(this, "create", "-c", "config.json")).id;
  }

  async resume(): Promise<void> {
    await json(this, "resume", this.id);
  }

  /** Starts a manager and does not wait for it. */
  beginResume(): Program {
    return start(this, ["resume", this.id, "--json"]);
  }

  say(word: "hurry" | "finish"): void {
    writeFileSync(join(this.cwd, word), "");
  }

  managers(): readonly LivingProcess[] {
    return processesOf(this.cwd).filter(({ command }) => command.includes(" manager --directory "));
  }

  /** The leaders of the jobs' groups and the trials themselves. */
  trials(): readonly LivingProcess[] {
    return processesOf(this.cwd).filter(({ command }) => /polyphase-job|trial\.py/.test(command));
  }

  async killManager(): Promise<void> {
    const killed = this.managers().filter(({ pid }) => send(pid, "SIGKILL"));
    kills.managers += killed.length;
    await until(() => !killed.some(({ pid }) => isAlive(pid)));
  }

  /** Kills the process, or the leader, or the whole group of trials that have not been hit before, as chance will have it. */
  killTrials(count: number): void {
    for (let turn = 0; turn < count; turn++) {
      const victim = this.pick(this.trials().filter(({ group }) => !this.#hit.has(group)));
      if (
        victim === undefined ||
        !send(this.pick([victim.pid, victim.pid, -victim.group]) as number, "SIGKILL")
      )
        continue;
      this.#hit.add(victim.group);
      kills.trials += 1;
    }
  }

  pick<Item>(items: readonly Item[]): Item | undefined {
    return items.length === 0 ? undefined : items[randomInteger(this.random, items.length)];
  }

  /** A random instant within so many milliseconds. */
  instant(withinMs: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.random.next() * withinMs));
  }

  /** How many results the trials know to be acknowledged. */
  acknowledged(): number {
    const logs = readLogs(join(this.cwd, "notes"));
    return logs.reduce(
      (sum, { notes }) => sum + notes.filter((note) => note.acknowledged !== undefined).length,
      0,
    );
  }

  /** Waits until so many more results are acknowledged: whatever was done to it, the experiment goes on. */
  async progress(results: number = jobs): Promise<void> {
    const before = this.acknowledged();
    await until(() => this.acknowledged() >= before + results);
  }

  /** The trials' logs are read first: what they know by then must be in the journal. */
  evidence(): Evidence {
    const logs = readLogs(join(this.cwd, "notes"));
    const journal = sqliteJournal(join(experimentDirectory(this.home, this.id), "journal.sqlite"), {
      readOnly: true,
    });
    try {
      const numbered = [...journal.read()];
      return { logs, records: numbered.map(({ record }) => record), state: fold(numbered) };
    } finally {
      journal.close();
    }
  }

  /** Waits for the experiment's own end, and for the end of everything that belongs to it. */
  async ended(): Promise<void> {
    const file = (): ManagerFile | undefined => readManagerFile(experimentDirectory(this.home, this.id));
    await until(() => file()?.alive === false && file()?.status === "DONE");
    await until(() => processesOf(this.cwd).length === 0);
  }

  /** Ends what is left and removes all. */
  async dispose(): Promise<void> {
    await until(() => {
      const left = processesOf(this.cwd);
      for (const { pid } of left) send(pid, "SIGKILL");
      return left.length === 0;
    });
    rmSync(this.cwd, { recursive: true, force: true });
  }
}

/** False where there is no such process any more. */
export function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Resolves when the condition holds; rejects after a minute. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited a minute in vain for ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
