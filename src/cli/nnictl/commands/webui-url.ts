import { pageAddress } from "../../page-address.ts";
import type { CliCommand } from "../../session.ts";
import { exitCodes } from "../../session.ts";
import { chooseExperiment, idArgument } from "../choose.ts";
import { sayInfo } from "../say.ts";

export const webuiUrlCommand: CliCommand = {
  configure: (command) => void idArgument(command),
  async run({ operands: [id], session }) {
    const experiment = chooseExperiment(session, id);
    sayInfo(session, `Web UI url: ${pageAddress(session, experiment, "admin").url}`);
    return exitCodes.ok;
  },
};
