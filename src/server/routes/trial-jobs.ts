import * as z from "zod";
import { trialJobView } from "../../journal/views.ts";
import { apiRoot } from "../../model/http.ts";
import { PolyphaseError } from "../../model/index.ts";
import { actorOf } from "../caller.ts";
import { jobNamed } from "../job-named.ts";
import { pageOf, pageQuery } from "../paging.ts";
import { json, textStream } from "../responses.ts";
import type { Route } from "../route.ts";
import { adminRoute, viewerRoute } from "../route.ts";
import * as schemas from "../schemas.ts";

const pathParameters = { id: "Id of the trial job." };

const trialJobs = viewerRoute({
  method: "GET",
  path: `${apiRoot}/trial-jobs`,
  name: "trialJobs",
  summary: "The trial jobs, in order of creation.",
  query: z.strictObject({
    ...pageQuery,
    status: z.enum(["created", "waiting", "running", "succeeded", "failed", "cancelled"]).optional(),
  }),
  answer: { kind: "json", status: 200, schema: schemas.trialJobPage, meaning: "One page of trial jobs" },
  refusals: ["invalid-query"],
  handle({ server: { experiment }, query }) {
    const all = [...experiment.state.trialJobs.values()];
    const jobs = query.status === undefined ? all : all.filter((job) => job.status === query.status);
    return json(pageOf(jobs, query, (job) => trialJobView(experiment.state, job)));
  },
});

const trialJob = viewerRoute({
  method: "GET",
  path: `${apiRoot}/trial-jobs/:id`,
  name: "trialJob",
  summary: "One trial job.",
  pathParameters,
  answer: { kind: "json", status: 200, schema: schemas.trialJobView, meaning: "The trial job" },
  refusals: ["unknown-trial-job"],
  handle: ({ server, param }) => json(trialJobView(server.experiment.state, jobNamed(server, param("id")))),
});

const log = viewerRoute({
  method: "GET",
  path: `${apiRoot}/trial-jobs/:id/log`,
  name: "trialJobLog",
  summary: "What the job has printed so far.",
  pathParameters,
  query: z.strictObject({ stream: z.enum(["stdout", "stderr"]).default("stdout") }),
  answer: { kind: "text", type: "text/plain", meaning: "The text, as it is read" },
  refusals: ["unknown-trial-job", "log-unavailable", "invalid-query"],
  handle({ server, param, query }) {
    const job = jobNamed(server, param("id"));
    const text = server.readLog?.(job.id, query.stream);
    if (text !== undefined) return textStream(text);
    throw new PolyphaseError("log-unavailable", `there is no ${query.stream} of trial job ${job.id}`, {
      hint: "its training service keeps none, or the job has not been started yet",
    });
  },
});

const cancel = adminRoute({
  method: "DELETE",
  path: `${apiRoot}/trial-jobs/:id`,
  name: "cancelTrialJob",
  summary: "Cancels a trial job with all its processes.",
  pathParameters,
  answer: { kind: "json", status: 200, schema: schemas.trialJobView, meaning: "The trial job as it is now" },
  refusals: ["unknown-trial-job", "trial-job-ended"],
  async handle({ server, param, caller }) {
    const { id } = jobNamed(server, param("id"));
    await server.experiment.cancelTrialJob(id, "user", actorOf(caller));
    await server.experiment.settled();
    return json(trialJobView(server.experiment.state, jobNamed(server, id)));
  },
});

export const trialJobRoutes: readonly Route[] = [trialJobs, trialJob, log, cancel];
