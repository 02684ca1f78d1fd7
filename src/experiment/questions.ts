import type { NumberedRecord, ParameterRequest, Phase, Proposal } from "../model/index.ts";
import * as decide from "./decide.ts";
import type { Ask, Desk } from "./desk.ts";
import type { Ledger } from "./ledger.ts";
import { isOpen } from "./limits.ts";
import { phaseEndedMessage } from "./recover.ts";
import type { TunerHost } from "./tuner-host.ts";

export interface QuestionDeps {
  readonly tuner: TunerHost;
  readonly ids: {
    trialJobId(taken: { has(id: string): boolean }): string;
    tokenHash(trialJobId: string, attempt: number): string;
  };
}

/** The talk with the tuner: what it is told of phases that ended, what it is asked for, and what comes of its answers. */
export class Questions {
  readonly #ledger: Ledger;
  readonly #desk: Desk;
  readonly #deps: QuestionDeps;

  constructor(ledger: Ledger, desk: Desk, deps: QuestionDeps) {
    this.#ledger = ledger;
    this.#desk = desk;
    this.#deps = deps;
  }

  /** The tuner hears of phases that ended, before anything that comes of them is answered. */
  tellOf(records: readonly NumberedRecord[]): void {
    const { state } = this.#ledger;
    const messages = records.flatMap(({ record }) =>
      record.kind === "phase-ended"
        ? [phaseEndedMessage(record, state.phases.get(record.parameterId) as Phase)]
        : [],
    );
    this.#desk.heard = records.at(-1)?.seq ?? this.#desk.heard;
    if (messages.length === 0 || !isOpen(state)) return;
    this.#desk.heardOfEnd = this.#desk.heard;
    this.#deps.tuner.tell(messages);
    for (const ask of this.#desk.asks.values()) if (ask.state === "waiting") ask.state = "queued";
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
    const createsJobs = state.status === "RUNNING" || state.status === "NO_MORE_TRIAL";
    for (const [id, ask] of this.#desk.asks) {
      const job = state.trialJobs.get(id);
      const wanted = job ? decide.isActive(job) && !job.noMore : createsJobs;
      if (ask.state === "asked" || wanted) continue;
      this.#desk.asks.delete(id);
      this.#desk.drafts.delete(id);
    }
  }

  /** Puts all queued questions to the tuner at once. */
  ask(): void {
    const asks = [...this.#desk.asks.values()].filter((ask) => ask.state === "queued");
    if (asks.length === 0 || !isOpen(this.#ledger.state)) return;
    const { heard } = this.#desk;
    for (const ask of asks) ask.state = "asked";
    this.#deps.tuner.ask(asks.map(requestOf)).then(
      (proposals) => this.#onProposals(asks, proposals, heard),
      () => {}, // the host's `failed` says it
    );
  }

  #onProposals(asks: readonly Ask[], proposals: readonly Proposal[], heard: number): void {
    if (this.#ledger.broken) return;
    const batch = asks[0]?.parameterId ?? 0;
    asks.forEach((ask, index) => {
      const proposal = proposals[index] as Proposal;
      if (proposal.kind === "wait") {
        // A phase that ended meanwhile may have been what it waits for.
        ask.state = this.#desk.heardOfEnd > heard ? "queued" : "waiting";
        return;
      }
      const tokenHash = (): string => this.#deps.ids.tokenHash(ask.trialJobId, 0);
      const facts = decide.onProposal(this.#ledger.state, ask, { proposal, heard, batch, tokenHash });
      this.#desk.asks.delete(ask.trialJobId);
      this.#desk.drafts.delete(ask.trialJobId);
      this.#ledger.record(facts);
    });
    this.#ledger.commitSoon();
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
