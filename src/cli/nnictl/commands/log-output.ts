import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import type { Client } from "../../../client/index.ts";
import { readable } from "../../commands/log.ts";
import { directoryOf } from "../../experiments.ts";
import { wholeNumber } from "../../option-values.ts";
import type { CliCommand } from "../../session.ts";
import { exitCodes } from "../../session.ts";
import { idArgument } from "../choose.ts";
import { withChosen } from "../with-chosen.ts";

interface Options {
  readonly tail?: number;
  readonly head?: number;
  readonly path?: true;
}

export const logStdoutCommand: CliCommand<Options> = logCommand("manager.log", async (client) => {
  let text = "";
  for await (const piece of client.log()) text += piece;
  return readable(text);
});

/** Not there where nothing was printed. */
export const logStderrCommand: CliCommand<Options> = logCommand("manager.out", (_client, path) =>
  readFile(path, "utf8").catch(() => ""),
);

function logCommand(
  name: string,
  read: (client: Client, path: string) => Promise<string>,
): CliCommand<Options> {
  return {
    configure: (command) => void logOptions(command),
    async run({ operands: [id], options, session }) {
      return withChosen(session, id, async (client, experiment) => {
        const path = join(directoryOf(session, experiment), name);
        if (options.path === true) session.print(path);
        else session.io.stdout.write(part(await read(client, path), options));
        return exitCodes.ok;
      });
    },
  };
}

function logOptions(command: Command): Command {
  return idArgument(command)
    .option("-T, --tail <n>", "only the last lines", wholeNumber(1))
    .option("-H, --head <n>", "only the first lines", wholeNumber(1))
    .option("-p, --path", "only where the file is");
}

function part(text: string, { tail, head }: Options): string {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  if (head !== undefined) return lines.slice(0, head).join("");
  return (tail === undefined ? lines : lines.slice(-tail)).join("");
}
