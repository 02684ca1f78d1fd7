import { readToken } from "../../../manager/home.ts";
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
    const { publicUrl } = runningAddress(experiment);
    const token = readToken(directoryOf(session, experiment));
    sayInfo(session, `Web UI url: ${pageUrl({ publicUrl, token })}`);
    return exitCodes.ok;
  },
};
