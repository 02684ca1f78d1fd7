import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { phaseObjective } from "../../../journal/views.ts";
import { isBetter, PolyphaseError } from "../../../model/index.ts";
import type { ExperimentState, Json, JsonObject, Phase, TrialJob } from "../../../model/index.ts";
import { directoryOf } from "../../experiments.ts";
import { wholeNumber } from "../../option-values.ts";
import type { CliCommand } from "../../session.ts";
import { exitCodes } from "../../session.ts";
import { chooseExperiment, idArgument } from "../choose.ts";
import { refused, sayInfo } from "../say.ts";

interface Options {
  readonly trial_id: string;
  readonly parameter_index?: number;
}

/** NNI took the first phase always: a job had no more when this command was made. */
export const trialCodegenCommand: CliCommand<Options> = {
  configure(command) {
    idArgument(command)
      .requiredOption("-T, --trial_id <id>", "the trial job")
      .option(
        "--parameter_index <n>",
        "which of its phases, from 0 (default: the best that succeeded, else the last)",
        wholeNumber(0),
      );
  },
  async run({ operands: [id], options, session }) {
    const experiment = chooseExperiment(session, id);
    const { readState, writeChosenCode } = await import("../../../manager/index.ts");
    const state = readState(directoryOf(session, experiment));
    const { annotation } = state.config;
    if (annotation === undefined)
      throw refused(
        `Experiment ${experiment.id} has no annotations: its code runs as it is`,
        `the parameters of every phase: polyphase phase list ${experiment.id}`,
      );
    const job = state.trialJobs.get(options.trial_id);
    if (job === undefined)
      throw new PolyphaseError("trial-job-missing", `Trial job ${options.trial_id} does not exist`);
    const { phase, why } = chosenPhase(state, job, options.parameter_index);
    const name = `exp_${experiment.id}_trial_${job.id}_code`;
    if (existsSync(name))
      throw new PolyphaseError("directory-exists", `${resolve(name)} is there already: nothing was written`);
    await writeChosenCode({
      annotation,
      parameters: searched(phase.parameters, state),
      target: resolve(name),
      leaveOut: codeOfTrials().map((other) => resolve(other)),
    });
    sayInfo(session, `Phase ${phase.parameterIndex} of trial job ${job.id}, ${why}`);
    sayInfo(session, `Code of the trial is in ${resolve(name)}`);
    return exitCodes.ok;
  },
};

interface Choice {
  readonly phase: Phase;
  /** As the output says it. */
  readonly why: string;
}

function chosenPhase(state: ExperimentState, job: TrialJob, wanted: number | undefined): Choice {
  const phases = job.parameterIds.flatMap((parameterId) => state.phases.get(parameterId) ?? []);
  const last = phases.at(-1);
  if (last === undefined) throw missing(`Trial job ${job.id} has no phase yet`);
  if (wanted !== undefined) {
    const phase = phases.find(({ parameterIndex }) => parameterIndex === wanted);
    if (phase === undefined)
      throw missing(`Trial job ${job.id} has no phase ${wanted}, the last is ${last.parameterIndex}`);
    return { phase, why: "as asked for" };
  }
  const best = bestOf(phases, state);
  return best ?? { phase: last, why: "its last: none has succeeded with a number" };
}

function bestOf(phases: readonly Phase[], { config }: ExperimentState): Choice | undefined {
  let best: { readonly phase: Phase; readonly objective: number } | undefined;
  for (const phase of phases) {
    const objective = phase.outcome === "succeeded" ? phaseObjective(phase) : undefined;
    if (objective === undefined || Number.isNaN(objective)) continue;
    if (best === undefined || isBetter(objective, best.objective, config.optimizeMode))
      best = { phase, objective };
  }
  return best && { phase: best.phase, why: `its best of ${phases.length}, with ${best.objective}` };
}

/** An advisor may say more than what was searched. */
function searched(parameters: Json, { config }: ExperimentState): JsonObject {
  const searchSpace = config.searchSpace ?? {};
  return Object.fromEntries(
    Object.entries((parameters ?? {}) as JsonObject).filter(([key]) => Object.hasOwn(searchSpace, key)),
  );
}

/** What this command has written here before. */
function codeOfTrials(): readonly string[] {
  return readdirSync(".").filter((name) => /^exp_\w+_trial_\w+_code$/.test(name));
}

function missing(message: string): PolyphaseError {
  return new PolyphaseError("phase-missing", message);
}
