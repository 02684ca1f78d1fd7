import * as z from "zod";
import { phaseObjective, phaseView } from "../../journal/views.ts";
import { apiRoot } from "../../model/http.ts";
import type { ExperimentState, Phase } from "../../model/index.ts";
import { PolyphaseError } from "../../model/index.ts";
import { actorOf } from "../caller.ts";
import { pageOf, pageQuery } from "../paging.ts";
import { json } from "../responses.ts";
import type { Route } from "../route.ts";
import { adminRoute, viewerRoute } from "../route.ts";
import * as schemas from "../schemas.ts";

const sortKeys = ["parameterId", "objective", "startTime", "endTime"] as const;
type SortKey = (typeof sortKeys)[number];
type Sort = SortKey | `-${SortKey}`;

const sort = z
  .enum([...sortKeys, ...sortKeys.map((key): `-${SortKey}` => `-${key}`)] as [Sort, ...Sort[]])
  .default("parameterId")
  .describe("With `-` the greatest first. Phases that have no such value come last.");

const phases = viewerRoute({
  method: "GET",
  path: `${apiRoot}/phases`,
  name: "phases",
  summary: "The phases of all trial jobs.",
  query: z.strictObject({
    ...pageQuery,
    trialJobId: z.string().optional(),
    outcome: z.enum(["running", "succeeded", "stopped", "abandoned", "failed", "cancelled"]).optional(),
    sort,
  }),
  answer: { kind: "json", status: 200, schema: schemas.phasePage, meaning: "One page of phases" },
  refusals: ["invalid-query"],
  handle({ server, query }) {
    const { trialJobId, outcome } = query;
    const all = phasesOf(server.experiment.state, trialJobId);
    const chosen = outcome === undefined ? all : all.filter((phase) => phase.outcome === outcome);
    return json(pageOf(sorted(chosen, query.sort), query, phaseView));
  },
});

const phase = viewerRoute({
  method: "GET",
  path: `${apiRoot}/phases/:parameterId`,
  name: "phase",
  summary: "One phase.",
  pathParameters: { parameterId: "Parameter id of the phase." },
  answer: { kind: "json", status: 200, schema: schemas.phaseView, meaning: "The phase" },
  refusals: ["unknown-phase"],
  handle({ server, param }) {
    return json(phaseView(phaseOf(server.experiment.state, param("parameterId"))));
  },
});

const stopPhase = adminRoute({
  method: "POST",
  path: `${apiRoot}/phases/:parameterId/stop`,
  name: "stopPhase",
  summary:
    "Ends a running phase early; its trial job hears of it with its next report and goes on with its next phase.",
  pathParameters: { parameterId: "Parameter id of the phase." },
  body: z.strictObject({ reason: z.string().max(1_000).default("stopped by a person") }),
  answer: { kind: "json", status: 200, schema: schemas.phaseView, meaning: "The phase, now `stopped`" },
  refusals: ["unknown-phase", "phase-ended", "experiment-ended"],
  async handle({ server, param, body, caller }) {
    const { parameterId } = phaseOf(server.experiment.state, param("parameterId"));
    await server.experiment.stopPhase(parameterId, body.reason, actorOf(caller));
    return json(phaseView(phaseOf(server.experiment.state, String(parameterId))));
  },
});

/** Throws `unknown-phase`. */
function phaseOf(state: ExperimentState, text: string): Phase {
  const found = /^\d+$/.test(text) ? state.phases.get(Number(text)) : undefined;
  if (found !== undefined) return found;
  throw new PolyphaseError("unknown-phase", `there is no phase with parameter id ${JSON.stringify(text)}`);
}

function phasesOf(state: ExperimentState, trialJobId: string | undefined): readonly Phase[] {
  if (trialJobId === undefined) return [...state.phases.values()];
  const parameterIds = state.trialJobs.get(trialJobId)?.parameterIds ?? [];
  return parameterIds.flatMap((parameterId) => state.phases.get(parameterId) ?? []);
}

/** Equal ones keep the order of their parameter ids. */
function sorted(list: readonly Phase[], by: Sort): readonly Phase[] {
  if (by === "parameterId") return list;
  const descending = by.startsWith("-");
  const key = (descending ? by.slice(1) : by) as SortKey;
  const keyed = list.map((item) => ({ item, value: sortValue(item, key) }));
  keyed.sort((a, b) => {
    if (a.value === undefined || b.value === undefined) {
      return Number(a.value === undefined) - Number(b.value === undefined);
    }
    return a.value === b.value ? 0 : a.value < b.value === descending ? 1 : -1;
  });
  return keyed.map(({ item }) => item);
}

function sortValue(item: Phase, key: SortKey): number | undefined {
  switch (key) {
    case "parameterId":
      return item.parameterId;
    case "objective": {
      const objective = phaseObjective(item);
      return Number.isNaN(objective) ? undefined : objective;
    }
    case "startTime":
      return item.startedAt ?? undefined;
    case "endTime":
      return item.endedAt ?? undefined;
  }
}

export const phaseRoutes: readonly Route[] = [phases, phase, stopPhase];
