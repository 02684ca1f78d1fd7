import type { MessagePort } from "node:worker_threads";
import type { Assessor, Json } from "../model/index.ts";
import { serveThread } from "./serve-thread.ts";
import { attempt, describe, failure } from "./served.ts";
import type { Served } from "./served.ts";
import type { AssessedResult, AssessorMessage } from "./algorithm-messages.ts";

/** Keeps the curves of the phases that run, and calls the assessor. */
export class AssessorDesk {
  readonly #served: Served<Assessor>;
  readonly #curves = new Map<number, Json[]>();

  constructor(served: Served<Assessor>) {
    this.#served = served;
  }

  /** False: the phase is to be stopped. */
  async assess({
    parameterId,
    trialJobId,
    parameterIndex,
    sequence,
    value,
  }: AssessedResult): Promise<boolean> {
    const { algorithm } = this.#served;
    const phase = { parameterId, trialJobId, parameterIndex };
    const curve = this.#curveWith(parameterId, sequence, value);
    const good: unknown = await attempt(this.#served, "assessor", "assessPhase", () =>
      algorithm.assessPhase(phase, curve),
    );
    if (typeof good === "boolean") return good;
    throw failure("assessor", "assessPhase", `expected true or false, got ${describe(good)}`);
  }

  async #recall(result: AssessedResult): Promise<void> {
    const { algorithm } = this.#served;
    if (!algorithm.recallAssessment) return void (await this.assess(result));
    const { parameterId, trialJobId, parameterIndex, sequence, value } = result;
    const curve = this.#curveWith(parameterId, sequence, value);
    const phase = { parameterId, trialJobId, parameterIndex };
    return attempt(this.#served, "assessor", "recallAssessment", () =>
      algorithm.recallAssessment?.(phase, curve),
    );
  }

  /** A phase that was begun anew has a new curve. */
  #curveWith(parameterId: number, sequence: number, value: Json): readonly Json[] {
    const curve = sequence === 0 ? [] : (this.#curves.get(parameterId) ?? []);
    curve.push(value);
    this.#curves.set(parameterId, curve);
    return curve;
  }

  async tell(message: AssessorMessage): Promise<void> {
    const { algorithm } = this.#served;
    if (message.kind === "intermediate-result") return this.#recall(message);
    if (message.kind === "trial-job-ended") {
      const end = { trialJobId: message.trialJobId, succeeded: message.status === "SUCCEEDED" };
      return attempt(this.#served, "assessor", "trialJobEnd", () => algorithm.trialJobEnd?.(end));
    }
    const { parameterId, trialJobId, outcome, value } = message.result;
    const curve = this.#curves.get(parameterId) ?? [];
    this.#curves.delete(parameterId);
    const end = { parameterId, trialJobId, parameterIndex: message.parameterIndex, outcome, value };
    return attempt(this.#served, "assessor", "phaseEnd", () => algorithm.phaseEnd?.(end, curve));
  }
}

/** The thread's side of `workerAssessorHost`. */
export function serveAssessorThread(
  port: MessagePort,
  makeAssessor: (log: (message: string) => void) => Promise<Assessor>,
): void {
  let desk: AssessorDesk | undefined;
  serveThread(port, makeAssessor, async (served, message) => {
    desk ??= new AssessorDesk(served);
    if (message.kind === "assess")
      return { kind: "verdict", id: message.id, good: await desk.assess(message) };
    if (message.kind === "tell")
      for (const each of message.messages) await desk.tell(each as AssessorMessage);
    return undefined;
  });
}
