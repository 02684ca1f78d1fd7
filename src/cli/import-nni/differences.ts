import type { ExperimentConfig, JsonObject } from "../../model/index.ts";

/** What an experiment with this config does in another way than NNI 1.4 did; one sentence each. `file`: as it was written. */
export function differences(file: JsonObject, config: ExperimentConfig): readonly string[] {
  return [...ofPhases(config), ...ofLimits(config), ...ofTuner(file, config)];
}

function ofPhases({
  multiPhase,
  maxPhaseNum,
  maxPhasesPerTrial,
  maxExecDurationMs,
}: ExperimentConfig): readonly string[] {
  if (!multiPhase) return [];
  const limits = [maxPhaseNum, maxPhasesPerTrial, maxExecDurationMs];
  return [
    "multiPhase: a trial job gets its next configuration after the tuner has heard of its last result, and within milliseconds.",
    ...(limits.every((limit) => limit === null)
      ? [
          "multiPhase: maxTrialNum counts trial jobs, not configurations: set maxPhaseNum or maxPhasesPerTrial, or the trial must end by itself.",
        ]
      : []),
  ];
}

function ofLimits({ maxExecDurationMs, gracePeriodMs }: ExperimentConfig): readonly string[] {
  if (maxExecDurationMs === null) return [];
  return [
    `maxExecDuration: binds trial jobs that run, too: they have gracePeriod (${gracePeriodMs / 1_000} s) to finish, and are cancelled then.`,
  ];
}

/** These minimize in NNI 1.4 when nothing is said, whatever its documentation says. */
const minimizers = ["TPE", "Anneal"];

function ofTuner(file: JsonObject, { tuner, optimizeMode }: ExperimentConfig): readonly string[] {
  if (tuner.kind === "custom") return [];
  const found: string[] = [];
  if (minimizers.includes(tuner.name) && !JSON.stringify(file["tuner"]).includes("optimize_mode"))
    found.push(
      `tuner: optimize_mode is not set. Here ${tuner.name} then maximizes, as NNI's documentation says; NNI 1.4 itself minimized. The new file says ${optimizeMode}: correct it where results are losses.`,
    );
  if (tuner.name === "Evolution" && !("population_size" in tuner.classArgs))
    found.push("tuner: Evolution has a population of 20 where population_size is not set; NNI had 32.");
  return found;
}
