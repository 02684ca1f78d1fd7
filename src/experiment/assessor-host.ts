import type { AlgorithmChannel } from "./algorithm-channel.ts";
import { OpenQuestions } from "./algorithm-channel.ts";
import type { AssessedResult, AssessorMessage } from "./algorithm-messages.ts";

/** Where an assessor lives, as TunerHost is for tuners. */
export interface AssessorHost {
  /** False: the phase is to be stopped. Rejects, as does everything after it, when the assessor has thrown. */
  assess(result: AssessedResult): Promise<boolean>;
  /** In place of `assess` where the verdict has no meaning any more; absent: it is asked for all the same. */
  recall?(result: AssessedResult): void;
  tell(messages: readonly AssessorMessage[]): void;
  /** Resolves if the assessor ever fails: `assessor-failed`, with its own message. */
  readonly failed: Promise<Error>;
  close(): Promise<void>;
}

/** An assessor at the other end of a channel. */
export function assessorHostOf(channel: AlgorithmChannel): AssessorHost {
  const questions = new OpenQuestions<boolean>(channel.failed);
  channel.listen((message) => {
    if (message.kind === "verdict") questions.answer(message.id, message.good);
  });
  return {
    failed: channel.failed,
    assess: (result) => questions.put((id) => channel.post({ kind: "assess", id, ...result })),
    tell: (messages) => channel.post({ kind: "tell", messages }),
    close: () => channel.close(),
  };
}
