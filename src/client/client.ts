import type {
  AdditionAnswer,
  AdditionRequest,
  BestView,
  DeedView,
  ExperimentView,
  ExportView,
  ImportAnswer,
  ImportRequest,
  Page,
  ParetoView,
  PhaseView,
  TrialJobView,
} from "../model/http.ts";
import type { ConfigChange, SearchSpace } from "../model/index.ts";
import type { ExperimentEvent } from "./events.ts";
import { readEvents } from "./events.ts";
import type { NniClient } from "./nni.ts";
import { nniClient } from "./nni.ts";
import { textOf } from "./text.ts";
import type { Call, ClientOptions, Query, Transport } from "./transport.ts";
import { transport } from "./transport.ts";

/**
 * The management API of one experiment, typed. Runs in browsers too. Every refusal of the server is thrown as a
 * PolyphaseError with its code, message and hint; see {@link transport} for the codes that are the client's own.
 */
export interface Client {
  health(options?: Aborting): Promise<HealthView>;
  experiment(options?: Aborting): Promise<ExperimentView>;
  /** One page, in the order of creation. */
  trialJobs(query?: TrialJobQuery): Promise<Page<TrialJobView>>;
  /** All of them, page by page. */
  allTrialJobs(query?: TrialJobQuery): AsyncIterable<TrialJobView>;
  trialJob(trialJobId: string): Promise<TrialJobView>;
  /** What the job has written so far. */
  trialJobLog(trialJobId: string, stream: LogStream): AsyncIterable<string>;
  /** Resolves when the job and all its processes have ended, to the job as it is then. */
  cancelTrialJob(trialJobId: string): Promise<TrialJobView>;
  /** One page; without `sort` in the order of proposal. */
  phases(query?: PhaseQuery): Promise<Page<PhaseView>>;
  /** All of them, page by page. */
  allPhases(query?: PhaseQuery): AsyncIterable<PhaseView>;
  phase(parameterId: number): Promise<PhaseView>;
  /** Ends a running phase early; resolves to it as it is then. */
  stopPhase(parameterId: number, reason?: string): Promise<PhaseView>;
  /** The best phase, or in `phaseMode: episode` the best trial; null before the first objective. */
  best(): Promise<BestView | null>;
  /** The phases that no other beats in all objectives; null where there is one objective. */
  pareto(): Promise<ParetoView | null>;
  /** Everything, as one document. */
  export(): Promise<ExportView>;
  /** Null where the experiment has none. */
  searchSpace(): Promise<SearchSpace | null>;
  /** What people have changed, page by page, in order. */
  allDeeds(query?: PageQuery): AsyncIterable<DeedView>;
  /** Changes the keys that are there; null takes a limit away. */
  update(changes: ConfigChange): Promise<ExperimentView>;
  pause(reason?: string): Promise<ExperimentView>;
  unpause(): Promise<ExperimentView>;
  /** The next request of any trial job gets them. */
  addParameters(request: AdditionRequest): Promise<AdditionAnswer>;
  /** Tells the tuner of results from elsewhere. A request may have 8 MiB. */
  importRows(request: ImportRequest): Promise<ImportAnswer>;
  /** Resolves when the experiment has begun to stop; it has stopped when its status is STOPPED, DONE or ERROR. */
  stop(reason?: string): Promise<ExperimentView>;
  /** What the manager has logged so far. */
  log(): AsyncIterable<string>;
  /**
   * What happens, as it happens, until the server closes or `signal` aborts. `lastEventId`: the `seq` after which to go
   * on; where the server no longer has all records since then, the `state` event has a larger `seq`.
   */
  events(options?: Aborting & { readonly lastEventId?: number }): AsyncIterable<ExperimentEvent>;
  readonly nni: NniClient;
}

export type LogStream = "stdout" | "stderr";

export interface Aborting {
  readonly signal?: AbortSignal | undefined;
}

/** Answer of the health route. */
export interface HealthView {
  readonly status: "ok";
  readonly experimentId: string;
  readonly experimentStatus: string;
  readonly pid: number | null;
  readonly version: string;
}

export interface PageQuery {
  /** The `next` of the page before; default: from the start. */
  readonly cursor?: number | undefined;
  /** Items in a page at most; the server decides where it is missing or too large. */
  readonly limit?: number | undefined;
}

export interface TrialJobQuery extends PageQuery {
  readonly status?: string | undefined;
}

export interface PhaseQuery extends PageQuery {
  readonly trialJobId?: string | undefined;
  /** A PhaseOutcome or `running`. */
  readonly outcome?: string | undefined;
  /** `parameterId` (the default), `objective`, `startTime` or `endTime`; with `-` before it the greatest first. */
  readonly sort?: string | undefined;
}

export function createClient(options: ClientOptions = {}): Client {
  const call = transport(options);
  const send = <Body>(path: string, how: Call): Promise<Body> =>
    call(path, how).then((response) => response.json() as Promise<Body>);
  const get = <Body>(path: string, query?: Query, signal?: AbortSignal): Promise<Body> =>
    send(path, { query, signal });
  const trialJobs = (query?: TrialJobQuery): Promise<Page<TrialJobView>> => get("/trial-jobs", { ...query });
  const phases = (query?: PhaseQuery): Promise<Page<PhaseView>> => get("/phases", { ...query });
  return {
    health: (aborting) => get("/health", {}, aborting?.signal),
    experiment: (aborting) => get("/experiment", {}, aborting?.signal),
    trialJobs,
    allTrialJobs: (query) => allPages(trialJobs, query ?? {}),
    trialJob: (trialJobId) => get(`/trial-jobs/${encodeURIComponent(trialJobId)}`),
    trialJobLog: (trialJobId, stream) =>
      text(call, `/trial-jobs/${encodeURIComponent(trialJobId)}/log`, { stream }),
    cancelTrialJob: (trialJobId) =>
      send(`/trial-jobs/${encodeURIComponent(trialJobId)}`, { method: "DELETE" }),
    phases,
    allPhases: (query) => allPages(phases, query ?? {}),
    phase: (parameterId) => get(`/phases/${parameterId}`),
    stopPhase: (parameterId, reason) =>
      send(`/phases/${parameterId}/stop`, { method: "POST", body: { reason } }),
    best: () => get("/best"),
    pareto: () => get("/pareto"),
    export: () => get("/export"),
    searchSpace: () => get("/search-space"),
    allDeeds: (query) =>
      allPages((page: PageQuery) => get<Page<DeedView>>("/audit", { ...page }), query ?? {}),
    update: (changes) => send("/experiment", { method: "PATCH", body: changes }),
    pause: (reason) => send("/pause", { method: "POST", body: { reason } }),
    unpause: () => send("/unpause", { method: "POST" }),
    addParameters: (request) => send("/phases", { method: "POST", body: request }),
    importRows: (request) => send("/import", { method: "POST", body: request }),
    stop: (reason) => send("/stop", { method: "POST", body: { reason } }),
    log: () => text(call, "/log"),
    events: (following) => events(call, following),
    nni: nniClient(get),
  };
}

/** Every item of every page. */
export async function* allPages<Item, Pages extends PageQuery>(
  page: (query: Pages) => Promise<Page<Item>>,
  query: Pages,
): AsyncGenerator<Item, void, undefined> {
  let cursor: number | null = query.cursor ?? 0;
  while (cursor !== null) {
    const { items, next }: Page<Item> = await page({ ...query, cursor });
    yield* items;
    cursor = next;
  }
}

async function* text(
  call: Transport,
  path: string,
  query: Query = {},
): AsyncGenerator<string, void, undefined> {
  yield* textOf(await call(path, { query }));
}

async function* events(
  call: Transport,
  options: Aborting & { readonly lastEventId?: number } = {},
): AsyncGenerator<ExperimentEvent, void, undefined> {
  const { lastEventId, signal } = options;
  const headers = {
    accept: "text/event-stream",
    ...(lastEventId === undefined ? {} : { "last-event-id": String(lastEventId) }),
  };
  try {
    yield* readEvents(await call("/events", { headers, signal }));
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}
