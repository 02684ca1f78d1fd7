import * as z from "zod";
import { deedView, experimentView } from "../../journal/views.ts";
import type { AdditionAnswer, ImportAnswer } from "../../model/http.ts";
import { additionRequest, apiRoot, configChange, importRequest } from "../../model/http.ts";
import type { Json, ObservedPoint } from "../../model/index.ts";
import { actorOf } from "../caller.ts";
import { checkedChange } from "../checked-change.ts";
import { insideOf } from "../inside-space.ts";
import { pageOf, pageQuery } from "../paging.ts";
import { json } from "../responses.ts";
import type { Answer, Route } from "../route.ts";
import { adminRoute, viewerRoute } from "../route.ts";
import * as schemas from "../schemas.ts";
import { presence } from "../server.ts";
import { usableRows } from "../usable-rows.ts";

/** What people change while an experiment runs. */

const theExperiment: Answer = {
  kind: "json",
  status: 200,
  schema: schemas.experimentView,
  meaning: "The experiment as it is now",
};

const update = adminRoute({
  method: "PATCH",
  path: `${apiRoot}/experiment`,
  name: "updateExperiment",
  summary:
    "Other limits, concurrency, search space, name or tags from now on. Trial jobs that are too many get no more parameters with their next request.",
  body: configChange,
  answer: theExperiment,
  refusals: ["invalid-body", "search-space-invalid", "search-space-unsupported", "experiment-ended"],
  async handle({ server, body, caller }) {
    await server.experiment.update(await checkedChange(server, body), actorOf(caller));
    return json(experimentView(server.experiment.state, presence(server)));
  },
});

const pause = adminRoute({
  method: "POST",
  path: `${apiRoot}/pause`,
  name: "pause",
  summary:
    "Nothing more is handed out or started until `unpause`; phases that run go on, and requests for parameters are held open.",
  body: z.strictObject({ reason: z.string().max(1_000).default("paused by a person") }),
  answer: theExperiment,
  refusals: ["invalid-body", "experiment-ended"],
  async handle({ server, body, caller }) {
    await server.experiment.pause(body.reason, actorOf(caller));
    return json(experimentView(server.experiment.state, presence(server)));
  },
});

const unpause = adminRoute({
  method: "POST",
  path: `${apiRoot}/unpause`,
  name: "unpause",
  summary:
    "Goes on after a pause. A tuner that had failed is loaded anew and hears the whole history; fails it again, the experiment is paused again.",
  body: z.strictObject({}),
  answer: theExperiment,
  refusals: ["invalid-body", "experiment-ended"],
  async handle({ server, caller }) {
    await server.experiment.unpause(actorOf(caller));
    return json(experimentView(server.experiment.state, presence(server)));
  },
});

const addParameters = adminRoute({
  method: "POST",
  path: `${apiRoot}/phases`,
  name: "addParameters",
  summary: "Adds parameters by hand: the next request of any trial job gets them, before the tuner is asked.",
  body: additionRequest,
  answer: { kind: "json", status: 201, schema: schemas.additionAnswer, meaning: "They wait for a trial job" },
  refusals: ["invalid-body", "limit-reached", "experiment-ended"],
  async handle({ server: { experiment }, body, caller }) {
    const parameters = body.parameters as Json;
    const { additionId } = await experiment.addParameters(parameters, actorOf(caller), body.requestId);
    const inside = insideOf(experiment.state.config)(parameters);
    return json({ additionId, inside } satisfies AdditionAnswer, 201);
  },
});

const importRows = adminRoute({
  method: "POST",
  path: `${apiRoot}/import`,
  name: "importRows",
  summary: "Tells the tuner of results from elsewhere.",
  body: importRequest,
  answer: { kind: "json", status: 200, schema: schemas.importAnswer, meaning: "What became of the rows" },
  refusals: ["invalid-body", "experiment-ended"],
  async handle({ server: { experiment }, body, caller }) {
    const { rows, ...left } = usableRows(experiment.state.config, body.rows as readonly ObservedPoint[]);
    await experiment.importPoints(rows, actorOf(caller), body.requestId);
    return json({ taken: rows.length, ...left } satisfies ImportAnswer);
  },
});

const audit = viewerRoute({
  method: "GET",
  path: `${apiRoot}/audit`,
  name: "audit",
  summary: "What people have changed, and who did, in order.",
  query: z.strictObject(pageQuery),
  answer: { kind: "json", status: 200, schema: schemas.deedPage, meaning: "One page of the audit trail" },
  refusals: ["invalid-query"],
  handle: ({ server, query }) => json(pageOf(server.experiment.state.actions, query, deedView)),
});

const searchSpace = viewerRoute({
  method: "GET",
  path: `${apiRoot}/search-space`,
  name: "searchSpace",
  summary: "The search space as it is now.",
  answer: {
    kind: "json",
    status: 200,
    schema: schemas.searchSpace,
    meaning: "The space, or null where the experiment has none",
  },
  refusals: [],
  handle: ({ server }) => json(server.experiment.state.config.searchSpace),
});

export const changeRoutes: readonly Route[] = [
  update,
  pause,
  unpause,
  addParameters,
  importRows,
  audit,
  searchSpace,
];
