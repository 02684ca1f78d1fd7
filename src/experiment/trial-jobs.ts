import { isPolyphaseError, messageOf, PolyphaseError } from "../model/index.ts";
import type { CancelReason, TrainingService, TrialJob, TrialJobSpec } from "../model/index.ts";
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

  constructor(ledger: Ledger, desk: Desk, deps: TrialJobDeps) {
    this.#ledger = ledger;
    this.#desk = desk;
    this.#deps = deps;
  }

  /** Watches the jobs of an earlier session. One without a handle may not have been started: it is submitted again. */
  attach(): void {
    for (const job of this.#activeJobs()) {
      if (!job.handle) continue;
      this.#desk.submitted.set(job.id, job.attempt);
      this.#watch(job).catch((error: unknown) => this.#onLost(job, error));
    }
  }

  async submit(job: TrialJob): Promise<void> {
    this.#desk.submitted.set(job.id, job.attempt);
    try {
      const pending = decide.lastPhase(this.#ledger.state, job)?.outcome === "running";
      const spec = this.#deps.trialJobSpec(job, job.parameterIds.length - (pending ? 1 : 0));
      const handle = await this.#deps.service.submit(spec);
      if (!this.#isCurrent(job)) return await this.#deps.service.cancel(handle, "experiment-stopped");
      this.#ledger.record([{ kind: "trial-job-submitted", trialJobId: job.id, handle }]);
      await this.#watch(this.#ledger.state.trialJobs.get(job.id) as TrialJob);
    } catch (error) {
      this.#onLost(job, error);
    }
  }

  /** Resolves when the job has ended. */
  async cancel(trialJobId: string, reason: CancelReason): Promise<void> {
    if (this.#desk.cancelling.has(trialJobId)) return;
    this.#desk.cancelling.set(trialJobId, reason);
    const handle = this.#ledger.state.trialJobs.get(trialJobId)?.handle;
    try {
      if (handle) await this.#deps.service.cancel(handle, reason);
      this.#ledger.record(
        decide.onTrialJobStatus(this.#ledger.state, trialJobId, { kind: "cancelled" }, null),
      );
      this.#desk.cancelling.delete(trialJobId);
    } catch (cause) {
      // It stays on the list of cancelled ones: trying without end would not help.
      if (this.#ledger.broken) return;
      const message = `trial job ${trialJobId} could not be cancelled: ${messageOf(cause)}`;
      this.#deps.log("error", message);
      throw new PolyphaseError("cancel-failed", message, { cause });
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

  async #watch(job: TrialJob): Promise<void> {
    if (!job.handle) return;
    for await (const status of this.#deps.service.watch(job.handle)) {
      if (this.#ledger.broken || !this.#isCurrent(job)) return;
      const facts = decide.onTrialJobStatus(this.#ledger.state, job.id, status, this.#retryToken(job.id));
      this.#ledger.record(facts);
    }
  }

  /** The job could not be started, or not be watched: it counts as failed. */
  #onLost(job: TrialJob, error: unknown): void {
    if (this.#ledger.broken) return;
    const reason = messageOf(error);
    this.#deps.log("error", `trial job ${job.id} could not be run: ${reason}`);
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
