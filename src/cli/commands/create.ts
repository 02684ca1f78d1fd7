import { newExperimentId } from "../../manager/ids.ts";
import type { Started } from "../background.ts";
import { startInBackground } from "../background.ts";
import { freePort } from "../free-port.ts";
import type { ConfigOptions } from "../load-experiment-config.ts";
import { configOptions, loadExperimentConfig } from "../load-experiment-config.ts";
import type { ServingOptions } from "../serving-options.ts";
import { listenOf, servingOptions } from "../serving-options.ts";
import type { CliCommand } from "../session.ts";
import { exitCodes } from "../session.ts";
import { startedText } from "../started-text.ts";
import { restartMeaning, startSupervisor } from "../supervisor.ts";

interface Options extends ConfigOptions, ServingOptions {
  readonly json?: true;
  readonly restart?: true;
}

export const createCommand: CliCommand<Options> = {
  configure(command) {
    servingOptions(configOptions(command)).option("--restart", restartMeaning);
  },
  async run({ options, session }) {
    const config = await loadExperimentConfig(session, options);
    const listen = listenOf(options);
    const experimentId = newExperimentId();
    await freePort(session, listen.port);
    const started: Started = await startInBackground(session, { experimentId, config, listen });
    if (options.restart === true) await startSupervisor(session, started.directory);
    if (options.json === true) session.printJson({ id: started.id, url: started.url, pid: started.pid });
    else session.print(startedText(session.style, "started", started));
    return exitCodes.ok;
  },
};
