import type { ExperimentView } from "../model/http.ts";
import { experimentFacts } from "./terminal/experiment-facts.ts";
import type { Style } from "./terminal/style.ts";
import { facts } from "./terminal/table.ts";

/** What an experiment came to, and what may be done next. */
export function runSummary(view: ExperimentView, directory: string, style: Style): string {
  const next = nextCommands(view).map((command, place) => [place === 0 ? "next" : "", command] as const);
  return `\n${experimentFacts(view, directory, style)}\n\n${facts(next)}`;
}

function nextCommands({ id, status, trialJobs, objectives }: ExperimentView): readonly string[] {
  const failed = (trialJobs["failed"] ?? 0) > 0 ? [`polyphase trial list ${id}`] : [];
  const troubled = status === "ERROR" ? [`polyphase log ${id}`] : [];
  const going = status === "DONE" ? [] : [`polyphase resume ${id}`];
  return [
    ...troubled,
    ...failed,
    ...going,
    ...(objectives === null ? [] : [`polyphase pareto ${id}`]),
    `polyphase phase list ${id}`,
    `polyphase export ${id} -f ${id}.csv`,
  ];
}
