/** A manager in a process of its own that outlives this one. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createClient } from "../client/index.ts";
import { experimentDirectory, readManagerFile, readToken } from "../manager/home.ts";
import type { Recovery } from "../manager/index.ts";
import type { ExperimentConfig, ObservedPoint } from "../model/index.ts";
import { PolyphaseError } from "../model/index.ts";
import { lastLines } from "./last-lines.ts";
import type { Listen } from "./serving-options.ts";
import { servingArguments } from "./serving-options.ts";
import type { Session } from "./session.ts";
import { agent } from "./session.ts";

/** What is to be started. */
export interface Start {
  readonly experimentId: string;
  /** Null: the experiment is resumed, from its journal. */
  readonly config: ExperimentConfig | null;
  readonly listen?: Listen;
  /** Results that the tuner hears of first. */
  readonly points?: readonly ObservedPoint[];
  /** How a resumed one goes on. */
  readonly recovery?: Recovery;
  /** The manager of an experiment that has come to its own end goes on answering those who read, until it is told to go. */
  readonly lingers?: boolean;
}

/** The message to the manager that it starts with: it may hold secrets of the user's, so it is not on the command line. */
export interface StartMessage extends Pick<Start, "config" | "points" | "recovery" | "lingers"> {
  readonly kind: "start";
}

/** The manager's answer. */
export type StartAnswer =
  | {
      readonly kind: "started";
      readonly url: string;
      readonly publicUrl: string;
      readonly directory: string;
    }
  | {
      readonly kind: "failed";
      readonly code: string;
      readonly message: string;
      readonly hint: string | undefined;
    };

export interface Started {
  readonly id: string;
  /** For programs on this machine. */
  readonly url: string;
  /** For people. */
  readonly publicUrl: string;
  readonly pid: number;
  readonly directory: string;
  readonly token: string;
  /** As it answered; undefined where it was over before it could. */
  readonly status: string | undefined;
}

/** Resolves when the manager answers its health route. A manager that fails or dies before is thrown as its error. */
export async function startInBackground(session: Session, start: Start): Promise<Started> {
  const directory = experimentDirectory(session.home, start.experimentId);
  const output = managerOutput(session, directory, start);
  const listening = servingArguments(start.listen ?? {});
  const args = ["manager", "--directory", directory, ...resumeArguments(start), ...listening];
  const child = spawnDetached(session, args, output.descriptor);
  try {
    const { config, points = [], recovery = {}, lingers = false } = start;
    const answer = await startAnswer(child, { kind: "start", config, points, recovery, lingers });
    if (answer === undefined) throw died(child, output);
    if (answer.kind === "failed") {
      output.discard();
      throw errorOf(answer);
    }
    output.settle();
    const token = readToken(directory);
    const health = await createClient({ url: answer.url, token, agent })
      .health()
      .catch((error: unknown) => unlessEnded(directory, error));
    const { url, publicUrl } = answer;
    const status = health?.experimentStatus;
    return { id: start.experimentId, url, publicUrl, pid: child.pid as number, directory, token, status };
  } finally {
    output.close();
    if (child.connected) child.disconnect();
    child.unref();
  }
}

/** An experiment may be over before anybody could ask. */
function unlessEnded(directory: string, error: unknown): undefined {
  const file = readManagerFile(directory);
  if (file === undefined || (file.alive && file.endedAt === null)) throw error; // else it is closing, or gone
  return undefined;
}

/** What the manager prints (little but its last words) goes to a file of the experiment's directory. */
interface ManagerOutput {
  readonly path: string;
  readonly descriptor: number;
  /** Moves the file into the directory, which the manager has made by now. */
  settle(): void;
  /** Nothing has begun: nothing is left. */
  discard(): void;
  close(): void;
}

function managerOutput({ home }: Session, directory: string, { config, experimentId }: Start): ManagerOutput {
  const final = join(directory, "manager.out");
  const path = config === null ? final : join(home, `starting-${experimentId}.out`);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const descriptor = openSync(path, "a", 0o600);
  return {
    path,
    descriptor,
    settle: () => path === final || moveIfPossible(path, final),
    discard: () => path === final || rmSync(path, { force: true }),
    close: () => closeSync(descriptor),
  };
}

/** The directory may be on another disk (logDir): then the file stays where it is. */
function moveIfPossible(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
  }
}

/** This program once more, in a session of its own: it outlives this process and its terminal. */
export function spawnDetached({ env }: Session, argv: readonly string[], output: number): ChildProcess {
  const bin = fileURLToPath(new URL(`./bin${extname(import.meta.url)}`, import.meta.url));
  return spawn(process.execPath, [...process.execArgv, bin, ...argv], {
    env,
    detached: true,
    serialization: "advanced", // results may be NaN
    stdio: ["ignore", output, output, "ipc"],
  });
}

function resumeArguments({ config }: Start): readonly string[] {
  return config === null ? ["--resume"] : [];
}

/** Undefined where the process died without a word. */
export function startAnswer(child: ChildProcess, message?: StartMessage): Promise<StartAnswer | undefined> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("message", (answer) => resolve(answer as StartAnswer));
    child.once("exit", () => resolve(undefined));
    if (message === undefined) return;
    child.send(message, (error) => {
      if (error !== null) resolve(undefined);
    });
  });
}

export function errorOf({ code, message, hint }: StartAnswer & { readonly kind: "failed" }): PolyphaseError {
  return new PolyphaseError(code, message, hint === undefined ? {} : { hint });
}

function died(child: ChildProcess, { path }: ManagerOutput): PolyphaseError {
  const how =
    child.exitCode === null
      ? `by ${child.signalCode ?? "an unknown cause"}`
      : `with exit code ${child.exitCode}`;
  return new PolyphaseError(
    "manager-died",
    `the manager died ${how} before it answered:\n${lastLines(path, 20)}`,
    {
      hint: `all that it printed is in ${path}`,
    },
  );
}
