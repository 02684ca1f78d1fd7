import { join } from "node:path";
import type { ExperimentConfig, TrialJob, TrialJobSpec } from "../model/index.ts";
import { pythonPath } from "./python-process.ts";
import type { Vault } from "./secrets.ts";

/** What every trial job of an experiment has in common. */
export interface TrialSettings {
  readonly experimentId: string;
  readonly directory: string;
  /** Sealed. */
  readonly config: ExperimentConfig;
  readonly vault: Vault;
  url(): string;
  token(trialJobId: string, attempt: number): string;
}

/** Where a job's attempt keeps its output. */
export function outputDirectory(directory: string, job: Pick<TrialJob, "id" | "attempt">): string {
  const first = join(directory, "trials", job.id);
  return job.attempt === 0 ? first : join(first, `attempt-${job.attempt}`);
}

export function trialJobSpec(settings: TrialSettings, job: TrialJob, firstIndex: number): TrialJobSpec {
  const { trial } = settings.config;
  return {
    trialJobId: job.id,
    number: job.number,
    attempt: job.attempt,
    command: trial.command,
    codeDir: trial.codeDir,
    copyCodeDir: trial.copyCodeDir,
    outputDir: outputDirectory(settings.directory, job),
    env: trialEnvironment(settings, job, firstIndex),
    gpuNum: trial.gpuNum,
  };
}

/** Our variables, NNI's, and the user's; `import polyphase` and `import nni` work with nothing installed. */
function trialEnvironment(
  settings: TrialSettings,
  job: TrialJob,
  firstIndex: number,
): Record<string, string> {
  const { experimentId, directory, config, vault } = settings;
  const output = outputDirectory(directory, job);
  const env = vault.open(config.trial.env);
  return {
    PYTHONUNBUFFERED: "1",
    ...env,
    PYTHONPATH: pythonPath(env["PYTHONPATH"] ?? process.env["PYTHONPATH"]),
    POLYPHASE_URL: settings.url(),
    POLYPHASE_TOKEN: settings.token(job.id, job.attempt),
    POLYPHASE_ENDPOINT_FILE: join(directory, "endpoint.json"),
    POLYPHASE_EXPERIMENT_ID: experimentId,
    POLYPHASE_TRIAL_JOB_ID: job.id,
    POLYPHASE_TRIAL_JOB_NUMBER: String(job.number),
    POLYPHASE_PARAMETER_INDEX: String(firstIndex),
    MULTI_PHASE: String(config.multiPhase),
    NNI_PLATFORM: config.trainingService.platform,
    NNI_EXP_ID: experimentId,
    NNI_SYS_DIR: output,
    NNI_OUTPUT_DIR: output,
    NNI_TRIAL_JOB_ID: job.id,
    NNI_TRIAL_SEQ_ID: String(job.number),
    NNI_CODE_DIR: config.trial.codeDir,
  };
}
