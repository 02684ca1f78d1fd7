import type { Journal } from "../journal/index.ts";
import { messageOf } from "../model/index.ts";
import type { NumberedRecord, ParameterRequest, Proposal } from "../model/index.ts";
import { silentTooLong } from "./algorithm-errors.ts";
import * as decide from "./decide.ts";
import type { Ask, Desk } from "./desk.ts";
import type { Ledger } from "./ledger.ts";
import { isOpen, isPaused } from "./limits.ts";
import { Lives } from "./lives.ts";
import { messageFor } from "./recover.ts";
import type { TunerHost } from "./tuner-host.ts";

export interface QuestionDeps {
  readonly journal: Journal;
  /**
   * Makes a tuner that hears everything in the journal up to record `upTo` before anything that it is told or asked later: at
   * the start, and again when one that failed is to go on. See `withHistory`.
   */
  openTuner(upTo: number): TunerHost;
  readonly ids: {
    trialJobId(taken: { has(id: string): boolean }): string;
    tokenHash(trialJobId: string, attempt: number): string;
  };
  log(level: "info" | "warning" | "error", message: string): void;
}

/** The talk with the tuner: what it is told of phases that ended, what it is asked for, and what comes of its answers. */
export class Questions {
  readonly #ledger: Ledger;
  readonly #desk: Desk;
  readonly #deps: QuestionDeps;
  readonly #onFailed: (error: Error) => void;
  readonly #lives = new Lives();
  /** How often the tuner has said that answers may be there now. */
  #news = 0;
  /** Undefined after it has failed, until it is opened anew. */
  #tuner: TunerHost | undefined;
  /** Since when it owes an answer though nothing goes on that it may wait for. */
  #silentSince: number | undefined;

  /** @param onFailed called when the tuner has thrown, died or hung; it is asked nothing more until the pause is over */
  constructor(ledger: Ledger, desk: Desk, deps: QuestionDeps, onFailed: (error: Error) => void) {
    this.#ledger = ledger;
    this.#desk = desk;
    this.#deps = deps;
    this.#onFailed = onFailed;
  }

  #openTuner(): void {
    const tuner = this.#deps.openTuner(this.#deps.journal.lastSeq);
    this.#tuner = tuner;
    tuner.listen?.({
      news: () => this.#onNews(),
      stopPhase: (parameterId) => this.#stopPhase(parameterId),
    });
    void tuner.failed.then((error) => this.#failed(error));
  }

  #failed(error: Error): void {
    this.#tuner = undefined;
    this.#silentSince = undefined;
    for (const ask of this.#desk.asks.values()) ask.state = "queued";
    if (!this.#lives.mayGoOn(error)) return this.#onFailed(error);
    this.#deps.log("warning", `${messageOf(error)}; another one is started and hears the history`);
    this.#ledger.commitSoon(); // comes to tellOf
  }

  #onNews(): void {
    this.#news += 1;
    this.#askAgain();
  }

  #askAgain(): void {
    for (const ask of this.#desk.asks.values()) if (ask.state === "waiting") ask.state = "queued";
    this.#ledger.commitSoon();
  }

  /** Too late is no fault: the phase may have ended meanwhile. */
  #stopPhase(parameterId: number): void {
    const { state, broken } = this.#ledger;
    if (broken || state.phases.get(parameterId)?.outcome !== "running") return;
    this.#ledger.record(decide.onPhaseStopped(state, parameterId, "the advisor stopped it", "assessor"));
  }

  /** The tuner hears of what concerns it, before anything that comes of it is answered. */
  tellOf(records: readonly NumberedRecord[]): void {
    const { state } = this.#ledger;
    this.#desk.heard = records.at(-1)?.seq ?? this.#desk.heard;
    if (!isOpen(state)) return;
    const { phases, trialJobs } = state;
    const known = this.#tuner?.hearsEverything ? { phases, trialJobs } : { phases };
    const messages = records.flatMap(({ record }) => messageFor(record, known) ?? []);
    if (this.#tuner === undefined) {
      if (!isPaused(state)) this.#openTuner(); // these records are in the journal already
    } else if (messages.length > 0) {
      this.#tuner.tell(messages);
    }
    if (messages.length === 0) return;
    this.#silentSince = undefined;
    this.#desk.heardOfNews = this.#desk.heard;
    this.#askAgain();
  }

  /** Gives a new job its name and queues the question for its first parameters. */
  draftTrialJob(): void {
    const { trialJobs } = this.#ledger.state;
    const { drafts } = this.#desk;
    const id = this.#deps.ids.trialJobId({ has: (taken) => trialJobs.has(taken) || drafts.has(taken) });
    drafts.add(id);
    this.queue(id, 0);
  }

  queue(trialJobId: string, parameterIndex: number): void {
    const parameterId = this.#nextParameterId();
    this.#desk.asks.set(trialJobId, { trialJobId, parameterIndex, parameterId, state: "queued" });
  }

  /** Forgets questions that wait on behalf of jobs that will get nothing any more. */
  dropIdle(): void {
    const { state } = this.#ledger;
    for (const [id, ask] of this.#desk.asks) {
      const job = state.trialJobs.get(id);
      const wanted = job ? decide.isActive(job) && !job.noMore : this.#wantsDrafts();
      if (ask.state === "asked" || wanted) continue;
      this.#desk.asks.delete(id);
      this.#desk.drafts.delete(id);
    }
  }

  /** Gives out what people have added; puts all other queued questions to the tuner: in one call, where it thinks one by one. */
  ask(): void {
    const { state } = this.#ledger;
    if (!isOpen(state) || isPaused(state)) return;
    this.#giveAdditions();
    const asks = [...this.#desk.asks.values()].filter((ask) => ask.state === "queued");
    if (asks.length === 0 || this.#tuner === undefined) return;
    for (const ask of asks) ask.state = "asked";
    const calls = this.#tuner.concurrent ? asks.map((ask) => [ask]) : [asks];
    for (const call of calls) this.#put(this.#tuner, call);
  }

  /**
   * A tuner that thinks about several things at once may take its time over each, as long as phases run whose results it may
   * wait for. When none does it has hung after `tunerTimeout`, and fails. Gives the moment at which to look again.
   */
  lookForSilence(): number {
    const { state } = this.#ledger;
    const timeoutMs = this.#patienceMs();
    const asked = [...this.#desk.asks.values()].some((ask) => ask.state === "asked");
    const silent = this.#tuner?.concurrent === true && asked && state.counts.running === 0;
    this.#silentSince = silent ? (this.#silentSince ?? this.#desk.now()) : undefined;
    if (this.#silentSince === undefined) return Infinity;
    const at = this.#silentSince + timeoutMs;
    if (this.#desk.now() < at) return at;
    void this.#tuner?.close();
    this.#failed(silentTooLong(timeoutMs));
    return Infinity;
  }

  #put(tuner: TunerHost, asks: readonly Ask[]): void {
    const { heard } = this.#desk;
    const news = this.#news;
    tuner.ask(asks.map(requestOf)).then(
      (proposals) => this.#onProposals(asks, proposals, { heard, news }),
      () => {}, // the host's `failed` says it
    );
  }

  /** Whether new jobs are to be named; not more of them than may run, should `trialConcurrency` have been lowered. */
  #wantsDrafts(): boolean {
    const { status, additions, activeTrialJobs, config } = this.#ledger.state;
    if (activeTrialJobs.size + this.#desk.drafts.size > config.trialConcurrency) return false;
    if (status === "TUNER_NO_MORE_TRIAL") return additions.size > 0;
    return status === "RUNNING" || status === "NO_MORE_TRIAL";
  }

  /** Questions that the tuner has not got, or has answered with patience, are answered with a person's parameters. */
  #giveAdditions(): void {
    const { additions } = this.#ledger.state;
    if (additions.size === 0) return;
    const open = [...this.#desk.asks.values()].filter((ask) => ask.state !== "asked");
    for (const [additionId, parameters] of [...additions].slice(0, open.length)) {
      const ask = open.shift() as Ask;
      this.#record(ask, { kind: "parameters", parameters }, { additionId, batch: ask.parameterId });
    }
  }

  /** `known`: what the tuner had heard and said when it was asked. */
  #onProposals(
    asks: readonly Ask[],
    proposals: readonly Proposal[],
    known: { readonly heard: number; readonly news: number },
  ): void {
    if (this.#ledger.broken) return;
    this.#lives.sign();
    this.#silentSince = undefined;
    const { heard } = known;
    const batch = asks[0]?.parameterId ?? 0;
    // What has been heard or said meanwhile may have been what it waits for.
    const waits = this.#desk.heardOfNews > heard || this.#news > known.news ? "queued" : "waiting";
    asks.forEach((ask, index) => {
      const proposal = proposals[index] as Proposal;
      if (proposal.kind === "wait") {
        ask.state = waits;
        ask.owedUntil = proposal.owed ? this.#desk.now() + this.#patienceMs() : 0;
      } else this.#record(ask, proposal, { heard, batch });
    });
    this.#ledger.commitSoon();
  }

  /** An answer that comes by itself may take as long as a call. */
  #patienceMs(): number {
    return this.#ledger.state.config.tunerTimeoutMs ?? Infinity;
  }

  #record(
    ask: Ask,
    proposal: Exclude<Proposal, { kind: "wait" }>,
    origin: { readonly batch: number; readonly heard?: number; readonly additionId?: number },
  ): void {
    const tokenHash = (): string => this.#deps.ids.tokenHash(ask.trialJobId, 0);
    const { heard } = this.#desk;
    const facts = decide.onProposal(this.#ledger.state, ask, { heard, ...origin, proposal, tokenHash });
    this.#desk.asks.delete(ask.trialJobId);
    this.#desk.drafts.delete(ask.trialJobId);
    this.#ledger.record(facts);
  }

  #nextParameterId(): number {
    let next = this.#ledger.state.nextParameterId;
    for (const ask of this.#desk.asks.values()) next = Math.max(next, ask.parameterId + 1);
    return next;
  }
}

function requestOf({ parameterId, trialJobId, parameterIndex }: Ask): ParameterRequest {
  return { parameterId, trialJobId, parameterIndex };
}
