import { existsSync } from "node:fs";
import { basename } from "node:path";
import { experimentDirectory, readManagerFile } from "../../manager/home.ts";
import { removeSupervisorFile, writeSupervisorFile } from "../../manager/supervisor-file.ts";
import { endStatuses, messageOf } from "../../model/index.ts";
import { startInBackground } from "../background.ts";
import type { CliCommand, Session } from "../session.ts";
import { exitCodes, usageError } from "../session.ts";
import { supervise } from "../supervise.ts";
import type { Watched } from "../supervise.ts";

/** Watches over one experiment. Ended itself, it leaves the experiment alone. */
export const superviseCommand: CliCommand<{ readonly directory: string }> = {
  configure(command) {
    command.requiredOption("--directory <directory>", "directory of the experiment");
  },
  async run({ options: { directory }, session }) {
    if (experimentDirectory(session.home, basename(directory)) !== directory)
      throw usageError(`expected a directory of an experiment in ${session.home}, got ${directory}`);
    session.io.outliveTerminal?.();
    let restarts = 0;
    const note = (gaveUp: string | null): void => writeSupervisorFile(directory, { restarts, gaveUp });
    note(null);
    await session.io.parent?.answer({ kind: "watching" });
    const watched = await watchedAt(session, directory, () => {
      restarts += 1;
      note(null);
    });
    const gaveUp = await supervise(watched, session.io).catch((error: unknown) => messageOf(error));
    if (!existsSync(directory)) return exitCodes.ok; // deleted
    if (gaveUp === null) removeSupervisorFile(directory);
    else note(gaveUp);
    return gaveUp === null ? exitCodes.ok : exitCodes.failure;
  },
};

/** @param onStart called for each manager that is started: it may be killed again before it has answered */
async function watchedAt(session: Session, directory: string, onStart: () => void): Promise<Watched> {
  const { remainsOf } = await import("../../manager/remains.ts");
  /** A journal that cannot be read now is none that has ended: the attempt to resume it says what is wrong, and it is tried again. */
  const isEnded = (): boolean => {
    try {
      const { status } = remainsOf(directory);
      return status !== null && endStatuses.has(status);
    } catch {
      return false;
    }
  };
  return {
    look() {
      const file = readManagerFile(directory);
      if (file === undefined) return "over"; // deleted
      if (file.alive) return "running";
      return isEnded() ? "over" : "died";
    },
    async resume() {
      const { status, statusReason } = remainsOf(directory);
      // What somebody wanted stopped is stopped, not gone on with.
      const recovery = status === "STOPPING" ? { stop: statusReason ?? "stopped by a person" } : {};
      onStart();
      await startInBackground(session, { experimentId: basename(directory), config: null, recovery });
    },
  };
}
