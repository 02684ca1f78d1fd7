import type { Command } from "commander";
import { stateHome } from "../manager/home.ts";
import { version } from "../manager/version.ts";
import { PolyphaseError } from "../model/index.ts";
import type { Actor } from "../model/index.ts";
import type { Io } from "./io.ts";
import type { Style } from "./terminal/style.ts";
import { createStyle, takesColours } from "./terminal/style.ts";

/** One command of the command line: what it takes, and what it does. */
export interface CliCommand<Options = object> {
  /** Declares arguments and options. */
  configure(command: Command): void;
  /** Resolves to the exit code; throws what is to be shown as an error. */
  run(call: Call<Options>): Promise<number>;
}

export interface Call<Options = object> {
  readonly operands: readonly string[];
  readonly options: Options;
  readonly session: Session;
}

/** What every command works with. */
export interface Session {
  readonly env: NodeJS.ProcessEnv;
  readonly io: Io;
  /** For stdout. */
  readonly style: Style;
  /** Directory of all experiments. */
  readonly home: string;
  /** Text for people, to stdout, with a line break at its end. */
  print(text: string): void;
  /** The machine's version: the only thing that `--json` writes to stdout. */
  printJson(value: unknown): void;
  /** Text beside the matter, to stderr. */
  note(text: string): void;
}

export function createSession(env: NodeJS.ProcessEnv, io: Io): Session {
  return {
    env,
    io,
    style: createStyle(takesColours(io.stdout, env)),
    home: stateHome(env),
    print: (text) => void io.stdout.write(`${text}\n`),
    printJson: (value) => void io.stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    note: (text) => void io.stderr.write(`${text}\n`),
  };
}

/** What this program calls itself to managers, and in their audit trails. */
export const agent: string = `polyphase/${version}`;

/** Who runs this program, for changes that go through no manager. */
export const owner: Actor = { token: "owner", address: null, agent };

export const exitCodes = { ok: 0, failure: 1, usage: 2, interrupted: 130 } as const;

/** The command line itself is wrong: exit code 2. */
export function usageError(message: string, hint?: string): PolyphaseError {
  return new PolyphaseError("usage", message, hint === undefined ? {} : { hint });
}
