import type { BestView, ExperimentView } from "../../model/http.ts";
import type { Style } from "./style.ts";
import { paintStatus } from "./style.ts";
import { facts } from "./table.ts";
import { count, duration, number, parameters, plural, time } from "./words.ts";

/** An experiment at a glance, as `status` shows it and `run` at its end. `more` stands below. */
export function experimentFacts(
  view: ExperimentView,
  directory: string,
  style: Style,
  more: Parameters<typeof facts>[0] = [],
): string {
  const { best } = view;
  return facts([
    ["experiment", `${style.bold(view.id)}  ${view.name}`],
    [
      "status",
      paintStatus(view.status, style) + (view.statusReason === null ? "" : `: ${view.statusReason}`),
    ],
    ["to go on", remedy(view)],
    ["best", best === null ? nothingBest(view) : `${style.bold(number(best.objective))}  ${bestPlace(best)}`],
    ["parameters", best === null ? null : parameters(best.parameters)],
    ["phases", counts(view.phases, view.maxPhaseNum)],
    [
      "added by hand",
      view.waitingAdditions === 0 ? null : `${count(view.waitingAdditions)} wait for a trial job`,
    ],
    ["imported", view.importedCount === 0 ? null : plural(view.importedCount, "result")],
    ["trial jobs", counts(view.trialJobs, view.maxTrialNum)],
    ["last failure", view.lastFailure],
    ["duration", duration(view.elapsedMs) + limitText(view.maxExecDurationMs)],
    ["tuner", `${view.tuner} (${modes(view)})`],
    ["created", time(view.createdAt)],
    ["url", view.url],
    ["pid", view.pid === null ? null : String(view.pid)],
    ["data", directory],
    ...more,
  ]);
}

/** Of several objectives none is the best, unless results have a `default` too. */
export function nothingBest({
  id,
  objectives,
  phases,
}: Pick<ExperimentView, "id" | "objectives" | "phases">): string {
  if (objectives !== null) return `of several objectives: polyphase pareto ${id}`;
  return (phases["succeeded"] ?? 0) === 0 ? "no result yet" : "no result that counts";
}

/** `maximize`, or `accuracy: maximize, latency: minimize`. */
function modes({ objectives, optimizeMode }: ExperimentView): string {
  if (objectives === null) return optimizeMode;
  return Object.entries(objectives)
    .map(([name, mode]) => `${name}: ${mode}`)
    .join(", ");
}

/** What ends a pause; null where there is none. */
export function remedy({ id, pauseCause }: Pick<ExperimentView, "id" | "pauseCause">): string | null {
  if (pauseCause === null) return null;
  return `${pauseCause === "person" ? "" : `mend the ${pauseCause}, then `}polyphase unpause ${id}`;
}

/** Which phase or, with the results of its phases, which trial. */
export function bestPlace({ parameterId, trialJobId, parameterIndex, results }: BestView): string {
  if (results !== undefined) return `trial job ${trialJobId}, ${plural(results.length, "result")}`;
  return `phase ${parameterId} (trial job ${trialJobId}, its phase ${parameterIndex})`;
}

/** `12 of 30 (9 succeeded, 3 running)`; statuses that nothing has are left out. */
function counts(values: { readonly [name: string]: number }, most: number | null): string {
  const { total = 0, ...others } = values;
  const parts = Object.entries(others).filter(([, value]) => value > 0);
  const detail = parts.map(([name, value]) => `${count(value)} ${name}`).join(", ");
  return `${count(total)}${most === null ? "" : ` of ${count(most)}`}${detail === "" ? "" : ` (${detail})`}`;
}

function limitText(ms: number | null): string {
  return ms === null ? "" : ` of at most ${duration(ms)}`;
}
