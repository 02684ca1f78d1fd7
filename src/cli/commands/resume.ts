import type { Command } from "commander";
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
    const { id: experimentId, alive, pid } = selectExperiment(session, id);
    if (alive)
      throw new PolyphaseError(
        "experiment-running",
        `experiment ${experimentId} is running already (pid ${pid})`,
        {
          hint: `polyphase status ${experimentId}`,
        },
      );
    const started = await startInBackground(session, { experimentId, config: null, port: options.port });
    if (options.json === true) session.printJson({ id: started.id, url: started.url, pid: started.pid });
    else session.print(startedText(session.style, "resumed", started));
    return exitCodes.ok;
  },
};
