import { experimentView } from "../../journal/views.ts";
import { apiRoot } from "../../model/http.ts";
import { PolyphaseError } from "../../model/index.ts";
import { securityHeaders, textStream } from "../responses.ts";
import type { Route } from "../route.ts";
import { viewerRoute } from "../route.ts";
import { presence } from "../server.ts";

const log = viewerRoute({
  method: "GET",
  path: `${apiRoot}/log`,
  name: "managerLog",
  summary: "The manager's log.",
  answer: { kind: "text", type: "text/plain", meaning: "The text, as it is read" },
  refusals: ["log-unavailable"],
  handle({ server }) {
    const text = server.managerLog?.();
    if (text === undefined) throw new PolyphaseError("log-unavailable", "this manager keeps no log");
    return textStream(text);
  },
});

const events = viewerRoute({
  method: "GET",
  path: `${apiRoot}/events`,
  name: "events",
  summary:
    "Server-sent events: first `state` (the experiment at a glance), then `record` for each journal record; ids are the records' sequence numbers, and `Last-Event-ID` is honoured as far as records are at hand.",
  answer: {
    kind: "text",
    type: "text/event-stream",
    meaning:
      "The stream. The id of `state` is the number after which records follow: where it is not the `Last-Event-ID` sent, records are missing and everything is to be read again.",
  },
  refusals: ["too-many-streams"],
  handle({ server, context }) {
    const last = context.req.header("last-event-id") ?? "";
    const lastEventId = /^\d+$/.test(last) ? Number(last) : undefined;
    const state = experimentView(server.experiment.state, presence(server));
    const stream = server.events.open(state, lastEventId);
    const forgetClosing = context.env?.closing?.onClose(stream.close);
    if (forgetClosing) context.env.outgoing?.once("close", forgetClosing);
    const headers = { ...securityHeaders, "content-type": "text/event-stream; charset=utf-8" };
    return new Response(stream.body, { headers });
  },
});

export const liveRoutes: readonly Route[] = [log, events];
