/** A queue of calls: one at a time, in the order in which they came; after a failure nothing is called any more. */
export interface CallsInOrder {
  /** Resolves with what the call gives. */
  put<T>(call: () => Promise<T>): Promise<T>;
  readonly failed: Promise<Error>;
}

export function callsInOrder(): CallsInOrder {
  let fail: (error: Error) => void = () => {};
  const failed = new Promise<Error>((resolve) => (fail = resolve));
  let queue: Promise<unknown> = Promise.resolve();
  return {
    failed,
    put(call) {
      const result = queue.then(call);
      queue = result;
      result.catch((error: unknown) => fail(error as Error));
      return result;
    },
  };
}
