import { readToken, readViewerToken } from "../../../manager/home.ts";
import { directoryOf, runningAddress } from "../../experiments.ts";
import type { CliCommand } from "../../session.ts";
import { exitCodes } from "../../session.ts";
import { pageUrl } from "../../started-text.ts";
import { chooseExperiment, idArgument } from "../choose.ts";
import { sayInfo } from "../say.ts";

export const webuiUrlCommand: CliCommand = {
  configure: (command) => void idArgument(command),
  async run({ operands: [id], session }) {
    const experiment = chooseExperiment(session, id);
    const directory = directoryOf(session, experiment);
    const { lingersAt } = experiment;
    const publicUrl = lingersAt ?? runningAddress(experiment).publicUrl;
    const token = lingersAt === null ? readToken(directory) : readViewerToken(directory); // that one only reads
    sayInfo(session, `Web UI url: ${pageUrl({ publicUrl, token })}`);
    return exitCodes.ok;
  },
};
