import type { ExperimentState, Phase, TrialJob } from "../../model/index.ts";
import { plain } from "../../model/index.ts";
import { finalRecordOf } from "./metrics.ts";
import type { NniJobInfo, NniJobStatistics, NniJobStatus } from "./schemas.ts";

/** What the views of several jobs share; made once for each answer. */
export interface JobViewer {
  readonly state: ExperimentState;
  /** The experiment's directory; empty where it has none. */
  readonly directory: string;
  /** Jobs that a person has cancelled. */
  readonly cancelledByPerson: ReadonlySet<unknown>;
}

export function jobViewer(state: ExperimentState, directory: string): JobViewer {
  const deeds = state.actions.filter(({ action }) => action === "cancel-trial-job");
  return { state, directory, cancelledByPerson: new Set(deeds.map(({ details }) => details["trialJobId"])) };
}

/** A trial job as NNI's clients know it, with all final results that it has reported, whatever became of the job. */
export function jobInfo(viewer: JobViewer, job: TrialJob): NniJobInfo {
  const phases = phasesOf(viewer.state, job);
  const finals = phases.flatMap((phase) => finalRecordOf(phase) ?? []);
  const status = jobStatus(viewer, job);
  const logPath = viewer.directory === "" ? "" : `file://localhost:${viewer.directory}/trials/${job.id}`;
  return {
    id: job.id,
    sequenceId: job.number,
    status,
    hyperParameters: phases.map(packetText),
    logPath,
    startTime: job.startedAt ?? job.createdAt,
    ...(job.endedAt === null ? {} : { endTime: job.endedAt }),
    ...(status === "FAILED" ? { stderrPath: `${logPath}/stderr` } : {}),
    ...(finals.length === 0 ? {} : { finalMetricData: finals }),
  };
}

/** In phase order. */
export function phasesOf(state: ExperimentState, job: TrialJob): readonly Phase[] {
  return job.parameterIds.flatMap((parameterId) => state.phases.get(parameterId) ?? []);
}

/** The words of NNI. Nothing of ours is ever UNKNOWN. */
export function jobStatus({ state, cancelledByPerson }: JobViewer, job: TrialJob): NniJobStatus {
  switch (job.status) {
    case "created":
    case "waiting":
      return "WAITING";
    case "running":
      return "RUNNING";
    case "failed":
      return "FAILED";
    case "succeeded":
      return stoppedStatus(state, job) ?? "SUCCEEDED";
    case "cancelled":
      if (cancelledByPerson.has(job.id)) return "USER_CANCELED";
      return stoppedStatus(state, job) ?? "SYS_CANCELED";
  }
}

/** What is stopped here is a phase; it is all of its job only where the job has no other. */
function stoppedStatus({ phases }: ExperimentState, { parameterIds }: TrialJob): NniJobStatus | undefined {
  const [only, second] = parameterIds;
  const phase = only === undefined || second !== undefined ? undefined : phases.get(only);
  if (phase?.outcome !== "stopped") return undefined;
  return phase.stoppedBy === "assessor" ? "EARLY_STOPPED" : "USER_CANCELED";
}

/** A configuration as NNI handed it to the trial. Those that a person added bear an id, too. */
export function packetText({ parameterId, origin, parameters, trialJobId, parameterIndex }: Phase): string {
  return JSON.stringify({
    parameter_id: parameterId,
    parameter_source: origin === "tuner" ? "algorithm" : "customized",
    parameters: plain(parameters),
    trial_job_id: trialJobId,
    parameter_index: parameterIndex,
  });
}

/** How many jobs have each status that there is. */
export function jobStatistics(viewer: JobViewer): readonly NniJobStatistics[] {
  const numbers = new Map<NniJobStatus, number>();
  for (const job of viewer.state.trialJobs.values()) {
    const status = jobStatus(viewer, job);
    numbers.set(status, (numbers.get(status) ?? 0) + 1);
  }
  return Array.from(numbers, ([trialJobStatus, trialJobNumber]) => ({ trialJobStatus, trialJobNumber }));
}
