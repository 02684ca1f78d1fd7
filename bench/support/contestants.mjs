// Ways to run many workers at once that may be killed. Each gives `running()`, `kill(pick)` of something that is not a worker
// (where there is), and in the end what its store holds: [state, x, value] of each trial.
import { execFile, execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { fold, sqliteJournal } from "../../dist/journal/index.js";

const program = fileURLToPath(new URL("../../dist/cli/bin.js", import.meta.url));
const pythonFiles = fileURLToPath(new URL("../python", import.meta.url));
const worker = join(pythonFiles, "reliability_worker.py");

/** The manager starts its workers again by itself (maxTrialRetries). */
export async function polyphase({ directory, out, workers, evaluations }) {
  const env = { ...process.env, POLYPHASE_HOME: join(directory, "home") };
  const command = async (...args) =>
    JSON.parse((await promisify(execFile)(process.execPath, [program, ...args, "--json"], { env })).stdout);
  const config = {
    multiPhase: true,
    trialConcurrency: workers,
    maxTrialRetries: 1_000,
    maxPhaseNum: evaluations,
    searchSpace: { x: { _type: "uniform", _value: [0, 1] } },
    tuner: { builtinTunerName: "Random" },
    trial: {
      command: "exec python3 reliability_worker.py polyphase",
      codeDir: pythonFiles,
      env: { BENCH_OUT: out },
    },
  };
  writeFileSync(join(directory, "config.json"), JSON.stringify(config));
  let manager = await command("create", "-c", join(directory, "config.json"));
  const { id } = manager;
  const home = join(directory, "home", "experiments", id);
  return {
    running: () => isAlive(manager.pid),
    async killManager() {
      if (!kill(manager.pid)) return false;
      manager = await command("resume", id);
      return true;
    },
    errors: () => [],
    trials() {
      const journal = sqliteJournal(join(home, "journal.sqlite"), { readOnly: true });
      const { phases } = fold(journal.read());
      journal.close();
      return [...phases.values()].map(({ outcome, parameters, value }) => [outcome, parameters.x, value]);
    },
    close: () => kill(manager.pid),
  };
}

/** Processes over one storage; each that dies is started again, until one has left by itself. */
export async function optuna({ directory, out, workers, evaluations }, { kind, python }) {
  const storage = join(directory, "storage");
  const children = new Set();
  const errors = [];
  let closing = false;
  let over = false;
  const env = { ...process.env, BENCH_OUT: out };
  execFileSync(python, [worker, "optuna-trials", kind, storage], { env }); // makes the study
  const begin = () => {
    const args = [worker, "optuna", kind, storage, String(evaluations)];
    const child = spawn(python, args, { env, stdio: ["ignore", "ignore", "pipe"] });
    children.add(child);
    let words = "";
    child.stderr.on("data", (data) => (words += data));
    child.on("close", (code, signal) => {
      children.delete(child);
      if (code === 0) over = true;
      else if (signal === null) errors.push(words.trim().split("\n").at(-1));
      if (!over && !closing && errors.length < 200) begin();
    });
  };
  for (let count = 0; count < workers; count++) begin();
  return {
    running: () => children.size > 0,
    killManager: async () => false,
    errors: () => errors,
    trials() {
      const options = { env, encoding: "utf8", maxBuffer: 2 ** 28, timeout: 120_000 };
      return JSON.parse(execFileSync(python, [worker, "optuna-trials", kind, storage], options));
    },
    close() {
      closing = true;
      for (const child of children) child.kill("SIGKILL");
    },
  };
}

export function kill(pid) {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false;
  }
}

/** One that is over but not yet cleared away by its parent is not alive. */
export function isAlive(pid) {
  const stat = `/proc/${pid}/stat`;
  try {
    return existsSync(stat) && !readFileSync(stat, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}
