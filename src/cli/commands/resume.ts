import type { Command } from "commander";
import type { ManagerFile } from "../../manager/home.ts";
import { PolyphaseError } from "../../model/index.ts";
import { startInBackground } from "../background.ts";
import { selectExperiment } from "../experiments.ts";
import { port } from "../option-values.ts";
import type { CliCommand } from "../session.ts";
import { exitCodes } from "../session.ts";
import { startedText } from "../started-text.ts";

interface Options {
  readonly json?: true;
  readonly port?: number;
}

export const resumeCommand: CliCommand<Options> = {
  configure(command: Command) {
    command
      .argument("<ID>", "the experiment's id, or its beginning")
      .option("--port <n>", "port of the manager (default: the one it had, if that is free)", port);
  },
  async run({ operands: [id], options, session }) {
    const experiment = selectExperiment(session, id);
    checkResumable(experiment);
    const { id: experimentId } = experiment;
    const started = await startInBackground(session, { experimentId, config: null, port: options.port });
    if (options.json === true) session.printJson({ id: started.id, url: started.url, pid: started.pid });
    else session.print(startedText(session.style, "resumed", started));
    return exitCodes.ok;
  },
};

function checkResumable({ id, alive, pid, status, statusReason }: ManagerFile): void {
  if (alive)
    throw new PolyphaseError("experiment-running", `experiment ${id} is running already (pid ${pid})`, {
      hint: `polyphase status ${id}`,
    });
  if (status === "DONE")
    throw new PolyphaseError(
      "experiment-done",
      `experiment ${id} is DONE (${statusReason}): nothing is left to do`,
      {
        hint: "polyphase create -c FILE starts a new one",
      },
    );
}
