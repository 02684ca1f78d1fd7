import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { messageOf, PolyphaseError } from "../model/index.ts";
import { pythonCommand, pythonPackages } from "./python-process.ts";

export interface PythonQuestion {
  /** What needs the answer, as errors name it. */
  readonly purpose: string;
  /** Of our own package: prints one JSON value. */
  readonly module: string;
  readonly args: readonly string[];
  /** What it reads. */
  readonly input?: string;
  /** Where it runs: there, what chooses a Python (pyenv, asdf) chooses the one that the user's code gets. */
  readonly cwd?: string;
}

/**
 * What one of our modules in Python answers. None of the user's code runs, but for what his Python runs when it starts.
 * @throws PolyphaseError `python-missing` where no Python starts, `python-failed` where it is too old or gives no answer
 */
export async function askPython<Answer>(question: PythonQuestion): Promise<Answer> {
  const python = interpreter();
  const { stdout, stderr, how } = await runProgram(python, question).catch((cause: unknown) => {
    const why = `${question.purpose} needs Python 3.8 or newer, and ${python} cannot be started: ${messageOf(cause)}`;
    throw failure("python-missing", why, cause);
  });
  try {
    return objectIn(stdout) as Answer;
  } catch (cause) {
    const said = stderr.trim().slice(-2_000) || how;
    throw failure("python-failed", `${question.purpose}: ${python} gave no answer: ${said}`, cause);
  }
}

/** Our package comes first, and the user's directories are not on the path: a file of his may be called `ast.py`. */
const program = `import sys
if sys.version_info < (3, 8): sys.exit("it is Python " + sys.version.split()[0])
if sys.path[0] == "": sys.path.pop(0)
sys.path.insert(0, sys.argv.pop(1))
import runpy
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)`;

/** Something else than a Python may be named: it gets no longer than this. */
const patienceMs = 60_000;

interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  /** How it ended. */
  readonly how: string;
}

async function runProgram(python: string, { module, args, input = "", cwd }: PythonQuestion): Promise<Ran> {
  const child = spawn(python, ["-B", "-c", program, pythonPackages(), module, ...args], {
    cwd,
    stdio: "pipe",
    timeout: patienceMs,
    killSignal: "SIGKILL",
  });
  child.stdin.on("error", () => undefined); // one that died before it read says so itself
  child.stdin.end(input);
  const ended = new Promise<void>((done, failed) => {
    child.once("error", failed);
    child.once("close", () => done());
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  const late = `it has not come to an end within ${patienceMs / 1_000} s`;
  const how = child.killed ? late : `exit code ${child.exitCode}, signal ${child.signalCode}`;
  return { stdout, stderr, how };
}

/** The last line: what the user's Python does when it starts may print as well, and what is no Python prints anything. */
function objectIn(stdout: string): unknown {
  const line = stdout.trim().split("\n").at(-1) ?? "";
  return JSON.parse(line.startsWith("{") ? line : "");
}

/** A path is meant from where the user stands, a bare name is looked up. */
function interpreter(): string {
  const named = pythonCommand();
  return named.includes("/") ? resolve(named) : named;
}

function failure(code: string, message: string, cause: unknown): PolyphaseError {
  const hint = "Python 3.8 or newer is needed; POLYPHASE_PYTHON names another interpreter than python3";
  return new PolyphaseError(code, message, { cause, hint });
}
