import { apply } from "../journal/index.ts";
import type { Journal } from "../journal/index.ts";
import { messageOf, PolyphaseError } from "../model/index.ts";
import type { ExperimentState, Fact, NumberedRecord } from "../model/index.ts";

export interface LedgerDeps {
  readonly journal: Journal;
  now(): number;
  /** Calls soon, after the messages that are there already: what comes until then shares one commit. */
  defer(commit: () => void): void;
  /** Takes secrets out of the reasons that facts give: those quote other people's texts. Absent: nothing is secret. */
  readonly redact?: ((text: string) => string) | undefined;
  /** Records are durable now; none where a commit was only asked for. */
  onCommit(records: readonly NumberedRecord[]): void;
  /** The journal took no more. */
  onBroken(error: Error): void;
}

interface Waiting {
  readonly act: () => void;
  readonly fail: (error: Error) => void;
}

/**
 * The state and its journal, written together: facts are folded in at once, so that the next decision sees them, and
 * appended with those of other messages of the same turn. Whoever wants to acknowledge one waits for `whenDurable`.
 */
export class Ledger {
  state: ExperimentState;
  /** Set when the journal took no more. The state is ahead of it then, so nothing may be acknowledged any more. */
  broken: Error | undefined;
  readonly #deps: LedgerDeps;
  /** Folded in, not yet durable. */
  #pending: NumberedRecord[] = [];
  #waiting: Waiting[] = [];
  #deferred = false;

  constructor(state: ExperimentState, deps: LedgerDeps) {
    this.state = state;
    this.#deps = deps;
  }

  get isDurable(): boolean {
    return this.#pending.length === 0 && !this.broken;
  }

  /** Folds facts in and sees to it that they are appended soon. Throws where the journal is broken. */
  record(facts: readonly Fact[]): void {
    if (this.broken) throw this.broken;
    for (const fact of facts) {
      const numbered = { seq: this.state.seq + 1, record: { at: this.#deps.now(), ...this.#redacted(fact) } };
      this.state = apply(this.state, numbered);
      this.#pending.push(numbered);
    }
    this.commitSoon();
  }

  #redacted(fact: Fact): Fact {
    const { redact } = this.#deps;
    if (redact === undefined || !("reason" in fact) || fact.reason === null) return fact;
    return { ...fact, reason: redact(fact.reason) };
  }

  /** Calls one of the two: `act` once all that is folded in by now is durable. */
  whenDurable(act: () => void, fail: (error: Error) => void): void {
    if (this.broken) return fail(this.broken);
    this.#waiting.push({ act, fail });
    this.commitSoon();
  }

  commitSoon(): void {
    if (this.#deferred || this.broken) return;
    this.#deferred = true;
    this.#deps.defer(() => {
      this.#deferred = false;
      this.#commit();
    });
  }

  #commit(): void {
    if (this.broken) return;
    const records = this.#pending;
    const waiting = this.#waiting;
    this.#pending = [];
    this.#waiting = [];
    try {
      if (records.length > 0) this.#deps.journal.append(records.map(({ record }) => record));
    } catch (error) {
      return this.#break(error, waiting);
    }
    this.#deps.onCommit(records);
    for (const { act } of waiting) act();
  }

  #break(error: unknown, waiting: readonly Waiting[]): void {
    this.broken = new PolyphaseError("journal-failed", `the journal cannot be written: ${messageOf(error)}`, {
      cause: error,
      hint: "make room on the disk, then resume the experiment: everything acknowledged is there",
    });
    for (const { fail } of waiting) fail(this.broken);
    this.#deps.onBroken(this.broken);
  }
}
