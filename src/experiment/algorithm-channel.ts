import type { FromAlgorithm, ToAlgorithm } from "./algorithm-messages.ts";

/** Who lives at the other end of a channel, for messages. */
export type AlgorithmRole = "tuner" | "assessor" | "advisor";

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
