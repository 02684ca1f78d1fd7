import type { ExperimentView } from "../../model/http.ts";
import type { Style } from "../terminal/style.ts";
import { remedy } from "../terminal/experiment-facts.ts";
import { count, duration, number, rate } from "../terminal/words.ts";

/**
 * `12/30 phases  best 0.953  2 trial jobs running  3.4 phases/s  ETA 5 s`. `perSecond`: phases that ended lately, undefined
 * where that is not known yet.
 */
export function progressLine(view: ExperimentView, perSecond: number | undefined, style: Style): string {
  const running = view.trialJobs["running"] ?? 0;
  const eta = remainingMs(view, perSecond);
  const parts = [
    `${style.bold(ofLimit(endedPhases(view), view.maxPhaseNum))} phases`,
    view.maxTrialNum === null ? null : `${ofLimit(endedTrialJobs(view), view.maxTrialNum)} trial jobs`,
    view.best === null && view.objectives !== null
      ? null
      : `best ${view.best === null ? "-" : style.good(number(view.best.objective))}`,
    `${count(running)} running`,
    perSecond === undefined ? null : `${rate(perSecond)} phases/s`,
    `${duration(Math.floor(view.elapsedMs / 1_000) * 1_000)}`,
    stateOf(view, eta),
  ];
  return parts.filter((part) => part !== null).join("  ");
}

export function endedPhases({ phases }: ExperimentView): number {
  return (phases["total"] ?? 0) - (phases["running"] ?? 0);
}

function endedTrialJobs({ trialJobs }: ExperimentView): number {
  return (trialJobs["succeeded"] ?? 0) + (trialJobs["failed"] ?? 0) + (trialJobs["cancelled"] ?? 0);
}

function ofLimit(value: number, limit: number | null): string {
  return limit === null ? count(value) : `${count(value)}/${count(limit)}`;
}

/** The time left, or what happens instead of going on. */
function stateOf(view: ExperimentView, eta: number | undefined): string | null {
  const { status } = view;
  if (status === "PAUSED") return `PAUSED (${view.statusReason ?? ""}): ${remedy(view)}`;
  if (status === "STOPPING") return "stopping";
  if (status === "NO_MORE_TRIAL" || status === "TUNER_NO_MORE_TRIAL") return "last phases";
  return eta === undefined ? null : `ETA ${duration(eta)}`;
}

/** Until the first of the limits is reached, as things go at present; undefined where that cannot be told. */
function remainingMs(view: ExperimentView, perSecond: number | undefined): number | undefined {
  const { maxPhaseNum, maxTrialNum, maxExecDurationMs, elapsedMs } = view;
  const jobs = endedTrialJobs(view);
  const guesses = [
    maxExecDurationMs === null ? Infinity : maxExecDurationMs - elapsedMs,
    maxPhaseNum === null || !perSecond ? Infinity : ((maxPhaseNum - endedPhases(view)) / perSecond) * 1_000,
    maxTrialNum === null || jobs === 0 ? Infinity : ((maxTrialNum - jobs) * elapsedMs) / jobs,
  ];
  const soonest = Math.max(0, Math.min(...guesses));
  return Number.isFinite(soonest) ? soonest : undefined;
}
