import { experimentArgument, openRunning, selectExperiment } from "../experiments.ts";
import type { CliCommand } from "../session.ts";
import { exitCodes } from "../session.ts";
import { remedy } from "../terminal/experiment-facts.ts";

interface Options {
  readonly json?: true;
  readonly reason?: string;
}

export const pauseCommand: CliCommand<Options> = {
  configure(command) {
    experimentArgument(command).option("--reason <text>", "why, for those who look at it");
  },
  async run({ operands: [id], options, session }) {
    const view = await openRunning(session, selectExperiment(session, id)).pause(options.reason);
    if (options.json === true) session.printJson(view);
    else {
      session.print(`experiment ${view.id} (${view.name}) is ${view.status}: ${view.statusReason ?? ""}`);
      session.print(`phases that run go on; to go on with the rest: ${remedy(view) ?? ""}`);
    }
    return exitCodes.ok;
  },
};
