import { isPolyphaseError, messageOf, PolyphaseError } from "../model/index.ts";
import type {
  CancelReason,
  NumberedRecord,
  TrainingService,
  TrialJob,
  TrialJobSpec,
} from "../model/index.ts";
import * as decide from "./decide.ts";
import type { Desk } from "./desk.ts";
import type { Ledger } from "./ledger.ts";
import { isOpen } from "./limits.ts";

export interface TrialJobDeps {
  readonly service: TrainingService;
  readonly ids: { tokenHash(trialJobId: string, attempt: number): string };
  /** What the training service gets for a job: its command, its environment with the token. */
  trialJobSpec(job: TrialJob, firstIndex: number): TrialJobSpec;
  log(level: "info" | "warning" | "error", message: string): void;
}

/** The talk with the training service. */
export class TrialJobs {
  readonly #ledger: Ledger;
  readonly #desk: Desk;
  readonly #deps: TrialJobDeps;
  /** What is under way at the training service, by trial job id. */
  readonly #submissions = new Map<string, Promise<void>>();
  readonly #cancellations = new Map<string, Promise<void>>();
  /** Jobs of an earlier session that have no handle: it may have died before it could write one down. */
  readonly #doubtful = new Set<string>();

  constructor(ledger: Ledger, desk: Desk, deps: TrialJobDeps) {
    this.#ledger = ledger;
    this.#desk = desk;
    this.#deps = deps;
  }

  /** Watches the jobs of an earlier session. One without a handle may not have been started: it is submitted again. */
  attach(): void {
    for (const job of this.#activeJobs()) {
      if (!job.handle) {
        this.#doubtful.add(job.id);
        continue;
      }
      this.#noteSubmitted(job);
      void this.#follow(job);
    }
  }

  async submit(job: TrialJob): Promise<void> {
    this.#noteSubmitted(job);
    this.#doubtful.delete(job.id);
    const submission = this.#handOver(job);
    this.#submissions.set(job.id, submission);
    try {
      await submission;
    } catch (error) {
      return this.#onLost(job, error);
    } finally {
      this.#submissions.delete(job.id);
    }
    await this.#follow(this.#ledger.state.trialJobs.get(job.id) as TrialJob);
  }

  /** Resolves when the job has ended. Where a cancellation has failed, the next call tries again. */
  cancel(trialJobId: string, reason: CancelReason): Promise<void> {
    const underWay = this.#cancellations.get(trialJobId);
    if (underWay) return underWay;
    this.#desk.cancelling.set(trialJobId, { reason, at: this.#desk.now() });
    this.#ledger.commitSoon(); // as in #noteSubmitted
    const cancellation = this.#cancelNow(trialJobId, reason).finally(() =>
      this.#cancellations.delete(trialJobId),
    );
    this.#cancellations.set(trialJobId, cancellation);
    return cancellation;
  }

  /** Takes jobs that have ended off the desk. */
  forgetEnded(records: readonly NumberedRecord[]): void {
    for (const { record } of records) {
      if (record.kind !== "trial-job-ended") continue;
      this.#desk.submitted.delete(record.trialJobId);
      this.#desk.cancelling.delete(record.trialJobId);
      this.#desk.heartbeats.delete(record.trialJobId);
    }
  }

  /** Cancels every job that goes on. */
  cancelAll(reason: CancelReason): void {
    for (const job of this.#activeJobs()) this.cancel(job.id, reason).catch(() => {});
  }

  /** Without grace, also those that are being cancelled already: who waits for them hears of their end. */
  forceAll(reason: CancelReason): void {
    for (const { handle } of this.#activeJobs()) {
      if (handle) this.#deps.service.cancel(handle, reason, { force: true }).catch(() => {});
    }
  }

  #noteSubmitted({ id, attempt }: TrialJob): void {
    this.#desk.submitted.set(id, { attempt, at: this.#desk.now() });
    this.#ledger.commitSoon(); // a lease has begun: the plan has to know when it ends
  }

  async #handOver(job: TrialJob): Promise<void> {
    const pending = decide.lastPhase(this.#ledger.state, job)?.outcome === "running";
    const spec = this.#deps.trialJobSpec(job, job.parameterIds.length - (pending ? 1 : 0));
    const handle = await this.#deps.service.submit(spec);
    // Given up meanwhile: what has been started after all is nobody's.
    if (!this.#isCurrent(job)) return this.#deps.service.cancel(handle, "timeout");
    this.#ledger.record([{ kind: "trial-job-submitted", trialJobId: job.id, handle }]);
  }

  async #cancelNow(trialJobId: string, reason: CancelReason): Promise<void> {
    try {
      await this.#submissions.get(trialJobId)?.catch(() => {}); // said by `submit`
      await this.#findAgain(trialJobId);
      const handle = this.#ledger.state.trialJobs.get(trialJobId)?.handle;
      if (handle) await this.#deps.service.cancel(handle, reason);
      this.#ledger.record(
        decide.onTrialJobStatus(this.#ledger.state, trialJobId, { kind: "cancelled" }, null),
      );
    } catch (cause) {
      // It stays on the list of cancelled ones: trying without end would not help.
      if (this.#ledger.broken) return;
      const message = `trial job ${trialJobId} could not be cancelled: ${messageOf(cause)}`;
      this.#deps.log("error", message);
      throw new PolyphaseError("cancel-failed", message, { cause });
    }
  }

  /** Handed over again, a job that runs gives its handle: only with that can it be ended. */
  async #findAgain(trialJobId: string): Promise<void> {
    const job = this.#ledger.state.trialJobs.get(trialJobId);
    if (!job || !this.#doubtful.delete(trialJobId)) return;
    this.#noteSubmitted(job);
    await this.#handOver(job).catch(() => {}); // refused: then there is nothing to end
  }

  async #follow(job: TrialJob): Promise<void> {
    try {
      await this.#watch(job);
    } catch (error) {
      await this.#onLost(job, error);
    }
  }

  async #watch(job: TrialJob): Promise<void> {
    if (!job.handle) return;
    for await (const status of this.#deps.service.watch(job.handle)) {
      if (this.#ledger.broken || !this.#isCurrent(job)) return;
      const facts = decide.onTrialJobStatus(this.#ledger.state, job.id, status, this.#retryToken(job.id));
      this.#ledger.record(facts);
    }
  }

  /** The job could not be started, or not be watched: it counts as failed. What may still run of it is cancelled. */
  async #onLost(job: TrialJob, error: unknown): Promise<void> {
    if (this.#ledger.broken) return;
    const hint = isPolyphaseError(error) ? error.hint : undefined;
    const reason = hint === undefined ? messageOf(error) : `${messageOf(error)}. ${hint}`;
    this.#deps.log("error", `trial job ${job.id} could not be run: ${reason}`);
    if (job.handle) await this.#deps.service.cancel(job.handle, "experiment-stopped").catch(() => {});
    if (this.#ledger.broken || !this.#isCurrent(job)) return;
    const failed = { kind: "failed", reason, exitCode: null } as const;
    this.#ledger.record(decide.onTrialJobStatus(this.#ledger.state, job.id, failed, null));
    // No later job would fare better.
    if (isPolyphaseError(error) && error.code === "gpu-not-available" && isOpen(this.#ledger.state)) {
      this.#ledger.record([{ kind: "experiment-status", status: "ERROR", reason }]);
    }
  }

  /** The token hash of the job's next attempt; null where it has none left. */
  #retryToken(trialJobId: string): string | null {
    const { trialJobs, config } = this.#ledger.state;
    const job = trialJobs.get(trialJobId);
    if (!job || job.attempt >= config.maxTrialRetries || this.#desk.cancelling.has(trialJobId)) return null;
    return this.#deps.ids.tokenHash(trialJobId, job.attempt + 1);
  }

  /** Whether the job still goes on, in this attempt. */
  #isCurrent(job: TrialJob): boolean {
    const current = this.#ledger.state.trialJobs.get(job.id);
    return current !== undefined && decide.isActive(current) && current.attempt === job.attempt;
  }

  #activeJobs(): TrialJob[] {
    const { activeTrialJobs, trialJobs } = this.#ledger.state;
    return [...activeTrialJobs].map((id) => trialJobs.get(id) as TrialJob);
  }
}
