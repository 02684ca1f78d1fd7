import * as z from "zod";
import type { ConfigChange } from "../../../model/index.ts";
import { mostOfLimit, mostTrialConcurrency, PolyphaseError } from "../../../model/index.ts";
import { checked } from "../../body.ts";
import { actorOf } from "../../caller.ts";
import { checkedChange } from "../../checked-change.ts";
import { nniRoot } from "../../nni/nni-root.ts";
import { noLimitOfSeconds, noLimitOfTrials, profileView } from "../../nni/profile.ts";
import { readNniText } from "../../nni/nni-text.ts";
import * as schemas from "../../nni/schemas.ts";
import { checkStatusView } from "../../nni/status.ts";
import { json, plainText } from "../../responses.ts";
import type { Route } from "../../route.ts";
import { adminRoute, viewerRoute } from "../../route.ts";
import type { Server } from "../../server.ts";
import { nothing } from "./nothing.ts";

/** Not ours, which /api/v1/health has: scripts compare it with that of the NNI they were written for. */
const interfaceVersion = "1.4.0";

const version = viewerRoute({
  method: "GET",
  path: `${nniRoot}/version`,
  name: "nniVersion",
  summary: "The version of NNI whose interface these routes keep.",
  answer: { kind: "text", type: "text/plain", meaning: "Such as 1.4.0" },
  refusals: [],
  handle: () => plainText(interfaceVersion),
});

const checkStatus = viewerRoute({
  method: "GET",
  path: `${nniRoot}/check-status`,
  name: "nniCheckStatus",
  summary: "The experiment's status in NNI's words, and why it is ERROR.",
  answer: { kind: "json", status: 200, schema: schemas.nniCheckStatus, meaning: "The status" },
  refusals: [],
  handle: ({ server }) => json(checkStatusView(server.experiment.state)),
});

const profile = viewerRoute({
  method: "GET",
  path: `${nniRoot}/experiment`,
  name: "nniExperiment",
  summary: "The experiment's profile, its settings in NNI's keys.",
  answer: { kind: "json", status: 200, schema: schemas.nniProfile, meaning: "The profile" },
  refusals: [],
  handle({ server }) {
    const { state } = server.experiment;
    // Without a manager the experiment's clock stands still.
    const now = server.info().pid === null ? state.lastRecordAt : server.clock.now();
    return json(profileView(state, { now, directory: server.directory ?? "" }));
  },
});

/** The one field of `params` that each `update_type` applies. */
const changes = {
  TRIAL_CONCURRENCY: z.object({ trialConcurrency: z.int().min(1).max(mostTrialConcurrency) }),
  MAX_EXEC_DURATION: z
    .object({
      maxExecDuration: z
        .number()
        .positive()
        .max(Number.MAX_SAFE_INTEGER / 1_000),
    })
    .transform(({ maxExecDuration: seconds }) => ({
      maxExecDurationMs: seconds === noLimitOfSeconds ? null : Math.ceil(seconds * 1_000),
    })),
  SEARCH_SPACE: z.object({ searchSpace: z.string().transform(spaceOf) }),
  MAX_TRIAL_NUM: z
    .object({ maxTrialNum: z.int().min(1).max(mostOfLimit) })
    .transform(({ maxTrialNum }) => ({ maxTrialNum: maxTrialNum === noLimitOfTrials ? null : maxTrialNum })),
} as const;
type UpdateType = keyof typeof changes;

/** Whether it is a search space is seen by whoever parses it. */
function spaceOf(text: string, context: z.RefinementCtx): object {
  try {
    const space = readNniText(text);
    if (space !== null && typeof space === "object" && !Array.isArray(space)) return space;
  } catch {
    // Said below.
  }
  context.addIssue({ code: "custom", message: "expected the JSON text of a search space" });
  return z.NEVER;
}

const update = adminRoute({
  method: "PUT",
  path: `${nniRoot}/experiment`,
  name: "nniUpdateExperiment",
  summary: "Applies that one field of the profile's `params` which `update_type` names.",
  query: z.object({ update_type: z.enum(Object.keys(changes) as [UpdateType, ...UpdateType[]]) }),
  body: z.looseObject({
    id: z.string().optional().describe("This experiment's."),
    params: z.looseObject({}).describe("As GET answers them."),
  }),
  answer: nothing,
  refusals: [
    "invalid-query",
    "invalid-body",
    "search-space-invalid",
    "search-space-unsupported",
    "experiment-ended",
  ],
  async handle({ server, query, body, caller }) {
    checkId(server, body.id);
    const schema = changes[query.update_type] as unknown as z.ZodType<ConfigChange>;
    const { params } = checked({ params: body.params }, z.object({ params: schema }), "invalid-body");
    await server.experiment.update(await checkedChange(server, params), actorOf(caller));
    return plainText("");
  },
});

function checkId({ experiment: { state } }: Server, id: string | undefined): void {
  if (id === undefined || id === state.experimentId) return;
  throw new PolyphaseError(
    "invalid-body",
    `expected the profile of experiment ${state.experimentId}, got that of ${JSON.stringify(id)}`,
  );
}

const start = adminRoute({
  method: "POST",
  path: `${nniRoot}/experiment`,
  name: "nniStartExperiment",
  summary:
    "The id of the experiment, which is there already: nothing is started, and the body is not looked at.",
  body: z.looseObject({}),
  answer: {
    kind: "json",
    status: 200,
    schema: z.strictObject({ experiment_id: z.string() }),
    meaning: "The experiment's id, however often it is asked for",
  },
  refusals: ["invalid-body"],
  handle: ({ server }) => json({ experiment_id: server.experiment.state.experimentId }),
});

const clusterMetadata = adminRoute({
  method: "PUT",
  path: `${nniRoot}/experiment/cluster-metadata`,
  name: "nniClusterMetadata",
  summary: "Refused: an experiment has its training service from the beginning.",
  body: z.looseObject({}),
  answer: nothing,
  refusals: ["invalid-body", "set-at-creation"],
  handle() {
    throw new PolyphaseError("set-at-creation", "the training service cannot be set from here", {
      hint: "it stands in the config file: polyphase create FILE starts an experiment with it",
    });
  },
});

export const experimentRoutes: readonly Route[] = [
  version,
  checkStatus,
  profile,
  update,
  start,
  clusterMetadata,
];
