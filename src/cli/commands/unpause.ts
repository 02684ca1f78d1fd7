import { experimentArgument, openRunning, selectExperiment } from "../experiments.ts";
import type { CliCommand } from "../session.ts";
import { exitCodes } from "../session.ts";

export const unpauseCommand: CliCommand<{ readonly json?: true }> = {
  configure(command) {
    experimentArgument(command);
  },
  async run({ operands: [id], options, session }) {
    const view = await openRunning(session, selectExperiment(session, id)).unpause();
    if (options.json === true) session.printJson(view);
    else session.print(`experiment ${view.id} (${view.name}) is ${view.status}`);
    return exitCodes.ok;
  },
};
