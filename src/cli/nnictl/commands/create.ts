import type { Command } from "commander";
import { makeNetrc } from "../../../manager/home.ts";
import { newExperimentId } from "../../../manager/ids.ts";
import type { ExperimentConfig } from "../../../model/index.ts";
import { startInBackground } from "../../background.ts";
import { loadExperimentConfig } from "../../load-experiment-config.ts";
import { port } from "../../option-values.ts";
import type { CliCommand } from "../../session.ts";
import { exitCodes } from "../../session.ts";
import { banner } from "../banner.ts";
import { inForeground } from "../in-foreground.ts";
import { makeNniPlaces } from "../nni-places.ts";
import { defaultPort, onFreePort } from "../on-free-port.ts";
import { sayInfo } from "../say.ts";

interface Options {
  readonly config: string;
  readonly port: number;
  readonly debug?: true;
  readonly foreground?: true;
}

export const createCommand: CliCommand<Options> = {
  configure(command: Command) {
    command
      .requiredOption("-c, --config <file>", "the experiment's config: NNI's YAML, or ours")
      .option("-p, --port <n>", "port of the manager; 0: any free one", port, defaultPort)
      .option("-d, --debug", "log level debug")
      .option("-f, --foreground", "run here, with live progress, until the experiment has ended");
  },
  async run({ options, session }) {
    const loaded = await loadExperimentConfig(session, { config: options.config });
    const config: ExperimentConfig = {
      whenExhausted: "repeat", // as NNI's tuners did
      ...loaded,
      ...(options.debug === true && { logLevel: "debug" }),
    };
    if (options.foreground === true) return inForeground(session, { config }, options.port);
    sayInfo(session, "Starting experiment...");
    makeNetrc(session.home);
    const start = { experimentId: newExperimentId(), config, listen: { port: options.port }, lingers: true };
    const started = await onFreePort(session, options.port, () => startInBackground(session, start));
    makeNniPlaces(session, started);
    sayInfo(session, "Successfully started experiment!");
    session.print(banner(started));
    return exitCodes.ok;
  },
};
