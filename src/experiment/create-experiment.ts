import { apply, emptyState, fold } from "../journal/index.ts";
import type { Journal } from "../journal/index.ts";
import { isPolyphaseError, journalVersion, messageOf, PolyphaseError } from "../model/index.ts";
import type {
  CancelReason,
  ExperimentConfig,
  ExperimentState,
  ExperimentStatus,
  Fact,
  JournalRecord,
  NumberedRecord,
  ParameterRequest,
  Phase,
  Proposal,
  TrainingService,
  TrialJob,
  TrialJobSpec,
} from "../model/index.ts";
import type { ParametersAnswer, ReportAnswer } from "../model/http.ts";
import type { Clock } from "./clock.ts";
import * as decide from "./decide.ts";
import { emptyDesk } from "./desk.ts";
import type { Ask, Desk, OpenRequest } from "./desk.ts";
import type { Experiment } from "./experiment.ts";
import { isOpen } from "./limits.ts";
import { plan } from "./plan.ts";
import { phaseEndedMessage, searchSpaceMessage, tunerHistory } from "./recover.ts";
import type { TunerHost, TunerMessage } from "./tuner-host.ts";

/** Everything an experiment needs from outside. */
export interface ExperimentDeps {
  readonly journal: Journal;
  readonly tuner: TunerHost;
  readonly service: TrainingService;
  readonly clock: Clock;
  readonly ids: {
    /** 5 characters, first a letter; not one of `taken`. */
    trialJobId(taken: { has(id: string): boolean }): string;
    /** Hex SHA-256 of the token that the job's attempt authenticates with. */
    tokenHash(trialJobId: string, attempt: number): string;
  };
  /** What the training service gets for a job: its command, its environment with the token. */
  trialJobSpec(job: TrialJob, firstIndex: number): TrialJobSpec;
  readonly pid: number;
  log(level: "info" | "warning" | "error", message: string): void;
  /** Calls soon, after the messages that are there already: what comes until then shares one commit. */
  defer(commit: () => void): void;
}

export interface NewExperiment {
  readonly experimentId: string;
  readonly config: ExperimentConfig;
  readonly seed: number;
}

/** Starts a new experiment in an empty journal. */
export function createExperiment(
  deps: ExperimentDeps,
  { experimentId, config, seed }: NewExperiment,
): Experiment {
  if (deps.journal.lastSeq > 0)
    throw new PolyphaseError("experiment-exists", "the journal holds an experiment already");
  const driver = new Driver(deps, emptyState());
  driver.tellTuner([searchSpaceMessage(config.searchSpace)]);
  driver.record([
    { kind: "experiment-created", version: journalVersion, experimentId, config, seed },
    { kind: "manager-started", pid: deps.pid },
    { kind: "experiment-status", status: "RUNNING", reason: null },
  ]);
  return driver;
}

/**
 * Goes on with the experiment in the journal: the tuner hears its history again, living jobs are attached to, pending
 * phases keep their answers. The jobs that are gone end their phases as failed.
 */
export function recoverExperiment(deps: ExperimentDeps): Experiment {
  const driver = new Driver(deps, fold(deps.journal.read()));
  if (driver.state.seq === 0)
    throw new PolyphaseError("experiment-missing", "the journal is empty: there is nothing to resume");
  driver.tellTuner(tunerHistory(deps.journal.read()));
  driver.desk.heard = driver.state.seq;
  driver.record([
    { kind: "manager-started", pid: deps.pid },
    { kind: "experiment-status", status: "RUNNING", reason: null },
  ]);
  driver.attachToJobs();
  return driver;
}

/**
 * The loop: decide → append → apply → act. A message is decided on at once and folded into the state; its records are
 * appended together with those of other messages of the same turn; only then is it answered and acted upon.
 */
class Driver implements Experiment {
  state: ExperimentState;
  readonly desk: Desk;
  readonly ended: Promise<ExperimentStatus>;
  readonly #deps: ExperimentDeps;
  readonly #listeners = new Set<(records: readonly NumberedRecord[]) => void>();
  #resolveEnded: (status: ExperimentStatus) => void = () => {};
  /** Applied, not yet durable. */
  #pending: NumberedRecord[] = [];
  /** What waits for the pending records to be durable. */
  #afterCommit: { readonly act: () => void; readonly fail: (error: Error) => void }[] = [];
  #commitDeferred = false;
  #cancelAlarm: () => void = () => {};
  /** Set when the journal took no more: nothing can be acknowledged from then on. */
  #broken: Error | undefined;

  constructor(deps: ExperimentDeps, state: ExperimentState) {
    this.#deps = deps;
    this.state = state;
    this.desk = emptyDesk(() => deps.clock.now());
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
    void deps.tuner.failed.then((error) => this.#onTunerFailed(error));
  }

  // ---- what trials and people ask for ----------------------------------------------------------------------------

  requestParameters(
    trialJobId: string,
    parameterIndex: number,
    signal?: AbortSignal,
  ): Promise<ParametersAnswer> {
    return new Promise((resolve, reject) => {
      this.#attempt(reject, () => {
        const facts = decide.onParametersRequested(this.state, trialJobId, parameterIndex);
        const job = this.state.trialJobs.get(trialJobId) as TrialJob;
        const known = decide.knownAnswer(this.state, job, parameterIndex);
        this.record(facts);
        if (known) return this.#whenDurable(() => resolve(known), reject);
        this.#keepOpen(trialJobId, { parameterIndex, answer: resolve, refuse: reject }, signal);
        this.#whenDurable(() => {}, reject);
      });
    });
  }

  reportIntermediateResult(
    trialJobId: string,
    report: Parameters<Experiment["reportIntermediateResult"]>[1],
  ): Promise<ReportAnswer> {
    return this.#report(trialJobId, report.parameterIndex, () =>
      decide.onIntermediateResult(this.state, trialJobId, report),
    );
  }

  reportFinalResult(
    trialJobId: string,
    report: Parameters<Experiment["reportFinalResult"]>[1],
  ): Promise<ReportAnswer> {
    return this.#report(trialJobId, report.parameterIndex, () =>
      decide.onFinalResult(this.state, trialJobId, report),
    );
  }

  heartbeat(trialJobId: string): void {
    if (this.state.activeTrialJobs.has(trialJobId)) this.desk.heartbeats.set(trialJobId, this.desk.now());
  }

  cancelTrialJob(trialJobId: string, reason: CancelReason): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#attempt(reject, () => {
        const job = this.state.trialJobs.get(trialJobId);
        if (!job) throw new PolyphaseError("unknown-trial-job", `there is no trial job ${trialJobId}`);
        if (!decide.isActive(job)) return resolve();
        this.#cancel(trialJobId, reason).then(resolve, reject);
      });
    });
  }

  stopPhase(parameterId: number, reason: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#attempt(reject, () => {
        this.record(decide.onPhaseStopped(this.state, parameterId, reason));
        this.#whenDurable(resolve, reject);
      });
    });
  }

  async stop(reason: string): Promise<void> {
    if (isOpen(this.state)) this.record([{ kind: "experiment-status", status: "STOPPING", reason }]);
    else if (this.state.status === "ERROR")
      for (const id of this.state.activeTrialJobs) void this.#cancel(id, "experiment-stopped");
    await this.ended;
  }

  settled(): Promise<void> {
    if (this.#pending.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => this.#whenDurable(resolve, reject));
  }

  subscribe(listener: (records: readonly NumberedRecord[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // ---- decide → append → apply → act -----------------------------------------------------------------------------

  /** Folds facts in and sees to it that they are appended soon. */
  record(facts: readonly Fact[]): void {
    if (this.#broken) throw this.#broken;
    for (const fact of facts) {
      const record: JournalRecord = { at: this.desk.now(), ...fact };
      const numbered = { seq: this.state.seq + 1, record };
      this.state = apply(this.state, numbered);
      this.#pending.push(numbered);
    }
    this.#commitSoon();
  }

  tellTuner(messages: readonly TunerMessage[]): void {
    this.#deps.tuner.tell(messages);
  }

  attachToJobs(): void {
    for (const id of this.state.activeTrialJobs) {
      const job = this.state.trialJobs.get(id) as TrialJob;
      if (!job.handle) continue; // named but perhaps not started: submitted again, which starts it once
      this.desk.submitted.set(id, job.attempt);
      void this.#watch(job);
    }
  }

  #commitSoon(): void {
    if (this.#commitDeferred) return;
    this.#commitDeferred = true;
    this.#deps.defer(() => {
      this.#commitDeferred = false;
      this.#commit();
    });
  }

  #commit(): void {
    const records = this.#pending;
    const waiting = this.#afterCommit;
    this.#pending = [];
    this.#afterCommit = [];
    try {
      if (records.length > 0) this.#deps.journal.append(records.map(({ record }) => record));
    } catch (error) {
      return this.#onJournalBroken(error, waiting);
    }
    this.#tellOf(records);
    for (const { act } of waiting) act();
    this.#answerRequests();
    if (records.length > 0) for (const listener of this.#listeners) listener(records);
    this.#carryOn();
  }

  /** The tuner hears of phases that ended, before anything that comes of them is answered. */
  #tellOf(records: readonly NumberedRecord[]): void {
    const messages = records.flatMap(({ record }) =>
      record.kind === "phase-ended"
        ? [phaseEndedMessage(record, this.state.phases.get(record.parameterId) as Phase)]
        : [],
    );
    this.desk.heard = records.at(-1)?.seq ?? this.desk.heard;
    if (messages.length === 0 || !isOpen(this.state)) return;
    this.tellTuner(messages);
    for (const ask of this.desk.asks.values()) if (ask.state === "waiting") ask.state = "queued";
  }

  /** Answers every open request whose answer is known by now. */
  #answerRequests(): void {
    for (const [trialJobId, requests] of this.desk.requests) {
      const job = this.state.trialJobs.get(trialJobId) as TrialJob;
      const open = requests.filter((request) => !this.#answered(job, request));
      if (open.length > 0) this.desk.requests.set(trialJobId, open);
      else this.desk.requests.delete(trialJobId);
    }
  }

  #answered(job: TrialJob, request: OpenRequest): boolean {
    const answer = decide.knownAnswer(this.state, job, request.parameterIndex);
    if (answer) request.answer(answer);
    else if (!decide.isActive(job))
      request.refuse(new PolyphaseError("trial-job-ended", `trial job ${job.id} has ended (${job.status})`));
    else return false;
    return true;
  }

  /** Does what the plan says. */
  #carryOn(): void {
    if (this.#broken) return;
    this.#dropIdleAsks();
    const next = plan(this.state, this.desk);
    for (const job of next.submit) void this.#submit(job);
    for (const { trialJobId, reason } of next.cancel) void this.#cancel(trialJobId, reason);
    for (const { trialJobId, parameterIndex } of next.newAsks) this.#queueAsk(trialJobId, parameterIndex);
    for (let count = 0; count < next.newTrialJobs; count++) this.#draftTrialJob();
    this.#askTuner();
    this.#setAlarm(next.wakeAt);
    if (next.facts.length > 0) this.record(next.facts);
    this.#endIfDone();
  }

  #setAlarm(at: number): void {
    this.#cancelAlarm();
    this.#cancelAlarm = at === Infinity ? () => {} : this.#deps.clock.alarm(at, () => this.#commitSoon());
  }

  #endIfDone(): void {
    const { status } = this.state;
    if (
      isOpen(this.state) ||
      status === "STOPPING" ||
      this.state.activeTrialJobs.size > 0 ||
      this.#pending.length > 0
    )
      return;
    this.#cancelAlarm();
    this.#resolveEnded(status);
  }

  // ---- the tuner -------------------------------------------------------------------------------------------------

  #draftTrialJob(): void {
    const { trialJobs } = this.state;
    const { drafts } = this.desk;
    const id = this.#deps.ids.trialJobId({ has: (taken) => trialJobs.has(taken) || drafts.has(taken) });
    drafts.add(id);
    this.#queueAsk(id, 0);
  }

  /** Forgets questions that wait on behalf of jobs that will get nothing any more. */
  #dropIdleAsks(): void {
    const createsJobs = this.state.status === "RUNNING" || this.state.status === "NO_MORE_TRIAL";
    for (const [id, ask] of this.desk.asks) {
      const job = this.state.trialJobs.get(id);
      const wanted = job ? decide.isActive(job) && !job.noMore : createsJobs;
      if (ask.state === "asked" || wanted) continue;
      this.desk.asks.delete(id);
      this.desk.drafts.delete(id);
    }
  }

  #queueAsk(trialJobId: string, parameterIndex: number): void {
    this.desk.asks.set(trialJobId, {
      trialJobId,
      parameterIndex,
      parameterId: this.#nextParameterId(),
      state: "queued",
    });
  }

  #nextParameterId(): number {
    let next = this.state.nextParameterId;
    for (const ask of this.desk.asks.values()) next = Math.max(next, ask.parameterId + 1);
    return next;
  }

  #askTuner(): void {
    const asks = [...this.desk.asks.values()].filter((ask) => ask.state === "queued");
    if (asks.length === 0 || !isOpen(this.state)) return;
    const { heard } = this.desk;
    for (const ask of asks) ask.state = "asked";
    const requests: ParameterRequest[] = asks.map(({ parameterId, trialJobId, parameterIndex }) => ({
      parameterId,
      trialJobId,
      parameterIndex,
    }));
    this.#deps.tuner.ask(requests).then(
      (proposals) => this.#onProposals(asks, proposals, heard),
      () => {}, // `failed` says it
    );
  }

  #onProposals(asks: readonly Ask[], proposals: readonly Proposal[], heard: number): void {
    if (this.#broken) return;
    const batch = asks[0]?.parameterId ?? 0;
    asks.forEach((ask, index) => {
      const proposal = proposals[index] as Proposal;
      if (proposal.kind === "wait") {
        // What came in meanwhile may have been what it waits for.
        ask.state = this.desk.heard > heard ? "queued" : "waiting";
        return;
      }
      const tokenHash = this.#deps.ids.tokenHash(ask.trialJobId, 0);
      const facts = decide.onProposal(this.state, ask, { proposal, heard, batch, tokenHash });
      this.desk.asks.delete(ask.trialJobId);
      this.desk.drafts.delete(ask.trialJobId);
      this.record(facts);
    });
    this.#commitSoon();
  }

  #onTunerFailed(error: Error): void {
    this.#deps.log("error", messageOf(error));
    if (isOpen(this.state) && !this.#broken)
      this.record([{ kind: "experiment-status", status: "ERROR", reason: messageOf(error) }]);
  }

  // ---- the training service --------------------------------------------------------------------------------------

  async #submit(job: TrialJob): Promise<void> {
    this.desk.submitted.set(job.id, job.attempt);
    try {
      const pending = decide.lastPhase(this.state, job)?.outcome === "running";
      const spec = this.#deps.trialJobSpec(job, job.parameterIds.length - (pending ? 1 : 0));
      const handle = await this.#deps.service.submit(spec);
      if (!this.#isCurrent(job)) return await this.#deps.service.cancel(handle, "experiment-stopped");
      this.record([{ kind: "trial-job-submitted", trialJobId: job.id, handle }]);
      await this.#watch(this.state.trialJobs.get(job.id) as TrialJob);
    } catch (error) {
      this.#onSubmitFailed(job, error);
    }
  }

  #onSubmitFailed(job: TrialJob, error: unknown): void {
    if (this.#broken) return;
    const reason = messageOf(error);
    this.#deps.log("error", `trial job ${job.id} could not be started: ${reason}`);
    this.record(
      decide.onTrialJobStatus(this.state, job.id, { kind: "failed", reason, exitCode: null }, null),
    );
    // No later job would fare better.
    if (isPolyphaseError(error) && error.code === "gpu-not-available" && isOpen(this.state)) {
      this.record([{ kind: "experiment-status", status: "ERROR", reason }]);
    }
  }

  async #watch(job: TrialJob): Promise<void> {
    if (!job.handle) return;
    for await (const status of this.#deps.service.watch(job.handle)) {
      if (this.#broken || !this.#isCurrent(job)) return;
      this.record(decide.onTrialJobStatus(this.state, job.id, status, this.#retryToken(job.id)));
    }
  }

  /** Whether the job still goes on, in this attempt. */
  #isCurrent(job: TrialJob): boolean {
    const current = this.state.trialJobs.get(job.id);
    return current !== undefined && decide.isActive(current) && current.attempt === job.attempt;
  }

  /** The token hash of the job's next attempt; null where it has none left. */
  #retryToken(trialJobId: string): string | null {
    const job = this.state.trialJobs.get(trialJobId);
    if (!job || job.attempt >= this.state.config.maxTrialRetries || this.desk.cancelling.has(trialJobId))
      return null;
    return this.#deps.ids.tokenHash(trialJobId, job.attempt + 1);
  }

  async #cancel(trialJobId: string, reason: CancelReason): Promise<void> {
    if (this.desk.cancelling.has(trialJobId)) return;
    this.desk.cancelling.set(trialJobId, reason);
    const handle = this.state.trialJobs.get(trialJobId)?.handle;
    try {
      if (handle) await this.#deps.service.cancel(handle, reason);
      this.record(decide.onTrialJobStatus(this.state, trialJobId, { kind: "cancelled" }, null));
      this.desk.cancelling.delete(trialJobId);
    } catch (error) {
      // It stays on the list: trying without end would not help, and a person can see why.
      if (!this.#broken)
        this.#deps.log("error", `trial job ${trialJobId} could not be cancelled: ${messageOf(error)}`);
    }
  }

  // ---- small things ----------------------------------------------------------------------------------------------

  #report(trialJobId: string, parameterIndex: number, facts: () => Fact[]): Promise<ReportAnswer> {
    return new Promise((resolve, reject) => {
      this.#attempt(reject, () => {
        this.record(facts());
        this.heartbeat(trialJobId);
        this.#whenDurable(() => resolve({ phase: this.#phaseStatus(trialJobId, parameterIndex) }), reject);
      });
    });
  }

  #phaseStatus(trialJobId: string, parameterIndex: number): ReportAnswer["phase"] {
    const parameterId = this.state.trialJobs.get(trialJobId)?.parameterIds[parameterIndex] ?? -1;
    const outcome = this.state.phases.get(parameterId)?.outcome;
    return outcome === "running" || outcome === "succeeded" ? outcome : "stopped";
  }

  #keepOpen(trialJobId: string, request: OpenRequest, signal: AbortSignal | undefined): void {
    const requests = this.desk.requests.get(trialJobId) ?? [];
    requests.push(request);
    this.desk.requests.set(trialJobId, requests);
    signal?.addEventListener("abort", () => {
      const left = (this.desk.requests.get(trialJobId) ?? []).filter((other) => other !== request);
      if (left.length > 0) this.desk.requests.set(trialJobId, left);
      else this.desk.requests.delete(trialJobId);
      request.answer({ kind: "wait" });
    });
  }

  #whenDurable(act: () => void, fail: (error: Error) => void): void {
    if (this.#broken) return fail(this.#broken);
    this.#afterCommit.push({ act, fail });
    this.#commitSoon();
  }

  #attempt(reject: (error: Error) => void, body: () => void): void {
    try {
      if (this.#broken) throw this.#broken;
      body();
    } catch (error) {
      reject(error as Error);
    }
  }

  /** The state is ahead of the journal now: refuse everything, so that nothing is acknowledged that is not written. */
  #onJournalBroken(error: unknown, waiting: readonly { fail: (error: Error) => void }[]): void {
    this.#broken = new PolyphaseError(
      "journal-failed",
      `the journal cannot be written: ${messageOf(error)}`,
      {
        cause: error,
        hint: "make room on the disk, then resume the experiment: everything acknowledged is there",
      },
    );
    this.#deps.log("error", this.#broken.message);
    this.#cancelAlarm();
    for (const { fail } of waiting) fail(this.#broken);
    for (const requests of this.desk.requests.values())
      for (const request of requests) request.refuse(this.#broken);
    this.#resolveEnded("ERROR");
  }
}
