import { isPolyphaseError } from "../model/index.ts";

/**
 * A connection that breaks may have done its work: the same call is made once more. For calls that may be repeated, or have a
 * `requestId`.
 */
export function onceMore<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  return call().catch((error: unknown) => {
    if (isPolyphaseError(error) && error.code === "manager-unreachable") return call();
    throw error;
  });
}
