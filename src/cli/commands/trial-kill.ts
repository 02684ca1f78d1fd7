import { openRunning, selectExperiment } from "../experiments.ts";
import type { CliCommand } from "../session.ts";
import { exitCodes } from "../session.ts";
import { memberArguments, memberOperands, trialJob } from "../member-operands.ts";

export const trialKillCommand: CliCommand<{ readonly json?: true }> = {
  configure: (command) => void memberArguments(command, trialJob),
  async run({ operands, options, session }) {
    const { id, member: trialJobId } = memberOperands(operands, trialJob);
    const client = openRunning(session, selectExperiment(session, id));
    const job = await client.cancelTrialJob(trialJobId);
    if (options.json === true) session.printJson(job);
    else session.print(`trial job ${job.id} is ${job.status}`);
    return exitCodes.ok;
  },
};
