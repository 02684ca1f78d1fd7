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
 * What one of our modules in Python answers. None of the user's code runs.
 * @throws PolyphaseError `python-missing` where no Python starts, `python-failed` where it is too old or gives no answer
 */
export async function askPython<Answer>(question: PythonQuestion): Promise<Answer> {
  const { purpose, module, args, input = "", cwd } = question;
  const python = interpreter();
  const child = spawn(python, ["-B", "-c", program, pythonPackages(), module, ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    stdio: "pipe",
  });
  child.stdin.on("error", () => undefined); // one that died before it read says so itself
  child.stdin.end(input);
  const ended = new Promise<void>((done, failed) => {
    child.once("error", failed);
    child.once("close", () => done());
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), ended]).catch(
    (cause: unknown) => {
      const why = `${purpose} needs Python 3.8 or newer, and ${python} cannot be started: ${messageOf(cause)}`;
      throw failure("python-missing", why, cause);
    },
  );
  try {
    return JSON.parse(stdout) as Answer;
  } catch (cause) {
    const said = stderr.trim().slice(-2_000) || `exit code ${child.exitCode}, signal ${child.signalCode}`;
    throw failure("python-failed", `${purpose}: ${python} gave no answer: ${said}`, cause);
  }
}

/** Our package comes first, and the user's directories are not on the path: a file of his may be called `ast.py`. */
const program = `import sys
if sys.version_info < (3, 8): sys.exit("it is Python " + sys.version.split()[0])
sys.path[0] = sys.argv.pop(1)
import runpy
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)`;

/** A path is meant from where the user stands, a bare name is looked up. */
function interpreter(): string {
  const named = pythonCommand();
  return named.includes("/") ? resolve(named) : named;
}

function failure(code: string, message: string, cause: unknown): PolyphaseError {
  const hint = "Python 3.8 or newer is needed; POLYPHASE_PYTHON names another interpreter than python3";
  return new PolyphaseError(code, message, { cause, hint });
}
