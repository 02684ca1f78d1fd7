import type { Assessor } from "../model/index.ts";
import type { AssessorHost } from "./assessor-host.ts";
import { callsInOrder } from "./calls-in-order.ts";
import { AssessorDesk } from "./serve-assessor.ts";

/** Runs an assessor in the caller's own thread: for tests on virtual time. */
export function inlineAssessorHost(assessor: Assessor): AssessorHost {
  const { put, failed } = callsInOrder();
  const desk = new AssessorDesk({ algorithm: assessor });
  const tell: AssessorHost["tell"] = (messages) => {
    for (const message of messages) put(() => desk.tell(message)).catch(() => {}); // `failed` says it
  };
  return {
    failed,
    tell,
    assess: (result) => put(() => desk.assess(result)),
    recall: (result) => tell([{ kind: "intermediate-result", ...result }]),
    async close() {},
  };
}
