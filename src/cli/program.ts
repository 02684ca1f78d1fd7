import { Command } from "commander";
import { version } from "../manager/version.ts";
import type { CatalogueEntry, Groups } from "./catalogue.ts";
import type { CliCommand, Session } from "./session.ts";
import { exitCodes } from "./session.ts";
import { createStyle, takesColours } from "./terminal/style.ts";

/** A program that is made of commands. */
export interface Program {
  readonly name: string;
  readonly description: string;
  /** As commander reads it: `-V, --version`. */
  readonly versionFlags: string;
  readonly catalogue: readonly CatalogueEntry[];
  readonly groups: Groups;
  /** Declares what every command takes beside its own. */
  readonly common?: (command: Command) => void;
}

/**
 * Runs the command that `argv` names and resolves to its exit code. Throws what the command throws, and commander's own error
 * for wrong usage, which commander has written to stderr by then.
 */
export async function runProgram(
  program: Program,
  argv: readonly string[],
  session: Session,
): Promise<number> {
  const root = createRoot(program, session);
  let exitCode: number = exitCodes.ok;
  for (const entry of program.catalogue) {
    const command = addCommand(root, entry, program.groups);
    if (!entry.path.every((name, place) => argv[place] === name)) continue;
    const { configure, run } = await entry.load();
    prepare(command, { configure, run }, program);
    command.action(async () => {
      exitCode = await run({ operands: command.args, options: command.opts(), session });
    });
  }
  if (argv.length === 0) root.outputHelp();
  else await root.parseAsync(argv, { from: "user" });
  return exitCode;
}

function createRoot({ name, description, versionFlags }: Program, { io, env }: Session): Command {
  const errorStyle = createStyle(takesColours(io.stderr, env));
  return new Command(name)
    .description(description)
    .version(version, versionFlags, "print the version")
    .helpOption("-h, --help", "show this help")
    .helpCommand(false)
    .enablePositionalOptions() // a command's own -v is not the program's
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
function addCommand(root: Command, { path, summary, heading }: CatalogueEntry, groups: Groups): Command {
  const [first, second] = path;
  if (second === undefined) return describe(root, first, { summary, heading });
  const group = root.commands.find((command) => command.name() === first);
  return (group ?? describe(root, first, groups[first] ?? { summary: "" }))
    .command(second)
    .description(summary);
}

function describe(
  root: Command,
  name: string,
  about: Pick<CatalogueEntry, "summary"> & { heading?: string | undefined },
): Command {
  const command = root.command(name, { hidden: about.heading === undefined }).description(about.summary);
  command.helpCommand(false);
  if (about.heading !== undefined) command.helpGroup(`${about.heading}:`);
  return command;
}

function prepare(command: Command, { configure }: CliCommand, { common }: Program): void {
  configure(command);
  common?.(command);
  command.allowExcessArguments(false);
}
