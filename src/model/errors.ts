/**
 * The one error class of this package. Tell errors apart by `code`, never by `instanceof`: two copies of the package may
 * be loaded in one process.
 */
export class PolyphaseError extends Error {
  readonly code: string;
  /** What the reader may do about it, one sentence. */
  readonly hint: string | undefined;

  /** @param code kebab-case, stable across versions: scripts depend on it */
  constructor(code: string, message: string, options: { cause?: unknown; hint?: string } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = "PolyphaseError";
    this.code = code;
    this.hint = options.hint;
  }
}

/** Recognises our errors by shape, across realms and package copies. */
export function isPolyphaseError(error: unknown): error is PolyphaseError {
  return (
    error instanceof Error &&
    error.name === "PolyphaseError" &&
    typeof (error as PolyphaseError).code === "string"
  );
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** One fault in a piece of user input. `path` leads to the faulty value: `["tuner", "classArgs", "gamma"]`. */
export interface InputIssue {
  readonly path: readonly (string | number)[];
  /** What was expected and what came. */
  readonly message: string;
}
