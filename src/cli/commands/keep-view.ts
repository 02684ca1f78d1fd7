import { basename } from "node:path";
import {
  experimentDirectory,
  readManagerFile,
  readNetrcPassword,
  writeManagerFile,
} from "../../manager/home.ts";
import type { ServedArchive } from "../../manager/index.ts";
import type { StartAnswer } from "../background.ts";
import type { ServingOptions } from "../serving-options.ts";
import { listenOf, servingOptions } from "../serving-options.ts";
import type { CliCommand, Session } from "../session.ts";
import { exitCodes, usageError } from "../session.ts";
import { failed } from "./manager.ts";

interface Options extends ServingOptions {
  readonly directory: string;
}

/** Time between two looks at whether the experiment is still as it was. */
const lookAgainMs = 500;

/**
 * Shows an experiment as a manager that lingers does: until it is asked to terminate, or the experiment has another manager or
 * is deleted.
 */
export const keepViewCommand: CliCommand<Options> = {
  configure(command) {
    servingOptions(command.requiredOption("--directory <directory>", "directory of the experiment"));
  },
  async run({ options, session }) {
    const { directory } = options;
    if (experimentDirectory(session.home, basename(directory)) !== directory)
      throw usageError(`expected a directory of an experiment in ${session.home}, got ${directory}`);
    session.io.outliveTerminal?.();
    const { serveArchive } = await import("../../manager/index.ts");
    const how = { ...listenOf(options), password: readNetrcPassword(session.home) };
    const served = await serveArchive(directory, how).catch(async (error: unknown) => {
      await session.io.parent?.answer(failed(error));
      throw error;
    });
    linger(directory, served);
    const answer: StartAnswer = { kind: "started", url: served.url, publicUrl: served.publicUrl, directory };
    await session.io.parent?.answer(answer);
    await untilOver(session, directory);
    await served.close();
    return exitCodes.ok;
  },
};

function linger(directory: string, { url, publicUrl }: ServedArchive): void {
  const file = readManagerFile(directory);
  if (file === undefined) return; // deleted meanwhile: it is over at once
  const { alive: _alive, lingersAt: _lingersAt, pid: _pid, processStart: _start, ...note } = file;
  writeManagerFile(directory, { ...note, url, publicUrl, lingers: true });
}

async function untilOver({ io }: Session, directory: string): Promise<void> {
  const asked = new AbortController();
  const forget = io.onInterrupt(() => asked.abort());
  while (!asked.signal.aborted && readManagerFile(directory)?.pid === process.pid)
    await io.pause(lookAgainMs, asked.signal);
  forget();
}
