import type { Journal } from "../journal/index.ts";
import type { JournalRecord, NumberedRecord } from "../model/index.ts";
import { messageOf } from "../model/index.ts";
import type { AssessorHost } from "./assessor-host.ts";
import type { Clock } from "./clock.ts";
import * as decide from "./decide.ts";
import type { Ledger } from "./ledger.ts";
import { isOpen, isPaused } from "./limits.ts";
import { Lives } from "./lives.ts";
import { phaseEndedMessage, upToRecord, watchedMessage } from "./recover.ts";
import type { AssessedResult } from "./algorithm-messages.ts";

export interface AssessmentDeps {
  readonly journal: Journal;
  readonly clock: Clock;
  /** Makes an assessor that has heard nothing yet. Absent: nobody judges. */
  openAssessor?(): AssessorHost;
  log(level: "info" | "warning" | "error", message: string): void;
}

/** The talk with the assessor: what it is told, and the phases that it stops. */
export class Assessments {
  readonly #ledger: Ledger;
  readonly #deps: AssessmentDeps;
  readonly #onFailed: (error: Error) => void;
  readonly #lives = new Lives();
  /** Verdicts that are still to come, by parameter id. */
  readonly #underWay = new Map<number, Promise<void>>();
  /** Undefined before the first record, and after it has failed until it is opened anew. */
  #assessor: AssessorHost | undefined;

  /** @param onFailed called when the assessor has thrown, died or hung; it is asked nothing more until the pause is over */
  constructor(ledger: Ledger, deps: AssessmentDeps, onFailed: (error: Error) => void) {
    this.#ledger = ledger;
    this.#deps = deps;
    this.#onFailed = onFailed;
  }

  /** The assessor hears of what concerns it. One that is opened only now has it in its history. */
  tellOf(records: readonly NumberedRecord[]): void {
    const { state } = this.#ledger;
    if (!this.#deps.openAssessor || !isOpen(state)) return;
    if (this.#assessor) for (const { record } of records) this.#hear(this.#assessor, record);
    else if (!isPaused(state)) this.#open();
  }

  /** Resolves when the phase's newest intermediate result has been judged; after a second in any case. */
  async judged(parameterId: number): Promise<void> {
    const verdict = this.#underWay.get(parameterId);
    if (verdict === undefined) return;
    const { clock } = this.#deps;
    let cancelAlarm = (): void => {};
    const patience = new Promise<void>((resolve) => {
      cancelAlarm = clock.alarm(clock.now() + patienceMs, resolve);
    });
    await Promise.race([verdict, patience]);
    cancelAlarm();
  }

  #open(): void {
    const { journal } = this.#deps;
    const assessor = this.#deps.openAssessor?.();
    if (!assessor) return;
    this.#assessor = assessor;
    void assessor.failed.then((error) => this.#failed(error));
    for (const { record } of upToRecord(journal.read(), journal.lastSeq)) this.#hear(assessor, record);
  }

  #failed(error: Error): void {
    this.#assessor = undefined;
    if (!this.#lives.mayGoOn(error)) return this.#onFailed(error);
    this.#deps.log("warning", `${messageOf(error)}; another one is started and hears the history`);
    this.#ledger.commitSoon(); // comes to tellOf
  }

  #hear(assessor: AssessorHost, record: JournalRecord): void {
    const { phases, trialJobs } = this.#ledger.state;
    if (record.kind === "phase-ended") {
      const phase = phases.get(record.parameterId);
      if (phase) assessor.tell([phaseEndedMessage(record, phase)]);
    } else if (record.kind === "trial-job-ended" || record.kind === "intermediate-result") {
      const message = watchedMessage(record, { phases, trialJobs });
      if (message?.kind === "trial-job-ended") assessor.tell([message]);
      else if (message) this.#assess(assessor, message);
    }
  }

  #assess(assessor: AssessorHost, result: AssessedResult): void {
    const { parameterId, trialJobId, parameterIndex, sequence, value } = result;
    // In the history: whatever was said of it then has been heeded.
    if (assessor.recall && this.#ledger.state.phases.get(parameterId)?.outcome !== "running")
      return assessor.recall(result);
    const verdict = assessor.assess({ parameterId, trialJobId, parameterIndex, sequence, value }).then(
      (good) => this.#judge(parameterId, good),
      () => {}, // the host's `failed` says it
    );
    const noted = verdict.finally(() => {
      if (this.#underWay.get(parameterId) === noted) this.#underWay.delete(parameterId);
    });
    this.#underWay.set(parameterId, noted);
  }

  #judge(parameterId: number, good: boolean): void {
    this.#lives.sign();
    const { state, broken } = this.#ledger;
    if (good || broken || state.phases.get(parameterId)?.outcome !== "running") return;
    this.#ledger.record(decide.onPhaseStopped(state, parameterId, stopReason, "assessor"));
  }
}

/** How long whoever reports an intermediate result waits for the verdict. */
const patienceMs = 1_000;

const stopReason = "the assessor saw no promise in its intermediate results";
