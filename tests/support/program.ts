import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { processStart } from "../../src/manager/home.ts";

/** The compiled program; POLYPHASE_BIN names another one. */
export const bin: string =
  process.env["POLYPHASE_BIN"] ?? fileURLToPath(new URL("../../dist/cli/bin.js", import.meta.url));

/** The other program. */
export const nnictlBin: string = fileURLToPath(new URL("../../dist/cli/nnictl/bin.js", import.meta.url));

export const isBuilt: boolean = existsSync(bin);

/** What `create --json` and `resume --json` print. */
export interface Created {
  readonly id: string;
  readonly url: string;
  readonly pid: number;
}

export interface Outcome {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that runs. */
export interface Program {
  readonly child: ChildProcess;
  readonly outcome: Promise<Outcome>;
  /** What it has written so far, stdout first. */
  written(): string;
  /** Resolves when stdout, stderr included, has this text; rejects when the program ends without it. */
  says(text: string | RegExp): Promise<void>;
}

/** Where a program runs. */
export interface Place {
  readonly home: string;
  readonly cwd: string;
  /** Beside those of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Another compiled program than `polyphase`. */
  readonly bin?: string;
  /** What it reads from stdin; otherwise there is nothing. */
  readonly input?: string;
}

/** Starts `polyphase ARGV`. */
export function start(place: Place, argv: readonly string[]): Program {
  const { home, cwd, env: more, bin: program = bin, input } = place;
  // The test runner asks for colours, and Node warns of two wishes that contradict each other.
  const { FORCE_COLOR: _colours, ...inherited } = process.env;
  const env = { ...inherited, POLYPHASE_HOME: home, NO_COLOR: "1", ...more };
  const child = spawn(process.execPath, [program, ...argv], { cwd, env, stdio: "pipe" });
  child.stdin.end(input);
  const written = { stdout: "", stderr: "" };
  const listeners = new Set<() => void>();
  const keep = (stream: "stdout" | "stderr") => (piece: Buffer) => {
    written[stream] += piece.toString();
    for (const listener of [...listeners]) listener();
  };
  child.stdout.on("data", keep("stdout"));
  child.stderr.on("data", keep("stderr"));
  const outcome = new Promise<Outcome>((resolve) =>
    child.once("close", (exitCode) => resolve({ exitCode, ...written })),
  );
  const all = (): string => written.stdout + written.stderr;
  const says = (text: string | RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (typeof text === "string" ? all().includes(text) : text.test(all())) resolve();
      };
      listeners.add(look);
      look();
      void outcome.then(() =>
        reject(new Error(`it ended without ${String(text)}: ${JSON.stringify(written)}`)),
      );
    });
  return { child, outcome, written: all, says };
}

/** Runs `polyphase ARGV` to its end. */
export function run(place: Place, ...argv: readonly string[]): Promise<Outcome> {
  return start(place, argv).outcome;
}

/** Runs `polyphase ARGV --json`, which must succeed, and reads its output. */
export async function json<Value>(place: Place, ...argv: readonly string[]): Promise<Value> {
  const { exitCode, stdout, stderr } = await run(place, ...argv, "--json");
  if (exitCode !== 0) throw new Error(`polyphase ${argv.join(" ")} ended with ${exitCode}: ${stderr}`);
  return JSON.parse(stdout) as Value;
}

/** Resolves when the condition holds; rejects after a minute, long on a busy machine too. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited a minute in vain for ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A process that is over but not yet cleared away by its parent is not alive. */
export function isAlive(pid: number): boolean {
  return processStart(pid) !== "";
}
