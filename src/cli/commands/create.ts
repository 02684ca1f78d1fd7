import { newExperimentId } from "../../manager/ids.ts";
import type { Started } from "../background.ts";
import { startInBackground } from "../background.ts";
import type { ConfigOptions } from "../load-experiment-config.ts";
import { configOptions, loadExperimentConfig } from "../load-experiment-config.ts";
import { port } from "../option-values.ts";
import type { CliCommand } from "../session.ts";
import { exitCodes } from "../session.ts";
import { startedText } from "../started-text.ts";
import { restartMeaning, startSupervisor } from "../supervisor.ts";

interface Options extends ConfigOptions {
  readonly json?: true;
  readonly port?: number;
  readonly restart?: true;
}

export const createCommand: CliCommand<Options> = {
  configure(command) {
    configOptions(command)
      .option("--port <n>", "port of the manager (default: a free one)", port)
      .option("--restart", restartMeaning);
  },
  async run({ options, session }) {
    const config = await loadExperimentConfig(session, options);
    const experimentId = newExperimentId();
    const started: Started = await startInBackground(session, { experimentId, config, port: options.port });
    if (options.restart === true) await startSupervisor(session, started.directory);
    if (options.json === true) session.printJson({ id: started.id, url: started.url, pid: started.pid });
    else session.print(startedText(session.style, "started", started));
    return exitCodes.ok;
  },
};
