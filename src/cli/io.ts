/** The outer world of the command line, an argument everywhere: bin.ts gives the real one, tests their own. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after that many milliseconds, or as soon as `signal` aborts. */
  pause(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Calls back for each Ctrl-C, each request to terminate, and when nobody reads stdout any more. Returns the way to stop
   * listening; while nobody listens, each of them ends the process. A terminal that hangs up is a request to terminate.
   */
  onInterrupt(listener: () => void): () => void;
  /** From now on, a terminal that hangs up is nothing. */
  outliveTerminal?(): void;
  /** Asks the person at the terminal; undefined where nobody is there to ask. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
  /** The process that started this one and waits to hear from it; undefined where there is none. */
  readonly parent?: Parent | undefined;
}

/** The part of a stream that is used for output. */
export interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface Parent {
  /** The one message that the parent sends; undefined where the parent went away before. */
  receive(): Promise<unknown>;
  /** Says one thing to the parent and lets go of it; resolves when the message is on its way. */
  answer(message: object): Promise<void>;
}
