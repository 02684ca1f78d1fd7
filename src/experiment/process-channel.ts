import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { messageOf, PolyphaseError, spell, unspell } from "../model/index.ts";
import type { JsonObject } from "../model/index.ts";
import { shortened } from "../model/shortened.ts";
import { Failure } from "./algorithm-channel.ts";
import type { AlgorithmChannel, AlgorithmRole } from "./algorithm-channel.ts";
import { algorithmFailed, processDied } from "./algorithm-errors.ts";
import { watchProcess } from "./process-watch.ts";
import type { ChannelOptions } from "./thread-channel.ts";
import type { FromAlgorithm } from "./algorithm-messages.ts";

/** How an algorithm's process is started. */
export interface ProcessPlan {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** All of its environment. */
  readonly env: NodeJS.ProcessEnv;
  /** What it prints is appended here. */
  readonly logFile: string;
  /** The first line that it gets: which algorithm it is to be. May hold secrets. */
  readonly start: JsonObject;
}

/** What crosses to the process and back, one JSON value in each line; see `polyphase.host` in the Python package. */
type FromProcess =
  | { readonly kind: "ready" }
  | { readonly kind: "at"; readonly call: number; readonly method: string | null }
  | { readonly kind: "log"; readonly level: string; readonly message: string }
  | { readonly kind: "failed"; readonly message: string; readonly method?: string | null }
  | FromAlgorithm;

/** How long a process may take to end by itself when it is asked to, in milliseconds. */
const closeGraceMs = 10_000;

/**
 * The way to an algorithm in a process of its own. It leads its own process group: a Ctrl-C in the terminal is the manager's to
 * answer, and when the manager is gone the end of its input tells the process.
 */
export function processChannel(
  plan: ProcessPlan,
  { role = "tuner", timeoutMs = null, log = () => {} }: ChannelOptions = {},
): AlgorithmChannel {
  const failure = new Failure();
  const child = started(plan);
  if (child instanceof Error) return stillborn(notStarted(role, plan, child));
  let listener: (message: FromAlgorithm) => void = () => {};
  const fail = (error: Error): void => {
    if (!failure.fail(error)) return;
    watch.stop();
    kill(child);
  };
  const failByItself = (error: PolyphaseError): void => {
    if (!failure.fail(error)) return log(error.message); // on its way out
    watch.stop();
    void endedOrKilled(child, gone, log); // it has yet to come through _on_error
  };
  const send = (message: object): void => {
    if (!failure.over) child.stdin?.write(`${spell(message)}\n`);
  };
  const watch = watchProcess({ role, timeoutMs, where: () => send({ kind: "where", id: 0 }), hung: fail });
  const gone = new Promise<void>((resolve) => {
    child.once("error", (error) => {
      fail(notStarted(role, plan, error));
      resolve();
    });
    child.once("exit", () => killGroup(child)); // what it started and left behind
    child.once("close", (code, signal) => {
      fail(died(role, plan, { code, signal }));
      resolve();
    });
  });
  child.stdin?.on("error", () => {}); // its end says why
  let begun = false;
  eachLine(child, (line) => {
    const message = parsed(line);
    // Python itself may print before our first line is run: sitecustomize.py, say.
    if (message === undefined && !begun) return log(`printed by its process: ${shortened(line, 200)}`);
    if (message === undefined) return fail(algorithmFailed(role, strangeLine(role, line)));
    begun = true;
    if (message.kind === "at") return watch.at(message);
    if (message.kind === "log") return log(message.message);
    if (message.kind === "failed") return failByItself(failedIn(role, plan, message));
    if (message.kind !== "ready") listener(message);
  });
  send(plan.start);

  return {
    failed: failure.failed,
    listen: (who) => void (listener = who),
    post: send,
    async close() {
      send({ kind: "close" });
      failure.close();
      watch.stop();
      child.stdin?.end();
      await endedOrKilled(child, gone, log);
    },
  };
}

/** Why there is none, where that is known at once; otherwise it says so itself. */
function started({ command, args, cwd, env, logFile }: ProcessPlan): ChildProcess | Error {
  let output: number | undefined;
  try {
    output = openSync(logFile, "a", 0o600);
    return spawn(command, args, { cwd, env, stdio: ["pipe", "pipe", output], detached: true });
  } catch (error) {
    return error as Error;
  } finally {
    if (output !== undefined) closeSync(output);
  }
}

function stillborn(error: PolyphaseError): AlgorithmChannel {
  return { failed: Promise.resolve(error), listen() {}, post() {}, close: () => Promise.resolve() };
}

/** Resolves when it is gone. */
async function endedOrKilled(
  child: ChildProcess,
  gone: Promise<void>,
  log: (line: string) => void,
): Promise<void> {
  const late = setTimeout(() => {
    log(`its process has not ended within ${closeGraceMs / 1_000} s, and is killed`);
    kill(child);
  }, closeGraceMs);
  await gone;
  clearTimeout(late);
}

/** With what it has started itself. */
function kill(child: ChildProcess): void {
  if (!killGroup(child)) child.kill("SIGKILL");
}

/** Programs that took a session of their own are not in it. */
function killGroup({ pid }: ChildProcess): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(-pid, "SIGKILL");
  } catch {
    return false;
  }
}

function eachLine(child: ChildProcess, take: (line: string) => void): void {
  child.stdout?.setEncoding("utf8").on("data", intoLines(take));
}

/** Looks at each piece once: parameters of many megabytes come in thousands of pieces. */
export function intoLines(take: (line: string) => void): (piece: string) => void {
  let begun: string[] = [];
  return (piece) => {
    const lines = piece.split("\n");
    const rest = lines.pop() ?? "";
    for (const line of lines) {
      take(begun.join("") + line);
      begun = [];
    }
    if (rest !== "") begun.push(rest);
  };
}

function parsed(line: string): FromProcess | undefined {
  try {
    const message = unspell(line) as unknown as FromProcess | null;
    return typeof message?.kind === "string" ? message : undefined;
  } catch {
    return undefined;
  }
}

function strangeLine(role: AlgorithmRole, line: string): string {
  return `the ${role}'s process wrote a line that is not one of its protocol: ${shortened(line, 200)}`;
}

function failedIn(
  role: AlgorithmRole,
  { logFile }: ProcessPlan,
  { method, message }: Extract<FromProcess, { kind: "failed" }>,
): PolyphaseError {
  const where = method ? ` in ${method}` : "";
  const hint = `mend the ${role}, then polyphase unpause, or resume where it has ended: nothing is lost. The traceback is in ${logFile}`;
  return algorithmFailed(role, `the ${role} failed${where}: ${message}`, { hint });
}

function notStarted(role: AlgorithmRole, { command }: ProcessPlan, cause: Error): PolyphaseError {
  const hint = "install Python 3.8 or later, or name it with the environment variable POLYPHASE_PYTHON";
  const message = `the ${role}'s process could not be started (${command}): ${messageOf(cause)}`;
  return algorithmFailed(role, message, { cause, hint });
}

function died(
  role: AlgorithmRole,
  { logFile }: ProcessPlan,
  { code, signal }: { readonly code: number | null; readonly signal: string | null },
): PolyphaseError {
  const how = signal === null ? `exit code ${code}` : `killed by ${signal}`;
  return new PolyphaseError(
    processDied,
    `the ${role}'s process ended (${how}); what it printed is in ${logFile}`,
  );
}
