import { emptyState, fold } from "../journal/index.ts";
import type { Journal } from "../journal/index.ts";
import { journalVersion, messageOf, PolyphaseError } from "../model/index.ts";
import type {
  Actor,
  CancelOptions,
  CancelReason,
  ConfigChange,
  ExperimentConfig,
  ExperimentState,
  ExperimentStatus,
  Fact,
  Json,
  JsonObject,
  NumberedRecord,
  ObservedPoint,
  PauseCause,
  TrialJob,
} from "../model/index.ts";
import type { ParametersAnswer, ReportAnswer } from "../model/http.ts";
import { Assessments } from "./assessments.ts";
import type { AssessmentDeps } from "./assessments.ts";
import type { Clock } from "./clock.ts";
import * as decide from "./decide.ts";
import * as change from "./decide-change.ts";
import { emptyDesk } from "./desk.ts";
import type { Desk, OpenRequest } from "./desk.ts";
import type { Experiment } from "./experiment.ts";
import { Ledger } from "./ledger.ts";
import type { LedgerDeps } from "./ledger.ts";
import { isOpen } from "./limits.ts";
import { plan } from "./plan.ts";
import { changesAtRecovery, running, statusAtRecovery } from "./recovery.ts";
import type { Recovery } from "./recovery.ts";
import { Questions } from "./questions.ts";
import type { QuestionDeps } from "./questions.ts";
import { TrialJobs } from "./trial-jobs.ts";
import type { TrialJobDeps } from "./trial-jobs.ts";

/** Everything that an experiment needs from outside. */
export interface ExperimentDeps extends QuestionDeps, TrialJobDeps, AssessmentDeps {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly ids: QuestionDeps["ids"] & TrialJobDeps["ids"];
  readonly pid: number;
  readonly defer: LedgerDeps["defer"];
  /**
   * What a tuner or assessor that throws or hangs makes of the experiment. `pause`: it waits, with its trial jobs, until
   * somebody has mended it and unpauses the experiment. `end` (the default): it ends with ERROR, and can be resumed.
   */
  readonly onTunerFailure?: "pause" | "end";
  readonly redact?: LedgerDeps["redact"];
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
  if (deps.journal.lastSeq > 0) {
    throw new PolyphaseError("experiment-exists", "the journal holds an experiment already");
  }
  const driver = new Driver(deps, emptyState());
  driver.begin(
    [{ kind: "experiment-created", version: journalVersion, experimentId, config, seed }],
    [running],
  );
  return driver;
}

/**
 * Goes on with the experiment in the journal: the tuner hears its history again, living jobs are attached to, pending
 * phases keep their answers. Jobs that died meanwhile end their phases as failed. One that a person has paused stays so.
 */
export function recoverExperiment(deps: ExperimentDeps, how: Recovery = {}): Experiment {
  const state = fold(deps.journal.read());
  if (state.seq === 0) {
    throw new PolyphaseError("experiment-missing", "the journal is empty: there is nothing to resume");
  }
  const driver = new Driver(deps, state);
  driver.begin(changesAtRecovery(state, how), statusAtRecovery(state, how));
  return driver;
}

type Listener = (records: readonly NumberedRecord[]) => void;

/**
 * The loop: decide → append → apply → act. A message is decided on at once; what it means is recorded in the ledger; only
 * when that is durable is it answered, and done what follows from it.
 */
class Driver implements Experiment {
  readonly ended: Promise<ExperimentStatus>;
  readonly #deps: ExperimentDeps;
  readonly #ledger: Ledger;
  readonly #desk: Desk;
  readonly #questions: Questions;
  readonly #assessments: Assessments;
  readonly #trialJobs: TrialJobs;
  readonly #listeners = new Set<Listener>();
  #resolveEnded: (status: ExperimentStatus) => void = () => {};
  #cancelAlarm: () => void = () => {};

  constructor(deps: ExperimentDeps, state: ExperimentState) {
    this.#deps = deps;
    this.#ledger = new Ledger(state, {
      journal: deps.journal,
      now: () => deps.clock.now(),
      defer: deps.defer,
      redact: deps.redact,
      onCommit: (records) => this.#onCommit(records),
      onBroken: (error) => this.#onBroken(error),
    });
    this.#desk = emptyDesk(deps.clock);
    this.#desk.heard = state.seq;
    const failed = (cause: PauseCause) => (error: Error) => this.#onAlgorithmFailed(error, cause);
    this.#questions = new Questions(this.#ledger, this.#desk, deps, failed("tuner"));
    this.#assessments = new Assessments(this.#ledger, deps, failed("assessor"));
    this.#trialJobs = new TrialJobs(this.#ledger, this.#desk, deps);
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
  }

  get state(): ExperimentState {
    return this.#ledger.state;
  }

  begin(before: readonly Fact[], after: readonly Fact[]): void {
    this.#ledger.record([...before, { kind: "manager-started", pid: this.#deps.pid }, ...after]);
    this.#trialJobs.attach();
  }

  // ---- what trials and people ask for ----

  requestParameters(
    trialJobId: string,
    parameterIndex: number,
    signal?: AbortSignal,
  ): Promise<ParametersAnswer> {
    return new Promise((resolve, reject) => {
      this.#attempt(reject, () => {
        const facts = decide.onParametersRequested(this.state, trialJobId, parameterIndex);
        const job = this.state.trialJobs.get(trialJobId) as TrialJob;
        this.#ledger.record(facts);
        const known = decide.knownAnswer(this.state, job, parameterIndex);
        if (known) return this.#ledger.whenDurable(() => resolve(known), reject);
        if (signal?.aborted) return resolve({ kind: "wait" });
        this.#keepOpen(trialJobId, { parameterIndex, answer: resolve, refuse: reject }, signal);
      });
    });
  }

  reportIntermediateResult(
    trialJobId: string,
    report: Parameters<Experiment["reportIntermediateResult"]>[1],
  ): Promise<ReportAnswer> {
    const { parameterIndex } = report;
    return this.#report(trialJobId, parameterIndex, () =>
      decide.onIntermediateResult(this.state, trialJobId, report),
    ).then((answer) => this.#withVerdict(trialJobId, parameterIndex, answer));
  }

  reportFinalResult(
    trialJobId: string,
    report: Parameters<Experiment["reportFinalResult"]>[1],
  ): Promise<ReportAnswer> {
    const { parameterIndex } = report;
    return this.#report(trialJobId, parameterIndex, () =>
      decide.onFinalResult(this.state, trialJobId, report),
    );
  }

  heartbeat(trialJobId: string): void {
    if (this.state.activeTrialJobs.has(trialJobId)) this.#desk.heartbeats.set(trialJobId, this.#desk.now());
  }

  cancelTrialJob(trialJobId: string, reason: CancelReason, by?: Actor): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#attempt(reject, () => {
        const job = this.state.trialJobs.get(trialJobId);
        if (!job) throw new PolyphaseError("unknown-trial-job", `there is no trial job ${trialJobId}`);
        if (!decide.isActive(job)) return resolve();
        this.#ledger.record(change.acted(by, "cancel-trial-job", { trialJobId }));
        this.#trialJobs
          .cancel(trialJobId, reason)
          .then(() => this.#ledger.whenDurable(resolve, reject), reject);
      });
    });
  }

  stopPhase(parameterId: number, reason: string, by?: Actor): Promise<void> {
    return this.#change(() => [
      ...change.acted(by, "stop-phase", { parameterId, reason }),
      ...decide.onPhaseStopped(this.state, parameterId, reason),
    ]);
  }

  pause(reason: string, by?: Actor): Promise<void> {
    return this.#change(() => [
      ...change.acted(by, "pause", { reason }),
      ...change.onPaused(this.state, reason, "person"),
    ]);
  }

  unpause(by?: Actor): Promise<void> {
    return this.#change(() => [...change.acted(by, "unpause"), ...change.onUnpaused(this.state)]);
  }

  update(changes: ConfigChange, by?: Actor): Promise<void> {
    return this.#change(() => [
      ...change.acted(by, "update", changes as JsonObject),
      ...change.onConfigChanged(this.state, changes),
    ]);
  }

  async addParameters(
    parameters: Json,
    by?: Actor,
    requestId?: string,
  ): Promise<{ readonly additionId: number }> {
    const before = change.doneBefore(this.state, "add-parameters", requestId);
    const additionId = Number(before?.details["additionId"] ?? this.state.nextAdditionId);
    await this.#change(() => {
      if (before) return [];
      const details = { additionId, ...(requestId !== undefined && { requestId }) };
      return [
        ...change.acted(by, "add-parameters", details),
        ...change.onParametersAdded(this.state, parameters),
      ];
    });
    return { additionId };
  }

  importPoints(rows: readonly ObservedPoint[], by?: Actor, requestId?: string): Promise<void> {
    return this.#change(() => {
      if (change.doneBefore(this.state, "import", requestId)) return [];
      const details = { rows: rows.length, ...(requestId !== undefined && { requestId }) };
      return [...change.acted(by, "import", details), ...change.onPointsImported(this.state, rows)];
    });
  }

  async stop(reason: string, { force = false, by }: CancelOptions & { by?: Actor } = {}): Promise<void> {
    if (isOpen(this.state) && !this.#ledger.broken) {
      this.#ledger.record([
        ...change.acted(by, "stop", { reason }),
        { kind: "experiment-status", status: "STOPPING", reason },
      ]);
    }
    const cancelAll = (): void => this.#trialJobs.cancelAll("experiment-stopped");
    this.#ledger.whenDurable(cancelAll, cancelAll);
    if (force) this.#trialJobs.forceAll("experiment-stopped");
    await this.ended;
  }

  settled(): Promise<void> {
    if (this.#ledger.isDurable) return Promise.resolve();
    return new Promise((resolve, reject) => this.#ledger.whenDurable(resolve, reject));
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // ---- what happens when records are durable ----

  #onCommit(records: readonly NumberedRecord[]): void {
    this.#questions.tellOf(records);
    this.#assessments.tellOf(records);
    this.#trialJobs.forgetEnded(records);
    this.#answerRequests();
    if (records.length > 0) for (const listener of this.#listeners) this.#inform(listener, records);
    // What a listener has changed is not durable yet: that commit comes back here.
    if (this.#ledger.isDurable) this.#carryOn();
  }

  /** A listener's failure is its own. */
  #inform(listener: Listener, records: readonly NumberedRecord[]): void {
    try {
      listener(records);
    } catch (error) {
      this.#deps.log("error", `a listener failed: ${messageOf(error)}`);
    }
  }

  /** Answers every open request whose answer is known by now. */
  #answerRequests(): void {
    for (const [trialJobId, requests] of this.#desk.requests) {
      const job = this.state.trialJobs.get(trialJobId) as TrialJob;
      const open = requests.filter((request) => !this.#answered(job, request));
      if (open.length > 0) this.#desk.requests.set(trialJobId, open);
      else this.#desk.requests.delete(trialJobId);
    }
  }

  #answered(job: TrialJob, request: OpenRequest): boolean {
    const answer = decide.knownAnswer(this.state, job, request.parameterIndex);
    if (answer) request.answer(answer);
    else if (decide.isActive(job)) return false;
    else
      request.refuse(new PolyphaseError("trial-job-ended", `trial job ${job.id} has ended (${job.status})`));
    return true;
  }

  /** Does what the plan says. */
  #carryOn(): void {
    this.#questions.dropIdle();
    const next = plan(this.state, this.#desk);
    if (next.facts.length > 0) return this.#ledger.record(next.facts);
    for (const job of next.submit) void this.#trialJobs.submit(job);
    for (const { trialJobId, reason } of next.cancel)
      this.#trialJobs.cancel(trialJobId, reason).catch(() => {});
    for (const { trialJobId, parameterIndex } of next.newAsks)
      this.#questions.queue(trialJobId, parameterIndex);
    for (let count = 0; count < next.newTrialJobs; count++) this.#questions.draftTrialJob();
    this.#questions.ask();
    this.#setAlarm(Math.min(next.wakeAt, this.#questions.lookForSilence()));
    this.#endIfOver();
  }

  #setAlarm(at: number): void {
    this.#cancelAlarm();
    this.#cancelAlarm =
      at === Infinity ? () => {} : this.#deps.clock.alarm(at, () => this.#ledger.commitSoon());
  }

  #endIfOver(): void {
    const { status, activeTrialJobs } = this.state;
    const over = !isOpen(this.state) && status !== "STOPPING" && activeTrialJobs.size === 0;
    if (!over || !this.#ledger.isDurable) return;
    this.#cancelAlarm();
    this.#resolveEnded(status);
  }

  #onAlgorithmFailed(error: Error, cause: PauseCause): void {
    const reason = messageOf(error);
    this.#deps.log("error", reason);
    if (!isOpen(this.state) || this.#ledger.broken) return;
    this.#ledger.record(
      this.#deps.onTunerFailure === "pause"
        ? change.onPaused(this.state, reason, cause)
        : [{ kind: "experiment-status", status: "ERROR", reason }],
    );
  }

  #onBroken(error: Error): void {
    this.#deps.log("error", error.message);
    this.#cancelAlarm();
    for (const requests of this.#desk.requests.values())
      for (const request of requests) request.refuse(error);
    this.#desk.requests.clear();
    this.#resolveEnded("ERROR");
  }

  // ---- small things ----

  /** Where nothing follows from what somebody asked for, it is not written down that they did. */
  #change(decided: () => Fact[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#attempt(reject, () => {
        const facts = decided();
        this.#ledger.record(facts.every((fact) => fact.kind === "person-acted") ? [] : facts);
        this.#ledger.whenDurable(resolve, reject);
      });
    });
  }

  #report(trialJobId: string, parameterIndex: number, facts: () => Fact[]): Promise<ReportAnswer> {
    return new Promise((resolve, reject) => {
      this.#attempt(reject, () => {
        this.#ledger.record(facts());
        this.heartbeat(trialJobId);
        const phase = this.#phaseStatus(trialJobId, parameterIndex);
        this.#ledger.whenDurable(() => resolve({ phase }), reject);
      });
    });
  }

  /**
   * Who reports an intermediate result hears at once whether its phase goes on, where the assessor is quick about it; otherwise
   * with the next one.
   */
  async #withVerdict(
    trialJobId: string,
    parameterIndex: number,
    answer: ReportAnswer,
  ): Promise<ReportAnswer> {
    if (!this.#deps.openAssessor) return answer;
    const parameterId = this.state.trialJobs.get(trialJobId)?.parameterIds[parameterIndex] ?? -1;
    await this.#assessments.judged(parameterId);
    const phase = this.#phaseStatus(trialJobId, parameterIndex);
    return new Promise((resolve, reject) => this.#ledger.whenDurable(() => resolve({ phase }), reject));
  }

  #phaseStatus(trialJobId: string, parameterIndex: number): ReportAnswer["phase"] {
    const parameterId = this.state.trialJobs.get(trialJobId)?.parameterIds[parameterIndex] ?? -1;
    const outcome = this.state.phases.get(parameterId)?.outcome;
    return outcome === "running" || outcome === "succeeded" ? outcome : "stopped";
  }

  #keepOpen(trialJobId: string, request: OpenRequest, signal: AbortSignal | undefined): void {
    const requests = this.#desk.requests.get(trialJobId) ?? [];
    requests.push(request);
    this.#desk.requests.set(trialJobId, requests);
    this.#ledger.commitSoon();
    signal?.addEventListener("abort", () => {
      const left = (this.#desk.requests.get(trialJobId) ?? []).filter((other) => other !== request);
      if (left.length > 0) this.#desk.requests.set(trialJobId, left);
      else this.#desk.requests.delete(trialJobId);
      request.answer({ kind: "wait" });
    });
  }

  #attempt(reject: (error: Error) => void, body: () => void): void {
    try {
      if (this.#ledger.broken) throw this.#ledger.broken;
      body();
    } catch (error) {
      reject(error as Error);
    }
  }
}
