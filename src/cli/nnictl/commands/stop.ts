import type { ManagerFile } from "../../../manager/home.ts";
import { defaultTimeoutMs, stillRunning, stopExperiment } from "../../commands/stop.ts";
import { port } from "../../option-values.ts";
import type { CliCommand } from "../../session.ts";
import { exitCodes } from "../../session.ts";
import type { StopChoice } from "../choose.ts";
import { chooseStopped } from "../choose.ts";
import { sayInfo } from "../say.ts";

export const stopCommand: CliCommand<StopChoice> = {
  configure(command) {
    command
      .argument("[id]", "the experiment's id, its beginning, or its beginning and *")
      .option("-p, --port <n>", "the experiment that listens there", port)
      .option("-a, --all", "all experiments that are running, or whose manager was killed");
  },
  async run({ operands: [id], options, session }) {
    const chosen = chooseStopped(session, id, options);
    const deadline = session.io.now() + defaultTimeoutMs;
    if (chosen.length === 0) sayInfo(session, "There is no experiment running...");
    const stopping = async (experiment: ManagerFile): Promise<ManagerFile> => {
      sayInfo(session, `Stoping experiment ${experiment.id}`);
      const stopped = await stopExperiment(session, experiment, deadline);
      if (!stopped.alive) sayInfo(session, "Stop experiment success.");
      return stopped;
    };
    const waiting = (await Promise.all(chosen.map(stopping))).filter(({ alive }) => alive);
    if (waiting.length > 0) throw stillRunning(waiting, defaultTimeoutMs);
    return exitCodes.ok;
  },
};
