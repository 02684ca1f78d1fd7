import type { Assessor } from "../model/index.ts";
import type { AssessorHost } from "./assessor-host.ts";
import { AssessorDesk } from "./serve-assessor.ts";

/** Runs an assessor in the caller's own thread: for tests on virtual time. */
export function inlineAssessorHost(assessor: Assessor): AssessorHost {
  const desk = new AssessorDesk({ algorithm: assessor });
  let fail: (error: Error) => void = () => {};
  const failed = new Promise<Error>((resolve) => (fail = resolve));
  let queue: Promise<unknown> = Promise.resolve();

  /** Queues a call; after a failure nothing is called any more. */
  const inOrder = <T>(call: () => Promise<T>): Promise<T> => {
    const result = queue.then(call);
    queue = result;
    result.catch((error: unknown) => fail(error as Error));
    return result;
  };

  return {
    failed,
    assess: (result) => inOrder(() => desk.assess(result)),
    recall: (result) =>
      void inOrder(() => desk.tell({ kind: "intermediate-result", ...result })).catch(() => {}),
    tell(messages) {
      for (const message of messages) inOrder(() => desk.tell(message)).catch(() => {});
    },
    async close() {},
  };
}
