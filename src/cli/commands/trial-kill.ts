import { openRunning, selectExperiment } from "../experiments.ts";
import type { CliCommand } from "../session.ts";
import { exitCodes } from "../session.ts";
import { trialArguments, trialOperands } from "../trial-operands.ts";

export const trialKillCommand: CliCommand<{ readonly json?: true }> = {
  configure: trialArguments,
  async run({ operands, options, session }) {
    const { id, trialJobId } = trialOperands(operands);
    const client = openRunning(session, selectExperiment(session, id));
    const job = await client.cancelTrialJob(trialJobId);
    if (options.json === true) session.printJson(job);
    else session.print(`trial job ${job.id} is ${job.status}`);
    return exitCodes.ok;
  },
};
