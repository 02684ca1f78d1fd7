import * as z from "zod";
import { PolyphaseError } from "../../../model/index.ts";
import { jobNamed } from "../../job-named.ts";
import { latestMetrics, metricsOf } from "../../nni/metrics.ts";
import { nniRoot } from "../../nni/nni-root.ts";
import * as schemas from "../../nni/schemas.ts";
import type { NniMetric } from "../../nni/schemas.ts";
import { json } from "../../responses.ts";
import type { Answer, Route } from "../../route.ts";
import { viewerRoute } from "../../route.ts";

const records: Answer = {
  kind: "json",
  status: 200,
  schema: schemas.nniMetrics,
  meaning: "In the order in which they came",
};

const query = z.object({ type: z.enum(schemas.nniMetricTypes).optional() });

const all = viewerRoute({
  method: "GET",
  path: `${nniRoot}/metric-data`,
  name: "nniMetricData",
  summary: "Everything that the trial jobs have reported.",
  query,
  answer: records,
  refusals: ["invalid-query"],
  handle({ server: { experiment }, query: { type } }) {
    const { state } = experiment;
    return json(ofType(metricsOf(state, state.trialJobs.values()), type));
  },
});

const ofJob = viewerRoute({
  method: "GET",
  path: `${nniRoot}/metric-data/:id`,
  name: "nniMetricDataOfJob",
  summary: "Everything that one trial job has reported.",
  pathParameters: { id: "Id of the trial job." },
  query,
  answer: records,
  refusals: ["invalid-query", "unknown-trial-job"],
  handle({ server, param, query: { type } }) {
    return json(ofType(metricsOf(server.experiment.state, [jobNamed(server, param("id"))]), type));
  },
});

function ofType(metrics: readonly NniMetric[], type: NniMetric["type"] | undefined): readonly NniMetric[] {
  return type === undefined ? metrics : metrics.filter((metric) => metric.type === type);
}

const range = viewerRoute({
  method: "GET",
  path: `${nniRoot}/metric-data-range/:min/:max`,
  name: "nniMetricDataRange",
  summary: "Everything that the trial jobs with these sequence ids have reported.",
  pathParameters: { min: "First sequence id.", max: "Last sequence id." },
  answer: records,
  refusals: ["invalid-query"],
  handle({ server, param }) {
    const { state } = server.experiment;
    const [min, max] = [sequenceId(param("min")), sequenceId(param("max"))];
    const jobs = [...state.trialJobs.values()].filter(({ number }) => min <= number && number <= max);
    return json(metricsOf(state, jobs));
  },
});

function sequenceId(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new PolyphaseError(
    "invalid-query",
    `expected a sequence id (0, 1, 2 ...), got ${JSON.stringify(text)}`,
  );
}

const latest = viewerRoute({
  method: "GET",
  path: `${nniRoot}/metric-data-latest`,
  name: "nniMetricDataLatest",
  summary: "All final results, and the newest intermediate result of each trial job.",
  answer: { ...records, meaning: "Job by job" },
  refusals: [],
  handle: ({ server }) => json(latestMetrics(server.experiment.state)),
});

export const metricRoutes: readonly Route[] = [all, ofJob, range, latest];
