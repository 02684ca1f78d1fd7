import { openRunning, selectExperiment } from "../experiments.ts";
import { memberArguments, memberOperands, phase } from "../member-operands.ts";
import type { CliCommand } from "../session.ts";
import { exitCodes, usageError } from "../session.ts";

interface Options {
  readonly json?: true;
  readonly reason?: string;
}

export const phaseStopCommand: CliCommand<Options> = {
  configure(command) {
    memberArguments(command, phase).option("--reason <text>", "why, for those who read the results");
  },
  async run({ operands, options, session }) {
    const { id, member } = memberOperands(operands, phase);
    if (!/^\d+$/.test(member))
      throw usageError(`expected the parameter id of a phase (0, 1, 2 ...), got ${member}`);
    const client = openRunning(session, selectExperiment(session, id));
    const stopped = await client.stopPhase(Number(member), options.reason);
    if (options.json === true) session.printJson(stopped);
    else
      session.print(`phase ${stopped.parameterId} of trial job ${stopped.trialJobId} is ${stopped.outcome}`);
    return exitCodes.ok;
  },
};
