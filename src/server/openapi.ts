import * as z from "zod";
import type { JsonObject } from "../model/index.ts";
import { isNniPath } from "./nni/nni-root.ts";
import * as nni from "./nni/schemas.ts";
import type { RefusalCode } from "./refusals.ts";
import { statusOfRefusal } from "./refusals.ts";
import type { Access, Answer, Route } from "./route.ts";
import { routes } from "./routes/index.ts";
import * as schemas from "./schemas.ts";

/** Refusals that every route may give. */
const common: readonly RefusalCode[] = [
  "malformed-request",
  "unauthorized",
  "wrong-token",
  "too-many-wrong-tokens",
  "forbidden-host",
  "url-too-long",
  "headers-too-large",
  "too-slow",
  "too-many-connections",
];

/** The whole API as an OpenAPI 3.1 document, made from the same routes and schemas that the server works with. */
export function openApiDocument(version: string): JsonObject {
  const components = componentSchemas();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = (paths[openApiPath(route.path)] ??= {});
    path[route.method.toLowerCase()] = operation(route);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Polyphase",
      version,
      summary: "The HTTP API of one experiment's manager.",
      description:
        "Trial jobs use the paths under /api/v1/trial with the token of their own job (POLYPHASE_TOKEN). Everything else takes the experiment's admin token, and what only reads its viewer token too: as bearer token, or from a browser as the cookie that a first visit with `?token=` sets. The paths under /api/v1/nni answer as those of NNI 1.4 did.",
    },
    servers: [{ url: "/" }],
    paths: paths as JsonObject,
    components: {
      schemas: components,
      securitySchemes: {
        trialToken: { type: "http", scheme: "bearer", description: "Token of one trial job." },
        viewerToken: { type: "http", scheme: "bearer", description: "Reads everything, changes nothing." },
        adminToken: { type: "http", scheme: "bearer", description: "Opens everything but the trial API." },
      },
    },
  };
}

function openApiPath(path: string): string {
  return path.replace(/:(\w+)/g, "{$1}");
}

function operation(route: Route): JsonObject {
  return {
    operationId: route.name,
    summary: route.summary,
    tags: [tagOf(route)],
    security: tokensThatOpen[route.access].map((token) => ({ [token]: [] })),
    parameters: [...pathParameters(route), ...queryParameters(route)],
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            // An empty body counts as {}.
            required: !route.body.safeParse({}).success,
            content: { "application/json": { schema: inline(route.body, "input") } },
          },
        }),
    responses: { ...success(route.answer), ...refusals(route) },
  };
}

function tagOf({ access, path }: Route): string {
  return access === "trial" ? "trial" : isNniPath(path) ? "nni" : "management";
}

const tokensThatOpen: Readonly<Record<Access, readonly string[]>> = {
  trial: ["trialToken"],
  viewer: ["viewerToken", "adminToken"],
  admin: ["adminToken"],
};

function pathParameters(route: Route): JsonObject[] {
  return Object.entries(route.pathParameters ?? {}).map(([name, description]) => ({
    name,
    in: "path",
    required: true,
    description,
    schema: { type: "string" },
  }));
}

function queryParameters(route: Route): JsonObject[] {
  if (route.access === "trial" || route.query === undefined) return [];
  const { properties = {} } = inline(route.query, "output") as { properties?: Record<string, JsonObject> };
  // What has a default need not be given.
  const { required: needed = [] } = inline(route.query, "input") as { required?: readonly string[] };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: "query",
    required: needed.includes(name),
    ...(description === undefined ? {} : { description }),
    schema,
  }));
}

function success(answer: Answer): JsonObject {
  if (answer.kind === "text") {
    const content = { [answer.type]: { schema: { type: "string" } } };
    return { "200": { description: answer.meaning, content } };
  }
  const content = { "application/json": { schema: reference(answer.schema) } };
  return { [answer.status]: { description: answer.meaning, content } };
}

/** One entry for each status, which names the codes. */
function refusals(route: Route): JsonObject {
  const codes = new Set<RefusalCode>([...common, ...route.refusals]);
  if (route.body !== undefined)
    codes.add("malformed-json").add("body-too-large").add("body-incomplete").add("unsupported-encoding");
  if (route.access === "trial") codes.add("token-superseded");
  if (route.access !== "trial" || route.method !== "GET") codes.add("forbidden-origin");
  if (route.access === "admin") codes.add("read-only");
  const statuses = [...new Set([...codes].map((code) => statusOfRefusal[code]))].sort((a, b) => a - b);
  const errorBody = isNniPath(route.path) ? nni.nniErrorBody : schemas.errorBody;
  const content = { "application/json": { schema: reference(errorBody) } };
  return Object.fromEntries(
    statuses.map((status) => {
      const names = [...codes].filter((code) => statusOfRefusal[code] === status);
      return [status, { description: names.join(", "), content }];
    }),
  );
}

const named: Record<string, z.ZodType> = {
  Error: schemas.errorBody,
  ParametersAnswer: schemas.parametersAnswer,
  ReportAnswer: schemas.reportAnswer,
  TrialInfo: schemas.trialInfo,
  Health: schemas.health,
  Best: schemas.bestView,
  Pareto: schemas.paretoView,
  Experiment: schemas.experimentView,
  TrialJob: schemas.trialJobView,
  TrialJobPage: schemas.trialJobPage,
  Phase: schemas.phaseView,
  PhasePage: schemas.phasePage,
  AuditEntry: schemas.deedView,
  AuditPage: schemas.deedPage,
  Export: schemas.exportView,
  NniError: nni.nniErrorBody,
  NniProfile: nni.nniProfile,
  NniTrialJob: nni.nniJobInfo,
  NniMetrics: nni.nniMetrics,
};

function componentSchemas(): JsonObject {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas: converted } = z.toJSONSchema(registry, { uri: componentUri });
  return Object.fromEntries(Object.entries(converted).map(([id, schema]) => [id, bare(schema)]));
}

function componentUri(id: string): string {
  return `#/components/schemas/${id}`;
}

/** The component of that schema where it has one. */
function reference(schema: z.ZodType): JsonObject {
  const name = Object.keys(named).find((key) => named[key] === schema);
  return name === undefined ? inline(schema, "output") : { $ref: componentUri(name) };
}

function inline(schema: z.ZodType, io: "input" | "output"): JsonObject {
  return bare(z.toJSONSchema(schema, { io }));
}

/** Without the keys that only a stand-alone schema document has. */
function bare(schema: object): JsonObject {
  const { $schema: _schema, $id: _id, ...rest } = schema as { [key: string]: never };
  return rest;
}
