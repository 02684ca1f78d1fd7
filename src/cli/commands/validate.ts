import type { ConfigError } from "../../config/index.ts";
import type { ExperimentConfig } from "../../model/index.ts";
import { isPolyphaseError, messageOf, seal } from "../../model/index.ts";
import type { ConfigOptions } from "../load-experiment-config.ts";
import { loadExperimentConfig } from "../load-experiment-config.ts";
import type { CliCommand } from "../session.ts";
import { exitCodes } from "../session.ts";
import { facts } from "../terminal/table.ts";
import { duration, plural } from "../terminal/words.ts";

type Options = Pick<ConfigOptions, "config"> & { readonly json?: true };

export const validateCommand: CliCommand<Options> = {
  configure(command) {
    command.requiredOption("-c, --config <file>", "the experiment's config: YAML or JSON");
  },
  async run({ options, session }) {
    try {
      const written = await loadExperimentConfig(session, { config: options.config });
      const { checkConfig, withAnnotatedSpace } = await import("../../manager/index.ts");
      const config = await withAnnotatedSpace(written);
      await checkConfig(config);
      if (options.json === true) session.printJson({ valid: true, config: seal(config).config });
      else session.print(`${session.style.good("valid")}: ${options.config}\n${description(config)}`);
      return exitCodes.ok;
    } catch (error) {
      if (options.json === true) session.printJson({ valid: false, ...faults(error) });
      throw error;
    }
  },
};

/** `issues` only where the file itself is at fault. */
function faults(error: unknown): object {
  if (!isPolyphaseError(error)) return { message: messageOf(error) };
  const { issues } = error as Partial<ConfigError>;
  return { code: error.code, message: error.message, ...(issues === undefined ? {} : { issues }) };
}

/** What would be run, so that a mistake of meaning shows too. */
function description(config: ExperimentConfig): string {
  const { tuner, searchSpace, trial } = config;
  return facts([
    ["name", config.experimentName],
    ["trial", `${trial.command} (in ${trial.codeDir})`],
    ["tuner", `${tuner.kind === "builtin" ? tuner.name : tuner.className} (${config.optimizeMode})`],
    ["search space", searchSpace === null ? null : plural(Object.keys(searchSpace).length, "parameter")],
    [
      "trial jobs",
      `${config.trialConcurrency} at once, ${config.multiPhase ? "many phases each" : "one phase each"}`,
    ],
    ["limits", limits(config)],
  ]);
}

function limits({ maxPhaseNum, maxTrialNum, maxExecDurationMs }: ExperimentConfig): string {
  const parts = [
    maxPhaseNum === null ? null : plural(maxPhaseNum, "phase"),
    maxTrialNum === null ? null : plural(maxTrialNum, "trial job"),
    maxExecDurationMs === null ? null : duration(maxExecDurationMs),
  ].filter((part) => part !== null);
  return parts.length === 0 ? "none" : parts.join(", ");
}
