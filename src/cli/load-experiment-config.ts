import type { Command } from "commander";
import type { ExperimentConfig } from "../model/index.ts";
import { wholeNumber } from "./option-values.ts";
import type { Session } from "./session.ts";

/** Options of the commands that start an experiment from a config file. */
export interface ConfigOptions {
  readonly config: string;
  readonly seed?: number;
  readonly name?: string;
}

export function configOptions(command: Command): Command {
  return command
    .requiredOption("-c, --config <file>", "the experiment's config: YAML or JSON")
    .option("--seed <n>", "seed of the tuner, instead of the config's", wholeNumber(0))
    .option("--name <name>", "name of the experiment, instead of the config's");
}

/** The config as the options change it; what is odd about it is noted on stderr. Throws `config-invalid`. */
export async function loadExperimentConfig(
  session: Session,
  options: ConfigOptions,
): Promise<ExperimentConfig> {
  const [{ loadConfig }, { builtinAssessorNames, builtinTunerNames }] = await Promise.all([
    import("../config/index.ts"),
    import("../manager/index.ts"),
  ]);
  const { config, warnings } = await loadConfig(options.config, {
    tunerNames: builtinTunerNames,
    assessorNames: builtinAssessorNames,
    env: session.env,
  });
  for (const warning of warnings) session.note(`warning: ${warning}`);
  return {
    ...config,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.name === undefined ? {} : { experimentName: options.name }),
  };
}
