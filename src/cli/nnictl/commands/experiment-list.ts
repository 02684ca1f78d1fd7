import { listExperiments } from "../../../manager/home.ts";
import type { CliCommand } from "../../session.ts";
import { exitCodes } from "../../session.ts";
import { dismissable } from "../../dismiss.ts";
import { listText } from "../list-text.ts";
import { sayWarning } from "../say.ts";

export const experimentListCommand: CliCommand<{ readonly all?: true }> = {
  configure(command) {
    command.option("--all", "also those that were stopped");
  },
  async run({ options, session }) {
    const experiments = listExperiments(session.home).filter(
      (experiment) => options.all === true || experiment.status !== "STOPPED" || dismissable(experiment),
    );
    if (experiments.length > 0) session.print(listText(experiments));
    else
      sayWarning(
        session,
        options.all === true
          ? "There is no experiment in history..."
          : "There is no experiment running...\nnnictl experiment list --all shows those that were stopped",
      );
    return exitCodes.ok;
  },
};
