import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../dist/cli/bin.js", import.meta.url));
const trials = fileURLToPath(new URL("../python", import.meta.url));

/** Seconds on the system's monotonic clock, which Python's `time.monotonic()` reads too. */
export function monotonic() {
  return Number(process.hrtime.bigint()) / 1e9;
}

/** A space of that many floats. */
export function floats(count) {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`x${i}`, { _type: "uniform", _value: [0, 1] }]),
  );
}

/** Puts the command on the machine's real-time scheduler, so that other people's work does not disturb short measurements. */
export function scheduled(command, { realtime }) {
  return realtime ? ["chrt", "-r", "1", ...command] : command;
}

/**
 * Runs `polyphase run` with a trial of bench/python as a user would, in a directory and a home of its own. Gives the final
 * view, what each trial job reported (`reports`), when the command was started, and the manager's peak memory.
 */
export async function runExperiment({ trial, env = {}, ...config }, options) {
  const directory = mkdtempSync(join(tmpdir(), "polyphase-bench-"));
  const out = join(directory, "out");
  mkdirSync(out);
  const file = join(directory, "config.json");
  const trialSection = { command: `python3 ${trial}`, codeDir: trials, env: { ...env, BENCH_OUT: out } };
  writeFileSync(file, JSON.stringify({ multiPhase: true, trial: trialSection, ...config }));
  try {
    const command = scheduled([process.execPath, program, "run", "-c", file, "--json"], options);
    const ended = await run(command, { ...process.env, POLYPHASE_HOME: join(directory, "home") });
    const reports = readdirSync(out).map((name) => JSON.parse(readFileSync(join(out, name), "utf8")));
    return { ...ended, view: JSON.parse(ended.stdout), reports };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function run([command, ...args], env) {
  const startedAt = monotonic();
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let peakRssMiB = NaN;
  const look = setInterval(() => (peakRssMiB = peakOf(child.pid) ?? peakRssMiB), 100);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data) => (stdout += data));
  child.stderr.on("data", (data) => (stderr += data));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(look);
      if (code === 0) resolve({ startedAt, seconds: monotonic() - startedAt, stdout, peakRssMiB });
      else reject(new Error(`polyphase run ended with code ${code}:\n${stderr}${stdout}`));
    });
  });
}

/** Largest memory that a process has had, in MiB, where the system tells. */
function peakOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const kB = /VmHWM:\s+(\d+) kB/.exec(status)?.[1]; // gone when the process is about to be
    return kB === undefined ? undefined : Number(kB) / 1024;
  } catch {
    return undefined;
  }
}
