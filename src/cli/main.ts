import { Command, CommanderError } from "commander";
import { version } from "../manager/version.ts";
import { isPolyphaseError, messageOf } from "../model/index.ts";
import type { CatalogueEntry } from "./catalogue.ts";
import { catalogue, groups } from "./catalogue.ts";
import type { Io } from "./io.ts";
import type { CliCommand, Session } from "./session.ts";
import { createSession, exitCodes } from "./session.ts";
import type { Style } from "./terminal/style.ts";
import { createStyle, takesColours } from "./terminal/style.ts";

/**
 * The command line. `argv` without node and script. Resolves to the exit code: 0 ok, 1 failure, 2 wrong usage, 130 ended
 * by Ctrl-C. Never rejects: errors are shown on stderr.
 */
export async function main(argv: readonly string[], env: NodeJS.ProcessEnv, io: Io): Promise<number> {
  try {
    return await dispatch(withoutHelpCommand(argv), createSession(env, io));
  } catch (error) {
    return report(error, env, io);
  }
}

/** `help run` means `run --help`. */
function withoutHelpCommand(argv: readonly string[]): readonly string[] {
  return argv[0] === "help" ? [...argv.slice(1), "--help"] : argv;
}

async function dispatch(argv: readonly string[], session: Session): Promise<number> {
  const program = createProgram(session);
  let exitCode: number = exitCodes.ok;
  for (const entry of catalogue) {
    const command = addCommand(program, entry);
    if (!entry.path.every((name, place) => argv[place] === name)) continue;
    const { configure, run } = await entry.load();
    prepare(command, { configure, run });
    command.action(async () => {
      exitCode = await run({ operands: command.args, options: command.opts(), session });
    });
  }
  if (argv.length === 0) program.outputHelp();
  else await program.parseAsync(argv, { from: "user" });
  return exitCode;
}

function createProgram({ io, env }: Session): Command {
  const errorStyle = createStyle(takesColours(io.stderr, env));
  return new Command("polyphase")
    .description("Hyperparameter search where one long-running trial job evaluates many configurations.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "show this help")
    .helpCommand(false)
    .exitOverride()
    .showHelpAfterError("Use --help to see what is possible.")
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      getOutHelpWidth: () => Math.min(io.stdout.columns ?? 100, 120),
      getErrHelpWidth: () => Math.min(io.stderr.columns ?? 100, 120),
      outputError: (text, write) => write(text.replace(/^error:/, errorStyle.bad("error:"))),
    });
}

/** Without arguments and options: those are declared where the command is called. */
function addCommand(program: Command, { path, summary, heading }: CatalogueEntry): Command {
  const [first, second] = path;
  if (second === undefined) return describe(program, first, { summary, heading });
  const group = program.commands.find((command) => command.name() === first);
  return (group ?? describe(program, first, groups[first] ?? { summary: "" }))
    .command(second)
    .description(summary);
}

function describe(
  program: Command,
  name: string,
  about: Pick<CatalogueEntry, "summary"> & { heading?: string | undefined },
): Command {
  const command = program.command(name, { hidden: about.heading === undefined }).description(about.summary);
  command.helpCommand(false);
  if (about.heading !== undefined) command.helpGroup(`${about.heading}:`);
  return command;
}

/** `--json` is everywhere. */
function prepare(command: Command, { configure }: CliCommand): void {
  configure(command);
  command
    .option("--json", "print JSON for programs, and nothing else, on stdout")
    .allowExcessArguments(false);
}

function report(error: unknown, env: NodeJS.ProcessEnv, io: Io): number {
  if (error instanceof CommanderError) {
    const shown = error.code === "commander.helpDisplayed" || error.code === "commander.version";
    return shown ? exitCodes.ok : exitCodes.usage; // commander has written its message
  }
  io.stderr.write(errorText(error, createStyle(takesColours(io.stderr, env))));
  if (env["POLYPHASE_DEBUG"] === "1" && error instanceof Error) io.stderr.write(`${stackOf(error)}\n`);
  return isPolyphaseError(error) && error.code === "usage" ? exitCodes.usage : exitCodes.failure;
}

function errorText(error: unknown, style: Style): string {
  const hint = isPolyphaseError(error) ? error.hint : undefined;
  return `${style.bad("error:")} ${messageOf(error)}\n${hint === undefined ? "" : `${style.dim("hint:")} ${hint}\n`}`;
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by: ${stackOf(error.cause)}` : "";
  return `${error.stack ?? error.message}${cause}`;
}
