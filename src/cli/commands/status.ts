import { isKilled } from "../../manager/home.ts";
import { readSupervisorFile } from "../../manager/supervisor-file.ts";
import type { SupervisorFile } from "../../manager/supervisor-file.ts";
import type { ExperimentView } from "../../model/http.ts";
import { directoryOf, experimentArgument, withExperiment } from "../experiments.ts";
import type { CliCommand } from "../session.ts";
import { exitCodes } from "../session.ts";
import { experimentFacts } from "../terminal/experiment-facts.ts";
import { plural } from "../terminal/words.ts";

export const statusCommand: CliCommand<{ readonly json?: true }> = {
  configure(command) {
    experimentArgument(command);
  },
  async run({ operands: [id], options, session }) {
    return withExperiment(session, id, async (client, experiment) => {
      const view: ExperimentView = await client.experiment();
      const directory = directoryOf(session, experiment);
      const supervisor = readSupervisorFile(directory) ?? null;
      const killed = isKilled(experiment);
      if (options.json === true) session.printJson({ ...view, directory, killed, supervisor });
      else
        session.print(
          experimentFacts(view, directory, session.style, [
            ["killed", killed ? `its trial jobs may wait: ${whatNext(experiment.id)}` : null],
            ["restart", supervisor && restartText(supervisor)],
          ]),
        );
      return exitCodes.ok;
    });
  },
};

function whatNext(id: string): string {
  return `polyphase resume ${id} goes on, polyphase stop ${id} ends them`;
}

function restartText({ alive, pid, restarts, gaveUp }: SupervisorFile): string {
  const sofar = restarts === 0 ? "" : `; ${plural(restarts, "time")} so far`;
  if (alive) return `whenever its manager dies (by pid ${pid})${sofar}`;
  return `given up: ${gaveUp}${sofar}`;
}
