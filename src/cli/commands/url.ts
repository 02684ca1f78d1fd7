import { readToken, readViewerToken } from "../../manager/home.ts";
import { directoryOf, experimentArgument, runningAddress, selectExperiment } from "../experiments.ts";
import type { CliCommand } from "../session.ts";
import { exitCodes } from "../session.ts";
import { pageUrl } from "../started-text.ts";

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
    const { publicUrl } = runningAddress(experiment);
    const directory = directoryOf(session, experiment);
    const token = options.viewer === true ? readViewerToken(directory) : readToken(directory);
    const url = pageUrl({ publicUrl, token });
    const access = options.viewer === true ? "viewer" : "admin";
    if (options.json === true) session.printJson({ id: experiment.id, access, url });
    else session.print(url);
    return exitCodes.ok;
  },
};
