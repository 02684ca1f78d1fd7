import * as z from "zod";
import { bestView, experimentView, exportView, paretoView } from "../../journal/views.ts";
import { apiRoot } from "../../model/http.ts";
import { actorOf } from "../caller.ts";
import { json } from "../responses.ts";
import type { Route } from "../route.ts";
import { adminRoute, viewerRoute } from "../route.ts";
import type { Health } from "../schemas.ts";
import * as schemas from "../schemas.ts";
import { presence } from "../server.ts";

const health = viewerRoute({
  method: "GET",
  path: `${apiRoot}/health`,
  name: "health",
  summary: "Whether the manager is there, and which experiment it runs.",
  answer: { kind: "json", status: 200, schema: schemas.health, meaning: "It is there" },
  refusals: [],
  handle({ server }) {
    const { experimentId, status } = server.experiment.state;
    const { pid, version } = server.info();
    return json({ status: "ok", experimentId, experimentStatus: status, pid, version } satisfies Health);
  },
});

const experiment = viewerRoute({
  method: "GET",
  path: `${apiRoot}/experiment`,
  name: "experiment",
  summary: "The experiment at a glance.",
  answer: { kind: "json", status: 200, schema: schemas.experimentView, meaning: "The experiment" },
  refusals: [],
  handle: ({ server }) => json(experimentView(server.experiment.state, presence(server))),
});

const best = viewerRoute({
  method: "GET",
  path: `${apiRoot}/best`,
  name: "best",
  summary: "The best phase, or in `phaseMode: episode` the best trial.",
  answer: {
    kind: "json",
    status: 200,
    schema: schemas.bestView.nullable(),
    meaning: "The best, or null before the first result",
  },
  refusals: [],
  handle: ({ server }) => json(bestView(server.experiment.state)),
});

const pareto = viewerRoute({
  method: "GET",
  path: `${apiRoot}/pareto`,
  name: "pareto",
  summary: "Of several objectives the Pareto front: the phases that no other phase beats in all of them.",
  answer: {
    kind: "json",
    status: 200,
    schema: schemas.paretoView.nullable(),
    meaning: "The front, or null where there is one objective",
  },
  refusals: [],
  handle: ({ server }) => json(paretoView(server.experiment.state)),
});

const everything = viewerRoute({
  method: "GET",
  path: `${apiRoot}/export`,
  name: "export",
  summary: "Everything as one document: the experiment with its config, all trial jobs, all phases.",
  answer: { kind: "json", status: 200, schema: schemas.exportView, meaning: "The document" },
  refusals: [],
  handle: ({ server }) => json(exportView(server.experiment.state, presence(server))),
});

const stop = adminRoute({
  method: "POST",
  path: `${apiRoot}/stop`,
  name: "stop",
  summary:
    "Stops the experiment gently: no new parameters, jobs are asked to end, after the grace period by force. May be called again.",
  body: z.strictObject({ reason: z.string().max(1_000).default("stopped by a person") }),
  answer: {
    kind: "json",
    status: 202,
    schema: schemas.experimentView,
    meaning: "It stops; it has stopped once its status is STOPPED, DONE or ERROR",
  },
  refusals: ["invalid-body"],
  async handle({ server, body, caller }) {
    const { experiment, reportFault } = server;
    const stopped = experiment.stop(body.reason, { by: actorOf(caller) });
    stopped.catch((error: unknown) => reportFault?.(error));
    // The answer does not wait for the jobs: that it stops is enough, or that it was refused.
    await Promise.race([stopped, experiment.settled()]);
    return json(experimentView(experiment.state, presence(server)), 202);
  },
});

export const experimentRoutes: readonly Route[] = [health, experiment, best, pareto, everything, stop];
