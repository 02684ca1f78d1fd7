import { experimentArgument, selectExperiment } from "../experiments.ts";
import { pageAddress } from "../page-address.ts";
import type { CliCommand } from "../session.ts";
import { exitCodes } from "../session.ts";

interface Options {
  readonly json?: true;
  readonly viewer?: true;
}

export const urlCommand: CliCommand<Options> = {
  configure(command) {
    experimentArgument(command).option("--viewer", "for somebody who may look, and change nothing");
  },
  async run({ operands: [id], options, session }) {
    const experiment = selectExperiment(session, id);
    const { access, url } = pageAddress(session, experiment, options.viewer === true ? "viewer" : "admin");
    if (options.json === true) session.printJson({ id: experiment.id, access, url });
    else session.print(url);
    return exitCodes.ok;
  },
};
