import { messageOf, PolyphaseError } from "../../../model/index.ts";
import { openRunning } from "../../experiments.ts";
import type { CliCommand } from "../../session.ts";
import { exitCodes } from "../../session.ts";
import { chooseExperiment, idArgument } from "../choose.ts";
import { sayInfo } from "../say.ts";

export const trialKillCommand: CliCommand<{ readonly trial_id: string }> = {
  configure(command) {
    idArgument(command).requiredOption("-T, --trial_id <id>", "the trial job");
  },
  async run({ operands: [id], options, session }) {
    const client = openRunning(session, chooseExperiment(session, id));
    const { status } = await client.cancelTrialJob(options.trial_id).catch((cause: unknown) => {
      throw new PolyphaseError("kill-failed", `Kill trial job failed... ${messageOf(cause)}`, { cause });
    });
    sayInfo(session, `trial job ${options.trial_id} is ${status}`);
    return exitCodes.ok;
  },
};
