import type { Json, ParameterRequest, Proposal } from "../model/index.ts";
import type { AssessedResult, AssessorMessage } from "./assessor-host.ts";
import type { TunerMessage } from "./tuner-host.ts";

/** Who lives at the other end of a channel, for messages. */
export type AlgorithmRole = "tuner" | "assessor" | "advisor";

/** What crosses to an algorithm's thread or process. */
export type ToAlgorithm =
  | { readonly kind: "tell"; readonly messages: readonly (TunerMessage | AssessorMessage)[] }
  | { readonly kind: "ask"; readonly id: number; readonly requests: readonly ParameterRequest[] }
  | ({ readonly kind: "assess"; readonly id: number } & AssessedResult);

/** What comes back. */
export type FromAlgorithm =
  | { readonly kind: "proposals"; readonly id: number; readonly proposals: readonly Proposal[] }
  | { readonly kind: "verdict"; readonly id: number; readonly good: boolean }
  /** What was answered `wait` may have an answer now. */
  | { readonly kind: "news" }
  /** An advisor wants this phase to end. */
  | { readonly kind: "stop-phase"; readonly parameterId: number };

/**
 * The way to an algorithm that lives in a thread or process of its own. Messages reach it in order; after a failure none does,
 * and `failed` has resolved.
 */
export interface AlgorithmChannel {
  post(message: ToAlgorithm): void;
  /** What comes back, from now on. */
  listen(listener: (message: FromAlgorithm) => void): void;
  readonly failed: Promise<Error>;
  close(): Promise<void>;
}

/** Questions under way: each is answered under its number, or fails with the channel. */
export class OpenQuestions<Answer> {
  readonly #open = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>();
  #next = 0;
  #broken: Error | undefined;

  constructor(failed: Promise<Error>) {
    void failed.then((error) => {
      this.#broken = error;
      for (const { reject } of this.#open.values()) reject(error);
      this.#open.clear();
    });
  }

  put(send: (id: number) => void): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#broken) return reject(this.#broken);
      const id = this.#next++;
      this.#open.set(id, { resolve, reject });
      send(id);
    });
  }

  answer(id: number, answer: Answer): void {
    this.#open.get(id)?.resolve(answer);
    this.#open.delete(id);
  }
}

/** How an algorithm failed, once: the first error counts, and none after `close`. */
export class Failure {
  readonly failed: Promise<Error>;
  #resolve: (error: Error) => void = () => {};
  #over = false;

  constructor() {
    this.failed = new Promise((resolve) => (this.#resolve = resolve));
  }

  /** Whether nothing more is to be sent. */
  get over(): boolean {
    return this.#over;
  }

  /** True where this is the failure. */
  fail(error: Error): boolean {
    if (this.#over) return false;
    this.#over = true;
    this.#resolve(error);
    return true;
  }

  close(): void {
    this.#over = true;
  }
}

/** The value of a line or message that should have been an object. */
export function kindOf(message: Json): string | undefined {
  const kind = (message as { kind?: unknown } | null)?.kind;
  return typeof kind === "string" ? kind : undefined;
}
