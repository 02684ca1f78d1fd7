import type { AlgorithmConfig, ExperimentConfig, SearchSpace } from "../model/index.ts";
import { isPython } from "../model/index.ts";
import { importClass } from "./algorithm-class.ts";
import { assessorPlan, makeAssessor } from "./make-assessor.ts";
import { makeTuner, tunerPlan } from "./make-tuner.ts";
import { inspectPythonClass } from "./inspect-python-class.ts";
import { redactError, redactorOf } from "./secrets.ts";

/**
 * Refuses what would fail as soon as the experiment starts: a tuner that is not there, its class args, a space that it cannot
 * search. A class of the user's is looked up but not constructed: that happens once, in the tuner's thread. No error shows a secret.
 */
export async function checkConfig(config: ExperimentConfig): Promise<void> {
  try {
    if (isPython(config.tuner)) await inspectPythonClass(config.tuner);
    else if (config.tuner.kind === "custom") await importClass("tuner", config.tuner);
    if (config.assessor) await checkAssessor(config.assessor, config);
    await checkSearchSpace(config, config.searchSpace ?? {});
  } catch (error) {
    throw redactError(error, redactorOf(config).redact);
  }
}

/**
 * Refuses a space that the experiment's tuner cannot search. What a class of the user's makes of it only that class knows.
 * `config` is not sealed.
 */
export async function checkSearchSpace(config: ExperimentConfig, space: SearchSpace): Promise<void> {
  if (config.tuner.kind === "custom") return;
  const tuner = await makeTuner(tunerPlan(config, 0));
  await tuner.updateSearchSpace(space);
}

/** Refuses an assessor that would fail as soon as the experiment starts. A class is looked up but not constructed. */
async function checkAssessor(assessor: AlgorithmConfig, config: ExperimentConfig): Promise<void> {
  if (isPython(assessor)) return inspectPythonClass(assessor);
  if (assessor.kind === "custom") await importClass("assessor", assessor);
  else await makeAssessor(assessorPlan(assessor, config, 0));
}
