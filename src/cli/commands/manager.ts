import { basename } from "node:path";
import type { RunningManager } from "../../manager/index.ts";
import { experimentDirectory, readManagerFile } from "../../manager/home.ts";
import { isPolyphaseError, messageOf } from "../../model/index.ts";
import type { StartAnswer, StartMessage } from "../background.ts";
import type { Io } from "../io.ts";
import type { ServingOptions } from "../serving-options.ts";
import { listenOf, servingOptions } from "../serving-options.ts";
import type { CliCommand, Session } from "../session.ts";
import { exitCodes, usageError } from "../session.ts";

interface Options extends ServingOptions {
  readonly directory: string;
  readonly resume?: true;
}

/**
 * Runs an experiment until it has ended. A new one gets its config from the process that starts this one, as a message; a
 * resumed one has it in its journal and may be started from anywhere.
 */
export const managerCommand: CliCommand<Options> = {
  configure(command) {
    servingOptions(
      command
        .requiredOption("--directory <directory>", "directory of the experiment")
        .option("--resume", "go on from the journal in that directory"),
    );
  },
  async run({ options, session }) {
    session.io.outliveTerminal?.();
    const message = (await session.io.parent?.receive()) as StartMessage | undefined;
    const manager = await start(session, options, message).catch(async (error: unknown) => {
      await session.io.parent?.answer(failed(error));
      throw error;
    });
    await session.io.parent?.answer(started(manager));
    return serve(manager, session.io, message?.lingers === true);
  },
};

async function start(
  session: Session,
  options: Options,
  message: StartMessage | undefined,
): Promise<RunningManager> {
  const { directory, resume } = options;
  const experimentId = basename(directory);
  if (experimentDirectory(session.home, experimentId) !== directory)
    throw usageError(`expected a directory of an experiment in ${session.home}, got ${directory}`);
  const config = message?.config ?? undefined;
  if (config === undefined && resume !== true)
    throw usageError(
      "a new experiment gets its config from polyphase create",
      "use polyphase create -c FILE",
    );
  const { startManager } = await import("../../manager/index.ts");
  return startManager({
    home: session.home,
    experimentId,
    ...(config === undefined ? {} : { config }),
    ...listenOf(options),
    points: message?.points ?? [],
    resume: resume === true,
    // Whoever started this is not waiting for its end: somebody may mend the tuner.
    onTunerFailure: "pause",
    ...(message?.recovery === undefined ? {} : { recovery: message.recovery }),
  });
}

/** Asked to terminate, the experiment is stopped as by hand: it can be resumed. */
async function serve(manager: RunningManager, io: Io, lingers: boolean): Promise<number> {
  const forget = io.onInterrupt(() => {
    manager.stop("its manager was asked to terminate").catch(() => undefined); // `ended` tells
  });
  const status = await manager.ended;
  forget();
  if (lingers && (status === "DONE" || status === "ERROR")) await linger(manager, io);
  await manager.close();
  return status === "ERROR" ? exitCodes.failure : exitCodes.ok;
}

/** How often a manager that lingers looks whether the experiment has gone, or has another manager. */
const lookAgainMs = 1_000;

/** Answers those who read until it is asked to terminate, or is the last manager no longer. */
async function linger(manager: RunningManager, io: Io): Promise<void> {
  const asked = new AbortController();
  const forget = io.onInterrupt(() => asked.abort());
  await manager.linger();
  while (!asked.signal.aborted && readManagerFile(manager.directory)?.pid === process.pid)
    await io.pause(lookAgainMs, asked.signal);
  forget();
}

function started({ url, publicUrl, directory }: RunningManager): StartAnswer {
  return { kind: "started", url, publicUrl, directory };
}

export function failed(error: unknown): StartAnswer {
  const known = isPolyphaseError(error);
  return {
    kind: "failed",
    code: known ? error.code : "manager-failed",
    message: messageOf(error),
    hint: known ? error.hint : undefined,
  };
}
