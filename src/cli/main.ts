import { CommanderError } from "commander";
import { isPolyphaseError, messageOf } from "../model/index.ts";
import { catalogue, groups } from "./catalogue.ts";
import type { Io } from "./io.ts";
import type { Program } from "./program.ts";
import { runProgram } from "./program.ts";
import { createSession, exitCodes } from "./session.ts";
import type { Style } from "./terminal/style.ts";
import { createStyle, takesColours } from "./terminal/style.ts";

const polyphase: Program = {
  name: "polyphase",
  description: "Hyperparameter search where one long-running trial job evaluates many configurations.",
  versionFlags: "-V, --version",
  catalogue,
  groups,
  common: (command) => void command.option("--json", "print JSON for programs, and nothing else, on stdout"),
};

/**
 * The command line. `argv` without node and script. Resolves to the exit code: 0 ok, 1 failure, 2 wrong usage, 130 ended
 * by Ctrl-C. Never rejects: errors are shown on stderr.
 */
export async function main(argv: readonly string[], env: NodeJS.ProcessEnv, io: Io): Promise<number> {
  try {
    return await runProgram(polyphase, withoutHelpCommand(argv), createSession(env, io));
  } catch (error) {
    return report(error, env, io);
  }
}

/** `help run` means `run --help`. */
function withoutHelpCommand(argv: readonly string[]): readonly string[] {
  return argv[0] === "help" ? [...argv.slice(1), "--help"] : argv;
}

function report(error: unknown, env: NodeJS.ProcessEnv, io: Io): number {
  const wrongUse = exitCodeOfUsage(error);
  if (wrongUse !== undefined) return wrongUse;
  io.stderr.write(errorText(error, createStyle(takesColours(io.stderr, env))));
  if (env["POLYPHASE_DEBUG"] === "1" && error instanceof Error) io.stderr.write(`${stackOf(error)}\n`);
  return isPolyphaseError(error) && error.code === "usage" ? exitCodes.usage : exitCodes.failure;
}

/** Of what commander has said already: help, the version, or what is wrong with the arguments. */
export function exitCodeOfUsage(error: unknown): number | undefined {
  if (!(error instanceof CommanderError)) return undefined;
  const shown = error.code === "commander.helpDisplayed" || error.code === "commander.version";
  return shown ? exitCodes.ok : exitCodes.usage;
}

function errorText(error: unknown, style: Style): string {
  const hint = isPolyphaseError(error) ? error.hint : undefined;
  return `${style.bad("error:")} ${messageOf(error)}\n${hint === undefined ? "" : `${style.dim("hint:")} ${hint}\n`}`;
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by: ${stackOf(error.cause)}` : "";
  return `${error.stack ?? error.message}${cause}`;
}
