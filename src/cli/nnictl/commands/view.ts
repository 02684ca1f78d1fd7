import { hasManager } from "../../commands/view.ts";
import { dismiss } from "../../dismiss.ts";
import { port } from "../../option-values.ts";
import type { CliCommand } from "../../session.ts";
import { exitCodes } from "../../session.ts";
import { pageUrl } from "../../started-text.ts";
import { chooseExperiment } from "../choose.ts";
import { defaultPort } from "../on-free-port.ts";
import { sayInfo } from "../say.ts";
import { startViewer } from "../start-viewer.ts";

interface Options {
  readonly port: number;
}

/** Goes on in the background until `nnictl stop`, or until the experiment is resumed or deleted. */
export const viewCommand: CliCommand<Options> = {
  configure(command) {
    command
      .argument("[id]", "the experiment's id, or its beginning")
      .option("-p, --port <n>", "port to show it on; 0: any free one", port, defaultPort);
  },
  async run({ operands: [id], options, session }) {
    const experiment = chooseExperiment(session, id);
    if (experiment.alive) throw hasManager(experiment.id, experiment.url);
    await dismiss(session, experiment); // from now on it is shown here
    const viewer = await startViewer(session, experiment, options.port);
    sayInfo(session, `Experiment ${experiment.id} can be looked at until: nnictl stop ${experiment.id}`);
    session.print(`The Web UI urls are: ${pageUrl(viewer)}`);
    return exitCodes.ok;
  },
};
