import * as z from "zod";
import type { Json } from "../../../model/index.ts";
import { actorOf } from "../../caller.ts";
import { jobNamed } from "../../job-named.ts";
import { jobInfo, jobStatistics, jobStatus, jobViewer } from "../../nni/job-info.ts";
import type { JobViewer } from "../../nni/job-info.ts";
import { nniRoot } from "../../nni/nni-root.ts";
import * as schemas from "../../nni/schemas.ts";
import { json, plainText } from "../../responses.ts";
import type { Route } from "../../route.ts";
import { adminRoute, viewerRoute } from "../../route.ts";
import type { Server } from "../../server.ts";
import { nothing } from "./nothing.ts";

const pathParameters = { id: "Id of the trial job." };

const statistics = viewerRoute({
  method: "GET",
  path: `${nniRoot}/job-statistics`,
  name: "nniJobStatistics",
  summary: "How many trial jobs have each status.",
  answer: {
    kind: "json",
    status: 200,
    schema: schemas.nniJobStatistics,
    meaning: "Only statuses that a job has",
  },
  refusals: [],
  handle: ({ server }) => json(jobStatistics(viewerOf(server))),
});

const trialJobs = viewerRoute({
  method: "GET",
  path: `${nniRoot}/trial-jobs`,
  name: "nniTrialJobs",
  summary: "All trial jobs, with their configurations and final results.",
  query: z.object({ status: z.enum(schemas.nniJobStatuses).optional() }),
  answer: { kind: "json", status: 200, schema: schemas.nniJobInfos, meaning: "In order of creation" },
  refusals: ["invalid-query"],
  handle({ server, query: { status } }) {
    const viewer = viewerOf(server);
    const all = [...viewer.state.trialJobs.values()];
    const jobs = status === undefined ? all : all.filter((job) => jobStatus(viewer, job) === status);
    return json(jobs.map((job) => jobInfo(viewer, job)));
  },
});

const trialJob = viewerRoute({
  method: "GET",
  path: `${nniRoot}/trial-jobs/:id`,
  name: "nniTrialJob",
  summary: "One trial job.",
  pathParameters,
  answer: { kind: "json", status: 200, schema: schemas.nniJobInfo, meaning: "The trial job" },
  refusals: ["unknown-trial-job"],
  handle: ({ server, param }) => json(jobInfo(viewerOf(server), jobNamed(server, param("id")))),
});

const add = adminRoute({
  method: "POST",
  path: `${nniRoot}/trial-jobs`,
  name: "nniAddTrialJob",
  summary: "A customized trial: the next request of any trial job gets these parameters.",
  body: z
    .record(z.string(), z.unknown())
    .refine((parameters) => Object.keys(parameters).length > 0, "expected parameters, got none"),
  answer: {
    kind: "json",
    status: 200,
    schema: z.strictObject({ sequenceId: z.int().min(0) }),
    meaning:
      "They wait. `sequenceId`: of the job that gets them if each job gets one configuration; else whichever asks next gets them",
  },
  refusals: ["invalid-body", "limit-reached", "experiment-ended"],
  async handle({ server: { experiment }, body, caller }) {
    const { state } = experiment;
    const sequenceId = state.trialJobs.size + state.additions.size;
    await experiment.addParameters(body as Json, actorOf(caller));
    return json({ sequenceId });
  },
});

const cancel = adminRoute({
  method: "DELETE",
  path: `${nniRoot}/trial-jobs/:id`,
  name: "nniCancelTrialJob",
  summary: "Cancels a trial job with all its processes.",
  pathParameters,
  answer: nothing,
  refusals: ["unknown-trial-job", "cancel-failed"],
  async handle({ server, param, caller }) {
    const { id } = jobNamed(server, param("id"));
    await server.experiment.cancelTrialJob(id, "user", actorOf(caller));
    return plainText("");
  },
});

function viewerOf(server: Server): JobViewer {
  return jobViewer(server.experiment.state, server.directory ?? "");
}

export const trialJobRoutes: readonly Route[] = [statistics, trialJobs, trialJob, add, cancel];
