import type { ParameterRequest, Proposal } from "../model/index.ts";
import type { AlgorithmChannel } from "./algorithm-channel.ts";
import { OpenQuestions } from "./algorithm-channel.ts";
import type { TunerMessage } from "./algorithm-messages.ts";

/** What a tuner may say without being asked. */
export interface TunerListener {
  /** What was answered `wait` may have an answer now. */
  news(): void;
  /** An advisor wants this phase to end. */
  stopPhase(parameterId: number): void;
}

/**
 * Where a tuner lives: a thread or process of its own, so that nobody waits for it who need not. Calls reach the tuner one
 * at a time, in the order in which they were made here.
 */
export interface TunerHost {
  tell(messages: readonly TunerMessage[]): void;
  /** Answers in the order of the requests. Rejects, as does everything after it, when the tuner has thrown. */
  ask(requests: readonly ParameterRequest[]): Promise<readonly Proposal[]>;
  /** Resolves if the tuner ever fails: `tuner-failed`, with the tuner's own message. */
  readonly failed: Promise<Error>;
  close(): Promise<void>;
  /** The tuner thinks about several questions at once: each request is asked by itself, and waits for no other. */
  readonly concurrent?: boolean;
  /** An advisor, which is told of intermediate results and of the ends of trial jobs too. */
  readonly hearsEverything?: boolean;
  listen?(listener: TunerListener): void;
}

/** A tuner at the other end of a channel. */
export function tunerHostOf(
  channel: AlgorithmChannel,
  traits: Pick<TunerHost, "concurrent" | "hearsEverything"> = {},
): TunerHost {
  const questions = new OpenQuestions<readonly Proposal[]>(channel.failed);
  let listener: TunerListener | undefined;
  channel.listen((message) => {
    if (message.kind === "proposals") questions.answer(message.id, message.proposals);
    else if (message.kind === "news") listener?.news();
    else if (message.kind === "stop-phase") listener?.stopPhase(message.parameterId);
  });
  return {
    ...traits,
    failed: channel.failed,
    tell: (messages) => channel.post({ kind: "tell", messages }),
    ask: (requests) => questions.put((id) => channel.post({ kind: "ask", id, requests })),
    listen: (who) => void (listener = who),
    close: () => channel.close(),
  };
}
