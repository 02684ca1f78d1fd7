import { directoryOf } from "../../experiments.ts";
import type { CliCommand } from "../../session.ts";
import { exitCodes } from "../../session.ts";
import { chooseExperiment, idArgument } from "../choose.ts";
import { sayInfo, sayWarning } from "../say.ts";
import { isAlive, keepTensorboards, livingTensorboards } from "../tensorboards.ts";

/** How long one may take to end, before it is ended by force. */
const patienceMs = 5_000;

export const tensorboardStopCommand: CliCommand = {
  configure: (command) => void idArgument(command),
  async run({ operands: [id], session }) {
    const directory = directoryOf(session, chooseExperiment(session, id));
    const boards = livingTensorboards(directory);
    if (boards.length === 0) {
      sayWarning(session, "There is no tensorboard running");
      return exitCodes.ok;
    }
    for (const { pid } of boards) process.kill(pid, "SIGTERM");
    const deadline = session.io.now() + patienceMs;
    while (boards.some(isAlive) && session.io.now() < deadline) await session.io.pause(20);
    for (const board of boards.filter(isAlive)) process.kill(board.pid, "SIGKILL");
    keepTensorboards(directory, []);
    sayInfo(session, "Stop tensorboard success!");
    return exitCodes.ok;
  },
};
