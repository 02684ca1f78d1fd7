import { elapsedMs } from "../journal/index.ts";
import type { ExperimentState, TrialJob } from "../model/index.ts";
import type { Desk } from "./desk.ts";

/** Whether the experiment still hands out parameters at all. */
export function isOpen(state: ExperimentState): boolean {
  return (
    state.status === "RUNNING" || state.status === "NO_MORE_TRIAL" || state.status === "TUNER_NO_MORE_TRIAL"
  );
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
  if (state.status === "TUNER_NO_MORE_TRIAL") return state.statusReason ?? "the tuner has no more parameters";
  if (!isOpen(state)) return closedReason(state);
  if (config.maxTrialNum !== null && state.trialJobs.size + desk.drafts.size >= config.maxTrialNum) {
    return `maxTrialNum (${config.maxTrialNum}) is reached`;
  }
  return sharedRefusal(state, desk, 0);
}

/** When the time limit falls, on the manager's clock; Infinity where there is none. */
export function timeLimitAt(state: ExperimentState): number {
  const { maxExecDurationMs } = state.config;
  return maxExecDurationMs === null
    ? Infinity
    : state.sessionStartedAt + maxExecDurationMs - state.pastSessionsMs;
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
