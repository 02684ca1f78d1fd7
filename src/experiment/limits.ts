import { elapsedMs } from "../journal/index.ts";
import type { ExperimentState, ExperimentStatus, TrialJob } from "../model/index.ts";
import type { Desk } from "./desk.ts";

const openStatuses: ReadonlySet<string> = new Set<ExperimentStatus>([
  "RUNNING",
  "PAUSED",
  "NO_MORE_TRIAL",
  "TUNER_NO_MORE_TRIAL",
]);

/** Whether the experiment still hands out parameters, now or when it is no longer paused. */
export function isOpen(state: ExperimentState): boolean {
  return openStatuses.has(state.status);
}

/** Nothing is handed out or started; phases that run go on, and requests are held open. */
export function isPaused(state: ExperimentState): boolean {
  return state.status === "PAUSED";
}

/** Why a job may get no further phase, in words for its user; null where it may. */
export function phaseRefusal(state: ExperimentState, desk: Desk, job: TrialJob): string | null {
  const { config } = state;
  const index = job.parameterIds.length;
  if (job.noMore) return job.noMore.reason;
  if (!isOpen(state)) return closedReason(state);
  if (desk.cancelling.has(job.id)) return "the trial job is being cancelled";
  if (index > 0 && !config.multiPhase) return "multiPhase is off: a trial job gets parameters once";
  if (config.maxPhasesPerTrial !== null && index >= config.maxPhasesPerTrial) {
    return `maxPhasesPerTrial (${config.maxPhasesPerTrial}) is reached`;
  }
  return sharedRefusal(state, desk, desk.asks.has(job.id) ? 1 : 0);
}

/** Why no further trial job may be started; null where one may. */
export function trialJobRefusal(state: ExperimentState, desk: Desk): string | null {
  const { config } = state;
  if (state.status === "TUNER_NO_MORE_TRIAL" && state.additions.size === 0)
    return state.statusReason ?? "the tuner has no more parameters";
  if (!isOpen(state)) return closedReason(state);
  if (config.maxTrialNum !== null && state.trialJobs.size + desk.drafts.size >= config.maxTrialNum) {
    return `maxTrialNum (${config.maxTrialNum}) is reached`;
  }
  return sharedRefusal(state, desk, 0);
}

/** When the time limit falls, on the manager's clock; Infinity where there is none, and while the experiment is paused. */
export function timeLimitAt(state: ExperimentState): number {
  const { config, pastRunningMs, runningSince } = state;
  if (config.maxExecDurationMs === null || runningSince === null) return Infinity;
  return runningSince + config.maxExecDurationMs - pastRunningMs;
}

/** Limits that bind new jobs and further phases alike. `own` asks of the asker itself do not count against it. */
function sharedRefusal(state: ExperimentState, desk: Desk, own: number): string | null {
  const { config } = state;
  if (elapsedMs(state, desk.now()) >= (config.maxExecDurationMs ?? Infinity))
    return "maxExecDuration is reached";
  if (config.maxPhaseNum !== null && state.phases.size + desk.asks.size - own >= config.maxPhaseNum) {
    return `maxPhaseNum (${config.maxPhaseNum}) is reached`;
  }
  return null;
}

function closedReason(state: ExperimentState): string {
  const why = state.statusReason === null ? "" : `: ${state.statusReason}`;
  return state.status === "ERROR" ? `the experiment failed${why}` : `the experiment is ${state.status}${why}`;
}
