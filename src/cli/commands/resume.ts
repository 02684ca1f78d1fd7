import type { Command } from "commander";
import type { ManagerFile } from "../../manager/home.ts";
import type { ConfigChange } from "../../model/index.ts";
import { PolyphaseError } from "../../model/index.ts";
import { startInBackground } from "../background.ts";
import type { ChangeOptions } from "../change-options.ts";
import { changeOptions, changesOf } from "../change-options.ts";
import { dismiss } from "../dismiss.ts";
import { selectExperiment, withOtherLimits } from "../experiments.ts";
import { freePort } from "../free-port.ts";
import type { ServingOptions } from "../serving-options.ts";
import { listenOf, servingOptions } from "../serving-options.ts";
import type { CliCommand } from "../session.ts";
import { exitCodes, owner } from "../session.ts";
import { startedText } from "../started-text.ts";
import { restartMeaning, startSupervisor } from "../supervisor.ts";

interface Options extends ChangeOptions, ServingOptions {
  readonly json?: true;
  readonly restart?: true;
}

export const resumeCommand: CliCommand<Options> = {
  configure(command: Command) {
    command.argument("<ID>", "the experiment's id, or its beginning");
    servingOptions(command, "as before").option("--restart", restartMeaning);
    changeOptions(command);
  },
  async run({ operands: [id], options, session }) {
    const experiment = selectExperiment(session, id);
    const changes = await changesOf(options);
    checkResumable(experiment, changes);
    const listen = listenOf(options);
    const { id: experimentId } = experiment;
    const recovery = { changes, by: owner };
    await dismiss(session, experiment); // it wants the port that it had
    await freePort(session, listen.port);
    const started = await startInBackground(session, { experimentId, config: null, listen, recovery });
    if (options.restart === true) await startSupervisor(session, started.directory);
    if (options.json === true) session.printJson({ id: started.id, url: started.url, pid: started.pid });
    else session.print(startedText(session.style, "resumed", started));
    return exitCodes.ok;
  },
};

/** Throws where it runs, or has nothing left to do. */
export function checkResumable(
  { id, alive, pid, status, statusReason }: ManagerFile,
  changes: ConfigChange,
): void {
  if (alive)
    throw new PolyphaseError("experiment-running", `experiment ${id} is running already (pid ${pid})`, {
      hint: `polyphase status ${id}`,
    });
  if (status === "DONE" && Object.keys(changes).length === 0)
    throw new PolyphaseError(
      "experiment-done",
      `experiment ${id} is DONE (${statusReason}): nothing is left to do`,
      {
        hint: `${withOtherLimits(id)} goes on with it; polyphase create -c FILE starts a new one`,
      },
    );
}
