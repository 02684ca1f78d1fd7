import type { ExperimentView } from "../../model/http.ts";
import { directoryOf, experimentArgument, withExperiment } from "../experiments.ts";
import type { CliCommand } from "../session.ts";
import { exitCodes } from "../session.ts";
import { experimentFacts } from "../terminal/experiment-facts.ts";

export const statusCommand: CliCommand<{ readonly json?: true }> = {
  configure(command) {
    experimentArgument(command);
  },
  async run({ operands: [id], options, session }) {
    return withExperiment(session, id, async (client, experiment) => {
      const view: ExperimentView = await client.experiment();
      const directory = directoryOf(session, experiment);
      if (options.json === true) session.printJson({ ...view, directory });
      else session.print(experimentFacts(view, directory, session.style));
      return exitCodes.ok;
    });
  },
};
