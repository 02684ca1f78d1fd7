/** What NNI's REST API would say of an experiment, made from what ours says. */
import type { ExperimentView, ExportView, PhaseView, TrialJobView } from "../../model/http.ts";
import type { ExperimentConfig } from "../../model/index.ts";

/** What NNI takes for no limit. */
const unlimited = { trials: 99_999, seconds: 999 * 86_400 };

/** NNI knows no pause: a person's does not end an experiment, and a tuner that failed does, there. */
export function nniStatus({ status, pauseCause }: Pick<ExperimentView, "status" | "pauseCause">): string {
  if (status !== "PAUSED") return status;
  return pauseCause === "tuner" ? "ERROR" : "RUNNING";
}

/** GET /check-status */
export function checkStatus(view: ExperimentView): object {
  const status = nniStatus(view);
  return { status, errors: status === "ERROR" && view.statusReason !== null ? [view.statusReason] : [] };
}

/** GET /experiment */
export function profile({ experiment, trialJobs }: ExportView, directory: string): object {
  const config = experiment.config as ExperimentConfig;
  return {
    id: experiment.id,
    revision: 1,
    execDuration: Math.floor(experiment.elapsedMs / 1_000),
    logDir: directory,
    startTime: experiment.createdAt,
    ...(experiment.endedAt === null ? {} : { endTime: experiment.endedAt }),
    nextSequenceId: trialJobs.length,
    params: {
      authorName: config.authorName,
      experimentName: experiment.name,
      description: experiment.description,
      trialConcurrency: experiment.trialConcurrency,
      maxExecDuration: seconds(experiment.maxExecDurationMs),
      maxTrialNum: experiment.maxTrialNum ?? unlimited.trials,
      searchSpace: JSON.stringify(config.searchSpace ?? ""),
      trainingServicePlatform: experiment.platform,
      multiPhase: config.multiPhase,
      tuner: algorithm(config),
      clusterMetaData: [{ key: "trial_config", value: trialConfig(config) }],
    },
  };
}

function seconds(ms: number | null): number {
  return ms === null ? unlimited.seconds : ms / 1_000;
}

function algorithm({ tuner, optimizeMode }: ExperimentConfig): object {
  if (tuner.kind === "builtin")
    return { builtinTunerName: tuner.name, classArgs: { optimize_mode: optimizeMode, ...tuner.classArgs } };
  const { codeDir, classFileName, className, classArgs } = tuner;
  return { codeDir, classFileName, className, classArgs };
}

function trialConfig({ trial: { command, codeDir, gpuNum } }: ExperimentConfig): object {
  return { command, codeDir, ...(gpuNum === null ? {} : { gpuNum }) };
}

const jobStatuses: { readonly [status: string]: string } = {
  created: "WAITING",
  waiting: "WAITING",
  running: "RUNNING",
  succeeded: "SUCCEEDED",
  failed: "FAILED",
  cancelled: "USER_CANCELED",
};

/** GET /trial-jobs. `outputOf`: where a job's output is. */
export function trialJobInfos(
  { trialJobs, phases }: Pick<ExportView, "trialJobs" | "phases">,
  outputOf: (job: TrialJobView) => string,
): readonly TrialJobInfo[] {
  const phasesOf = byTrialJob(phases);
  return trialJobs.map((job) => trialJobInfo(job, phasesOf.get(job.id) ?? [], outputOf(job)));
}

export interface TrialJobInfo {
  readonly id: string;
  readonly sequenceId: number;
  readonly status: string;
  readonly logPath: string;
  readonly startTime?: number;
  readonly endTime?: number;
}

function byTrialJob(phases: readonly PhaseView[]): ReadonlyMap<string, readonly PhaseView[]> {
  const groups = new Map<string, PhaseView[]>();
  for (const phase of phases) {
    const group = groups.get(phase.trialJobId);
    if (group === undefined) groups.set(phase.trialJobId, [phase]);
    else group.push(phase);
  }
  return groups;
}

function trialJobInfo(job: TrialJobView, phases: readonly PhaseView[], output: string): TrialJobInfo {
  const status = jobStatuses[job.status] ?? "UNKNOWN";
  const finals = phases.filter(({ finalResult }) => finalResult !== null);
  return {
    id: job.id,
    sequenceId: job.number,
    status,
    hyperParameters: phases.map((phase) => JSON.stringify(packet(phase))),
    logPath: `file://localhost:${output}`,
    ...(job.startTime === null ? {} : { startTime: job.startTime }),
    ...(job.endTime === null ? {} : { endTime: job.endTime }),
    ...(finals.length === 0 ? {} : { finalMetricData: finals.map(finalMetric) }),
    ...(status === "FAILED" ? { stderrPath: `file://localhost:${output}/stderr` } : {}),
  } as TrialJobInfo;
}

function packet({ parameterId, parameterIndex, trialJobId, origin, parameters }: PhaseView): object {
  return {
    parameter_id: parameterId,
    parameter_source: origin === "tuner" ? "algorithm" : "customized",
    parameters,
    ...(parameterIndex === 0 ? {} : { trial_job_id: trialJobId }),
    parameter_index: parameterIndex,
  };
}

/** The value is encoded twice, as in NNI. */
function finalMetric({ trialJobId, parameterId, finalResult, endTime }: PhaseView): object {
  return {
    timestamp: endTime,
    trialJobId,
    parameterId: String(parameterId),
    type: "FINAL",
    sequence: 0,
    data: JSON.stringify(metricText(finalResult)),
  };
}

/** A final result as JSON text; NaN and the infinities as Python writes them. */
function metricText(finalResult: unknown): string {
  const unusual = finalResult === "NaN" || finalResult === "Infinity" || finalResult === "-Infinity";
  return unusual ? finalResult : JSON.stringify(finalResult);
}

/** One element of GET /export-data. */
export interface ExportedPoint {
  readonly parameter: unknown;
  /** JSON text. */
  readonly value: string;
  /** Of the trial job. */
  readonly id: string;
}

/** GET /export-data: every phase that has a final result, whatever became of its trial job. */
export function exportedPoints({ phases }: Pick<ExportView, "phases">): readonly ExportedPoint[] {
  return phases
    .filter(({ finalResult }) => finalResult !== null)
    .map(({ parameters, finalResult, trialJobId }) => ({
      parameter: parameters,
      value: metricText(finalResult),
      id: trialJobId,
    }));
}
